// The short way through a NAT, for a datagram between a mapping and the partner with whom it spoke last: whether it may pass, under which
// ends and on which way stands in the mapping's row. His permission, where one counts, ends with the mapping: that is refreshed by its packets
// to him alone, and with one to somebody else he is its partner no more. Whatever is not plainly so goes the long way, which does the same.

import type { Kernel } from '../../kernel/kernel.ts'
import type { DirectionId } from '../../network/direction.ts'
import type { EndpointId } from '../../network/endpoint.ts'
import type { Links } from '../../network/link.ts'
import type { Node, World } from '../../network/node.ts'
import type { Packet, PacketPool } from '../../network/packet.ts'
import { P_DESTINATION, P_KIND, P_LENGTH, P_SOURCE, TTL_SHIFT } from '../../network/packetRecord.ts'
import { UDP } from '../../network/protocol.ts'
import type { Recorder } from '../../trace/recorder.ts'
import type { Passing } from '../passing.ts'
import type { Row, TimedTable } from '../table.ts'
import type { Border } from './border.ts'
import {
  INSIDE_SHIFT,
  M_FAR,
  M_INSIDE,
  M_NEAR,
  M_OUTSIDE,
  M_WAY_IN,
  M_WAY_OUT,
  meet,
  speaksAgain,
} from './mappingRow.ts'
import type { Mappings } from './mappings.ts'
import type { Permissions } from './permissions.ts'
import { RowsByEndpoint } from './rowsByEndpoint.ts'

// Folded into the code, as imports are not.
const DESTINATION = P_DESTINATION
const SOURCE = P_SOURCE
const LENGTH = P_LENGTH
const TO_TTL = TTL_SHIFT
const ONE_HOP = 1 << TTL_SHIFT
const KIND = P_KIND
const PROTOCOL = 3 << 6
const UDP_KIND = UDP << 6
const INSIDE = M_INSIDE
const TO_INSIDE = INSIDE_SHIFT
const OUTSIDE = M_OUTSIDE
const NEAR = M_NEAR
const FAR = M_FAR
const WAY_OUT = M_WAY_OUT
const WAY_IN = M_WAY_IN
const NO_WAY = -1

/** The short way of one box. */
export class Shortcut {
  declare private readonly kernel: Kernel
  declare private readonly pool: PacketPool
  declare private readonly recorder: Recorder
  declare private readonly links: Links
  declare private readonly node: Node
  declare private readonly passing: Passing
  declare private readonly inner: Border
  declare private readonly isOpen: boolean
  /** Empty where it is closed. */
  declare private readonly insides: RowsByEndpoint
  declare private readonly holders: RowsByEndpoint
  declare private readonly rows: TimedTable
  declare private readonly permissions: Permissions
  declare private readonly udpTicks: number

  /** `rewrites`: the box has an ALG, so that its short way is closed. */
  constructor(world: World, node: Node, mappings: Mappings, passing: Passing, inner: Border, rewrites: boolean) {
    this.kernel = world.kernel
    this.pool = world.pool
    this.recorder = world.recorder
    this.links = world.links
    this.node = node
    this.passing = passing
    this.inner = inner
    this.isOpen = mappings.isPlain && !rewrites
    this.insides = this.isOpen ? mappings.udpInsides : new RowsByEndpoint()
    this.holders = this.isOpen ? mappings.udpHolders : this.insides
    this.rows = mappings.rows
    this.permissions = mappings.permissions
    this.udpTicks = mappings.udpTicks
  }

  /** A packet from `inside` to `far` has gone out by the mapping, over `route`: if it was not the first to him in turn, the next may take the short way. */
  learn(row: Row, inside: EndpointId, near: EndpointId, far: EndpointId, route: DirectionId): void {
    const { integers } = this.rows
    if (!this.isOpen || this.rows.state(row) !== 0 || !speaksAgain(integers, row, far)) return
    const wayIn = this.inner.across(far) === near ? this.passing.routeTo(inside) : NO_WAY
    if (wayIn < 0) return
    meet(integers, row, near, far, route, wayIn)
    this.permissions.lastsWith(row)
  }

  /** Passes a packet from inside on, the mapping refreshed; false: it must go the long way, and nothing was done. */
  goOut(packet: Packet): boolean {
    const { kernel, rows } = this
    const { integers } = kernel.records
    const base = packet << 4
    const from = this.insides.rows
    const source = integers[base | SOURCE]!
    if ((integers[base | KIND]! & PROTOCOL) !== UDP_KIND || source >= from.length) return false
    const row = from[source]! - 1
    if (row < 0) return false
    const numbers = rows.integers
    const times = rows.doubles
    const at = row << 4
    if (numbers[at | NEAR] !== integers[base | DESTINATION]!) return false
    const { now } = kernel
    const length = integers[base | LENGTH]!
    const ttl = (integers[base | KIND]! >> TO_TTL) - 1
    if (now >= times[row << 3]! || ttl <= 0 || length > this.passing.leastMtu) return false
    times[row << 3] = now + this.udpTicks
    this.go(packet, numbers[at | OUTSIDE]!, numbers[at | FAR]!, numbers[at | WAY_OUT]!, length, ttl)
    return true
  }

  /** Passes a packet from outside on; false: it must go the long way, and nothing was done. */
  goIn(packet: Packet): boolean {
    const { kernel, rows } = this
    const { integers } = kernel.records
    const base = packet << 4
    const to = this.holders.rows
    const destination = integers[base | DESTINATION]!
    if ((integers[base | KIND]! & PROTOCOL) !== UDP_KIND || destination >= to.length) return false
    const row = to[destination]! - 1
    if (row < 0) return false
    const numbers = rows.integers
    const at = row << 4
    if (numbers[at | FAR] !== integers[base | SOURCE]!) return false
    const { now } = kernel
    const length = integers[base | LENGTH]!
    const ttl = (integers[base | KIND]! >> TO_TTL) - 1
    if (now >= rows.doubles[row << 3]! || ttl <= 0 || length > this.passing.leastMtu) return false
    this.go(packet, numbers[at | NEAR]!, numbers[at | INSIDE]! >> TO_INSIDE, numbers[at | WAY_IN]!, length, ttl)
    return true
  }

  private go(
    packet: Packet,
    source: EndpointId,
    destination: EndpointId,
    route: DirectionId,
    length: number,
    ttl: number,
  ): void {
    const { recorder, links } = this
    const { rank } = this.node
    const before = this.pool.readdress(packet, source, destination)
    recorder.translated(rank, packet, length, before)
    this.kernel.records.integers[(packet << 4) | KIND]! -= ONE_HOP
    recorder.forwarded(rank, links.numberOf(route), packet, length, ttl)
    links.push(packet, route)
  }
}
