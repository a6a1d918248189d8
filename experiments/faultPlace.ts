// Where a rule about packets strikes: whether the topology has that direction, and the direction the part of a link that the rule names.

import type { FaultStage } from '../sim/faults/rule.ts'
import type { Direction } from '../topologies/links/link.ts'
import { readNetem } from '../topologies/links/netem.ts'
import type { Topology } from '../topologies/topology.ts'
import type { Objection } from '../topologies/yaml/read.ts'
import type { WrittenFault } from './faults.ts'

/** What is wrong with where a rule about packets is to strike: no such direction, or none that has the stage. */
export function placeObjections(written: WrittenFault, { nodes, links }: Topology): readonly Objection[] {
  return Object.entries(written).flatMap(([action, rule]) => {
    const { on, stage } = rule as { readonly on: string; readonly stage?: FaultStage }
    const [from = '', to] = on.split('->').map((part) => part.trim())
    const known =
      to === undefined
        ? directions(links).includes(on)
        : from !== to && Object.hasOwn(nodes, from) && Object.hasOwn(nodes, to)
    if (!known) {
      const example = Object.keys(nodes).slice(0, 2).join(' -> ')
      return [{ path: [action, 'on'], expected: `a direction between two nodes such as ${example}, not "${on}"` }]
    }
    const part = stage === undefined ? undefined : PARTS[stage]
    if (part === undefined || directionsOn(on, links).some(part.isIn)) return []
    return [{ path: [action, 'stage'], expected: `${part.is} for \`stage: ${stage}\`: ${on} leads over none` }]
  })
}

/** The stages that not every link has. */
const PARTS: Partial<Record<FaultStage, { readonly is: string; isIn(direction: Direction): boolean }>> = {
  netem: { is: 'a link with a `netem`', isIn: ({ netem }) => netem !== undefined },
  slot: { is: 'a link whose `netem` has a `slot`', isIn: ({ netem }) => netem !== undefined && hasSlot(netem) },
  queue: {
    is: 'a link with `queue: { discipline: red }`, the only queue that chance decides in,',
    isIn: ({ queue }) => queue !== undefined && 'discipline' in queue && queue.discipline === 'red',
  },
}

function hasSlot(line: string): boolean {
  const read = readNetem(line)
  return !('expected' in read) && read.slot !== undefined
}

/** What the topology says of each direction that a rule's `on` means. */
function directionsOn(on: string, links: Topology['links']): readonly Direction[] {
  const ways = links.flatMap(({ between: [a, b], up = {}, down = {} }) => [
    { name: `${a}--${b} from ${a}`, from: a, to: b, says: up },
    { name: `${a}--${b} from ${b}`, from: b, to: a, says: down },
  ])
  const [from, to] = on.split('->').map((part) => part.trim())
  const direct = ways.filter((way) => way.name === on || (way.from === from && way.to === to))
  return (direct.length > 0 ? direct : ways.filter((way) => way.to === to)).map(({ says }) => says)
}

function directions(links: Topology['links']): readonly string[] {
  return links.flatMap(({ between: [a, b] }) => [`${a}--${b} from ${a}`, `${a}--${b} from ${b}`])
}
