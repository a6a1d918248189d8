// The kernel owns time: it keeps the pending events in their total order and hands them out one by one, in slices of any size.

import { bug } from '../../platform/assert.ts'
import { type Callback, ring } from '../../platform/bell.ts'
import { type Carrier, type EventHandler, NOBODY } from './carrier.ts'
import { N_DUE, N_NOW, N_SEQUENCE, N_UNTIL } from './clock.ts'
import { printTicks, refuseKind, refuseNodes, refuseNumbers, refuseOrder } from './complaint.ts'
import {
  CLASS_SHIFT,
  classKey,
  D_AT,
  D_SEQUENCE,
  type EventKind,
  I_A,
  I_B,
  I_CLASS,
  I_KIND,
  I_SOURCE,
  NO_SLOT,
  type OrderClass,
  type Rank,
  REMOVABLE_KIND,
  TIMER,
  type Ticks,
} from './event.ts'
import { Ranks } from './ranks.ts'
import { type TimerId, Timers } from './timers.ts'
import { type EventTaker, TimingWheel } from './wheel.ts'

// Folded into the code, as imports are not.
const NONE = NO_SLOT
const AT = D_AT
const SEQUENCE = D_SEQUENCE
const CLASS = I_CLASS
const CLASS_BIT = CLASS_SHIFT
const SOURCE = I_SOURCE
const KIND = I_KIND
const A = I_A
const B = I_B

export interface KernelOptions {
  /** Nanoseconds per tick, an integer from 1 (the default: runs of up to 104 days) to 10⁹; 1_000_000 is for runs of years. */
  readonly tickNs?: number
}

/** How a run ended: nothing pending; nothing left up to `until`; or `maxEvents` handled and more to come. */
export type RunEnd = 'idle' | 'until' | 'slice'

const LAST_TICK = Number.MAX_SAFE_INTEGER
/** The kind of all timers. */
const CALLBACK: EventKind = REMOVABLE_KIND
const TIMER_BITS = TIMER << CLASS_BIT
const DESTINATION_MASK = (1 << CLASS_BIT) - 1
/** Events that are handled between looks at how many are left. */
const BATCH = 0x400
const DUE = N_DUE
const NOW = N_NOW
const UNTIL = N_UNTIL
const SEQUENCE_OF_LAST = N_SEQUENCE

/**
 * The clock and the event queue. Events are handled in the order (time; class; destination; source; sequence), never that of
 * insertion. Two equal events, and an event that would come before the one last handled, are bugs and panic.
 */
export class Kernel implements EventTaker {
  readonly tickNs: number
  private readonly queue = new TimingWheel()
  /** In its first element, the tick that {@link Kernel.scheduleDue} plans for; the others are not for you. */
  readonly due = this.queue.clock
  /** The records of what is planned. Who {@link Kernel.carry carries} something takes its record here. */
  readonly records = this.queue.store
  private readonly handlers: EventHandler[] = [() => {}]
  private carrier: Pick<Carrier, 'carried'> = NOBODY
  private readonly timers = new Timers(this.records)
  private ranks = new Ranks([], true)
  private ranked = false
  private running = false
  /** The record of the event last handled, which the next one planned takes: it is in the cache. */
  private spare = NONE
  // The rest of the key of the event last handled.
  private lastClass = -1
  private lastSource = 0

  constructor({ tickNs = 1 }: KernelOptions = {}) {
    if (!Number.isInteger(tickNs) || tickNs < 1 || tickNs > 1e9)
      bug(`a tick of ${tickNs} ns is not an integer from 1 to 1e9`)
    this.tickNs = tickNs
  }

  /** Ticks since the run's start. */
  get now(): Ticks {
    return this.due[NOW]!
  }

  /** Events waiting. */
  get pending(): number {
    return this.queue.count
  }

  /** Events handled so far. */
  get executed(): number {
    return this.queue.taken
  }

  /** Names the nodes, in any order (`asGiven`: in that of their ranks); once, before the first event. */
  rank(names: readonly string[], asGiven = false): void {
    if (this.ranked) bug('the nodes were ranked twice')
    this.ranked = true
    this.ranks = new Ranks(names, asGiven)
  }

