// ICMP echo: any host answers it, and may ask (RFC 792, RFC 1122 §3.2.2.6, RFC 4443 §4). An id tells who asks, a sequence number which time.

import type { Timer, Unreachable } from '../../platform/host.ts'
import type { KnownEndpoint } from './endpoint.ts'
import type { IcmpError } from './icmp.ts'
import { checksum, PROTOCOL_ICMPV6, pseudoSum, putUint16, sum } from './ip.ts'
import { type Node, originate, ownAddress, type World } from './node.ts'
import { EMPTY, type Packet } from './packet.ts'
import { ICMP } from './protocol.ts'

/** What an echo says besides its data. */
export interface Echo {
  readonly kind: 'request' | 'reply'
  /** 0–65535. */
  readonly id: number
  /** 0–65535. */
  readonly sequence: number
}

/** Types in ICMP and ICMPv6. */
const TYPES = {
  request: { v4: 8, v6: 128 },
  reply: { v4: 0, v6: 129 },
} as const
const HEADER = 8
const WORD = 65_536

/** Reads an ICMP message; undefined if it is no echo. */
export function readEcho(bytes: Uint8Array, ipv6: boolean): Echo | undefined {
  if (bytes.length < HEADER || bytes[1] !== 0) return undefined
  const version = ipv6 ? 'v6' : 'v4'
  const kind = (['request', 'reply'] as const).find((one) => TYPES[one][version] === bytes[0])
  if (kind === undefined) return undefined
  return { kind, id: (bytes[4]! << 8) | bytes[5]!, sequence: (bytes[6]! << 8) | bytes[7]! }
}

/** Sends an echo from one end (both of port 0) to the other. */
function sendEcho(
  world: World,
  node: Node,
  echo: Echo,
  data: Uint8Array,
  from: KnownEndpoint,
  to: KnownEndpoint,
  ttl?: number,
): void {
  const bytes = new Uint8Array(HEADER + data.length)
  bytes[0] = TYPES[echo.kind][to.isIpv6 ? 'v6' : 'v4']
  putUint16(bytes, 4, echo.id)
  putUint16(bytes, 6, echo.sequence)
  bytes.set(data, HEADER)
  let total = sum(bytes)
  if (to.isIpv6) {
    const [source, destination] = [world.endpoints.bytesOf(from.addressId), world.endpoints.bytesOf(to.addressId)]
    total += pseudoSum(source, destination, PROTOCOL_ICMPV6, bytes.length)
  }
  putUint16(bytes, 2, checksum(total))
  const packet = world.pool.take(ICMP, from.id, from.isIpv6, to.id, EMPTY, bytes, 0)
  if (ttl !== undefined) world.pool.setTtl(packet, ttl)
  originate(world, node, packet, to)
}

/** Answers a request with the same id, sequence number and data, from the address that was asked. Gives a reply, which nobody answers. */
export function answerEcho(world: World, node: Node, packet: Packet): Echo | undefined {
  const { pool, endpoints } = world
  const [asker, asked] = [endpoints.byId(pool.source(packet)), endpoints.byId(pool.destination(packet))]
  const bytes = pool.payload(packet)
  const echo = readEcho(bytes, asker.isIpv6)
  if (echo?.kind !== 'request') return echo
  const data = bytes.slice(HEADER)
  sendEcho(
    world,
    node,
    { ...echo, kind: 'reply' },
    data,
    endpoints.at(asked.addressId, 0),
    endpoints.at(asker.addressId, 0),
  )
  return undefined
}

/** What pings need of their host. */
export interface PingingHost extends Node {
  /** Its monotonic clock, ms. */
  monotonic(): number
  after(delayMs: number, callback: () => void): Timer
  cancel(timer: Timer): void
}

/** One question, and what came of it. */
export interface Ping {
  readonly to: KnownEndpoint
  /** Bytes of data, 0 to 65,507. */
  readonly bytes: number
  /** How long an answer is waited for, ms, above 0. */
  readonly timeoutMs: number
  /** How many routers may pass it on, and the far end: 1 to 255. Default 64. */
  readonly ttl?: number
  readonly over: (sequence: number, outcome: PingOutcome) => void
}

/** What became of a question: its round trip by the host's clock; or who said that it could not be delivered, and why; or nothing in time. */
export type PingOutcome =
  | { readonly roundTripMs: number }
  | { readonly why: Unreachable; readonly by: string }
  | 'silence'

interface Waiting {
  readonly sentAtMs: number
  readonly timer: Timer
  readonly ping: Ping
}

/** All that one host asks. */
export class Pings {
  readonly #world: World
  readonly #host: PingingHost
  /** By id and sequence number. */
  readonly #waiting = new Map<number, Waiting>()
  #ids = 0
  /** Series that wait before their next question. */
  #pauses = 0

  constructor(world: World, host: PingingHost) {
    this.#world = world
    this.#host = host
  }

  /** An id of its own for a series of questions. */
  takeId(): number {
    this.#ids = (this.#ids % (WORD - 1)) + 1
    return this.#ids
  }

  /** Asks once; `sequence` from 1. False if the host has no address of the far end's version. */
  ask(id: number, sequence: number, ping: Ping): boolean {
    const { endpoints } = this.#world
    const own = ownAddress(this.#world, this.#host, ping.to.addressId)
    if (own === undefined) return false
    const key = id * WORD + (sequence % WORD)
    const timer = this.#host.after(ping.timeoutMs, () => {
      this.#waiting.delete(key)
      ping.over(sequence, 'silence')
    })
    this.#waiting.set(key, { sentAtMs: this.#host.monotonic(), timer, ping })
    const data = Uint8Array.from({ length: ping.bytes }, (_, at) => at & 255)
    sendEcho(
      this.#world,
      this.#host,
      { kind: 'request', id, sequence: sequence % WORD },
      data,
      endpoints.at(own, 0),
      ping.to,
      ping.ttl,
    )
    return true
  }

  /** A reply has come: the first word in time counts. */
  heard({ id, sequence }: Echo): void {
    const key = id * WORD + sequence
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    const roundTripMs = this.#host.monotonic() - waiting.sentAtMs
    this.#end(key, waiting, { roundTripMs })
  }

  /** An echo could not be delivered, somebody says: a question ends; a reply, which has no port of ours, is none. */
  failed({ by, from, to, sequence, why }: IcmpError): void {
    if (from.port === 0) return
    const key = sequence >>> 0 // id, and then the sequence number
    const waiting = this.#waiting.get(key)
    if (waiting?.ping.to.addressId === to.addressId) this.#end(key, waiting, { why, by: by.address })
  }

  #end(key: number, { timer, ping }: Waiting, outcome: PingOutcome): void {
    this.#waiting.delete(key)
    this.#host.cancel(timer)
    ping.over(key % WORD, outcome)
  }

  /** Waits before the next question of a series, so many ms. */
  pause(ms: number, then: () => void): void {
    this.#pauses++
    this.#host.after(ms, () => {
      this.#pauses--
      then()
    })
  }

  /** How many timers run: one for each question and each pause. */
  get timers(): number {
    return this.#waiting.size + this.#pauses
  }

  /** Whoever asked is gone, and so are their timers. */
  forget(): void {
    this.#waiting.clear()
    this.#pauses = 0
  }
}
