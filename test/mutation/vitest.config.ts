// The tests that mutants must not survive: the stories of the mutated rooms, and a few runs of the laws where they load quickly.

import { defineConfig } from 'vitest/config'
import { countedLoops } from './loops.ts'

const rooms = {
  kernel: ['test/sim/{kernel,kernelTimers,carried,foresight,queue,store,wheelEdges,tuning,fit}.test.ts'],
  transaction: ['test/stack/machine/*.test.ts', 'test/stack/sip/transaction/*.test.ts'],
}

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  plugins: [countedLoops],
  test: {
    include: process.env.SIPTWIN_MUTATED === 'transaction' ? rooms.transaction : rooms.kernel,
    setupFiles: ['test/mutation/turns.ts'],
    env: { SIPTWIN_RUNS: '0.03' },
    testTimeout: 30_000,
  },
})
