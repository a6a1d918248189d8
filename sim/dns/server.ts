// A DNS server as a program: answers for its zones over UDP, as slowly and as badly as it is told.

import { assert } from '../../platform/assert.ts'
import type { Connection, ConnectionReceiver, Listener } from '../../platform/connection.ts'
import type { Datagram, Endpoint, Host, Program, RunningProgram, UdpSocket } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'
import type { DnsImpairment, DnsImpairments } from './impairment.ts'
import { type CODES, codeNumber, type DnsMessage, type Question, type Resource, typeName } from './message.ts'
import { canonicalName } from './name.ts'
import { parseDns } from './parse.ts'
import { printDns } from './print.ts'
import { DnsStream, framed } from './stream.ts'
import { type Zone, Zones } from './zone.ts'

/** How a server fails: it says nothing, or it says that it cannot or will not. */
export const DNS_FAILURES = ['timeout', 'SERVFAIL', 'REFUSED', 'NXDOMAIN'] as const

export type DnsFailure = (typeof DNS_FAILURES)[number]

export interface DnsServerOptions {
  readonly zones: readonly Zone[]
  /** How long it thinks about each question, ms; default 0. */
  readonly delayMs?: number
  /** How it fails from the start. Absent: it does not. */
  readonly fails?: DnsFailure
  /** 1–65535, default 53. */
  readonly port?: number
  /** The largest UDP payload that it sends to those who say by EDNS that they can take it; default 1232, 512 or more. */
  readonly udpBytes?: number
  /** What faults make it do wrong. Absent: none can. */
  readonly impairments?: DnsImpairments
}

const EMPTY = new Uint8Array(0)
const PORT = 53
const EDNS_BYTES = 1232
/** What everybody can take (RFC 1035 §2.3.4). */
const PLAIN_BYTES = 512

/** Verbs: `fail` {with}, `recover`, `change` {records}: those of a name and type take the place of what was there for them. */
export const dnsServer: Program<DnsServerOptions> = {
  name: 'dns',
  start: (host, options) => new DnsServer(host, options),
}

class DnsServer implements RunningProgram {
  readonly #host: Host
  readonly #options: DnsServerOptions
  readonly #socket: UdpSocket
  readonly #listener: Listener
  #fails: DnsFailure | undefined
  #source: readonly Zone[]
  #zones: Zones

  constructor(host: Host, options: DnsServerOptions) {
    this.#host = host
    this.#options = options
    this.#fails = options.fails
    this.#source = options.zones
    this.#zones = new Zones(options.zones)
    const opened = host.udp(
      { port: options.port ?? PORT },
      { received: (datagram) => this.#received(datagram), failed: () => {} },
    )
    const listening = host.tcp.listen({ port: options.port ?? PORT }, { accepted: (one) => this.#accepted(one) })
    assert(opened.ok && listening.ok, `${host.name} has its port for DNS in use`)
    this.#socket = opened.value
    this.#listener = listening.value
  }

  do(verb: string, parameters: Readonly<Record<string, unknown>>): Issue | undefined {
    if (verb === 'fail') this.#fails = parameters.with as DnsFailure
    else if (verb === 'recover') this.#fails = undefined
    else if (verb === 'change') return this.#change(parameters.records as readonly Resource[])
    else return failure(verb, 'fail, recover or change').issue
    return undefined
  }

  stop(): void {
    this.#socket.close()
    this.#listener.close()
  }

  #change(records: readonly Resource[]): Issue | undefined {
    const zoneOf = (record: Resource): string | undefined => this.#zones.of(record.name)
    const stray = records.find((one) => zoneOf(one) === undefined)
    if (stray !== undefined) {
      const known = this.#source.map(({ name }) => name).join(', ')
      return failure('change', `names in its zones (${known}), not ${stray.name}`).issue
    }
    const isReplaced = (old: Resource): boolean =>
      records.some(({ name, type }) => type === old.type && canonicalName(name) === canonicalName(old.name))
    this.#source = this.#source.map((zone) => {
      const own = records.filter((one) => zoneOf(one) === canonicalName(zone.name))
      return { ...zone, records: [...zone.records.filter((old) => !isReplaced(old)), ...own] }
    })
    this.#zones = new Zones(this.#source)
    return undefined
  }

