// How a host sends what may be too large for its way: whether it forbids routers to fragment, and what it learns of each path's MTU
// (RFC 1191, RFC 8201).

import type { Host } from '../../platform/host.ts'
import type { AddressId } from './endpoint.ts'
import type { Packet, PacketPool } from './packet.ts'

export interface SendingOptions {
  /**
   * `off`: routers may fragment what it sends in IPv4. `on`: they may not, and it fragments what is larger than the MTU that it knows
   * (Linux's way with UDP, IP_PMTUDISC_WANT). `strict`: it does not fragment either: the program is told (IP_PMTUDISC_DO). Default off.
   */
  readonly discovery?: 'off' | 'on' | 'strict'
  /** False: no ICMP error about a packet's size reaches it, in IPv6 either, so that what is too large vanishes. Default true. */
  readonly hearsIcmp?: boolean
  /** How long it believes what it has learnt, ns; default 10 min (RFC 1191 §6.3, RFC 8201 §4). */
  readonly lifetimeNs?: number
}

const LIFETIME_NS = 600e9
/** No path is narrower (RFC 791; RFC 8200 §5). */
const LEAST_IPV4 = 68
const LEAST_IPV6 = 1280

/** One host's behaviour and memory. */
export class Sending {
  readonly #pool: PacketPool
  readonly #clock: Pick<Host, 'monotonic'>
  readonly #discovery: NonNullable<SendingOptions['discovery']>
  readonly #hears: boolean
  readonly #lifetimeMs: number
  readonly #paths = new Map<AddressId, { readonly mtuBytes: number; readonly untilMs: number }>()

  /** `clock`: the host's. */
  constructor(options: SendingOptions, pool: PacketPool, clock: Pick<Host, 'monotonic'>) {
    const { discovery = 'off', hearsIcmp = true, lifetimeNs = LIFETIME_NS } = options
    this.#pool = pool
    this.#clock = clock
    this.#discovery = discovery
    this.#hears = hearsIcmp
    this.#lifetimeMs = lifetimeNs / 1e6
  }

  /** True if what is too large is not sent at all. */
  get isStrict(): boolean {
    return this.#discovery === 'strict'
  }

  /** True if every packet must be looked at before it is sent. */
  get isBusy(): boolean {
    return this.#discovery !== 'off' || this.#paths.size > 0
  }

  /** Marks a packet that goes out. */
  prepare(packet: Packet): void {
    if (this.#discovery !== 'off') this.#pool.keepWhole(packet)
  }

  /** The MTU of the path to an address, bytes; infinite where nothing is known of it. */
  mtuTo(address: AddressId): number {
    const path = this.#paths.get(address)
    if (path === undefined) return Number.POSITIVE_INFINITY
    if (this.#clock.monotonic() < path.untilMs) return path.mtuBytes
    this.#paths.delete(address)
    return Number.POSITIVE_INFINITY
  }

  /** False: it hears nothing about sizes. */
  get hears(): boolean {
    return this.#hears
  }

  /** Takes in what an ICMP error says of the path to an address. True if it believes it. */
  learn(address: AddressId, isIpv6: boolean, mtuBytes: number): boolean {
    if (mtuBytes === 0) return false
    const believed = Math.max(mtuBytes, isIpv6 ? LEAST_IPV6 : LEAST_IPV4)
    if (believed >= this.mtuTo(address)) return false
    this.#paths.set(address, { mtuBytes: believed, untilMs: this.#clock.monotonic() + this.#lifetimeMs })
    return true
  }

  /** Forgets all paths. */
  forget(): void {
    this.#paths.clear()
  }
}
