// Faults of links and nodes as an experiment writes them: `{ at: 5 s, cut: { on: alice--proxy, for: 10 s } }`.

import { z } from 'zod'
import { canonicalJson } from '../platform/canonical.ts'
import { nearest } from '../platform/nearest.ts'
import {
  INCIDENT_ORDER,
  type Incident,
  type IncidentKind,
  type LinkPlace,
  printIncident,
} from '../sim/faults/incident.ts'
import type { QueueLimit } from '../sim/network/queue.ts'
import { drift } from '../topologies/clock.ts'
import { NO_RATE } from '../topologies/links/contradictions.ts'
import { CHANGEABLE, type Changeable } from '../topologies/links/link.ts'
import { limit } from '../topologies/links/queue.ts'
import { changeOf } from '../topologies/links/simulated.ts'
import { linkTime, runTime } from '../topologies/links/time.ts'
import { nodeNamed } from '../topologies/node.ts'
import type { Topology } from '../topologies/topology.ts'
import type { Objection } from '../topologies/yaml/read.ts'
import { quantity, shape, whole } from '../topologies/yaml/shape.ts'
import { DNS_FAULT, dnsIncidentOf } from './dnsFault.ts'
import { printTrigger, type Trigger, triggerOf, type WHEN } from './scenario/trigger.ts'
import type { Scope } from './sentences/slot.ts'

const time = runTime.check((context) => {
  if (context.value > 0) return
  context.issues.push({ code: 'custom', message: 'a duration of more than nothing', input: context.value })
})
/** A link such as `alice--proxy`, or one of its directions, `alice -> proxy`. */
const ON = { on: z.string() }
/** How long it lasts; absent: until something else ends it. */
const FOR = { for: time.exactOptional() }
const NODE = { node: z.string() }
/** What may wait for the host meanwhile, such as `64 kB` or `0 packets`; the rest is lost. */
const BUFFER = { buffer: limit.exactOptional() }

/** Each kind and what it says. */
export const INCIDENTS = {
  cut: shape({ ...ON, ...FOR }),
  heal: shape(ON),
  /** `down` for so long, `up` for so long, and again. */
  flap: shape({ ...ON, down: time, up: time, times: whole(1, 1_000_000) }),
  /** These nodes on one side, all others on the other. */
  partition: shape({ nodes: z.array(z.string()).min(1, { error: () => 'at least one node' }), ...FOR }),
  reboot: shape({ ...NODE, ...FOR }),
  crash: shape({ ...NODE, ...FOR }),
  kill: shape({ ...NODE, ...FOR }),
  restart: shape(NODE),
  freeze: shape({ ...NODE, ...FOR, ...BUFFER }),
  thaw: shape(NODE),
  /** Each packet takes so long, each timer so long. */
  slow: shape({
    ...NODE,
    packet: linkTime.exactOptional(),
    timer: linkTime.exactOptional(),
    ...FOR,
    ...BUFFER,
  }),
  /** Its DNS servers fail, or are slow. */
  dns: shape({ ...DNS_FAULT, ...FOR }),
  /** The clock jumps, and runs so much faster than true time from then on. */
  clock: shape({ ...NODE, step: quantity('duration', true).exactOptional(), drift: drift.exactOptional() }),
  /** The link changes: what is not named stays. */
  degrade: shape({ ...ON, ...CHANGEABLE, ...FOR }),
  restore: shape(ON),
} as const satisfies Record<IncidentKind, z.ZodType>

type Shapes = typeof INCIDENTS

/** One entry of `faults:` that is an incident: exactly one of the kinds is there. */
export type WrittenIncident = z.output<ReturnType<typeof shape<typeof WHEN>>> & {
  readonly [Kind in keyof Shapes]?: z.output<Shapes[Kind]>
}

/** An incident and when it strikes. */
export interface PlannedIncident {
  /** As people would say it: `cut alice--proxy for 2 s, when call is established`. */
  readonly words: string
  readonly incident: Incident
  readonly trigger: Trigger
  /** What a degraded link changes, as it was written. */
  readonly change?: Changeable
}

/** The incident, or what is wrong with it; paths begin at the entry. */
export function resolveIncident(
  written: WrittenIncident,
  topology: Topology,
  scope: Scope,
): PlannedIncident | readonly Objection[] {
  const objections: Objection[] = []
  const trigger = triggerOf(written, scope, objections)
  const incident = incidentOf(written, topology, objections)
  if (trigger === undefined || objections.length > 0) return objections
  return {
    words: `${printIncident(incident)}, ${printTrigger(trigger)}`,
    incident,
    trigger,
    ...(written.degrade && { change: changeIn(written.degrade) }),
  }
}

