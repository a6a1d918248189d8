// Words as a shell wants them, in the commands that are shown to be copied.

/** The word in quotes where a shell would take it apart, or for something else. */
export function shellWord(word: string): string {
  return /^[\p{L}\p{M}\p{N}./:=,@%+_-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
