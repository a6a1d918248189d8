// The life of most SIP timers: set for 32 s, cancelled long before. A million of them must leave nothing behind.

import { Kernel } from '../sim/kernel/kernel.ts'
import { type BenchRow, cpuSeconds } from './row.ts'
import { heldBytes } from './v.ts'

const TIMERS = 1_000_000
const DELAY_TICKS = 32e9
const STEP_TICKS = 1_000_000
/** A timer is cancelled when so many younger ones were set: after half a second. */
const LIFE = 500

/** Timers set and cancelled per CPU second, and the bytes that they left. */
export const timers: BenchRow = {
  name: 'timers',
  what: '10⁶ timers of 32 s, each cancelled after 0.5 s',
  measure: () => {
    const kernel = new Kernel()
    kernel.rank(['node'])
    const ids = new Float64Array(LIFE)
    setAndCancel(kernel, ids, TIMERS / 10)
    const before = heldBytes()
    const value = TIMERS / cpuSeconds(() => setAndCancel(kernel, ids, TIMERS))
    const bytesLeft = Math.max(0, heldBytes() - before)
    const { pending } = kernel
    return [{ row: 'timers', value, unit: 'timers per CPU second', baseline: null, ratio: null, bytesLeft, pending }]
  },
}

function setAndCancel(kernel: Kernel, ids: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    kernel.cancel(ids[i % LIFE]!)
    ids[i % LIFE] = kernel.after(0, DELAY_TICKS, () => {})
    kernel.run(kernel.now + STEP_TICKS)
  }
}
