// The auditor: an independent checker of physical law, as a fold over the trace. It shares no line with the simulator and believes only
// the records and what the topology promises of its links.

import { type PacketRecord, printRecordId, type RecordId, type TraceRecord } from '../../platform/trace.ts'
import { Chronicle } from './chronicle.ts'
import { AuditedFragments } from './fragments.ts'
import type { Law, LinkFacts, Violation } from './law.ts'
import { AuditedLink, type Passage } from './link.ts'

const LISTED = 100

export interface AuditOptions {
  readonly links: readonly LinkFacts[]
  /** True where every packet is recorded: level `everything`. Below it, what is left out is no breach. */
  readonly complete: boolean
  /** What roundings may add up to, ns; default 1. */
  readonly tickNs?: number
}

export interface Audit {
  /** The first hundred. */
  readonly violations: readonly Violation[]
  /** All of them. */
  readonly count: number
  /** Copies of recorded packets that are still under way. */
  readonly inFlight: number
}

/** A copy of a packet: on a link, or at the node where it has arrived. */
interface Copy {
  readonly packet: RecordId
  readonly link: AuditedLink | undefined
  readonly passage: Passage | undefined
  readonly node: string
  readonly ttl: number
}

/** Feeds on every record in the run's order; memory goes with what is in flight. */
export class Auditor {
  readonly #links = new Map<string, AuditedLink>()
  readonly #copies = new Map<string, Copy>()
  readonly #chronicle: Chronicle
  readonly #fragments = new AuditedFragments()
  readonly #complete: boolean
  readonly #violations: Violation[] = []
  readonly #toleranceNs: number
  #count = 0
  #at = 0

  constructor({ links, complete, tickNs = 1 }: AuditOptions) {
    this.#complete = complete
    this.#chronicle = new Chronicle(complete, (law, record, sentence) => this.#violate(law, record, sentence))
    for (const facts of links) this.#links.set(facts.name, new AuditedLink(facts))
    this.#toleranceNs = tickNs
  }

  /** Takes one record; a trace sink. */
  record(record: TraceRecord): void {
    this.#at = record.at
    this.#chronicle.record(record)
    if ('packet' in record) this.#packet(record)
  }

  /** What was found. `inFlight` is what the network says is still under way, packets that the level leaves out among them. */
  end(inFlight: number): Audit {
    const seen = this.#copies.size
    if (this.#complete ? seen !== inFlight : seen > inFlight) {
      const sentence = `the records leave ${seen} packets in flight, the network has ${inFlight}`
      this.#violate('sent = delivered + lost + in flight', undefined, sentence)
    }
    return { violations: this.#violations, count: this.#count, inFlight: seen }
  }

  #packet(record: PacketRecord): void {
    const key = printRecordId(record.id)
    const from = record.cause === null ? '' : printRecordId(record.cause)
    if (record.kind === 'sent') {
      if (record.packet.fragment !== undefined) this.#expectWhole(record, this.#fragments.leave(from, record))
      this.#hand(key, record, record.ttl + 1)
      return
    }
    if (record.kind === 'reassembled') {
      this.#expectWhole(record, this.#fragments.join(record))
      const { packet, id } = record
      this.#copies.set(key, { packet: packet.id, link: undefined, passage: undefined, node: id.node, ttl: 256 })
      return
    }
    if (record.kind === 'lost' && record.why === 'fragment missing') {
      if (this.#fragments.isTorn(printRecordId(record.packet.id))) return
    }
    const copy = this.#copies.get(from)
    if (copy === undefined || printRecordId(copy.packet) !== printRecordId(record.packet.id)) {
      this.#violate('a packet is where its last record left it', record, `${record.kind} from nowhere`)
      return
    }
    if (record.kind === 'duplicated') {
      const passage = copy.passage === undefined ? undefined : { ...copy.passage, copy: true }
      this.#copies.set(key, { ...copy, passage })
      return
    }
    this.#copies.delete(from)
    this.#step(key, record, copy)
  }

  #step(key: string, record: Exclude<PacketRecord, { kind: 'sent' | 'duplicated' | 'reassembled' }>, copy: Copy): void {
    switch (record.kind) {
      case 'fragmented':
        this.#arrive(copy, record)
        this.#fragments.cut(key, record)
        return
      case 'queued':
      case 'corrupted':
        this.#expectOn(copy, record, record.link)
        this.#copies.set(key, copy)
        return
      case 'translated':
        this.#arrive(copy, record)
        this.#copies.set(key, { ...copy, link: undefined, passage: undefined, node: record.id.node })
        return
      case 'forwarded':
        this.#arrive(copy, record)
        this.#hand(key, record, copy.ttl)
        return
      case 'delivered':
        this.#arrive(copy, record)
        if (record.packet.fragment !== undefined) this.#fragments.arrive(record)
        return
      case 'lost':
        this.#lose(copy, record)
    }
  }

