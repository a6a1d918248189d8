// Whether a failure depends on what no protocol decides: which of two nodes goes first at one time, and a microsecond more or less on a link.

import { type RandomStream, RandomStreams } from '../../platform/random.ts'
import type { Direction, Link } from '../../topologies/links/link.ts'
import type { Case } from '../campaigns/campaign.ts'
import type { Experiment } from '../experiment.ts'
import type { Court } from './court.ts'
import { fails } from './failing.ts'

const MICROSECOND_NS = 1000

/** In how many of so many variants the case still failed. */
export interface Ties {
  /** Nodes in other orders. */
  readonly orders: number
  readonly failedInOrders: number
  /** Each direction of each link a microsecond shorter, longer, or as it is. */
  readonly nudges: number
  readonly failedNudged: number
}

/** Tries the case `each` times with its nodes in other orders, and as often nudged. The same case gives the same answer. */
export function tiesOf(court: Court, some: Case, property: string, each = 10): Ties {
  const streams = new RandomStreams('ties')
  const [orders, nudges] = [streams.take('orders'), streams.take('nudges')]
  const names = Object.keys(court.experimentOf(some).topology.nodes)
  let [failedInOrders, failedNudged] = [0, 0]
  for (let n = 0; n < each; n += 1) {
    if (fails(court, some, property, { order: shuffled(names, orders) })) failedInOrders += 1
    if (fails(court, some, property, { change: (experiment) => nudged(experiment, nudges) })) failedNudged += 1
  }
  return { orders: each, failedInOrders, nudges: each, failedNudged }
}

/** As a sentence. */
export function printTies({ orders, failedInOrders, nudges, failedNudged }: Ties): string {
  if (failedInOrders === orders && failedNudged === nudges)
    return `it does not depend on ties: it fails in ${orders} of ${orders} other orders of the nodes, and in ${nudges} of ${nudges} with each link ±1 µs`
  return `it depends on ties: it fails in ${failedInOrders} of ${orders} other orders of the nodes, and in ${failedNudged} of ${nudges} with each link ±1 µs`
}

function shuffled(names: readonly string[], stream: RandomStream): readonly string[] {
  const left = [...names]
  return names.map(() => left.splice(stream.below(left.length), 1)[0]!)
}

function nudged(experiment: Experiment, stream: RandomStream): Experiment {
  const nudge = (direction: Direction | undefined): Direction => {
    const delay = (direction?.delay ?? 0) + (stream.below(3) - 1) * MICROSECOND_NS
    return { ...direction, delay: Math.max(MICROSECOND_NS, delay) }
  }
  const links = experiment.topology.links.map((link): Link => ({ ...link, up: nudge(link.up), down: nudge(link.down) }))
  return { ...experiment, topology: { ...experiment.topology, links } }
}
