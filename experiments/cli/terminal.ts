// Where commands speak: results on stdout, words for people on stderr.

import { EXIT, type ExitCode } from './exit.ts'

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

/** The one of this process. A reader that goes away (`| head`) ends it quietly. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
  })
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: stdout.columns ?? 100,
    color: env.NO_COLOR ? false : env.FORCE_COLOR ? true : stdout.isTTY === true,
    live: stderr.isTTY === true,
    code: EXIT.ok,
  }
}
