// What a node is to the network, and what a world gives to its nodes.

import type { Cidr } from '../../platform/address.ts'
import type { DnsRecord } from '../../platform/host.ts'
import type { RandomStreams } from '../../platform/random.ts'
import { DELIVERY, type Rank, type Ticks } from '../kernel/event.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type LinkNumber, NO_LINK, type Recorder } from '../trace/recorder.ts'
import type { Deliveries } from './delivery.ts'
import type { DirectionId } from './direction.ts'
import type { AddressId, Endpoints, KnownEndpoint, Realm } from './endpoint.ts'
import type { ErrorLimits } from './errorLimits.ts'
import { sendInPieces } from './fragments.ts'
import { unreachable } from './icmp.ts'
import { LOOPED } from './journey.ts'
import type { Links } from './link.ts'
import type { Packet, PacketPool } from './packet.ts'
import type { Reassembly } from './reassembly.ts'
import { type Routes, UNREACHABLES } from './routes.ts'
import type { Sending } from './sending.ts'

/** In place of a direction: the packet came from the node itself. */
export const LOOPBACK = -1

/** One address of a node, and the prefix that its link shares. */
export interface Interface {
  readonly addressId: AddressId
  /** 0–32, or 0–128 in IPv6. */
  readonly prefixLength: number
}

/** A host, a router, or another box. */
export interface Node {
  readonly name: string
  readonly rank: Rank
  /** True for what passes packets on: routes lead through it. */
  readonly forwards: boolean
  /** In the order given; the first is the default. */
  readonly interfaces: readonly Interface[]
  /** The neighbour that gets what no link leads to directly, if one was named. */
  readonly gateway: Rank | undefined
  /** The realm that it hides behind its own address: it carries packets into and out of it, and others' routes end here. Absent: none. */
  readonly hides?: Realm
  /** What it says to senders about some destinations instead of passing their packets on. */
  readonly refusals: readonly Refusal[]
  /** How it treats packets that may be too large for their way. Absent: as most do, see `Sending`. */
  readonly sending?: Sending | undefined
  /** Takes a packet that came over `direction`, or {@link LOOPBACK}. */
  receive(packet: Packet, direction: DirectionId): void
}

/** Destinations that a router calls unreachable, and how: an index of `UNREACHABLES`. */
export interface Refusal {
  readonly to: Cidr
  readonly code: number
}

/** All that the nodes of one world share. A class, so that the engine knows what each part is; made of a literal with the parts. */
export class World {
  declare readonly kernel: Kernel
  declare readonly recorder: Recorder
  declare readonly pool: PacketPool
  declare readonly endpoints: Endpoints
  declare readonly links: Links
  declare readonly deliveries: Deliveries
  declare readonly routes: Routes
  declare readonly streams: RandomStreams
  /** How many datagrams have been cut up into fragments, by the ids of their source and destination addresses: `3 7`. */
  declare readonly fragmented: Map<string, number>
  /** What is known of a name in lower case; undefined for an unknown one. */
  declare readonly recordsOf: (name: string) => readonly DnsRecord[] | undefined
  declare readonly loopbackTicks: Ticks
  /** Ticks in a millisecond of true time. */
  declare readonly ticksPerMs: number
  declare readonly loopbackNumber: LinkNumber
  /** By rank: of the nodes that do not send every ICMP error. */
  declare readonly errorLimits: ReadonlyMap<Rank, ErrorLimits>
  /** By rank: what boxes gather of datagrams in fragments that are for themselves; made when the first comes. */
  declare readonly gathered: Map<Rank, Reassembly>

  constructor(parts: World) {
    this.kernel = parts.kernel
    this.recorder = parts.recorder
    this.pool = parts.pool
    this.endpoints = parts.endpoints
    this.links = parts.links
    this.deliveries = parts.deliveries
    this.routes = parts.routes
    this.streams = parts.streams
    this.fragmented = parts.fragmented
    this.recordsOf = parts.recordsOf
    this.loopbackTicks = parts.loopbackTicks
    this.ticksPerMs = parts.ticksPerMs
    this.loopbackNumber = parts.loopbackNumber
    this.errorLimits = parts.errorLimits
    this.gathered = parts.gathered
  }
}

/** Sends a packet of the node's own, to the endpoint `to`: to itself, over a link, or nowhere. */
export function originate(world: World, node: Node, packet: Packet, to: KnownEndpoint): void {
  const { pool, recorder, links } = world
  const length = pool.length(packet)
  if (to.owner === node.rank) {
    loop(world, node, packet, length)
    return
  }
  const route = world.routes.next(node, to)
  if (route < 0) {
    recorder.sent(node.rank, NO_LINK, packet, length, pool.ttl(packet))
    refuse(world, node, packet, route)
    return
  }
  const { sending } = node
  if (sending !== undefined) sending.prepare(packet)
  if (length > links.mtuOf(route) || (sending !== undefined && length > sending.mtuTo(to.addressId))) {
    recorder.sent(node.rank, NO_LINK, packet, length, pool.ttl(packet))
    sendInPieces(world, node, packet, route, mtuTowards(world, node, to, route))
    return
  }
  recorder.sent(node.rank, links.numberOf(route), packet, length, pool.ttl(packet))
  links.push(packet, route)
}

/** The largest packet that gets from `node` to `to` whole, as far as the node knows: by the link that it sends on, `route`, and by what ICMP has told. */
function mtuTowards(world: World, node: Node, to: KnownEndpoint, route: DirectionId): number {
  return Math.min(world.links.mtuOf(route), node.sending?.mtuTo(to.addressId) ?? Number.POSITIVE_INFINITY)
}

/** Gives up a packet that has no route from here, and tells its sender: `route` is what `Routes.next` gave. */
export function refuse(world: World, node: Node, packet: Packet, route: number): void {
  const { pool, recorder } = world
  const cause = recorder.lost(node.rank, NO_LINK, packet, pool.length(packet), 'no route')
  unreachable(world, node, packet, UNREACHABLES[-1 - route]!, cause)
  pool.free(packet)
}

/** The node's address to speak from to `to`: its first of that version and realm; undefined if it has none. */
export function ownAddress({ endpoints }: World, node: Node, to: AddressId): AddressId | undefined {
  const [ipv6, realm] = [endpoints.isIpv6(to), endpoints.realmOf(to)]
  const fits = (id: AddressId): boolean => endpoints.isIpv6(id) === ipv6 && endpoints.realmOf(id) === realm
  return node.interfaces.find(({ addressId }) => fits(addressId))?.addressId
}

/** The realm that a node's own words are meant in: that of its first address. */
export function realmOf({ endpoints }: World, { interfaces }: Node): Realm {
  const first = interfaces[0]
  return first === undefined ? 0 : endpoints.realmOf(first.addressId)
}

function loop(world: World, { rank }: Node, packet: Packet, length: number): void {
  const { kernel, recorder, pool, loopbackTicks } = world
  recorder.sent(rank, world.loopbackNumber, packet, length, pool.ttl(packet))
  pool.enter(packet, LOOPBACK, recorder.wordOf(world.loopbackNumber), kernel.nextSequence(rank))
  kernel.records.address(packet, kernel.now + loopbackTicks, kernel.keyOf(DELIVERY, rank, rank), rank)
  kernel.carry(packet, LOOPED)
}
