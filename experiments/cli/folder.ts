// The folder that `--out` names: made if need be, never written over, its files whole at any time.

import { accessSync, closeSync, constants, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectory } from './directory.ts'
import { Ending, EXIT } from './exit.ts'
import { whyNot } from './library.ts'

/** What a run leaves: where one of these is, there was a run before. */
export const OURS = ['manifest.json', 'trace.jsonl', 'capture.pcapng', 'capture', 'report.md', 'report.json', 'plots']
const BUFFER_BYTES = 1 << 16

/** A folder for one run. */
export class RunFolder {
  readonly path: string
  readonly #streams: FileStream[] = []

  /** Opens `path`, or ends with exit 2 if it is no name, with exit 4 if it is a file, cannot be written or holds an earlier run. Nothing is written yet. */
  constructor(path: string) {
    this.path = path
    if (path === '') throw new Ending(EXIT.input, '--out needs the name of a folder')
    const earlier = this.#look().find((name) => OURS.includes(name))
    if (earlier !== undefined) refuse(path, `holds an earlier run (${earlier}): name another folder, or remove it`)
    try {
      makeDirectory(path)
      accessSync(path, constants.W_OK)
    } catch (error) {
      refuse(path, `cannot be written to: ${whyNot(error)}`)
    }
  }

  /** A file that grows while the run goes on. Folders on its way are made. */
  stream(name: string): FileStream {
    const stream = new FileStream(this.#make(name))
    this.#streams.push(stream)
    return stream
  }

  /** A file written at once. */
  write(name: string, content: string | Uint8Array): void {
    const path = this.#make(name)
    try {
      writeFileSync(path, content, { flag: 'wx' })
    } catch (error) {
      refuse(path, `cannot be written: ${whyNot(error)}`)
    }
  }

  /** Writes out what the streams still hold, and closes them. */
  close(): void {
    for (const stream of this.#streams.splice(0)) stream.close()
  }

  #look(): readonly string[] {
    try {
      if (!statSync(this.path).isDirectory()) refuse(this.path, 'is a file: --out takes a folder')
      return readdirSync(this.path)
    } catch (error) {
      if (error instanceof Ending) throw error
      if ((error as { code?: string }).code === 'ENOENT') return []
      return refuse(this.path, `cannot be written to: ${whyNot(error)}`)
    }
  }

  #make(name: string): string {
    const path = join(this.path, name)
    makeDirectory(dirname(path))
    return path
  }
}

/** A growing file. Whole pieces are written only: what is on disk ends where a piece ended. */
class FileStream {
  readonly #path: string
  readonly #file: number
  #pieces: Uint8Array[] = []
  #bytes = 0

  constructor(path: string) {
    this.#path = path
    try {
      this.#file = openSync(path, 'wx')
    } catch (error) {
      refuse(path, `cannot be written: ${whyNot(error)}`)
    }
  }

  /** Adds one piece: a line, a block of a capture. It must not change afterwards. */
  add(piece: Uint8Array | string): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    this.#pieces.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes >= BUFFER_BYTES) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    const all = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#bytes = 0
    try {
      for (let at = 0; at < all.length; ) at += writeSync(this.#file, all, at)
    } catch (error) {
      refuse(this.#path, `cannot be written: ${whyNot(error)}`)
    }
  }
}

function refuse(path: string, why: string): never {
  throw new Ending(EXIT.environment, `${path} ${why}`)
}
