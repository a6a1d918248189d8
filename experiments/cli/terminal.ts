// Where commands speak: results on stdout, words for people on stderr.

import { fstatSync, writeSync } from 'node:fs'
import { Ending, EXIT, type ExitCode } from './exit.ts'
import { whyNot } from './library.ts'

/** What a command needs of the terminal it runs in. */
export interface Terminal {
  /** Writes to stdout. */
  out(text: string): void
  /** Writes to stderr. */
  err(text: string): void
  /** Characters per line. */
  readonly columns: number
  /** Whether stdout shows colours. */
  readonly color: boolean
  /** Whether stderr is a terminal, whose last line can be written over. */
  readonly live: boolean
  /** What the command ends with. */
  code: ExitCode
}

/** The one of this process. A reader that goes away (`| head`) ends it quietly; where stdout takes no more, a sentence and exit 4 end it. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    stderr.write(`${unwritten(error)}\n`)
    process.exit(EXIT.environment)
  })
  // There is nobody left to tell.
  stderr.on('error', () => {})
  return {
    out: isFile(stdout.fd) ? (text) => writeWhole(stdout.fd, text) : (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: stdout.columns ?? 100,
    color: env.NO_COLOR ? false : env.FORCE_COLOR ? true : stdout.isTTY === true,
    live: stderr.isTTY === true,
    code: EXIT.ok,
  }
}

function unwritten(error: unknown): string {
  return `the output cannot be written: ${whyNot(error)}`
}

/** A file, or a device such as /dev/full: no pipe, no socket, no terminal. */
function isFile(fd: number): boolean {
  const stats = fstatSync(fd)
  return stats.isFile() || (stats.isCharacterDevice() && !process.stdout.isTTY)
}

/** All of it, where Node's own stream for files is content with the part for which there was space. Ends with exit 4 where a file takes no more. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
  } catch (error) {
    throw new Ending(EXIT.environment, unwritten(error))
  }
}
