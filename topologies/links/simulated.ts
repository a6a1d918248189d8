// A direction as the simulator takes it, from what a topology says of it.

import { bug } from '../../platform/assert.ts'
import type { DirectionChange, Direction as SimulatedDirection } from '../../sim/network/direction.ts'
import type { NetemOptions } from '../../sim/network/netem/options.ts'
import { jitterOf } from './jitter.ts'
import type { Changeable, Direction } from './link.ts'
import { lossOf } from './loss.ts'
import { readNetem } from './netem.ts'
import { queueOf } from './queue.ts'
import { readArrivals, readOpportunities } from './trace.ts'

/** The least delay of a link, ns: what an absent `delay` stands for. */
const LEAST_DELAY_NS = 1000
/** Ethernet's, bytes: what an absent `mtu` stands for. */
export const USUAL_MTU = 1500

/** The direction for `Network.link`. */
export function simulatedDirection(written: Direction): SimulatedDirection {
  const { queue, netem, policer, shaper, opportunities, trace, framing, changes, mtu = USUAL_MTU } = written
  return {
    delayNs: LEAST_DELAY_NS,
    mtuBytes: mtu,
    ...changeOf(written),
    ...(queue !== undefined && { queue: queueOf(queue) }),
    ...(policer !== undefined && { policer: { rateBps: policer.rate, burstBytes: policer.burst } }),
    ...(shaper !== undefined && { shaper: { rateBps: shaper.rate, burstBytes: shaper.burst } }),
    ...(opportunities !== undefined && { opportunities: { timesMs: sound(readOpportunities(opportunities)) } }),
    ...(trace !== undefined && { trace: sound(readArrivals(trace)) }),
    ...(netem !== undefined && { netem: netemOf(netem, written.rate) }),
    ...(framing !== undefined && { framingBytes: framing }),
    ...(changes !== undefined && changes.length > 0 && { changes: true }),
  }
}

/** What a text was read into, that was read before. */
function sound<T>(read: T | string): T {
  return typeof read === 'string' ? bug(`a text was accepted that is wrong: ${read}`) : read
}

/** The line was read before. */
function netemOf(line: string, bps: number | undefined): NetemOptions {
  const read = readNetem(line, { bps })
  return 'expected' in read ? bug(`a netem line was accepted that is none: ${line}`) : read
}

/** What can be changed during a run, for `Network.change`. */
export function changeOf(written: Changeable): DirectionChange {
  const { rate, delay, jitter, loss, duplication, corruption, reordering } = written
  return {
    ...(rate !== undefined && { rateBps: rate }),
    ...(delay !== undefined && { delayNs: Math.max(delay, LEAST_DELAY_NS) }),
    ...(jitter !== undefined && { jitter: jitterOf(jitter) }),
    ...(loss !== undefined && { loss: lossOf(loss) }),
    ...(duplication !== undefined && { duplication: duplicationOf(duplication) }),
    ...(corruption !== undefined && { corruption: { ratio: corruption } }),
    ...(reordering !== undefined && { reordering: reorderingOf(reordering) }),
  }
}

function duplicationOf(some: NonNullable<Direction['duplication']>): NonNullable<SimulatedDirection['duplication']> {
  return typeof some === 'number' ? { ratio: some, afterNs: 0 } : { ratio: some.ratio, afterNs: some.after }
}

function reorderingOf({ ratio, by, correlation, gap }: NonNullable<Direction['reordering']>) {
  return { ratio, byNs: by, correlation, gap }
}
