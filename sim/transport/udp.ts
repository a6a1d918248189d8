// UDP: sockets bound to a host's ports (RFC 768, RFC 1122 §4.1).

import { bug } from '../../platform/assert.ts'
import type { Endpoint, UdpOptions, UdpReceiver, UdpSocket, Unreachable } from '../../platform/host.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import type { DirectionId } from '../network/direction.ts'
import { type AddressId, type EndpointId, type Endpoints, KnownEndpoint, NOWHERE } from '../network/endpoint.ts'
import { IPV4_HEADER, IPV6_HEADER, UDP_HEADER } from '../network/ip.ts'
import { type Node, originate, ownAddress, realmOf, type World } from '../network/node.ts'
import { FIRST_TTL } from '../network/packetRecord.ts'
import { UDP } from '../network/protocol.ts'

/** The dynamic ports of RFC 6335 §6. */
const FIRST_EPHEMERAL = 49152
const LAST_PORT = 65535
// Folded into the code, as imports are not.
const TTL = FIRST_TTL
const PROTOCOL = UDP
const NO_EXIT: DirectionId = -1
/** 65,535 less the headers of IPv4 and UDP. */
const LONGEST_BYTES = 65507
/** 65,535 less the header of UDP: the header of IPv6 does not count itself (RFC 8200 §3). */
const LONGEST_BYTES_IPV6 = 65527

/** What a socket is, for all but what goes out at once. */
interface Binding {
  readonly local: KnownEndpoint
  readonly node: Node
  readonly receiver: UdpReceiver
  /** Where it receives, the one that it sends from by default first. */
  readonly bound: readonly KnownEndpoint[]
  open: boolean
}

/**
 * An open socket of a simulated host. It has what a plain datagram needs, so that sending one touches neither the node nor its endpoints, and
 * no more: the smaller sockets are, the more of them the cache holds. For the same reason its private members are so to TypeScript alone.
 */
export class UdpSocketOfHost implements UdpSocket {
  declare private readonly world: World
  /**
   * The endpoint to which a datagram of up to `longBytes` goes out at once, by the node's only way: the last that was found to be so twice
   * in a row; {@link NOWHERE}, none, for whoever speaks to others in turn: to keep an object costs a look at its memory's page. It is never
   * undefined, so that the engine compares it to another without a look at either.
   */
  declare private plainTo: KnownEndpoint
  declare private plainToId: EndpointId
  /** More bytes than these must be looked at. */
  declare private longBytes: number
  /** The node's only way out, if it has no other and what fits goes as it is; else {@link NO_EXIT}. */
  declare private exit: DirectionId
  declare private readonly sourceId: EndpointId
  declare private readonly isIpv6: boolean
  declare private readonly binding: Binding

  constructor(world: World, node: Node, bound: readonly KnownEndpoint[], receiver: UdpReceiver) {
    const local = bound[0]!
    this.world = world
    this.plainTo = NOWHERE
    this.plainToId = 0
    this.longBytes = LONGEST_BYTES
    this.exit = NO_EXIT
    this.sourceId = local.id
    this.isIpv6 = local.isIpv6
    this.binding = { local, node, receiver, bound, open: true }
    this.reconsider()
    for (const { id } of bound) world.endpoints.sockets.bind(id, this, receiver)
  }

  get local(): KnownEndpoint {
    return this.binding.local
  }

  get node(): Node {
    return this.binding.node
  }

  send(to: Endpoint, head: Uint8Array, body: Uint8Array, dscp = 0, from?: string): void {
    if (to !== this.plainTo || from !== undefined || head.length + body.length > this.longBytes) {
      this.sendAfterLook(to, head, body, dscp, from)
      return
    }
    this.sendPlain(this.plainToId, head, body, dscp)
  }

  /** As {@link send}, for whoever speaks to so many endpoints that he keeps their numbers instead of their objects: see {@link KnownEndpoint.id}. */
  sendTo(to: EndpointId, head: Uint8Array, body: Uint8Array, dscp = 0): void {
    if (this.isPlain(to, head.length + body.length)) this.sendPlain(to, head, body, dscp)
    else this.send(this.world.endpoints.byId(to), head, body, dscp)
  }

  /** True for what goes out at once, by the node's only way. */
  private isPlain(to: EndpointId, length: number): boolean {
    const { exit, isIpv6 } = this
    const { endpoints, links } = this.world
    return exit >= 0 && length <= this.longBytes && endpoints.isPlain(to, isIpv6, links.senderOf(exit))
  }

  private sendPlain(to: EndpointId, head: Uint8Array, body: Uint8Array, dscp: number): void {
    const { pool, recorder, links } = this.world
    const exit = this.exit
    const packet = pool.take(PROTOCOL, this.sourceId, this.isIpv6, to, head, body, dscp)
    recorder.sent(links.senderOf(exit), links.numberOf(exit), packet, pool.length(packet), TTL)
    links.push(packet, exit)
  }

