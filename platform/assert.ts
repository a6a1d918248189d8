// A bug of ours ends the run with one sentence that has the numbers in it. Input never does (see `result.ts`), nor does the simulated world.

/** Thrown by {@link assert} and {@link bug}: a mistake in siptwin, never in its input. The command line answers it with exit code 70. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/**
 * Holds `condition` to be true, or throws a {@link Bug}.
 * On a hot path write `if (!condition) bug(…)`, so that the sentence is made only when it is needed.
 */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) bug(sentence)
}

/** Throws a {@link Bug} that says `sentence`. */
export function bug(sentence: string): never {
  throw new Bug(sentence)
}
