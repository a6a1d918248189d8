// What a topology promises of its links, for the audit: read from the topology itself, not from the simulator.

import type { FaultRule } from '../../sim/faults/rule.ts'
import { earliestNs } from '../../topologies/links/jitter.ts'
import type { Direction } from '../../topologies/links/link.ts'
import { USUAL_MTU } from '../../topologies/links/simulated.ts'
import type { Topology } from '../../topologies/topology.ts'
import type { LinkFacts } from '../auditor/law.ts'
import type { PlannedIncident } from '../incidents.ts'

/** Each direction of each link. Faults that hold packets back let others overtake them, and so does what a link does by chance. */
export function linkFacts(
  { links }: Topology,
  faults: readonly FaultRule[],
  incidents: readonly PlannedIncident[] = [],
): readonly LinkFacts[] {
  const ordered = !faults.some(({ action }) => !('drop' in action || 'corruptBit' in action || 'jitterNs' in action))
  return links.flatMap(({ between: [a, b], up = {}, down = {} }) => {
    const changes = incidents.flatMap(({ incident, change }) => {
      return 'link' in incident && incident.link === `${a}--${b}` && change !== undefined ? [{ at: 0, ...change }] : []
    })
    const changing = (one: Direction): Direction => ({ ...one, changes: [...(one.changes ?? []), ...changes] })
    return [
      factsOf({ name: `${a}--${b} from ${a}`, from: a, to: b }, changing(up), ordered),
      factsOf({ name: `${a}--${b} from ${b}`, from: b, to: a }, changing(down), ordered),
    ]
  })
}

type Ends = Pick<LinkFacts, 'name' | 'from' | 'to'>

/** Disciplines that never let one packet go before another that came first. */
const ORDERLY: readonly string[] = ['codel', 'red']

function factsOf(ends: Ends, direction: Direction, ordered: boolean): LinkFacts {
  const { framing, queue, netem, shaper, trace, changes = [] } = direction
  const times = [direction, ...changes]
  const rates = times.flatMap(({ rate }) => rate ?? [])
  const isLimited = direction.rate !== undefined
  const mixes = times.some(({ jitter, duplication, reordering }) => {
    return (typeof jitter === 'object' && jitter.reorders) || duplication !== undefined || reordering !== undefined
  })
  const queueKeepsOrder =
    netem === undefined && (queue === undefined || !('discipline' in queue) || ORDERLY.includes(queue.discipline))
  const mediumKeepsOrder = ordered && !mixes && trace === undefined
  return {
    ...ends,
    mtuBytes: direction.mtu ?? USUAL_MTU,
    delayNs: leastDelayNs(direction),
    ...(isLimited && { rateBps: Math.max(...rates) }),
    ...(framing !== undefined && { framingBytes: framing }),
    ...(shaper !== undefined && { shaper: { rateBps: shaper.rate, burstBytes: shaper.burst } }),
    ...{ queueKeepsOrder, mediumKeepsOrder, arriveInOrder: queueKeepsOrder && mediumKeepsOrder },
  }
}

/** The least that any packet travels, whatever its jitter and whenever it comes: of all delays and all laws that the direction ever has. */
function leastDelayNs({ delay = 0, jitter, changes = [] }: Direction): number {
  const delays = [delay, ...changes.flatMap((change) => change.delay ?? [])]
  const early = [jitter, ...changes.map((change) => change.jitter)].map(earliestNs)
  return Math.max(1000, Math.floor(Math.min(...delays) - Math.max(...early)))
}
