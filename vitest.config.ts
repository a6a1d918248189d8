import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSequencer, type TestSpecification, type Vitest } from 'vitest/node'

/** The longest, as a new clone does not know them yet. */
const LONGEST = [
  'test/docs/docs.test.ts',
  'test/experiments/ready-made.test.ts',
  'test/experiments/commands.test.ts',
  'test/experiments/hunt/mutants.test.ts',
  'test/experiments/captures.test.ts',
  'test/sim/network/laws.test.ts',
  'test/experiments/hunt/campaigns.test.ts',
  'test/experiments/hunt/questions.test.ts',
  'test/experiments/wireshark.test.ts',
  'test/sim/boxes/natLaws.test.ts',
]

/** The longest files first, so that no core stands idle at the end; the others by the times of a run before, if there was one. */
class LongestFirst implements TestSequencer {
  readonly #base: BaseSequencer

  constructor(context: Vitest) {
    this.#base = new BaseSequencer(context)
  }

  shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return this.#base.shard(files)
  }

  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name))
      return at === -1 ? LONGEST.length : at
    }
    return (await this.#base.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}

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
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