  /** The rank of a node: that of its name by code unit. Panics for an unknown one. */
  rankOf(name: string): Rank {
    return this.ranks.of(name)
  }

  /** Four integers a node, of which the last two are anybody's: they stand beside the node's counter of events. New when the nodes are ranked. */
  get nodeWords(): Int32Array {
    return this.ranks.words
  }

  /** The source's next event number. Whoever schedules takes one for each event, or keeps it with what will travel. */
  nextSequence(source: Rank): number {
    return this.ranks.nextSequence(source)
  }

  /** Registers a kind of event. */
  on(handler: EventHandler): EventKind {
    return this.handlers.push(handler) - 1
  }

  /** Who will be told of the events that are carried; once. Their kinds, integers below 0, are its own. */
  carriedBy(carrier: Carrier): void {
    if (this.carrier !== NOBODY) bug('there are two carriers of events')
    this.carrier = carrier
    this.queue.foreseenBy(carrier)
  }

  /** The key of events of a class from one node to another, as records have it. Panics for nodes that there are not. */
  keyOf(order: OrderClass, destination: Rank, source: Rank): number {
    const { count } = this.ranks
    if (!(destination >>> 0 < count && source >>> 0 < count)) refuseNodes(destination, source, count)
    return classKey(order, destination)
  }

  /**
   * Plans the event that a held record is, of one of its {@link Carrier}'s kinds. Its tick, its key, made by {@link Kernel.keyOf}, its source
   * and its sequence stand in it already. It is handled once, and cannot be taken back; the record is the holder's before and after, to be
   * planned again or released. What would come after the last tick, 2⁵³ − 1, is never planned. Allocates and copies nothing.
   */
  carry(record: number, kind: EventKind): void {
    const queue = this.queue
    const { store, clock } = queue
    const { doubles, integers } = store
    const at = doubles[(record << 3) | AT]!
    if (
      !(at > clock[NOW]! && at <= LAST_TICK && Math.floor(at) === at) ||
      !(integers[(record << 4) | KIND]! >= 0 && kind < 0)
    ) {
      if (this.isNever(record, kind)) return
    }
    integers[(record << 4) | KIND] = kind
    queue.add(record)
  }

  /**
   * Plans an event for tick `at`: an integer from `now` to 2⁵³ − 1. `a` and `b` are 32-bit integers for its handler, such as handles.
   * It cannot be taken back, so that what is planned for every packet needs no id: {@link Kernel.after} gives one.
   */
  schedule(
    at: Ticks,
    order: OrderClass,
    destination: Rank,
    source: Rank,
    sequence: number,
    kind: EventKind,
    a: number,
    b: number,
  ): void {
    this.due[DUE] = at
    this.scheduleDue(order, destination, source, sequence, kind, a, b)
  }

  /** As {@link Kernel.schedule}, for the tick that stands in {@link Kernel.due}. Allocates nothing. */
  scheduleDue(
    order: OrderClass,
    destination: Rank,
    source: Rank,
    sequence: number,
    kind: EventKind,
    a: number,
    b: number,
  ): void {
    const at = this.due[DUE]!
    if (!(at > this.due[NOW]! && at <= LAST_TICK && Math.floor(at) === at)) {
      this.checkTime(at, classKey(order, destination), source, sequence)
    }
    const { count } = this.ranks
    if (
      !(destination >>> 0 < count && source >>> 0 < count && sequence >= 0) ||
      !(kind >>> 0 < this.handlers.length && (a | 0) === a && (b | 0) === b)
    ) {
      this.refuse(destination, source, sequence, kind, a, b)
    }
    let slot = this.spare
    if (slot === NONE) slot = this.records.take()
    else this.spare = NONE
    const { doubles, integers } = this.records
    const base = slot << 4
    doubles[(slot << 3) | AT] = at
    doubles[(slot << 3) | SEQUENCE] = sequence
    integers[base | CLASS] = (order << CLASS_BIT) | destination
    integers[base | SOURCE] = source
    integers[base | KIND] = kind
    integers[base | A] = a
    integers[base | B] = b
    this.queue.add(slot)
  }

