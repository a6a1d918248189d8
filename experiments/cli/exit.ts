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

/** Ends a command: its message goes to stderr, its code to the shell. */
export class Ending extends Error {
  override readonly name = 'Ending'
  readonly code: ExitCode

  constructor(code: ExitCode, message: string) {
    super(message)
    this.code = code
  }
}
