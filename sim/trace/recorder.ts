// Writes the run's record: gives each record its id and cause, hands it to the sinks, and mixes the digests.
// At level `counters` nothing is made but integers; at `signalling`, what concerns media is left out: a left-out record passes its cause on.

import { assert } from '../../platform/assert.ts'
import { hashText } from '../../platform/digest.ts'
import type {
  Classify,
  HostTrace,
  LossCause,
  PacketLabel,
  RecordId,
  TracedPacket,
  TraceLevel,
  TraceRecord,
  TraceSink,
} from '../../platform/trace.ts'
import { type Cause, NO_CAUSE, RecordNames } from './cause.ts'
import { Digests, type RunDigests } from './digest.ts'
import type { PacketPool, TornPacket } from './pool.ts'
import { type ProgramRecords, programTrace, SILENT } from './programs.ts'
import {
  CORRUPTED,
  DELIVERED,
  DUPLICATED,
  FORWARDED,
  FRAGMENTED,
  KINDS,
  LOST,
  type PacketTotals,
  REASSEMBLED,
  readTotals,
  SENT,
  TRANSLATED,
  WITHHELD,
} from './totals.ts'

// Folded into the code, as imports are not.
const COUNT_SENT = SENT
const COUNT_FORWARDED = FORWARDED
const COUNT_DELIVERED = DELIVERED

const LINK_BITS = 3
const WORD = 7

/** A link direction's number, given by {@link Recorder.link}. */
export type LinkNumber = number
/** The empty name: where no link is concerned. */
export const NO_LINK: LinkNumber = 0

export interface RecorderOptions {
  readonly level: TraceLevel
  readonly sinks: readonly TraceSink[]
  /** The kernel: its `now`, in ticks. */
  readonly clock: { readonly now: number }
  /** Nanoseconds in a tick, default 1. */
  readonly tickNs?: number
  /** Says which streams are on record; default none is. */
  readonly classify?: Classify
}

/** The one writer of a run's record. The network calls it as things happen; programs reach it through {@link Recorder.host}. */
export class Recorder {
  declare readonly level: TraceLevel
  /** True above level `counters`: causes are kept, transitions and signalling are recorded. */
  declare readonly signalling: boolean
  /** True at level `everything`: media and queueing are recorded as well. */
  declare readonly everything: boolean
  /**
   * The record that what happens now is due to. The network sets it when an event begins (a timer's: the cause at its setting; otherwise
   * {@link NO_CAUSE}); deliveries, transitions, what is asked and faults become it by themselves. Meaningless at level `counters`.
   */
  cause: Cause = NO_CAUSE
  declare private readonly sinks: readonly TraceSink[]
  declare private readonly clock: { readonly now: number }
  declare private readonly tickNs: number
  declare private readonly classify: Classify | undefined
  declare private digestsSoFar: Digests
  private readonly links: string[] = []
  private readonly linkNumbers = new Map<string, LinkNumber>()
  /** By number, eight integers each: the last is the hash of the direction's name. */
  private linkRows: Int32Array = new Int32Array(16 << LINK_BITS)
  private readonly counts = new Float64Array(KINDS)
  private readonly losses = new Map<string, number>()
  private names: RecordNames | undefined
  private pool: PacketPool | undefined

  constructor(options: RecorderOptions) {
    this.level = options.level
    this.signalling = options.level !== 'counters'
    this.everything = options.level === 'everything'
    this.sinks = options.sinks
    this.clock = options.clock
    this.tickNs = options.tickNs ?? 1
    this.classify = options.classify
    this.digestsSoFar = new Digests(options.level, 0, options.clock)
    this.link('')
  }

  /** The number of a link direction's name; the same for the same name. For set-up, not for the packet path. */
  link(name: string): LinkNumber {
    const known = this.linkNumbers.get(name)
    if (known !== undefined) return known
    const number = this.links.length
    if (number << LINK_BITS === this.linkRows.length) {
      const rows = new Int32Array(this.linkRows.length * 2)
      rows.set(this.linkRows)
      this.linkRows = rows
    }
    this.linkRows[(number << LINK_BITS) | WORD] = hashText(name)
    this.linkNumbers.set(name, number)
    return this.links.push(name) - 1
  }

  /**
   * From now on the words of directions stand in `rows`, in the last of eight integers for each, from number 0 on: the others are those of who
   * carries packets, so that both are one line of the cache. For set-up; room for all directions that there are.
   */
  shareLinkRows(rows: Int32Array): void {
    for (const [number, name] of this.links.entries()) rows[(number << LINK_BITS) | WORD] = hashText(name)
    this.linkRows = rows
  }

  /** Once, before the first record: the nodes by rank, the pool that packets' handles belong to, and where digests stand (see `NodeDigests`). */
  begin(nodes: readonly string[], pool: PacketPool, words?: Int32Array): void {
    assert(this.names === undefined, 'the recorder was begun twice')
    this.names = new RecordNames(nodes)
    this.pool = pool
    this.digestsSoFar = new Digests(this.level, nodes.length, this.clock, words)
  }