  /** A timer of that node, `delayTicks` from now: an integer, 0 or more. The callback is let go when it fires or is cancelled. */
  after(rank: Rank, delayTicks: number, callback: Callback): TimerId {
    const { records, due } = this
    const now = due[NOW]!
    const at = now + delayTicks
    const sequence = this.ranks.nextSequence(rank)
    if (!(at > now && at <= LAST_TICK && Math.floor(at) === at)) {
      this.checkTime(at, classKey(TIMER, rank), rank, sequence)
    }
    const slot = this.timers.take()
    const { doubles, integers } = records
    const base = slot << 4
    doubles[(slot << 3) | AT] = at
    doubles[(slot << 3) | SEQUENCE] = sequence
    integers[base | CLASS] = TIMER_BITS | rank
    integers[base | SOURCE] = rank
    integers[base | KIND] = CALLBACK
    this.queue.add(slot)
    return this.timers.begin(slot, callback)
  }

  /** Takes a pending timer back; false if it has fired or was cancelled before. Leaves nothing behind. */
  cancel(id: TimerId): boolean {
    const slot = this.timers.slotOf(id)
    if (slot === NONE) return false
    this.queue.remove(slot)
    this.timers.end(slot)
    return true
  }

  /** Takes back all timers of a node, as when it loses its power. For rare events: it looks at all timers. */
  cancelAll(rank: Rank): void {
    for (const id of this.timersOf(rank)) this.cancel(id)
  }

  /** The pending timers of a node, in no order that matters. For rare events: it looks at all timers. */
  timersOf(rank: Rank): readonly TimerId[] {
    return this.timers.pending().filter((id) => this.records.integers[(this.timers.slotOf(id) << 4) | SOURCE] === rank)
  }

  /**
   * Gives each pending timer of a node a new tick (now or later) and a new callback, as when its clock goes wrong or its processor is busy.
   * Their ids stay good; `change` may plan and cancel timers. For rare events: it looks at all timers.
   */
  changeTimers(
    rank: Rank,
    change: (at: Ticks, callback: Callback, id: TimerId) => { readonly at: Ticks; readonly callback: Callback },
  ): void {
    for (const id of this.timersOf(rank)) {
      const slot = this.timers.slotOf(id)
      if (slot === NONE) continue // the change of another timer has cancelled it
      const before = this.records.doubles[(slot << 3) | AT]!
      let after = before
      this.timers.change(id, (old) => {
        const { at, callback } = change(before, old, id)
        after = at
        return callback
      })
      if (after === before || this.timers.slotOf(id) === NONE) continue
      const { doubles } = this.records // not those of before, as the change may have planned something
      this.checkTime(after, classKey(TIMER, rank), rank, doubles[(slot << 3) | SEQUENCE]!)
      this.queue.remove(slot)
      doubles[(slot << 3) | AT] = after
      this.queue.add(slot)
    }
  }

  /**
   * Handles the events up to and including `until` (default: all of them), at most `maxEvents` (default: no limit).
   * `now` is then `until`, unless that was Infinity or the slice ended first. Slicing never changes a run.
   */
  run(until: Ticks = Number.POSITIVE_INFINITY, maxEvents = Number.POSITIVE_INFINITY): RunEnd {
    if (this.running) bug('run was called by an event of this run')
    if (!(until >= this.due[NOW]!)) bug(`run until ${this.ms(until)} is before now, ${this.ms(this.due[NOW]!)}`)
    if (!(maxEvents >= 0)) bug(`a slice of ${maxEvents} events`)
    this.running = true
    this.due[UNTIL] = until
    try {
      for (let left = Math.ceil(maxEvents); left > 0; left -= BATCH) {
        if (!this.queue.handOut(Math.min(left, BATCH), this)) return this.end(until)
      }
      return this.queue.first() === NONE ? this.end(until) : 'slice'
    } finally {
      this.running = false
    }
  }

