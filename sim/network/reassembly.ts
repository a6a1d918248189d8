// Reassembly (RFC 791 §3.2, RFC 8200 §4.5): a node keeps fragments until their datagram is whole, or its time is up.

import type { Ticks } from '../kernel/event.ts'
import type { Cause } from '../trace/cause.ts'
import { NO_LINK } from '../trace/recorder.ts'
import type { DirectionId } from './direction.ts'
import type { EndpointId } from './endpoint.ts'
import type { Piece, Whole } from './fragments.ts'
import { unreachable } from './icmp.ts'
import { UDP_HEADER } from './ip.ts'
import { LOOPBACK, type Node, type World } from './node.ts'
import { EMPTY, type Packet } from './packet.ts'
import { P_WORD } from './packetRecord.ts'
import { FRAGMENT, TCP, UDP } from './protocol.ts'

export interface ReassemblyOptions {
  /** How long it waits for the rest, ns, from the first arrival; default 30 s in IPv4 (Linux; RFC 1122 §3.3.2 wants 60–120 s) and 60 s in IPv6 (RFC 8200 §4.5). */
  readonly timeoutNs?: number
  /** How much it keeps at most, bytes; default 4 MiB, as Linux. */
  readonly limitBytes?: number
  /** Takes fragments in their order only: one that comes early is lost. Default false (RFC 4787 REQ-14). */
  readonly inOrder?: boolean
}

const TIMEOUT_IPV4_NS = 30e9
const TIMEOUT_IPV6_NS = 60e9
const LIMIT_BYTES = 4 * 1024 * 1024

/** What has come of one datagram. */
interface Gathering {
  readonly whole: Whole
  readonly source: EndpointId
  readonly destination: EndpointId
  readonly isIpv6: boolean
  /** In the order of their arrival. */
  readonly pieces: Kept[]
  bytes: number
  /** Where the last of them ends in the IP payload. */
  end: number
  /** True where fragments overlapped: what else comes is lost (RFC 5722). */
  isSpoilt: boolean
  readonly timer: number
}

interface Kept {
  readonly piece: Piece
  readonly body: Uint8Array
  readonly isCorrupted: boolean
  readonly ttl: number
  readonly dscp: number
  /** The record of its arrival. */
  readonly cause: Cause
}

/** One node's. */
export class Reassembly {
  readonly #world: World
  readonly #node: Node
  readonly #done: (packet: Packet, direction: DirectionId) => void
  readonly #timeoutNs: number | undefined
  readonly #limitBytes: number
  readonly #inOrder: boolean
  readonly #clock: { readonly ticksPerMs: number }
  readonly #gatherings = new Map<string, Gathering>()
  #bytes = 0

  /** `done` gets each datagram that is whole again, and the direction over which its last fragment came. `clock`: the node's own, if it has one. */
  constructor(
    world: World,
    node: Node,
    options: ReassemblyOptions,
    done: (packet: Packet, direction: DirectionId) => void,
    clock: { readonly ticksPerMs: number } = world,
  ) {
    this.#world = world
    this.#node = node
    this.#done = done
    this.#timeoutNs = options.timeoutNs
    this.#limitBytes = options.limitBytes ?? LIMIT_BYTES
    this.#inOrder = options.inOrder ?? false
    this.#clock = clock
  }