  /** A host hands `packet` (`length` IP bytes) to a link. Its cause is the current one. */
  sent(node: number, link: LinkNumber, packet: number, length: number, ttl: number): void {
    this.count(COUNT_SENT, node, link, length)
    if (this.signalling) this.origin(node, link, packet, ttl)
  }

  /** A router or box passes `packet` on over `link`. */
  forwarded(node: number, link: LinkNumber, packet: number, length: number, ttl: number): void {
    this.count(COUNT_FORWARDED, node, link, length)
    if (this.signalling) this.journey('forwarded', node, link, packet, { ttl })
  }

  /** `packet` reached the host that it was for, over `link`, the hash of whose name is `word`: the current cause from here on. */
  delivered(
    node: number,
    link: LinkNumber,
    packet: number,
    length: number,
    ttl: number,
    word = this.wordOf(link),
  ): void {
    ;(this.counts[COUNT_DELIVERED] as number) += 1
    this.digestsSoFar.packet(node, COUNT_DELIVERED, word, length)
    if (this.signalling) this.cause = this.journey('delivered', node, link, packet, { ttl })
  }

  /** `packet` ends here: on `link`, whose sender is `node`, or at `node` itself ({@link NO_LINK}). Gives the record, for an ICMP error that it causes. */
  lost(node: number, link: LinkNumber, packet: number, length: number, why: LossCause): Cause {
    this.count(LOST, node, link, length)
    this.losses.set(why, (this.losses.get(why) ?? 0) + 1)
    this.digestsSoFar.why(node, why)
    const cause = this.signalling ? this.journey('lost', node, link, packet, { why }) : NO_CAUSE
    const piece = this.pool?.piece(packet)
    if (piece !== undefined && piece.offset === 0 && why !== 'duplicate fragment')
      this.torn(node, link, piece.whole, cause)
    return cause
  }

  /**
   * A packet that travelled in fragments has lost one of them: it ends here. Its first fragment stands for it: this is told by whoever
   * loses that one, or by whoever has it and waits for the others in vain. `cause`: the record that shows it.
   */
  torn(node: number, link: LinkNumber, { length, traced }: TornPacket, cause: Cause): Cause {
    this.count(LOST, node, link, length)
    const why = 'fragment missing'
    this.losses.set(why, (this.losses.get(why) ?? 0) + 1)
    this.digestsSoFar.why(node, why)
    if (!this.signalling) return NO_CAUSE
    const id = this.id(node)
    if (traced === undefined) return cause
    const record = { id: this.name(id), at: this.now(), cause: this.idOf(cause), packet: traced }
    this.emit({ kind: 'lost', ...record, link: this.links[link] as string, why })
    return id
  }

  /** `packet`, too large for `link`, ends here and goes on `into` fragments. Gives it as it stands on record. */
  fragmented(
    node: number,
    link: LinkNumber,
    packet: number,
    length: number,
    into: number,
    mtuBytes: number,
  ): TracedPacket | undefined {
    this.count(FRAGMENTED, node, link, length)
    if (!this.signalling) return undefined
    this.journey('fragmented', node, link, packet, { into, mtuBytes })
    const pool = this.pool as PacketPool
    return this.leftOut(pool.label(packet)) ? undefined : pool.traced(packet, this.name(pool.cause(packet)))
  }

  /** `packet` has been put together again from `from` fragments; the current cause is the last one's delivery. `of` is what it was. */
  reassembled(node: number, packet: number, length: number, { traced }: TornPacket, from: number): void {
    this.count(REASSEMBLED, node, NO_LINK, length)
    if (!this.signalling) return
    const pool = this.pool as PacketPool
    const id = this.id(node)
    pool.setCause(packet, this.cause)
    if (traced === undefined) return
    const again = pool.traced(packet, traced.id)
    const record = { id: this.name(id), at: this.now(), cause: this.idOf(this.cause), packet: again, from }
    this.emit({ kind: 'reassembled', ...record })
    pool.setCause(packet, id)
  }

  /** A link made `copy` of a packet: the copy's own cause is this record. The pool gives the copy the same traced packet. */
  duplicated(node: number, link: LinkNumber, copy: number, length: number): void {
    this.count(DUPLICATED, node, link, length)
    if (this.signalling) this.journey('duplicated', node, link, copy, {})
  }

  /** Bits of `packet` were changed on the medium; call it after the change, the pool having forgotten the old bytes. */
  corrupted(node: number, link: LinkNumber, packet: number, length: number): void {
    this.count(CORRUPTED, node, link, length)
    if (this.signalling) this.journey('corrupted', node, link, packet, {})
  }

  /** `packet` waits `waitNs` for the transmitter of `link`. Recorded at level `everything` only; worth calling only where {@link Recorder.signalling}. */
  queued(node: number, link: LinkNumber, packet: number, waitNs: number): void {
    if (!this.signalling) return
    if (this.everything) this.journey('queued', node, link, packet, { waitNs })
    else this.id(node)
  }

