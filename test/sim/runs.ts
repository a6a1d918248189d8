// How long laws and long stories run: SIPTWIN_RUNS times as usual, so that a soak goes deeper and a mutation test is quick.

const factor = Number(process.env.SIPTWIN_RUNS ?? 1)

/** `usual`, times the factor that the environment asks for; at least 1. */
export function runs(usual: number): number {
  return Math.ceil(usual * factor)
}
