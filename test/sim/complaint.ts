// What a bug panics with, as a story quotes it.

/** The sentence that `work` panics with; `nothing` if it does not. */
export function complaint(work: () => void): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing'
}
