// A stub resolver (RFC 1034 §5.3.1): asks its servers one after the other, as resolv.conf has them, and remembers what they say.

import type { Connection } from '../../platform/connection.ts'
import type { Datagram, Endpoint, Host, RecordType, Resolution, Timer, UdpSocket } from '../../platform/host.ts'
import { NO_TIMER } from '../../platform/host.ts'
import { isAbout, verdictOf } from './answer.ts'
import { DnsCache } from './cache.ts'
import { CODES, type DnsMessage, TYPE_NUMBERS } from './message.ts'
import { canonicalName, labelsOf } from './name.ts'
import { parseDns } from './parse.ts'
import { printDns } from './print.ts'
import { DnsStream, framed } from './stream.ts'

export interface ResolverOptions {
  /** Addresses of servers, in the order in which they are asked; at least one. */
  readonly servers: readonly string[]
  /** How long it waits for each answer, ms; default 5000 (resolv.conf's `timeout`). */
  readonly timeoutMs?: number
  /** How often it goes through its servers; default 2 (resolv.conf's `attempts`). */
  readonly attempts?: number
  /** Whether it remembers answers; default true. */
  readonly caches?: boolean
  /** By EDNS, the largest UDP payload that it can take (RFC 6891); default 1232. 0: it has no EDNS, and 512 is the most. */
  readonly udpBytes?: number
}

type Waiter = (result: Resolution) => void
/** `about`: the name at the end of the aliases. */
type Done = (resolution: Resolution, keepSeconds: number, about: string) => void

const PORT = 53
const TIMEOUT_MS = 5000
const ATTEMPTS = 2
const UDP_BYTES = 1232
/** Times that an alias may lead to another server's name. */
const MOST_ALIASES = 8
/** In place of a type: of the name there is nothing at all. */
const NO_TYPE = '*'
const EMPTY = new Uint8Array(0)

/** One host's. */
export class StubResolver {
  readonly host: Host
  readonly options: Required<ResolverOptions>
  readonly #cache: DnsCache
  readonly #lookups = new Map<string, Lookup>()

  constructor(host: Host, options: ResolverOptions) {
    const { timeoutMs = TIMEOUT_MS, attempts = ATTEMPTS, caches = true, udpBytes = UDP_BYTES } = options
    this.host = host
    this.options = { servers: options.servers, timeoutMs, attempts, caches, udpBytes }
    this.#cache = new DnsCache(() => host.monotonic())
  }

  /** What is in the cache, or is no name at all; undefined where a server must be asked. */
  known(name: string, type: RecordType): Resolution | undefined {
    if (!labelsOf(name).ok) return { ok: false, why: 'no such name' }
    return this.#cache.find(keyOf(name, type)) ?? this.#cache.find(keyOf(name, NO_TYPE))
  }

  /** Asks the servers; those who want the same at the same time share one question. Never answers from within the call. */
  ask(name: string, type: RecordType, answer: Waiter): void {
    const key = keyOf(name, type)
    const running = this.#lookups.get(key)
    if (running !== undefined) {
      running.waiters.push(answer)
      return
    }
    const lookup = new Lookup(this, canonicalName(name), type, (resolution, keepSeconds, about) => {
      this.#lookups.delete(key)
      if (this.options.caches) {
        this.#cache.keep(key, resolution, keepSeconds)
        // RFC 2308 §5: that there is no such name is true of each type.
        if (!resolution.ok && resolution.why === 'no such name') {
          this.#cache.keep(keyOf(about, NO_TYPE), resolution, keepSeconds)
        }
      }
      for (const waiter of lookup.waiters) waiter(resolution)
    })
    lookup.waiters.push(answer)
    this.#lookups.set(key, lookup)
    lookup.begin()
  }

  /** How many timers run: one for each question. */
  get timers(): number {
    return this.#lookups.size
  }

  /** Forgets all, with the host's power: its timers and sockets are gone already. */
  forget(): void {
    this.#cache.clear()
    this.#lookups.clear()
  }
}

/** One question on its way through the servers. */
class Lookup {
  readonly waiters: Waiter[] = []
  readonly #resolver: StubResolver
  /** What is asked for now: in the end the name at the end of the aliases. */
  #name: string
  readonly #type: RecordType
  readonly #done: Done
  /** For how long the aliases so far may be believed, seconds. */
  #keepSeconds = Number.POSITIVE_INFINITY
  #aliases = 0
  /** How many tries were begun. */
  #tries = 0
  /** A server has said that it could not. */
  #wasRefused = false
  #id = 0
  #socket: UdpSocket | undefined
  #connection: Connection | undefined
  #timer: Timer = NO_TIMER

  constructor(resolver: StubResolver, name: string, type: RecordType, done: Done) {
    this.#resolver = resolver
    this.#name = name
    this.#type = type
    this.#done = done
  }

