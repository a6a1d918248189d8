// How long laws and long stories run: SIPTWIN_RUNS times as usual, so that a soak goes deeper and a mutation test is quick.

import fc from 'fast-check'

/** `usual`, times the factor that the environment asks for; at least 1. */
export function runs(usual: number): number {
  return Math.ceil((usual * (fc.readConfigureGlobal().numRuns ?? 100)) / 100)
}