  private end(until: Ticks): RunEnd {
    if (until <= LAST_TICK && Math.floor(until) !== this.due[NOW]!) {
      this.due[NOW] = Math.floor(until)
      this.lastClass = -1
    }
    return this.pending === 0 ? 'idle' : 'until'
  }

  /** Handles an event whose turn has come. For the queue alone. */
  take(slot: number): void {
    const { due } = this
    const { doubles, integers } = this.records
    const base = slot << 4
    const at = doubles[(slot << 3) | AT]!
    const key = integers[base | CLASS]!
    if (at === due[NOW]! && key <= this.lastClass) this.checkOrder(slot)
    due[NOW] = at
    due[SEQUENCE_OF_LAST] = doubles[(slot << 3) | SEQUENCE]!
    this.lastClass = key
    this.lastSource = integers[base | SOURCE]!
    const kind = integers[base | KIND]!
    if (kind < CALLBACK) {
      integers[base | KIND] = CALLBACK
      this.carrier.carried(slot, key & DESTINATION_MASK, kind)
    } else if (kind === CALLBACK) ring(this.timers.end(slot))
    else this.handle(slot, kind)
  }

  /** Apart, so that the engine folds the rest into the queue's loop. */
  private handle(slot: number, kind: EventKind): void {
    const { integers } = this.records
    const a = integers[(slot << 4) | A]!
    const b = integers[(slot << 4) | B]!
    if (this.spare === NONE) this.spare = slot
    else this.records.release(slot)
    this.handlers[kind]!(a, b)
  }

  /** Panics unless an event at the last one's tick comes after that. */
  private checkOrder(slot: number): void {
    const { doubles, integers } = this.records
    const key = integers[(slot << 4) | CLASS]!
    const source = integers[(slot << 4) | SOURCE]!
    const sequence = doubles[(slot << 3) | SEQUENCE]!
    if (!this.isAfterLast(key, source, sequence)) {
      this.refuseOrder(doubles[(slot << 3) | AT]!, key, source, sequence)
    }
  }

  private isAfterLast(key: number, source: Rank, sequence: number): boolean {
    if (key !== this.lastClass) return key > this.lastClass
    if (source !== this.lastSource) return source > this.lastSource
    return sequence > this.due[SEQUENCE_OF_LAST]!
  }

  private checkTime(at: Ticks, key: number, source: Rank, sequence: number): void {
    if (at < this.due[NOW]!) bug(`event at ${this.ms(at)} is before now, ${this.ms(this.due[NOW]!)}`)
    if (!Number.isSafeInteger(at))
      bug(`event at ${at} ticks: not an integer below 2^53; now is ${this.ms(this.due[NOW]!)}`)
    if (at === this.due[NOW] && !this.isAfterLast(key, source, sequence)) this.refuseOrder(at, key, source, sequence)
  }

  private refuseOrder(at: Ticks, key: number, source: Rank, sequence: number): never {
    const last = { key: this.lastClass, source: this.lastSource, sequence: this.due[SEQUENCE_OF_LAST]! }
    refuseOrder(this.ranks, this.ms(at), { key, source, sequence }, last)
  }

  private isNever(record: number, kind: EventKind): boolean {
    const { doubles, integers } = this.records
    if (integers[(record << 4) | KIND]! < 0) bug(`record ${record} is planned twice`)
    if (kind >= 0) refuseKind(record, kind)
    const [at, sequence] = [doubles[(record << 3) | AT]!, doubles[(record << 3) | SEQUENCE]!]
    if (at > LAST_TICK && at < Number.POSITIVE_INFINITY) return true
    this.checkTime(at, integers[(record << 4) | CLASS]!, integers[(record << 4) | SOURCE]!, sequence)
    return false
  }

  private refuse(destination: Rank, source: Rank, sequence: number, kind: EventKind, a: number, b: number): never {
    refuseNumbers(this.ranks, { source, sequence }, destination, { kind, kinds: this.handlers.length, a, b })
  }

  private ms(ticks: Ticks): string {
    return printTicks(ticks, this.tickNs)
  }
}
