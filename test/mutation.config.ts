// The tests that mutants of the kernel, the machines and the transaction tables must not survive: those of these rooms alone.

import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: [
      'test/sim/{kernel,kernelLaws,wheel}.test.ts',
      'test/stack/machine/*.test.ts',
      'test/stack/sip/transaction/*.test.ts',
    ],
    setupFiles: ['test/setup.ts'],
    env: { SIPTWIN_RUNS: '0.1' },
    testTimeout: 30_000,
  },
})