  /** A box rewrote `packet`: call it after, with what `traced` gave before. */
  translated(node: number, packet: number, length: number, before: TracedPacket | undefined): void {
    this.count(TRANSLATED, node, NO_LINK, length)
    if (!this.signalling || before === undefined) return
    const pool = this.pool as PacketPool
    const id = this.id(node)
    if (this.leftOut(before.label)) return
    const cause = this.idOf(pool.cause(packet))
    const traced = pool.traced(packet, before.id)
    if (this.everything) this.digestsSoFar.content(node, traced.payload)
    this.emit({ kind: 'translated', id: this.name(id), at: this.now(), cause, packet: traced, before })
    pool.setCause(packet, id)
  }

  /** A node's limits forbid an ICMP error. What it remarks of it is its own business. */
  withheld(): void {
    ;(this.counts[WITHHELD] as number) += 1
  }

  /** The scenario asks `node` for something: the current cause from here on. */
  asked(node: number, verb: string, parameters: Readonly<Record<string, unknown>>): void {
    this.own(node, (id, at, cause) => ({ kind: 'asked', id, at, cause, verb, parameters }))
  }

  /** A fault begins or ends at `node`: the current cause from here on. */
  faulted(node: number, what: string, details: Readonly<Record<string, string | number | boolean>>): void {
    this.own(node, (id, at, cause) => ({ kind: 'faulted', id, at, cause, what, details }))
  }

  /** What the programs on `node` put on record. Ask for it after {@link Recorder.begin}, or at any time if `node` is its final rank. */
  host(node: number): HostTrace {
    if (!this.signalling) return SILENT
    const records: ProgramRecords = {
      own: (make) => this.own(node, make),
      aside: (make) => {
        const id = this.name(this.id(node))
        this.emit(make(id, this.now(), this.idOf(this.cause)))
      },
      step: (machine, instance, from, event, to) =>
        this.digestsSoFar.transition(node, this.clock.now, machine, instance, from, event, to),
    }
    return programTrace(records, this.classify)
  }

  /** The cause that a record is. */
  causeOf(id: RecordId): Cause {
    return (this.names as RecordNames).causeOf(id)
  }

  /** The digests so far, each of those that the level has. */
  digests(): RunDigests {
    return this.digestsSoFar.print()
  }

  /** The counts so far. */
  totals(): PacketTotals {
    return readTotals(this.counts, this.losses)
  }

  /** The hash of a direction's name. */
  wordOf(link: LinkNumber): number {
    return this.linkRows[(link << LINK_BITS) | WORD] as number
  }

  private count(kind: number, node: number, link: LinkNumber, length: number): void {
    ;(this.counts[kind] as number) += 1
    this.digestsSoFar.packet(node, kind, this.linkRows[(link << LINK_BITS) | WORD] as number, length)
  }

  private origin(node: number, link: LinkNumber, packet: number, ttl: number): void {
    const pool = this.pool as PacketPool
    const id = this.id(node)
    if (this.leftOut(pool.label(packet))) {
      pool.setCause(packet, this.cause)
      return
    }
    const traced = pool.traced(packet, this.name(id))
    if (this.everything) this.digestsSoFar.content(node, traced.payload)
    this.emit({
      kind: 'sent',
      id: this.name(id),
      at: this.now(),
      cause: this.idOf(this.cause),
      packet: traced,
      link: this.links[link] as string,
      ttl,
    })
    pool.setCause(packet, id)
  }

  private journey(
    kind: 'forwarded' | 'delivered' | 'lost' | 'duplicated' | 'corrupted' | 'queued' | 'fragmented',
    node: number,
    link: LinkNumber,
    packet: number,
    more: object,
  ): Cause {
    const pool = this.pool as PacketPool
    const id = this.id(node)
    const cause = pool.cause(packet)
    if (this.leftOut(pool.label(packet))) return cause
    const traced = pool.traced(packet, this.name(id))
    if (kind === 'corrupted' && this.everything) this.digestsSoFar.content(node, traced.payload)
    this.emit({
      kind,
      id: this.name(id),
      at: this.now(),
      cause: this.idOf(cause),
      packet: traced,
      link: this.links[link] as string,
      ...more,
    } as TraceRecord)
    pool.setCause(packet, id)
    return id
  }

  private own(node: number, make: (id: RecordId, at: number, cause: RecordId | null) => TraceRecord): void {
    if (!this.signalling) return
    const id = this.id(node)
    this.emit(make(this.name(id), this.now(), this.idOf(this.cause)))
    this.cause = id
  }

  private leftOut(label: PacketLabel): boolean {
    return label.media && !this.everything
  }

  private id(node: number): Cause {
    return (this.names as RecordNames).next(node)
  }

  private idOf(cause: Cause): RecordId | null {
    return (this.names as RecordNames).cause(cause)
  }

  private name(cause: Cause): RecordId {
    return (this.names as RecordNames).id(cause)
  }

  private now(): number {
    return this.clock.now * this.tickNs
  }

  private emit(record: TraceRecord): void {
    for (const sink of this.sinks) sink(record)
  }
}