  begin(): void {
    const { host } = this.#resolver
    const opened = host.udp(
      {},
      {
        received: (datagram) => this.#received(datagram),
        failed: (to, why) => {
          if (to.address === this.#server.address && to.port === PORT) this.#fail(why)
        },
      },
    )
    if (!opened.ok) {
      host.after(1, () => this.#done({ ok: false, why: 'server failure' }, 0, this.#name))
      return
    }
    this.#socket = opened.value
    this.#next()
  }

  get #server(): Endpoint {
    const { host, options } = this.#resolver
    return host.endpoint(options.servers[(this.#tries - 1) % options.servers.length]!, PORT)
  }

  /** Asks the next server; after the last try it is over. */
  #next(): void {
    const { host, options } = this.#resolver
    host.cancel(this.#timer)
    this.#connection?.abort()
    this.#connection = undefined
    if (this.#tries === options.servers.length * options.attempts) {
      const why = this.#wasRefused ? 'server failure' : 'timeout'
      host.trace.remark('name not resolved', { name: this.#name, type: this.#type, reason: why })
      this.#end({ ok: false, why }, 0)
      return
    }
    this.#tries++
    this.#id = Math.floor(host.random('dns').next() * 65536)
    this.#timer = host.after(options.timeoutMs, () => this.#fail(`no answer for ${options.timeoutMs / 1000} s`))
    this.#socket?.send(this.#server, EMPTY, this.#query())
  }

  /** This server is of no use for this question. */
  #fail(why: string): void {
    const { host } = this.#resolver
    const { address } = this.#server
    host.trace.remark('DNS server failed', { server: address, name: this.#name, type: this.#type, reason: why })
    this.#next()
  }

  #received(datagram: Datagram): void {
    const server = this.#server
    if (datagram.from !== server) return
    const read = parseDns(datagram.bytes())
    if (read.ok && this.#isAnswer(read.value)) this.#heed(read.value)
  }

  #isAnswer(response: DnsMessage): boolean {
    return response.id === this.#id && isAbout(response, this.#name, this.#type)
  }

  #heed(response: DnsMessage): void {
    if (response.isTruncated && this.#connection === undefined) {
      this.#askByTcp()
      return
    }
    const verdict = verdictOf(response, this.#name, this.#type)
    if (verdict !== undefined) {
      this.#keepSeconds = Math.min(this.#keepSeconds, verdict.keepSeconds)
      this.#name = verdict.about
      if (verdict.resolution !== undefined) this.#end(verdict.resolution, this.#keepSeconds)
      else if (++this.#aliases > MOST_ALIASES) this.#end({ ok: false, why: 'server failure' }, 0)
      else this.#askAnew()
      return
    }
    this.#wasRefused = true
    this.#fail(`it said ${CODES[response.code] ?? `code ${response.code}`}`)
  }

  /** RFC 1034 §3.6.2: the name that the alias stands for, of all servers. */
  #askAnew(): void {
    this.#tries = 0
    this.#wasRefused = false
    this.#next()
  }

  /** RFC 1035 §4.2.2, RFC 7766 §5: what does not fit into a datagram is asked again over TCP, in what is left of the time. */
  #askByTcp(): void {
    const { host } = this.#resolver
    const stream = new DnsStream()
    const opened = host.tcp.connect(
      this.#server,
      {},
      {
        connected: () => {
          this.#connection?.send(framed(this.#query()))
        },
        received: (bytes, start, end) => {
          for (const message of stream.take(bytes, start, end)) {
            const read = parseDns(message)
            if (read.ok && this.#isAnswer(read.value)) this.#heed(read.value)
          }
        },
        ended: () => this.#connection?.close(),
        closed: ({ how }) => {
          if (this.#connection === undefined) return
          this.#connection = undefined
          this.#fail(`its connection ended: ${how}`)
        },
      },
    )
    if (opened.ok) this.#connection = opened.value
    else this.#fail('no port for TCP')
  }

  #query(): Uint8Array {
    const { udpBytes } = this.#resolver.options
    return printDns({
      ...{ id: this.#id, isResponse: false, opcode: 0, isAuthoritative: false, isTruncated: false },
      ...{ recursionDesired: true, recursionAvailable: false, code: 0 },
      ...{ questions: [{ name: this.#name, type: TYPE_NUMBERS[this.#type] }], answers: [], authorities: [] },
      ...{ additionals: [], ...(udpBytes > 0 && { udpBytes }) },
    })
  }

  #end(resolution: Resolution, keepSeconds: number): void {
    this.#resolver.host.cancel(this.#timer)
    this.#connection?.close()
    this.#connection = undefined
    this.#socket?.close()
    this.#done(resolution, keepSeconds, this.#name)
  }
}

function keyOf(name: string, type: RecordType | typeof NO_TYPE): string {
  return `${type} ${canonicalName(name)}`
}
