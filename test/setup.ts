// Every property run has its seed and length from the environment, so that a failure can be repeated word for word.

import fc from 'fast-check'

const seed = Number(process.env.SIPTWIN_SEED ?? 1)
const factor = Number(process.env.SIPTWIN_RUNS ?? 1)

fc.configureGlobal({ seed, numRuns: Math.max(1, Math.round(100 * factor)) })
