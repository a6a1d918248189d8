// A run that `run --out` wrote, read back: its manifest, and its trace record by record.

import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { TraceRecord } from '../../platform/trace.ts'
import { type Manifest, readManifest } from '../run/manifest.ts'
import { TraceReader } from '../trace/read.ts'
import { Ending, EXIT } from './exit.ts'
import { openFile, whyNot } from './library.ts'
import { mistakesIn } from './validate.ts'

const CHUNK_BYTES = 1 << 16

export interface RecordedRun {
  readonly manifest: Manifest
  /** In the run's order, read as they are asked for. Ends with exit 2 at a line that is none. */
  records(): Generator<TraceRecord, void>
}

/** Opens a run's folder, or its manifest; ends with exit 2 where there is none. */
export function openRun(path: string): RecordedRun {
  const inside = isFolder(path)
  const folder = inside ? path : dirname(path)
  const file = inside ? join(path, 'manifest.json') : path
  if (inside && !existsSync(file)) refuse(`${path} holds no run: it has no manifest.json`)
  if (!startsWithBrace(file)) refuse(`${file} is no manifest of a run: it is not JSON`)
  const reading = readManifest(openFile(file))
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  return { manifest: reading.value, records: () => readTrace(join(folder, 'trace.jsonl')) }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}

function startsWithBrace(path: string): boolean {
  const file = opened(path)
  try {
    const beginning = Buffer.alloc(100)
    const bytes = readSync(file, beginning)
    return /^\s*\{/.test(beginning.toString('utf8', 0, bytes))
  } finally {
    closeSync(file)
  }
}

function refuse(why: string): never {
  throw new Ending(EXIT.input, `${why}; siptwin run … --out <folder> writes one`)
}

function* readTrace(path: string): Generator<TraceRecord, void> {
  const reader = new TraceReader()
  for (const line of linesOf(path)) {
    const read = reader.read(line)
    if (!read.ok) throw new Ending(EXIT.input, `${path}: ${read.issue.at}: ${read.issue.expected}`)
    yield read.value
  }
}

/** Line by line; a last line without its end is left out, for the run was interrupted in it. */
function* linesOf(path: string): Generator<string, void> {
  const decoder = new StringDecoder('utf8')
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const file = opened(path)
  try {
    let rest = ''
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    closeSync(file)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}
