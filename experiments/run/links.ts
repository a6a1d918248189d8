// What a topology promises of its links, for the audit: read from the topology itself, not from the simulator.

import type { FaultRule } from '../../sim/faults/rule.ts'
import type { Direction } from '../../topologies/links/link.ts'
import type { Topology } from '../../topologies/topology.ts'
import type { LinkFacts } from '../auditor/law.ts'

/** Each direction of each link. Faults that hold packets back let others overtake them, and so does what a link does by chance. */
export function linkFacts({ links }: Topology, faults: readonly FaultRule[]): readonly LinkFacts[] {
  const ordered = !faults.some(({ action }) => !('drop' in action || 'corruptBit' in action || 'jitterNs' in action))
  return links.flatMap(({ between: [a, b], up, down }) => [
    factsOf({ name: `${a}--${b} from ${a}`, from: a, to: b }, up ?? {}, ordered),
    factsOf({ name: `${a}--${b} from ${b}`, from: b, to: a }, down ?? {}, ordered),
  ])
}

type Ends = Pick<LinkFacts, 'name' | 'from' | 'to'>

function factsOf(ends: Ends, direction: Direction, ordered: boolean): LinkFacts {
  const { rate, delay, framing, jitter, duplication, queue } = direction
  const reorders = typeof jitter === 'object' && jitter.reorders
  const queueKeepsOrder = queue === undefined || !('discipline' in queue)
  const mediumKeepsOrder = ordered && !reorders && duplication === undefined
  return {
    ...ends,
    delayNs: Math.max(delay ?? 0, 1000),
    ...(rate !== undefined && { rateBps: rate }),
    ...(framing !== undefined && { framingBytes: framing }),
    ...{ queueKeepsOrder, mediumKeepsOrder, arriveInOrder: queueKeepsOrder && mediumKeepsOrder },
  }
}
