import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/determinism/**', 'test/soak/**', '**/node_modules/**'],
    setupFiles: ['test/setup.ts'],
    // One world for all files: nothing here keeps state between tests, and loading the house anew for each file takes longer than testing it.
    pool: 'threads',
    isolate: false,
    // The default leaves a core idle, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
