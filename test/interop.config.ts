import { defineConfig } from 'vitest/config'

// Our stack beside other people's programs, over the loopback; apart from `npm test`, for they take their time and need installing.
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    globalSetup: ['test/interop/build.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