  #received(datagram: Datagram): void {
    const { from, to } = datagram
    this.#answer(datagram.bytes(), (response, query) => this.#send(response, query, from, to.address))
  }

  /** Over TCP nothing is too long (RFC 7766). */
  #accepted(connection: Connection): ConnectionReceiver {
    const stream = new DnsStream()
    return {
      received: (bytes, start, end) => {
        for (const message of stream.take(bytes, start, end)) {
          this.#answer(message, (response) => connection.send(framed(printDns(response))))
        }
      },
      ended: () => connection.close(),
      closed: () => {},
    }
  }

  #answer(bytes: Uint8Array, send: (response: DnsMessage, query: DnsMessage) => void): void {
    const read = parseDns(bytes)
    if (read.ok && read.value.isResponse) return
    if (!read.ok && bytes.length < 12) return
    const query = read.ok ? read.value : unreadable(bytes)
    const impairment = this.#impairmentOf(query.questions[0])
    const fails = impairment?.fails ?? this.#fails
    if (fails === 'timeout') return
    const response = this.#responseTo(query, read.ok, fails)
    const delayMs = (this.#options.delayMs ?? 0) + (impairment?.delayNs ?? 0) / 1e6
    if (delayMs === 0) send(response, query)
    else this.#host.after(delayMs, () => send(response, query))
  }

  #send(response: DnsMessage, query: DnsMessage, to: Endpoint, from: string): void {
    const own = this.#options.udpBytes ?? EDNS_BYTES
    const limit = query.udpBytes === undefined ? PLAIN_BYTES : Math.max(PLAIN_BYTES, Math.min(query.udpBytes, own))
    const bytes = printDns(response, limit)
    if (response.isTruncated !== true && (bytes[2]! & 2) !== 0) {
      this.#host.trace.remark('DNS answer truncated', { to: to.address, bytes: limit })
    }
    this.#socket.send(to, EMPTY, bytes, 0, from)
  }

  /** What a fault makes of the question. */
  #impairmentOf(question: Question | undefined): DnsImpairment | undefined {
    return this.#options.impairments?.of(question && { name: question.name, type: typeName(question.type) })
  }

  #responseTo(query: DnsMessage, isReadable: boolean, fails: DnsFailure | undefined): DnsMessage {
    const [question] = query.questions
    const code = !isReadable ? 'FORMERR' : query.opcode !== 0 ? 'NOTIMP' : undefined
    const refused = code ?? (question === undefined || query.questions.length > 1 ? 'FORMERR' : fails)
    const nothing = { answers: [], authorities: [], additionals: [] }
    const said =
      refused === undefined
        ? this.#zones.answer(question!)
        : { code: codeNumber(refused as (typeof CODES)[number]), ...nothing }
    return {
      ...{ id: query.id, isResponse: true, opcode: query.opcode, isTruncated: false },
      ...{ isAuthoritative: refused === undefined && said.code !== codeNumber('REFUSED') },
      ...{ recursionDesired: query.recursionDesired, recursionAvailable: true },
      ...{ questions: query.questions, ...said },
      ...(query.udpBytes !== undefined && { udpBytes: this.#options.udpBytes ?? EDNS_BYTES }),
    }
  }
}

/** What can be said of bytes that are no message: whose they are. */
function unreadable(bytes: Uint8Array): DnsMessage {
  return {
    ...{ id: (bytes[0]! << 8) | bytes[1]!, isResponse: false, opcode: (bytes[2]! >> 3) & 15, code: 0 },
    ...{ isAuthoritative: false, isTruncated: false, recursionDesired: (bytes[2]! & 1) === 1 },
    ...{ recursionAvailable: false, questions: [], answers: [], authorities: [], additionals: [] },
  }
}
