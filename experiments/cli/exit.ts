// How every command ends: its exit code, and the errors that carry one.

/** The exit codes of siptwin. */
export const EXIT = {
  ok: 0,
  /** An expectation, oracle or comparison failed. */
  failed: 1,
  /** Bad usage or input. */
  input: 2,
  /** Nondeterminism was found. */
  nondeterminism: 3,
  /** The environment: unwritable, port busy, program missing. */
  environment: 4,
  /** A mistake in siptwin. */
  bug: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What each code says to whoever calls siptwin, in a few words. */
export const MEANINGS = {
  0: 'all that was asked has been done, and what was expected held',
  1: 'an expectation, a rule, a comparison or a call failed',
  2: 'a mistake in the command line, or in a file that was given',
  3: 'two runs of one world differ, or a program touched the real machine',
  4: 'the machine does not allow it: a port in use, a folder that cannot be written or holds an earlier run',
  70: 'a mistake in siptwin itself; it says what brings it back',
  130: 'interrupted, such as by Ctrl-C',
} as const satisfies Readonly<Record<ExitCode, string>>

/** Ends a command: its message goes to stderr, its code to the shell. */
export class Ending extends Error {
  override readonly name = 'Ending'
  readonly code: ExitCode

  constructor(code: ExitCode, message: string) {
    super(message)
    this.code = code
  }
}