  #expectWhole(record: PacketRecord, wrong: string | undefined): void {
    if (wrong !== undefined) this.#violate('a datagram is all its fragments', record, wrong)
  }

  #hand(key: string, record: PacketRecord & { link: string; ttl: number }, ttlBefore: number): void {
    const { id, at, packet, ttl } = record
    const link = this.#links.get(record.link)
    if (ttl >= ttlBefore) {
      this.#violate('a TTL falls at every hop', record, `TTL ${ttl} after ${ttlBefore} at ${id.node}`)
    }
    if (link !== undefined && link.facts.from !== id.node) {
      this.#violate('a packet is where its last record left it', record, `${id.node} sends on ${record.link}`)
    }
    const { mtuBytes = packet.length } = link?.facts ?? {}
    if (packet.length > mtuBytes) {
      const sentence = `${packet.length} bytes on ${record.link}, which carries ${mtuBytes}`
      this.#violate('no packet is larger than its link carries', record, sentence)
    }
    this.#copies.set(key, { packet: packet.id, link, passage: link?.hand(at, packet.length), node: id.node, ttl })
  }

  #lose(copy: Copy, record: PacketRecord & { kind: 'lost' }): void {
    const why: string = record.why
    if (why === '') this.#violate('no loss without a why', record, 'lost, and nobody says why')
    const { link, passage } = copy
    if (link === undefined || passage === undefined || record.id.node !== link.facts.from) {
      this.#arrive(copy, record, !isOutOfTurn(record))
      return
    }
    this.#expectOn(copy, record, record.link)
    if (why !== 'lost on the medium' && why !== 'corrupted') link.takeBack(passage)
  }

  #expectOn(copy: Copy, record: PacketRecord, link: string): void {
    const on = copy.link?.facts.name
    if (on !== undefined && on !== link) {
      this.#violate(
        'a packet is where its last record left it',
        record,
        `${record.kind} on ${link}, but it is on ${on}`,
      )
    }
  }

  /**
   * The copy comes out of its link at the record's node, or is there already; `inTurn` is false for what may have been there for a while,
   * or is turned away while those before it still wait there.
   */
  #arrive(copy: Copy, record: PacketRecord, inTurn = true): void {
    const { link, passage } = copy
    const { node } = record.id
    if (link === undefined || passage === undefined) {
      if (copy.node === node) return
      this.#violate('a packet is where its last record left it', record, `at ${node}, but it was left at ${copy.node}`)
      return
    }
    if (link.facts.to !== node) {
      this.#violate(
        'a packet is where its last record left it',
        record,
        `at ${node}, but ${link.facts.name} leads to ${link.facts.to}`,
      )
      return
    }
    const light = link.tooEarlyForLight(passage, record.at)
    const rate = link.tooEarlyForRate(passage, record.at, inTurn)
    if (light > this.#toleranceNs) {
      this.#violate('nothing arrives before the light could', record, `${light} ns too early over ${link.facts.name}`)
    } else if (rate > this.#toleranceNs) {
      this.#violate(
        'no link exceeds its rate',
        record,
        `${Math.round(rate)} ns too early for the rate of ${link.facts.name}`,
      )
    }
    if (inTurn && !link.arrive(passage)) {
      this.#violate('what is promised in order arrives in order', record, `overtaken on ${link.facts.name}`)
    }
  }

  #violate(law: Law, record: TraceRecord | undefined, sentence: string): void {
    this.#count += 1
    if (this.#violations.length >= LISTED) return
    const at = record?.at ?? this.#at
    this.#violations.push({ law, at, ...(record === undefined ? {} : { record: record.id }), sentence })
  }
}

/** What finds no room, and what has a wrong IP header, is lost before those that wait; a SYN that a NAT does not know is kept for 6 s, in case it is wanted (RFC 5382 REQ-4). */
function isOutOfTurn({ why, packet }: PacketRecord & { kind: 'lost' }): boolean {
  return (
    why === 'socket buffer full' ||
    why === 'IP header corrupted' ||
    (why === 'filtered by NAT' && packet.protocol === 'tcp')
  )
}
