// What a topology promises of its links, for the audit: read from the topology itself, not from the simulator.

import type { FaultRule } from '../../sim/faults/rule.ts'
import type { Direction } from '../../topologies/link.ts'
import type { Topology } from '../../topologies/topology.ts'
import type { LinkFacts } from '../auditor/law.ts'

/** Each direction of each link. Faults that hold packets back let others overtake them. */
export function linkFacts({ links }: Topology, faults: readonly FaultRule[]): readonly LinkFacts[] {
  const arriveInOrder = !faults.some(({ action }) => 'delayNs' in action || 'holdUntilNs' in action || 'swap' in action)
  const facts = links.flatMap(({ between: [a, b], up, down }) => [
    factsOf(`${a}--${b} from ${a}`, a, b, up ?? {}),
    factsOf(`${a}--${b} from ${b}`, b, a, down ?? {}),
  ])
  return facts.map((one) => ({ ...one, arriveInOrder }))
}

function factsOf(
  name: string,
  from: string,
  to: string,
  { rate, delay, framing }: Direction,
): Omit<LinkFacts, 'arriveInOrder'> {
  const limits = {
    ...(rate !== undefined && { rateBps: rate }),
    ...(framing !== undefined && { framingBytes: framing }),
  }
  return {
    name,
    from,
    to,
    delayNs: Math.max(delay ?? 0, 1000),
    ...limits,
    queueKeepsOrder: true,
  }
}
