// `import { simulate } from 'siptwin/vitest'`: runs in your own tests, and matchers that show the ladder around a failure.

import { expect } from 'vitest'
import { type HoldOptions, MATCHERS } from './matchers.ts'

export { type Fault, type SimulateOptions, type Simulation, type Smallest, type Step, simulate } from './simulate.ts'

expect.extend(MATCHERS)

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * No oracle of that name (`2xx core`; several in a list; none given: all of them) is violated. One that had nothing to judge passes,
     * unless `{ exercised: true }`. `siptwin list properties` has their names.
     */
    toHoldTo(oracle?: string | readonly string[], options?: HoldOptions): void
    /** The same run, done again, is the same to the bit; if not, shows where the two part. */
    toReplay(): void
    /**
     * These lines come in this order, whatever comes between them: `alice -> proxy INVITE`, `bob -x proxy 200` (lost), `bob: asked to answer`,
     * with a time in seconds before them, or `by Timer A` after them, where that matters.
     * Fails where no line is given.
     */
    toContainLadder(lines: string): void
    /** Every sentence of `expect` holds, and all that the scenario asked for was done. Fails where `simulate` was given no `expect`. */
    toMeetExpectations(): void
  }
}
