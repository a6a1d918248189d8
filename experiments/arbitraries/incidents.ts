// Incidents for any topology: links that are cut or bad for a while, nodes that crash, stand still or forget, each over before a stated second.

import { type Arbitrary, array, constantFrom, integer, oneof, record, subarray } from 'fast-check'
import { z } from 'zod'
import { dnsServersIn } from '../dnsFault.ts'
import { fault } from '../faults.ts'
import { dnsFault } from './dnsFaults.ts'
import { checkOptions, having, whole } from './options.ts'
import type { WrittenTapeEntry } from './tape.ts'
import type { WrittenTopology } from './topology.ts'

export interface IncidentOptions {
  /** Whose links and nodes. */
  readonly topology: Pick<WrittenTopology, 'nodes' | 'links'>
  /** The most incidents, 0 or more; default 4. */
  readonly most?: number
  /** All are over by this second of the run, a whole number from 2 on; default 60. */
  readonly overBySeconds?: number
}

/** When an incident begins, how long it lasts, and what else is counted in it. */
interface Draws {
  readonly at: Arbitrary<string>
  readonly lasting: Arbitrary<string>
  readonly count: Arbitrary<number>
}

type Incident = Arbitrary<WrittenTapeEntry>

/**
 * Up to `most` of them, each at a time of its own and lasting; of kinds that fit the nodes that there are. Shrinking leaves out what is
 * not needed, and goes towards short cuts at once. Throws where an option is wrong.
 */
export function incidents(options: IncidentOptions): Arbitrary<readonly WrittenTapeEntry[]> {
  const topologyRule = having(
    ['nodes', 'links'],
    "{ nodes: { alice: { … } }, links: [{ between: ['alice', 'router'] }] }",
  )
  const rules = { topology: topologyRule, most: whole(0), overBySeconds: whole(2) }
  checkOptions<IncidentOptions>('incidents', options, rules, ['topology'])
  const { topology, most = 4, overBySeconds = 60 } = options
  const half = Math.floor((overBySeconds * 10) / 2)
  const at = integer({ min: 0, max: half }).map(tenths)
  const lasting = integer({ min: 1, max: half - 1 }).map(tenths)
  const draws: Draws = { at, lasting, count: integer({ min: 0, max: 20 }) }
  const { nodes, links } = topology
  const named = (is: (kind: unknown) => boolean): readonly string[] =>
    Object.entries(nodes).flatMap(([name, { kind }]) => (is(kind) ? [name] : []))
  const servers = dnsServersIn({ nodes })
  const all = [
    ...ofLinks(links, draws),
    ...ofHosts(
      named((kind) => kind === 'host'),
      draws,
    ),
    ...ofParts(Object.keys(nodes), draws),
    ...(servers.length === 0 ? [] : [dnsFault({ servers, overByTenths: overBySeconds * 10 }).map(encoded)]),
    ...ofBoxes(
      named((kind) => kind !== 'host'),
      draws,
    ),
  ]
  return array(oneof({ withCrossShrink: true }, ...all), { maxLength: most, size: 'max' })
}

function ofLinks(links: IncidentOptions['topology']['links'], { at, lasting, count }: Draws): readonly Incident[] {
  const ways = links.flatMap(({ between }) => {
    const [a, b] = between as readonly [string, string]
    return [`${a}--${b}`, `${a} -> ${b}`, `${b} -> ${a}`]
  })
  const on = constantFrom(...ways)
  return [
    record({ at, on, lasting }).map(({ at, on, lasting }) => ({ at, cut: { on, for: lasting } })),
    record({ at, on, lasting, count }).map(({ at, on, lasting, count }) => {
      return { at, degrade: { on, loss: `${count * 5} %`, delay: `${count * 10} ms`, for: lasting } }
    }),
    record({ at, on, count }).map(({ at, on, count }) => {
      return { at, flap: { on, down: '500 ms', up: '300 ms', times: 1 + (count % 3) } }
    }),
  ]
}

function ofHosts(hosts: readonly string[], { at, lasting, count }: Draws): readonly Incident[] {
  if (hosts.length === 0) return []
  const node = constantFrom(...hosts)
  return [
    record({ at, node, lasting }).map(({ at, node, lasting }) => ({ at, crash: { node, for: lasting } })),
    record({ at, node, lasting }).map(({ at, node, lasting }) => ({ at, kill: { node, for: lasting } })),
    record({ at, node, lasting, count }).map(({ at, node, lasting, count }) => {
      return { at, freeze: { node, for: lasting, buffer: `${count} packets` } }
    }),
    record({ at, node, lasting, count }).map(({ at, node, lasting, count }) => {
      return { at, slow: { node, packet: `${count} ms`, timer: `${count} ms`, for: lasting } }
    }),
    record({ at, node, count }).map(({ at, node, count }) => {
      return { at, clock: { node, step: `${count - 10} s`, drift: `${count - 10} %` } }
    }),
  ]
}

function ofBoxes(boxes: readonly string[], { at, lasting }: Draws): readonly Incident[] {
  if (boxes.length === 0) return []
  const node = constantFrom(...boxes)
  return [record({ at, node, lasting }).map(({ at, node, lasting }) => ({ at, reboot: { node, for: lasting } }))]
}

/** A network in two parts: not with all on one side, which would cut nothing. */
function ofParts(names: readonly string[], { at, lasting }: Draws): readonly Incident[] {
  if (names.length < 2) return []
  const some = subarray([...names], { minLength: 1, maxLength: names.length - 1 })
  return [
    record({ at, nodes: some, lasting }).map(({ at, nodes, lasting }) => ({ at, partition: { nodes, for: lasting } })),
  ]
}

function encoded(one: Parameters<typeof z.encode<typeof fault>>[1]): WrittenTapeEntry {
  return z.encode(fault, one)
}

function tenths(count: number): string {
  return `${count * 100} ms`
}
