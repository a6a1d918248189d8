// A direction as the simulator takes it, from what a topology says of it.

import type { Direction as SimulatedDirection } from '../../sim/network/direction.ts'
import type { Direction } from './link.ts'
import { queueOf } from './queue.ts'

/** The least delay of a link, ns: what an absent `delay` stands for. */
const LEAST_DELAY_NS = 1000
/** Ethernet's, bytes: what an absent `mtu` stands for. */
const USUAL_MTU = 1500

/** The direction for `Network.link`. */
export function simulatedDirection(written: Direction): SimulatedDirection {
  const { rate, delay, jitter, queue, loss, duplication, framing, mtu = USUAL_MTU } = written
  return {
    delayNs: Math.max(delay ?? 0, LEAST_DELAY_NS),
    mtuBytes: mtu,
    ...(rate !== undefined && { rateBps: rate }),
    ...(jitter !== undefined && { jitter: jitterOf(jitter) }),
    ...(duplication !== undefined && { duplication: duplicationOf(duplication) }),
    ...(queue !== undefined && { queue: queueOf(queue) }),
    ...(loss !== undefined && { loss: lossOf(loss) }),
    ...(framing !== undefined && { framingBytes: framing }),
  }
}

function jitterOf(jitter: NonNullable<Direction['jitter']>): NonNullable<SimulatedDirection['jitter']> {
  return typeof jitter === 'number' ? { mostNs: jitter } : { mostNs: jitter.most, reorders: jitter.reorders }
}

function duplicationOf(some: NonNullable<Direction['duplication']>): NonNullable<SimulatedDirection['duplication']> {
  return typeof some === 'number' ? { ratio: some, afterNs: 0 } : { ratio: some.ratio, afterNs: some.after }
}

function lossOf(loss: NonNullable<Direction['loss']>): NonNullable<SimulatedDirection['loss']> {
  if (typeof loss === 'number') return { model: 'random', ratio: loss }
  const { mean, burst } = loss['gilbert-elliott']
  return { model: 'gilbert-elliott', meanRatio: mean, burstPackets: burst }
}