  /** Takes a fragment that has come over `direction`. */
  take(packet: Packet, direction: DirectionId): void {
    const { pool, recorder, links, loopbackNumber } = this.#world
    const piece = pool.piece(packet)!
    const key = `${piece.whole.number} ${pool.source(packet)} ${pool.destination(packet)}`
    const known = this.#gatherings.get(key)
    const why = this.#objection(piece, pool.payloadLength(packet), known)
    if (why !== undefined) {
      recorder.lost(this.#node.rank, NO_LINK, packet, pool.length(packet), why)
      pool.free(packet)
      if (why === 'overlapping fragments' && known !== undefined) this.#spoil(known)
      return
    }
    const number = direction === LOOPBACK ? loopbackNumber : links.numberOf(direction)
    recorder.delivered(this.#node.rank, number, packet, pool.length(packet), pool.ttl(packet))
    const gathering = known ?? this.#begin(key, packet)
    const body = pool.payload(packet)
    const seen = { isCorrupted: pool.isCorrupted(packet), ttl: pool.ttl(packet), dscp: pool.dscp(packet) }
    gathering.pieces.push({ piece, body, ...seen, cause: recorder.cause })
    gathering.bytes += body.length
    gathering.end = Math.max(gathering.end, piece.offset + body.length)
    this.#bytes += body.length
    pool.free(packet)
    const length = gathering.bytes < gathering.end ? undefined : lengthOf(gathering)
    if (length === undefined) return
    this.#end(key, gathering)
    this.#world.kernel.cancel(gathering.timer)
    const joined = this.#join(gathering, length)
    this.#world.kernel.records.integers[(joined << 4) | P_WORD] = recorder.wordOf(number)
    this.#done(joined, direction)
  }

  /** How many timers run: one for each datagram that is not whole. */
  get timers(): number {
    return this.#gatherings.size
  }

  /** Forgets all, as a node does that loses its power. Its timers are gone already, or do no harm. */
  forget(): void {
    this.#gatherings.clear()
    this.#bytes = 0
  }

  /** Why a fragment is not taken. */
  #objection(piece: Piece, length: number, known: Gathering | undefined) {
    const [from, to] = [piece.offset, piece.offset + length]
    if (known?.isSpoilt === true) return 'overlapping fragments'
    if (known === undefined || from >= known.end) {
      if (this.#inOrder && from !== (known?.end ?? 0)) return 'fragment dropped by policy'
      return this.#bytes + length > this.#limitBytes ? 'no room to reassemble' : undefined
    }
    const { pieces, isIpv6 } = known
    if (pieces.some((one) => one.piece.offset === from && endOf(one) === to)) return 'duplicate fragment'
    if (isIpv6 && pieces.some((one) => one.piece.offset < to && endOf(one) > from)) {
      return 'overlapping fragments'
    }
    if (this.#inOrder) return 'fragment dropped by policy'
    return this.#bytes + length > this.#limitBytes ? 'no room to reassemble' : undefined
  }

  #begin(key: string, packet: Packet): Gathering {
    const { pool, endpoints, kernel } = this.#world
    const { isIpv6 } = endpoints.byId(pool.source(packet))
    const timeoutNs = this.#timeoutNs ?? (isIpv6 ? TIMEOUT_IPV6_NS : TIMEOUT_IPV4_NS)
    const ticks: Ticks = Math.max(1, Math.round((timeoutNs / 1e6) * this.#clock.ticksPerMs))
    const gathering: Gathering = {
      whole: pool.piece(packet)!.whole,
      source: pool.source(packet),
      destination: pool.destination(packet),
      isIpv6,
      pieces: [],
      bytes: 0,
      end: 0,
      isSpoilt: false,
      timer: kernel.after(this.#node.rank, ticks, () => this.#expire(key, gathering)),
    }
    this.#gatherings.set(key, gathering)
    return gathering
  }

  /** Time is up: the datagram is lost. Its sender is told if the first fragment has come (RFC 792, RFC 8200 §4.5). */
  #expire(key: string, gathering: Gathering): void {
    if (this.#gatherings.get(key) !== gathering) return
    this.#end(key, gathering)
    const first = gathering.pieces.find(({ piece }) => piece.offset === 0)
    if (first === undefined || gathering.isSpoilt) return
    const { pool, recorder } = this.#world
    const cause = recorder.torn(this.#node.rank, NO_LINK, gathering.whole, first.cause)
    const { source, destination, isIpv6 } = gathering
    const quoted = pool.take(FRAGMENT, source, isIpv6, destination, EMPTY, first.body, first.dscp)
    pool.setPiece(quoted, first.piece)
    pool.setTtl(quoted, first.ttl)
    unreachable(this.#world, this.#node, quoted, 'reassembly time exceeded', cause)
    pool.free(quoted)
  }

  /** RFC 5722: the whole datagram is discarded without a word, with the fragments that are still to come. */
  #spoil(gathering: Gathering): void {
    if (gathering.isSpoilt) return
    gathering.isSpoilt = true
    this.#bytes -= gathering.bytes
    gathering.bytes = 0
    const first = gathering.pieces.find(({ piece }) => piece.offset === 0)
    gathering.pieces.length = 0
    if (first !== undefined) this.#world.recorder.torn(this.#node.rank, NO_LINK, gathering.whole, first.cause)
  }

  #end(key: string, gathering: Gathering): void {
    this.#gatherings.delete(key)
    this.#bytes -= gathering.bytes
  }

  /** The datagram of all pieces; where they overlap, the later counts (RFC 791 §3.2). */
  #join({ whole, source, destination, isIpv6, pieces }: Gathering, length: number): Packet {
    const { pool, endpoints, recorder } = this.#world
    const bytes = new Uint8Array(length)
    for (const { piece, body } of pieces) bytes.set(body, piece.offset)
    const first = pieces.find(({ piece }) => piece.offset === 0)!
    const { protocol } = whole
    const port = (at: number): number => (protocol === UDP || protocol === TCP ? (bytes[at]! << 8) | bytes[at + 1]! : 0)
    const from = endpoints.at(endpoints.byId(source).addressId, port(0)).id
    const to = endpoints.at(endpoints.byId(destination).addressId, port(2)).id
    const payload = protocol === UDP ? bytes.subarray(UDP_HEADER) : bytes
    const packet = pool.take(protocol, from, isIpv6, to, EMPTY, payload, first.dscp)
    pool.setTtl(packet, Math.min(...pieces.map(({ ttl }) => ttl)))
    if (whole.traced !== undefined) pool.setLabel(packet, whole.traced.label)
    if (pieces.some(({ isCorrupted }) => isCorrupted)) pool.spoil(packet)
    recorder.reassembled(this.#node.rank, packet, pool.length(packet), whole, pieces.length)
    return packet
  }
}

function endOf({ piece, body }: Kept): number {
  return piece.offset + body.length
}

/** Bytes of the IP payload if it is all there; else undefined. */
function lengthOf({ pieces }: Gathering): number | undefined {
  const last = pieces.find(({ piece }) => !piece.more)
  if (last === undefined) return undefined
  let end = 0
  for (const one of [...pieces].sort((a, b) => a.piece.offset - b.piece.offset)) {
    if (one.piece.offset > end) return undefined
    end = Math.max(end, endOf(one))
  }
  return endOf(last) <= end ? endOf(last) : undefined
}
