// A run that `run --out` wrote, read back: its manifest, and its trace record by record.

import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { TraceRecord } from '../../platform/trace.ts'
import { type Manifest, readManifest } from '../run/manifest.ts'
import { TraceReader } from '../trace/read.ts'
import { Ending, EXIT } from './exit.ts'
import { namesOn, openFile, whyNot } from './library.ts'
import { shellWord } from './shell.ts'
import { mistakesIn } from './validate.ts'

const CHUNK_BYTES = 1 << 16

export interface RecordedRun {
  readonly manifest: Manifest
  /** In the run's order, read as they are asked for. Ends with exit 2 at a line that is none. */
  records(): Generator<TraceRecord, void>
}

/** Opens a run's folder, or its manifest; ends with exit 2 where there is none. */
export function openRun(path: string): RecordedRun {
  const file = manifestIn(path)
  if (!startsWithBrace(file)) refuse(`${file} is no manifest of a run: it is no JSON object`)
  const reading = readManifest(openFile(file))
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  const { value } = reading
  return { manifest: value, records: () => readTrace(traceBeside(file), value) }
}

/** The manifest of a run: of its folder, or that file itself. Ends with exit 2 at a folder that has none. */
export function manifestIn(path: string): string {
  if (path === '') refuse('the name of the run is empty')
  if (!isFolder(path)) return path
  const file = join(path, 'manifest.json')
  if (existsSync(file)) return isFolder(file) ? refuse(`${file} is a folder, no manifest`) : file
  const name = matrixIn(path)
  if (name !== undefined)
    throw new Ending(
      EXIT.input,
      `${path} holds the table of a matrix, and none of its runs: siptwin run ${shellWord(name)} --cell <row,column> --out <folder> writes one`,
    )
  if (existsSync(join(path, 'hunt.jsonl'))) throw new Ending(EXIT.input, `${path} holds a hunt: name a folder in it`)
  return refuse(`${path} holds no run: it has no manifest.json`)
}

/** The name of the experiment with a matrix that left its report in this folder; undefined where none did. */
function matrixIn(folder: string): string | undefined {
  try {
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Readonly<Record<string, unknown>>
    return Array.isArray(report.cells) ? String(report.name) : undefined
  } catch {
    return undefined
  }
}

/** The trace that belongs to a manifest; ends with exit 2 where the manifest stands alone. */
function traceBeside(manifest: string): string {
  const path = join(dirname(manifest), 'trace.jsonl')
  if (existsSync(path)) return path
  const why = 'what happened in the run is read from the trace.jsonl beside it, and there is none'
  throw new Ending(
    EXIT.input,
    `${manifest} stands alone: ${why}; name the folder that run --out wrote (replay needs the manifest only)`,
  )
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT')
      refuse(`there is no run "${path}"`, namesOn('experiments').includes(path) ? path : undefined)
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}

function startsWithBrace(path: string): boolean {
  const file = opened(path)
  try {
    const beginning = Buffer.alloc(100)
    const bytes = readInto(beginning, file, path)
    return /^\s*\{/.test(beginning.toString('utf8', 0, bytes))
  } finally {
    closeSync(file)
  }
}

function refuse(why: string, experiment = '…'): never {
  throw new Ending(EXIT.input, `${why}; siptwin run ${experiment} --out <folder> writes one`)
}

const MISSING = 'what is missing would be taken for what never happened'
const AGAIN = 'copy the whole of it, or run it again'

function* readTrace(path: string, { digests, records }: Manifest): Generator<TraceRecord, void> {
  const reader = new TraceReader()
  let count = 0
  for (const line of linesOf(path)) {
    count++
    const read = reader.read(line)
    if (!read.ok) throw new Ending(EXIT.input, `${path}: ${read.issue.at}: ${read.issue.expected}`)
    yield read.value
  }
  if (count > 0 && records !== undefined && count !== records) {
    const what =
      count < records
        ? `${count} of the ${records} records of its run, and ${MISSING}`
        : `more than the ${records} records of its run`
    throw new Ending(EXIT.input, `${path} has ${what}: ${AGAIN}`)
  }
  // Of nothing, all digests are the same.
  if (count > 0 || new Set(Object.values(digests)).size === 1) return
  throw new Ending(EXIT.input, `${path} is empty, and the run was not: ${AGAIN}`)
}

/** Line by line. Ends with exit 2 at a last line without its end: what is missing would be taken for what never happened. */
function* linesOf(path: string): Generator<string, void> {
  const decoder = new StringDecoder('utf8')
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const file = opened(path)
  try {
    let rest = ''
    let count = 0
    for (let bytes = readInto(chunk, file, path); bytes > 0; bytes = readInto(chunk, file, path)) {
      const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split('\n')
      rest = lines.pop() ?? ''
      count += lines.length
      yield* lines
    }
    if (rest === '') return
    throw new Ending(EXIT.input, `${path} was cut off in line ${count + 1}, and ${MISSING}: ${AGAIN}`)
  } finally {
    closeSync(file)
  }
}

/** How many bytes of the open file came; `path` is its name in complaints. */
function readInto(piece: Uint8Array, file: number, path: string): number {
  try {
    return readSync(file, piece)
  } catch (error) {
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}
