// A program that loads the network: datagrams at a steady rate, at random, or in bursts, which wait in queues and use links as calls do.

import { printEndpoint } from '../../platform/endpoint.ts'
import type { Endpoint, Host, Program, RunningProgram, UdpSocket } from '../../platform/host.ts'
import { ln } from '../../platform/math/exponential.ts'
import type { RandomStream } from '../../platform/random.ts'
import { failure, type Issue } from '../../platform/result.ts'
import { findDestination } from './destination.ts'
import { DISCARD_PORT } from './sink.ts'

export interface LoadOptions {
  /** Where it sends: a host's name or an address, with a port if it is not 9. */
  readonly to: string
  /** Bits per second of IP packets, above 0, as long as it sends. */
  readonly rateBps: number
  /** Bytes of each IP packet, headers included, 60–1500. */
  readonly packetBytes: number
  /** `constant`: evenly. `poisson`: with exponential gaps. `on-off`: evenly, in bursts and pauses of exponential length. */
  readonly pattern: 'constant' | 'poisson' | 'on-off'
  /** The mean length of a burst and of a pause, ms, above 0. */
  readonly onMs: number
  readonly offMs: number
  /** 0–63. */
  readonly dscp: number
  /** False: it waits to be told. */
  readonly active: boolean
}

/** The program. Verbs: `begin load`, `end load`. It remarks `load began` {to} and `load ended` {packets}. */
export const load: Program<LoadOptions> = {
  name: 'load',
  start: (host, options) => new Load(host, options),
}

const IPV4_HEADERS = 28
const IPV6_HEADERS = 48
const MARK = [0x6c, 0x6f, 0x61, 0x64] // "load": so that it is not taken for anything else
const NOTHING = new Uint8Array(0)
/** What a host that stood still for longer, ms, did not send is not made good. */
const MOST_LATE_MS = 60_000

class Load implements RunningProgram {
  readonly #host: Host
  readonly #options: LoadOptions
  readonly #socket: UdpSocket | undefined
  readonly #random: RandomStream
  readonly #gapMs: number
  #payload = NOTHING
  #to: Endpoint | undefined
  #sending = false
  /** How often it has begun: an answer about an earlier time is of no use. */
  #begun = 0
  #packets = 0
  /** When the next packet goes, ms: kept, so that roundings do not add up. */
  #nextMs = 0
  #burstEndsMs = Number.POSITIVE_INFINITY

  constructor(host: Host, options: LoadOptions) {
    this.#host = host
    this.#options = options
    this.#random = host.random('load')
    this.#gapMs = (options.packetBytes * 8000) / options.rateBps
    const opened = host.udp({ port: 0 }, { received: () => {}, failed: () => {} })
    if (opened.ok) this.#socket = opened.value
    else host.trace.remark('not sending', { why: opened.issue.expected })
    if (options.active) this.#begin()
  }

  do(verb: string): Issue | undefined {
    if (verb === 'begin load') this.#begin()
    else if (verb === 'end load') this.#end()
    else return failure(verb, 'begin load or end load').issue
    return undefined
  }

  stop(): void {
    this.#sending = false
    this.#socket?.close()
  }

  #begin(): void {
    if (this.#sending || this.#socket === undefined) return
    this.#sending = true
    const time = ++this.#begun
    findDestination(this.#host, this.#options.to, DISCARD_PORT, (to, why) => {
      if (!this.#sending || time !== this.#begun) return
      if (to !== undefined) {
        this.#send(to)
        return
      }
      this.#sending = false
      this.#host.trace.remark('not sending', { to: this.#options.to, why })
    })
  }

  #end(): void {
    if (!this.#sending) return
    this.#sending = false
    this.#host.trace.remark('load ended', { packets: this.#packets })
  }

  #send(to: Endpoint): void {
    this.#to = to
    const headers = to.address.includes(':') ? IPV6_HEADERS : IPV4_HEADERS
    this.#payload = new Uint8Array(Math.max(MARK.length, this.#options.packetBytes - headers))
    this.#payload.set(MARK)
    this.#host.trace.remark('load began', { to: printEndpoint(to) })
    this.#nextMs = this.#host.monotonic()
    if (this.#options.pattern === 'on-off') this.#burstEndsMs = this.#nextMs + this.#exponential(this.#options.onMs)
    this.#plan()
  }

  #plan(): void {
    const { pattern, onMs, offMs } = this.#options
    const lateMs = this.#host.monotonic() - this.#nextMs
    if (lateMs > MOST_LATE_MS) {
      this.#nextMs += lateMs
      this.#burstEndsMs += lateMs
    }
    this.#nextMs += pattern === 'poisson' ? this.#exponential(this.#gapMs) : this.#gapMs
    while (this.#nextMs >= this.#burstEndsMs) {
      this.#nextMs = Math.max(this.#nextMs, this.#burstEndsMs + this.#exponential(offMs))
      this.#burstEndsMs = this.#nextMs + this.#exponential(onMs)
    }
    this.#host.after(Math.max(0, this.#nextMs - this.#host.monotonic()), () => {
      if (!this.#sending) return
      this.#packets++
      this.#socket!.send(this.#to!, NOTHING, this.#payload, this.#options.dscp)
      this.#plan()
    })
  }

  #exponential(mean: number): number {
    return -ln(1 - this.#random.double()) * mean
  }
}
