// How segments become packets of their host, and packets segments.

import type { DirectionId } from '../../network/direction.ts'
import type { KnownEndpoint } from '../../network/endpoint.ts'
import { type Node, originate, type World } from '../../network/node.ts'
import { EMPTY, type Packet } from '../../network/packet.ts'
import { TCP } from '../../network/protocol.ts'
import type { Cause } from '../../trace/cause.ts'
import type { ControlBlock } from './block.ts'
import {
  ACK,
  blocksBytes,
  PLAIN_HEADER,
  RST,
  Segment,
  STAMPED_HEADER,
  synHeader,
  writeBlocks,
  writeHeader,
  writeStamps,
} from './header.ts'
import { advance, type Sequence } from './sequence.ts'
import type { TcpClock } from './timers.ts'

const WORD = 4

/** One host's way to its links. */
export class Wire {
  readonly #world: World
  readonly #node: Node
  readonly #exit: DirectionId
  readonly #clock: TcpClock
  readonly #segment = new Segment()

  constructor(world: World, node: Node, clock: TcpClock) {
    this.#world = world
    this.#node = node
    this.#exit = world.routes.onlyExit(node)
    this.#clock = clock
  }

  /** The host's monotonic clock, ms. */
  get nowMs(): number {
    return this.#clock.monotonic()
  }

  /** The timestamp clock: the host's ms. */
  get stamp(): Sequence {
    return Math.floor(this.nowMs) | 0
  }

  /** Sends one segment of a connection: `length` bytes of `body` from `at` on, by reference. */
  send(
    block: ControlBlock,
    sequence: Sequence,
    flags: number,
    window: number,
    body: Uint8Array,
    at: number,
    length: number,
  ): void {
    const { pool } = this.#world
    const { local, remote, stamped } = block
    const headLength = stamped ? STAMPED_HEADER : PLAIN_HEADER
    const packet = pool.takeSegment(local.id, local.isIpv6, remote.id, headLength, body, at, length, block.dscp)
    const { heads } = pool
    const head = pool.headAt(packet)
    writeHeader(heads, head, sequence, block.rcvNxt, flags, window, headLength / WORD)
    if (stamped) writeStamps(heads, head + PLAIN_HEADER, this.stamp, block.recentStamp)
    this.#go(packet, remote)
  }

  /** The same with the blocks that wait beyond a hole: see {@link writeBlocks}. */
  sendWithBlocks(
    block: ControlBlock,
    sequence: Sequence,
    flags: number,
    window: number,
    body: Uint8Array,
    numbers: readonly Sequence[],
  ): void {
    const { pool } = this.#world
    const { local, remote, stamped } = block
    const before = stamped ? STAMPED_HEADER : PLAIN_HEADER
    const head = new Uint8Array(before + blocksBytes(numbers.length / 2))
    writeHeader(head, 0, sequence, block.rcvNxt, flags, window, head.length / WORD)
    if (stamped) writeStamps(head, PLAIN_HEADER, this.stamp, block.recentStamp)
    writeBlocks(head, before, numbers)
    const packet = pool.take(TCP, local.id, local.isIpv6, remote.id, head, body, block.dscp)
    pool.keepWhole(packet)
    this.#go(packet, remote)
  }

  /** Sends a SYN or SYN ACK with its options. */
  sendSyn(block: ControlBlock, flags: number, window: number): void {
    const { local, remote, iss, rcvNxt, offer, recentStamp, dscp } = block
    const acknowledgment = flags & ACK ? rcvNxt : 0
    const header = synHeader(iss, acknowledgment, flags, window, offer, this.stamp, flags & ACK ? recentStamp : 0)
    const packet = this.#world.pool.take(TCP, local.id, local.isIpv6, remote.id, EMPTY, header, dscp)
    this.#world.pool.keepWhole(packet)
    this.#go(packet, remote)
  }

  /** The segment in a sound packet: good until the next call. */
  read(packet: Packet): Segment {
    return readSegment(this.#world, packet, this.#segment)
  }

  /** A RST that the other side's own numbers make acceptable: for an ACK of what was never sent. */
  resetAt(block: ControlBlock, sequence: Sequence): void {
    const { local, remote } = block
    sendReset(this.#world, this.#node, local, remote, sequence, 0, RST)
  }

  #go(packet: Packet, to: KnownEndpoint): void {
    const { pool, recorder, links } = this.#world
    const exit = this.#exit
    const length = pool.length(packet)
    if (exit >= 0 && to.owner !== this.#node.rank && length <= links.mtuOf(exit)) {
      recorder.sent(this.#node.rank, links.numberOf(exit), packet, length, pool.ttl(packet))
      links.push(packet, exit)
    } else originate(this.#world, this.#node, packet, to)
  }
}

/**
 * Any node's answer to a TCP packet for its own address at which nothing listens: a RST, unless it is one itself (RFC 9293 §3.10.7.1).
 * `cause` is the record of the packet's loss.
 */
export function refuseSegment(world: World, node: Node, packet: Packet, cause: Cause): void {
  const { pool, endpoints, recorder } = world
  const segment = readSegment(world, packet, new Segment())
  if ((segment.flags & RST) !== 0) return
  const [from, to] = [endpoints.byId(pool.destination(packet)), endpoints.byId(pool.source(packet))]
  const before = recorder.cause
  recorder.cause = cause
  if ((segment.flags & ACK) !== 0) sendReset(world, node, from, to, segment.acknowledgment, 0, RST)
  else sendReset(world, node, from, to, 0, advance(segment.sequence, segment.space), RST | ACK)
  recorder.cause = before
}

function sendReset(
  world: World,
  node: Node,
  from: KnownEndpoint,
  to: KnownEndpoint,
  sequence: Sequence,
  acknowledgment: Sequence,
  flags: number,
): void {
  const { pool } = world
  const packet = pool.takeSegment(from.id, from.isIpv6, to.id, PLAIN_HEADER, EMPTY, 0, 0, 0)
  writeHeader(pool.heads, pool.headAt(packet), sequence, acknowledgment, flags, 0)
  originate(world, node, packet, to)
}

function readSegment({ pool }: World, packet: Packet, segment: Segment): Segment {
  const inHead = pool.headLength(packet)
  const body = pool.body(packet)
  const bodyAt = pool.bodyAt(packet)
  const header = inHead > 0 ? segment.read(pool.heads, pool.headAt(packet)) : segment.read(body, bodyAt)
  segment.body = body
  segment.at = inHead > 0 ? bodyAt : bodyAt + header
  segment.length = pool.payloadLength(packet) - header
  return segment
}
