// The port: everything that a protocol may ask of its machine. `sim/` implements it in virtual time, `live/` on real sockets.
// Callbacks, never promises. Times in milliseconds of the host's own clock, which may drift.

import type { Callback } from './bell.ts'
import type { Tcp } from './connection.ts'
import type { Holdings } from './holdings.ts'
import type { RandomStream } from './random.ts'
import type { Issue, Result } from './result.ts'
import type { Tls } from './tls.ts'
import type { HostTrace } from './trace.ts'

/** One machine, as the programs on it see it. */
export interface Host {
  /** The node's name in the topology, such as `alice`. */
  readonly name: string
  /** What the programs on this host leave in the run's record. */
  readonly trace: HostTrace
  /** What survives a crash of the host. */
  readonly store: Store

  /** The host's own clock, ms since its epoch; fractions down to the kernel's tick. It may be set: it is for dates. */
  now(): number
  /** Ms since some moment, at the pace of the host's own clock, and never set (POSIX: CLOCK_MONOTONIC): for how long something takes. */
  monotonic(): number
  /** Calls `callback` once, `delayMs` from now by {@link Host.monotonic} (0 or more; rounded to the nearest tick). */
  after(delayMs: number, callback: Callback): Timer
  /** Stops a timer. One that has fired or was cancelled is left alone. O(1). */
  cancel(timer: Timer): void
  /** The random stream of this name, belonging to this host alone; the same object at each call. */
  random(name: string): RandomStream
  /** The host's addresses, the default one first, such as `192.168.1.10` or `2001:db8::1`. */
  addresses(): readonly string[]
  /** The one endpoint of this address and port: interned, so equal endpoints are the same object. */
  endpoint(address: string, port: number): Endpoint
  /** Opens a UDP socket. Fails with an issue if the port is taken or the address is not the host's. */
  udp(options: UdpOptions, receiver: UdpReceiver): Result<UdpSocket>
  /** Connections, opened and taken. */
  readonly tcp: Tcp
  /** Secure ones. */
  readonly tls: Tls
  /** Looks a name up; the answer comes at least one tick later, never from within the call. */
  resolve(name: string, type: RecordType, answer: (result: Resolution) => void): void
}

/** A running timer's handle. `NO_TIMER` is none. */
export type Timer = number
export const NO_TIMER: Timer = -1

/** An address and a port, interned per world: compare with `===`. */
export interface Endpoint {
  readonly address: string
  /** 0–65535. */
  readonly port: number
}

export interface UdpOptions {
  /** 1–65535; absent or 0: an ephemeral port, chosen in order from 49152. */
  readonly port?: number
  /** One of the host's addresses; absent: all of them. */
  readonly address?: string
}

export interface UdpSocket {
  /** Where the socket is bound: its address (the host's default one where it is bound to all) and port. */
  readonly local: Endpoint
  /**
   * Sends one datagram, the bytes of `head` and then those of `body`.
   * `head` is copied before `send` returns and may be used again; `body` goes by reference and must never change.
   * `dscp` is 0–63, default 0. `from` chooses the source among the host's addresses (default: the socket's, or by route).
   */
  send(to: Endpoint, head: Uint8Array, body: Uint8Array, dscp?: number, from?: string): void
  close(): void
}

/** What a UDP socket calls. Neither call may be kept waiting; the datagram dies when the call returns. */
export interface UdpReceiver {
  received(datagram: Datagram): void
  /** The network says that something sent to `to` could not get there (RFC 1122 §4.1.3.3). */
  failed(to: Endpoint, why: Unreachable): void
}

/** Received bytes: a view that is good only until the callback returns. Copy what must live longer. */
export interface Datagram {
  readonly from: Endpoint
  /** The address and port that it was sent to. */
  readonly to: Endpoint
  readonly dscp: number
  /** Bytes in all: `headLength + body.length`. */
  readonly length: number
  /** The first `headLength` bytes stand at `head[headAt]` and on. May be all of the datagram, or none of it. */
  readonly head: Uint8Array
  readonly headAt: number
  readonly headLength: number
  /** The rest, by reference; never changes. */
  readonly body: Uint8Array
  /** When it came to who receives it, ms of the host's monotonic clock, for how long it lasts: {@link Host.monotonic} then. */
  readonly arrivedMs: number
  /** All bytes in one array that may be kept: `body` itself where there is no head, else a copy. */
  bytes(): Uint8Array
}

/** The cause of an ICMP destination unreachable (RFC 792, 1122), as sockets learn it. */
export type Unreachable =
  | 'network unreachable'
  | 'host unreachable'
  | 'port unreachable'
  | 'administratively prohibited'
  | 'fragmentation needed'
  | 'time exceeded'
  | 'reassembly time exceeded'

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'NAPTR'

/** A DNS answer: the records in the order given, or why there are none. */
export type Resolution =
  | { readonly ok: true; readonly records: readonly DnsRecord[] }
  | { readonly ok: false; readonly why: 'no such name' | 'no such record' | 'timeout' | 'server failure' }

export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly ttlSeconds: number; readonly address: string }
  | {
      readonly type: 'SRV'
      readonly ttlSeconds: number
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }
  | {
      readonly type: 'NAPTR'
      readonly ttlSeconds: number
      readonly order: number
      readonly preference: number
      readonly flags: string
      readonly service: string
      readonly regexp: string
      readonly replacement: string
    }

/** Strings that survive a crash, by key. */
export interface Store {
  get(key: string): string | undefined
  set(key: string, value: string): void
  delete(key: string): void
}

/** A program that a host can run: our stack's phones and proxies, or a guest. */
export interface Program<Options = unknown> {
  /** As written in a topology's `runs: { program: phone }`. */
  readonly name: string
  start(host: Host, options: Options): RunningProgram
}

export interface RunningProgram {
  /** What it holds, for oracles that look inside. Absent: it is judged from outside alone. */
  readonly holdings?: Holdings
  /** Carries out one verb of a scenario, such as `call` with `{ to: 'sip:bob@example.com' }`; says what is wrong with it, if anything is. */
  do(verb: string, parameters: Readonly<Record<string, unknown>>): Issue | undefined
  /** Ends the program in an orderly way: sockets closed, timers cancelled. */
  stop(): void
}