  private sendAfterLook(
    to: Endpoint,
    head: Uint8Array,
    body: Uint8Array,
    dscp: number,
    from: string | undefined,
  ): void {
    if (!this.binding.open) bug(`${this.node.name} sends on a socket that it has closed, port ${this.local.port}`)
    const length = head.length + body.length
    const known = to instanceof KnownEndpoint ? to : this.meant(to)
    if (length > LONGEST_BYTES && (length > LONGEST_BYTES_IPV6 || !known.isIpv6)) {
      this.failSoon(known, 'fragmentation needed') // EMSGSIZE
      return
    }
    if (from === undefined && this.isPlain(known.id, length)) {
      const again = known.id === this.plainToId
      if (again || this.plainTo !== NOWHERE) this.plainTo = again ? known : NOWHERE
      this.plainToId = known.id
      this.sendPlain(known.id, head, body, dscp)
      return
    }
    if (!(to.port > 0)) bug(`${this.node.name} sends to port ${to.port} of ${to.address}`)
    const source = from === undefined && this.local.isIpv6 === known.isIpv6 ? this.local : this.source(known, from)
    if (source.isIpv6 !== known.isIpv6) {
      this.failSoon(known, 'network unreachable')
      return
    }
    const { pool } = this.world
    originate(this.world, this.node, pool.take(UDP, source.id, source.isIpv6, known.id, head, body, dscp), known)
  }

  /** What the host knows of its ways has changed. */
  reconsider(): void {
    const { routes, links } = this.world
    this.plainTo = NOWHERE
    this.exit = this.node.sending?.isBusy === true ? NO_EXIT : routes.onlyExit(this.node)
    const mtuBytes = this.exit < 0 ? LONGEST_BYTES : links.mtuOf(this.exit)
    this.longBytes = Math.min(LONGEST_BYTES, mtuBytes - (this.isIpv6 ? IPV6_HEADER : IPV4_HEADER) - UDP_HEADER)
  }

  close(): void {
    this.binding.open = false
    this.plainTo = NOWHERE
    this.exit = NO_EXIT
    for (const { id } of this.binding.bound) this.world.endpoints.sockets.release(id)
  }

  /** An ICMP error has come about something sent from here. */
  fail(to: Endpoint, why: Unreachable): void {
    this.binding.receiver.failed(to, why)
  }

  /**
   * Nothing goes out, and the program is told as by a real socket: the host has no address of that version, so that the network is
   * unreachable; or the datagram is longer than any can be.
   */
  private failSoon(to: KnownEndpoint, why: Unreachable): void {
    const { kernel, recorder, loopbackTicks } = this.world
    const { cause } = recorder
    kernel.after(this.node.rank, loopbackTicks, () => {
      recorder.cause = cause
      if (this.binding.open) this.fail(to, why)
    })
  }

  private meant({ address, port }: Endpoint): KnownEndpoint {
    const { endpoints } = this.world
    return endpoints.at(endpoints.addressId(address, realmOf(this.world, this.node)), port)
  }

  private source(to: KnownEndpoint, from: string | undefined): KnownEndpoint {
    const { endpoints } = this.world
    const found = this.binding.bound.find((one) =>
      from === undefined ? one.isIpv6 === to.isIpv6 : one.address === from,
    )
    if (found !== undefined) return found
    if (from !== undefined) bug(`${this.node.name} sends from ${from}, where its socket is not bound`)
    return endpoints.at(ownAddress(this.world, this.node, to.addressId) ?? this.local.addressId, this.local.port)
  }
}

/** Opens a socket, or says what is wrong with `options`. */
export function openUdp(world: World, node: Node, options: UdpOptions, receiver: UdpReceiver): Result<UdpSocketOfHost> {
  const { endpoints } = world
  const own = node.interfaces.map(({ addressId }) => addressId)
  if (own.length === 0) return failure('address', `a host with an address; ${node.name} has none`)
  const addresses =
    options.address === undefined ? own : own.filter((id) => endpoints.addressOf(id) === options.address)
  if (addresses.length === 0) {
    const list = own.map((id) => endpoints.addressOf(id)).join(', ')
    return failure('address', `an address of ${node.name} (${list}), not "${options.address}"`)
  }
  const port = options.port || freePort(endpoints, addresses)
  if (port === undefined) return failure('port', `a free port; all from ${FIRST_EPHEMERAL} to ${LAST_PORT} are taken`)
  if (!(port >= 1 && port <= LAST_PORT && Math.floor(port) === port)) {
    return failure('port', `a port from 1 to ${LAST_PORT}, not ${port}`)
  }
  const bound = addresses.map((id) => endpoints.at(id, port))
  if (bound.some(({ id }) => endpoints.sockets.at(id) !== undefined)) {
    return failure('port', `a free port; ${node.name} has ${port} in use`)
  }
  return success(new UdpSocketOfHost(world, node, bound, receiver))
}

function freePort(endpoints: Endpoints, addresses: readonly AddressId[]): number | undefined {
  for (let port = FIRST_EPHEMERAL; port <= LAST_PORT; port++) {
    if (addresses.every((address) => endpoints.sockets.at(endpoints.at(address, port).id) === undefined)) return port
  }
  return undefined
}
