// Incidents for any topology: links that are cut or bad for a while, nodes that crash, stand still or forget, each over before a stated second.

import { type Arbitrary, array, constantFrom, integer, oneof, record, subarray } from 'fast-check'
import { z } from 'zod'
import { dnsServersIn } from '../dnsFault.ts'
import { fault } from '../faults.ts'
import { dnsFault } from './dnsFaults.ts'
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

/** Up to `most` of them, each at a time of its own and lasting; shrinking leaves out what is not needed, and goes towards short cuts at once. */
export function incidents(options: IncidentOptions): Arbitrary<readonly WrittenTapeEntry[]> {
  const { topology, most = 4, overBySeconds = 60 } = options
  const half = Math.floor((overBySeconds * 10) / 2)
  const at = integer({ min: 0, max: half }).map(tenths)
  const lasting = integer({ min: 1, max: half - 1 }).map(tenths)
  return array(incident(topology, at, lasting, overBySeconds), { maxLength: most, size: 'max' })
}

function incident(
  { nodes, links }: IncidentOptions['topology'],
  at: Arbitrary<string>,
  lasting: Arbitrary<string>,
  overBySeconds: number,
): Arbitrary<WrittenTapeEntry> {
  const ways = links.flatMap(({ between }) => {
    const [a, b] = between as readonly [string, string]
    return [`${a}--${b}`, `${a} -> ${b}`, `${b} -> ${a}`]
  })
  const on = constantFrom(...ways)
  const named = (is: (kind: unknown) => boolean): readonly string[] =>
    Object.entries(nodes).flatMap(([name, { kind }]) => (is(kind) ? [name] : []))
  const host = constantFrom(...named((kind) => kind === 'host'))
  const boxes = named((kind) => kind !== 'host')
  const some = subarray(Object.keys(nodes), { minLength: 1 })
  const count = integer({ min: 0, max: 20 })
  const all: Arbitrary<WrittenTapeEntry>[] = [
    record({ at, on, lasting }).map(({ at, on, lasting }) => ({ at, cut: { on, for: lasting } })),
    record({ at, node: host, lasting }).map(({ at, node, lasting }) => ({ at, crash: { node, for: lasting } })),
    record({ at, node: host, lasting }).map(({ at, node, lasting }) => ({ at, kill: { node, for: lasting } })),
    record({ at, node: host, lasting, count }).map(({ at, node, lasting, count }) => {
      return { at, freeze: { node, for: lasting, buffer: `${count} packets` } }
    }),
    record({ at, node: host, lasting, count }).map(({ at, node, lasting, count }) => {
      return { at, slow: { node, packet: `${count} ms`, timer: `${count} ms`, for: lasting } }
    }),
    record({ at, on, lasting, count }).map(({ at, on, lasting, count }) => {
      return { at, degrade: { on, loss: `${count * 5} %`, delay: `${count * 10} ms`, for: lasting } }
    }),
    record({ at, on, count }).map(({ at, on, count }) => {
      return { at, flap: { on, down: '500 ms', up: '300 ms', times: 1 + (count % 3) } }
    }),
    record({ at, nodes: some, lasting }).map(({ at, nodes, lasting }) => ({ at, partition: { nodes, for: lasting } })),
    record({ at, node: host, count }).map(({ at, node, count }) => {
      return { at, clock: { node, step: `${count - 10} s`, drift: `${count - 10} %` } }
    }),
  ]
  const servers = dnsServersIn({ nodes })
  if (servers.length > 0) {
    all.push(dnsFault({ servers, overByTenths: overBySeconds * 10 }).map((one) => z.encode(fault, one)))
  }
  if (boxes.length > 0) {
    const node = constantFrom(...boxes)
    all.push(record({ at, node, lasting }).map(({ at, node, lasting }) => ({ at, reboot: { node, for: lasting } })))
  }
  return oneof({ withCrossShrink: true }, ...all)
}

function tenths(count: number): string {
  return `${count * 100} ms`
}
