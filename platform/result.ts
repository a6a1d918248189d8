// What a parser gives: a value, or the issues found. Input is never thrown at anybody, and never half accepted.

/** One thing wrong with an input: where, and what would have been right. */
export interface Issue {
  /** Where: a path such as `links[2].delay`, a header name, or `byte 17`. */
  readonly at: string
  /** What was expected there instead, as the end of a sentence: `a delay such as 20 ms, not "20 mz"`. */
  readonly expected: string
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issue: Issue }

/** A parse that succeeded. */
export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

/** A parse that failed `at` a place, where something else was `expected`. */
export function failure(at: string, expected: string): { readonly ok: false; readonly issue: Issue } {
  return { ok: false, issue: { at, expected } }
}
