import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/determinism/**', 'test/soak/**'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 30_000,
  },
})