/** In the order in which those of one time and node strike: by kind, then by what they say; the order of the file is of no account. */
export function inStrikingOrder(planned: readonly PlannedIncident[]): readonly PlannedIncident[] {
  const key = ({ incident }: PlannedIncident): string => {
    const place = INCIDENT_ORDER.indexOf(incident.kind)
    return `${String(place).padStart(3, '0')} ${canonicalJson(incident)}`
  }
  const keyed = planned.map((one) => ({ one, key: key(one) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one)
}

function incidentOf(written: WrittenIncident, topology: Topology, objections: Objection[]): Incident {
  const { cut, heal, flap, partition, reboot, crash, kill, restart } = written
  const place = (kind: string, on: string): LinkPlace => placeOf(on, topology, [kind, 'on'], objections)
  const node = (kind: IncidentKind, name: string): string => {
    const found = nodeObjection(kind, name, topology)
    if (found !== undefined) objections.push({ path: [kind, 'node'], expected: found })
    return name
  }
  if (cut) return { kind: 'cut', ...place('cut', cut.on), ...lasting(cut) }
  if (heal) return { kind: 'heal', ...place('heal', heal.on) }
  if (flap) {
    const { down, up, times } = flap
    return { kind: 'flap', ...place('flap', flap.on), downNs: down, upNs: up, times }
  }
  if (partition) {
    objections.push(...partitionObjections(partition.nodes, topology))
    return { kind: 'partition', nodes: partition.nodes, ...lasting(partition) }
  }
  if (reboot) return { kind: 'reboot', node: node('reboot', reboot.node), ...lasting(reboot) }
  if (crash) return { kind: 'crash', node: node('crash', crash.node), ...lasting(crash) }
  if (kill) return { kind: 'kill', node: node('kill', kill.node), ...lasting(kill) }
  if (restart) return { kind: 'restart', node: node('restart', restart.node) }
  if (written.degrade) return degradeOf(written.degrade, place('degrade', written.degrade.on), topology, objections)
  if (written.dns) return dnsIncidentOf(written.dns, topology, objections)
  if (written.restore) return { kind: 'restore', ...place('restore', written.restore.on) }
  return hostIncidentOf(written, node, objections)
}

/** Faults that change nothing, by their places in `faults:`. They are no mistakes: a sweep begins with nothing. */
export function idleFaults(faults: readonly WrittenIncident[]): readonly Objection[] {
  return faults.flatMap(({ slow, clock }, i): readonly Objection[] => {
    const tell = (kind: string, what: string): readonly Objection[] => [
      { path: ['faults', i, kind], expected: `\`${kind}\` changes nothing here: ${what}`, at: 'key' },
    ]
    if (slow && (slow.packet ?? 0) === 0 && (slow.timer ?? 0) === 0)
      return tell('slow', 'it adds 0 s to each packet and timer')
    if (clock?.step === 0 && clock.drift === undefined) return tell('clock', 'it steps by 0 s')
    return []
  })
}

/** Nodes that there are, each once, with a link to those that are not named. */
function partitionObjections(nodes: readonly string[], topology: Topology): readonly Objection[] {
  const wrong = nodes.flatMap((name, i): readonly Objection[] => {
    const path = ['partition', 'nodes', i] as const
    if (nodeNamed(topology.nodes, name) === undefined) return [{ path, expected: noNode(name, topology) }]
    return nodes.indexOf(name) < i ? [{ path, expected: `each node once: ${name} is there already` }] : []
  })
  const parts = topology.links.some(({ between: [a, b] }) => nodes.includes(a) !== nodes.includes(b))
  if (wrong.length > 0 || parts) return wrong
  const isAll = nodes.length === Object.keys(topology.nodes).length
  const why = isAll ? 'all are on this side' : 'no link leads from these to the others'
  return [{ path: ['partition', 'nodes'], expected: `the nodes of one side alone, so that links are cut: ${why}` }]
}

/** A host that goes on, only worse. */
function hostIncidentOf(
  { freeze, thaw, slow, clock }: WrittenIncident,
  node: (kind: IncidentKind, name: string) => string,
  objections: Objection[],
): Incident {
  if (freeze) return { kind: 'freeze', node: node('freeze', freeze.node), ...lasting(freeze), ...bufferOf(freeze) }
  if (thaw) return { kind: 'thaw', node: node('thaw', thaw.node) }
  if (slow) {
    const { packet = 0, timer = 0 } = slow
    if (slow.packet === undefined && slow.timer === undefined) {
      objections.push({ path: ['slow'], expected: 'what takes longer: `packet: 5 ms` or `timer: 5 ms`', at: 'key' })
    }
    const costs = { packetNs: packet, timerNs: timer }
    return { kind: 'slow', node: node('slow', slow.node), ...costs, ...lasting(slow), ...bufferOf(slow) }
  }
  const { node: name, step = 0, drift } = clock!
  if (clock!.step === undefined && drift === undefined) {
    objections.push({ path: ['clock'], expected: 'what the clock does: `step: 5 s` or `drift: 1 %`', at: 'key' })
  }
  return {
    kind: 'clock',
    node: node('clock', name),
    stepMs: step / 1e6,
    ...(drift !== undefined && { driftRatio: drift }),
  }
}

function degradeOf(
  written: NonNullable<WrittenIncident['degrade']>,
  place: LinkPlace,
  { links }: Topology,
  objections: Objection[],
): Incident {
  const change = changeIn(written)
  const { between, up, down } = links.find((one) => one.between.join('--') === place.link) ?? {}
  const ways = place.from === undefined ? [up, down] : [place.from === between?.[0] ? up : down]
  if (change.rate !== undefined && ways.every((way) => way?.opportunities !== undefined)) {
    objections.push({ path: ['degrade', 'rate'], expected: NO_RATE, at: 'key' })
  }
  if (Object.keys(change).length === 0) {
    const expected = `what changes: one of ${Object.keys(CHANGEABLE).join(', ')}`
    objections.push({ path: ['degrade'], expected, at: 'key' })
  }
  return { kind: 'degrade', ...place, change: changeOf(change), ...lasting(written) }
}

function changeIn({ on: _, for: __, ...change }: NonNullable<WrittenIncident['degrade']>): Changeable {
  return change
}

function bufferOf({ buffer }: { readonly buffer?: QueueLimit }): { readonly buffer?: QueueLimit } {
  return buffer === undefined ? {} : { buffer }
}

function lasting({ for: forNs }: { readonly for?: number }): { readonly forNs?: number } {
  return forNs === undefined ? {} : { forNs }
}

/** A link by its id with its ends in either order, or one of its directions. */
function placeOf(on: string, { links, nodes }: Topology, path: Objection['path'], objections: Objection[]): LinkPlace {
  const [from, to] = on.split('->').map((part) => part.trim())
  const ends = to === undefined ? on.split('--') : [from, to]
  const found = links.find(
    ({ between: [a, b] }) => (ends[0] === a && ends[1] === b) || (ends[0] === b && ends[1] === a),
  )
  if (found !== undefined && ends.length === 2) {
    return { link: found.between.join('--'), ...(to !== undefined && { from: from! }) }
  }
  const ids = links.map(({ between }) => between.join('--'))
  const close = to === undefined ? nearest(on, ids) : undefined
  const known = to !== undefined && Object.hasOwn(nodes, from!) && Object.hasOwn(nodes, to)
  const hint = known
    ? `${from} and ${to} share none: the links are ${ids.join(', ')}`
    : close === undefined
      ? `one of ${ids.join(', ')}, or one way of it such as ${ids[0]?.replace('--', ' -> ') ?? 'a -> b'}`
      : `did you mean ${close}?`
  objections.push({ path, expected: `a link of the topology, not "${on}": ${hint}` })
  return { link: on }
}

function nodeObjection(kind: IncidentKind, name: string, topology: Topology): string | undefined {
  const node = nodeNamed(topology.nodes, name)
  if (node === undefined) return noNode(name, topology)
  if (kind !== 'reboot')
    return node.kind === 'host' ? undefined : `a host: ${name} is a ${node.kind}, which can \`reboot\``
  return node.kind === 'host' ? `a nat, a firewall or a router: ${name} is a host, which can \`crash\`` : undefined
}

function noNode(name: string, { nodes }: Topology): string {
  const close = nearest(name, Object.keys(nodes))
  const hint = close === undefined ? `one of ${Object.keys(nodes).join(', ')}` : `did you mean ${close}?`
  return `a node of the topology, not "${name}": ${hint}`
}
