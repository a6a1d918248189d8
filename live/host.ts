// A live host: the port of the house on Node's sockets and clock. What runs on the simulator runs here, unchanged.

import { networkInterfaces } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Callback } from '../platform/bell.ts'
import type {
  Endpoint,
  Host,
  RecordType,
  Resolution,
  Store,
  Timer,
  UdpOptions,
  UdpReceiver,
  UdpSocket,
} from '../platform/host.ts'
import type { RandomStream } from '../platform/random.ts'
import type { Result } from '../platform/result.ts'
import type { HostTrace, TraceRecord, TraceSink } from '../platform/trace.ts'
import { Endpoints } from './endpoint.ts'
import { EntropyStream } from './random.ts'
import { resolveLive } from './resolve.ts'
import { LiveTcp } from './tcp.ts'
import { LiveTimers } from './timers.ts'
import { type LiveCertificate, LiveTls } from './tls.ts'
import { type LiveUdpSocket, openUdp } from './udp.ts'

export interface LiveHostOptions {
  /** The node's name in the topology. */
  readonly name: string
  /** The addresses that its sockets bind to, the default one first; default: all of this machine, loopback last. */
  readonly addresses?: readonly string[]
  /** Gets the programs' transitions and remarks. Default: nothing is recorded. */
  readonly sink?: TraceSink
  /** By the names that programs call them; the first by name is the default. Default none. */
  readonly certificates?: Readonly<Record<string, LiveCertificate>>
  /** The certificates of those whom it trusts, PEM. Default: those that come with Node. */
  readonly trusts?: readonly string[]
}

/** This machine as a host. Its store lasts as long as the object. */
export class LiveHost implements Host {
  readonly name: string
  readonly trace: HostTrace
  readonly store: Store = new Map<string, string>()
  readonly endpoints = new Endpoints()
  readonly #addresses: readonly string[]
  readonly #timers = new LiveTimers()
  readonly #streams = new Map<string, RandomStream>()
  readonly tcp = new LiveTcp(this)
  readonly certificates: Readonly<Record<string, LiveCertificate>>
  readonly trusts: readonly string[] | undefined
  readonly tls = new LiveTls(this)
  readonly #sockets = new Set<LiveUdpSocket>()

  constructor(options: LiveHostOptions) {
    this.name = options.name
    this.certificates = options.certificates ?? {}
    this.trusts = options.trusts
    this.#addresses = options.addresses ?? machineAddresses()
    this.trace = new LiveTrace(options.name, options.sink)
  }

  now(): number {
    return performance.now()
  }

  monotonic(): number {
    return performance.now()
  }

  after(delayMs: number, callback: Callback): Timer {
    return this.#timers.after(delayMs, callback)
  }

  cancel(timer: Timer): void {
    this.#timers.cancel(timer)
  }

  random(name: string): RandomStream {
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const stream = new EntropyStream(`${this.name}/${name}`)
    this.#streams.set(name, stream)
    return stream
  }

  addresses(): readonly string[] {
    return this.#addresses
  }

  endpoint(address: string, port: number): Endpoint {
    return this.endpoints.at(address, port)
  }

  udp(options: UdpOptions, receiver: UdpReceiver): Result<UdpSocket> {
    const opened = openUdp(this, options, receiver)
    if (opened.ok) this.#sockets.add(opened.value)
    return opened
  }

  resolve(name: string, type: RecordType, answer: (result: Resolution) => void): void {
    resolveLive(name, type, answer)
  }

  closed(socket: LiveUdpSocket): void {
    this.#sockets.delete(socket)
  }

  /** Ends all that the programs left: sockets and timers. The process can then end by itself. */
  close(): void {
    this.#timers.cancelAll()
    this.tcp.close()
    for (const socket of [...this.#sockets]) socket.close()
  }
}

/** What the programs say, numbered and timed from the host's beginning; no cause is known here. */
class LiveTrace implements HostTrace {
  readonly on: boolean
  readonly #node: string
  readonly #sink: TraceSink | undefined
  readonly #beganMs = performance.now()
  #sequence = 0

  constructor(node: string, sink: TraceSink | undefined) {
    this.on = sink !== undefined
    this.#node = node
    this.#sink = sink
  }

  transition(machine: string, instance: string, from: string, event: string, to: string, timer?: string): void {
    const step = { machine, instance, from, event, to, ...(timer === undefined ? {} : { timer }) }
    if (this.on) this.#sink?.({ kind: 'transition', ...this.#next(), ...step })
  }

  remark(what: string, details: Readonly<Record<string, string | number | boolean>> = {}): void {
    if (this.on) this.#sink?.({ kind: 'remark', ...this.#next(), what, details })
  }

  #next(): Pick<TraceRecord, 'id' | 'at' | 'cause'> {
    const at = Math.round((performance.now() - this.#beganMs) * 1e6)
    return { id: { node: this.#node, sequence: this.#sequence++ }, at, cause: null }
  }
}

function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? [])
  // A link-local address says nothing without its zone.
  const usable = all.filter(
    ({ address, scopeid }) => scopeid === undefined || scopeid === 0 || !address.startsWith('fe80'),
  )
  const outer = usable.filter(({ internal }) => !internal)
  return [...outer, ...usable.filter(({ internal }) => internal)].map(({ address }) => address)
}
