// A network as data: its nodes and links, read from YAML, with defaults filled and every mistake located.

import { z } from 'zod'
import { type IsSlowed, objectionsTo } from './check.ts'
import { idleWords } from './idle.ts'
import { link, resolveLink } from './links/link.ts'
import { node } from './node.ts'
import type { YamlDocument } from './yaml/document.ts'
import { complain, type Reading, read, remarksOn } from './yaml/read.ts'
import { checked, shape } from './yaml/shape.ts'

const name = checked('a name', (text) =>
  /^[A-Za-z][A-Za-z0-9._-]*$/.test(text) && !text.includes('--')
    ? undefined
    : `a name that begins with a letter and goes on with letters, digits, ".", "_" and single "-", not "${text}"`,
)

/** A topology file. */
export const topology = shape({
  /** What this network is, in a few words. */
  title: z.string().exactOptional(),
  nodes: z.record(name, node),
  links: z.array(link).default([]),
  /** Names that resolve without a DNS server, beside the nodes' own: to an address or a node's name. */
  names: z.record(z.string(), z.string()).default({}),
})

export type Topology = z.output<typeof topology>

/** Reads a topology, its links resolved and the network checked. `isSlowed`: which links a fault will give a rate; default none. */
export function readTopology(document: YamlDocument, isSlowed: IsSlowed = () => false): Reading<Topology> {
  const reading = read(document, topology)
  if (!reading.ok) return reading
  const objections = objectionsTo(reading.value, isSlowed)
  if (objections.length > 0) return complain(document, objections)
  const remarks = remarksOn(document, idleWords(reading.value))
  return { ok: true, value: { ...reading.value, links: reading.value.links.map(resolveLink) }, ...remarks }
}
