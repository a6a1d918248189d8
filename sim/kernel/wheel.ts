// A timing wheel that tunes itself. Time is cut into spans; an event waits in the unsorted list of its span, where it is put and
// taken out in O(1). Most often a span has one event when its turn comes, which is given as it is; several are sorted, and so is what
// comes late for its span. Far events wait in coarser wheels, and come down when their span is near.
//
//   at < frontier            the current span: see `current.ts`
//   frontier ≤ at < + size   the fine wheel: one list per span of `width` ticks
//   beyond                   wheels of 256 lists each, 256 times as wide from one to the next, up to the end of time

import type { Foresight } from './carrier.ts'
import { N_OTHERS, N_UNTIL } from './clock.ts'
import { CurrentSpan } from './current.ts'
import {
  D_AT,
  I_KIND,
  I_NEXT,
  I_PLACE,
  I_PREVIOUS,
  NO_SLOT,
  REMOVABLE_KIND,
  REMOVABLE_MARK,
  SLOT_BITS,
  type Ticks,
} from './event.ts'
import { fittingSize, fittingWidth, isNear, SIZE_MIN } from './fit.ts'
import { EventStore } from './store.ts'

// The engine folds a module's own constants into the code, but loads and checks imported ones at each use: a sixth of the time.
const AT = D_AT
const PLACE = I_PLACE
const NEXT = I_NEXT
const PREVIOUS = I_PREVIOUS
const KIND = I_KIND
const REMOVABLE = REMOVABLE_KIND
const NONE = NO_SLOT
const MARK = REMOVABLE_MARK
const SLOT = SLOT_BITS
const COARSE = 256
const WIDTH_FIRST = 1024
/** A wheel is tuned after so many events, again and again; the first time after few, as many runs are short. */
const TUNE_AFTER = 1024
const TUNE_FIRST = 64
const END_OF_TIME = 0x20000000000000

const UNTIL = N_UNTIL
// Where the first span begins that has not become current; the end of the fine wheel; a lower bound for the coarse lists' first start;
// ticks per span (a power of two), its inverse, and ticks of all spans of the fine wheel.
const FRONTIER = N_OTHERS
const HORIZON = N_OTHERS + 1
const COARSE_START = N_OTHERS + 2
const WIDTH = N_OTHERS + 3
const PER_WIDTH = N_OTHERS + 4
const REACH = N_OTHERS + 5
/** When the wheel was tuned last. */
const TUNED_FROM = N_OTHERS + 6

/** Who is given the events whose turn has come. An object, as the engine folds its method into the wheel's loop. */
export interface EventTaker {
  take(slot: number): void
}

/** The events that it holds, the earliest first. */
export class TimingWheel {
  readonly store = new EventStore()
  /** The times of a run, see `clock.ts`: side by side, as whoever opens one array has opened all. */
  readonly clock = new Float64Array(N_OTHERS + 7)
  private readonly current = new CurrentSpan(this.store)
  private added = 0
  private takenSoFar = 0

  /** The number of the fine wheel's lists, a power of two, less one. */
  private mask = 0
  /** The list of the span at the frontier. */
  private next = 0
  /** The fine wheel's lists; then a bit for each of them, whether it has events; then the coarse wheels' lists. */
  private lists = new Int32Array(0)
  /** Where the coarse ones begin. */
  private coarse = 0
  /** How many events were taken at the last tuning, and how many will have been at the next. */
  private tunedTaken = 0
  private tuneAt = TUNE_FIRST

  constructor() {
    this.layOut(0, SIZE_MIN, WIDTH_FIRST)
  }

  /** Who knows what those of its events will need that are carried. */
  foreseenBy(foresight: Foresight): void {
    this.current.foreseenBy(foresight)
  }

  /** How many events it holds. */
  get count(): number {
    return this.added - this.takenSoFar
  }

  /** How many events were taken, the first one first. */
  get taken(): number {
    return this.takenSoFar
  }

  /** O(1); O(log n) in the number of events that came late for the current span. */
  add(slot: number): void {
    this.added++
    this.place(slot)
  }

  /** Takes out any event that it holds and that can be taken back. O(1), as for {@link TimingWheel.add}. */
  remove(slot: number): void {
    this.added--
    if (this.store.doubles[(slot << 3) | AT]! < this.clock[FRONTIER]!) this.current.remove(slot)
    else this.unlink(this.store.integers[(slot << 4) | PLACE]!, slot)
  }

  /** The earliest event, if it is due by {@link N_UNTIL}; else {@link NO_SLOT}. Never looks further. */
  first(): number {
    const slot = this.current.earliest !== NONE || this.advance() ? this.current.earliest : NONE
    return this.store.doubles[(slot << 3) | AT]! > this.clock[UNTIL]! ? NONE : slot
  }

  /**
   * Takes the events that are due by {@link N_UNTIL}, the earliest first, and hands each on; up to `count`, which counts in small integers.
   * False if none was left before. Most often the next span is near and has one event. Allocates nothing.
   */
  handOut(count: number, to: EventTaker): boolean {
    const { clock, current } = this
    for (let left = count | 0; left > 0; left--) {
      const { doubles, integers } = this.store
      let slot = current.first
      if (slot !== NONE) {
        if (doubles[(slot << 3) | AT]! > clock[UNTIL]!) return false
        const following = integers[(slot << 4) | NEXT]!
        current.first = following
        if (slot === current.watched) current.lookAhead(following)
      } else {
        const { lists, mask, next } = this
        let place = (mask + 1) | (next >> 5)
        let word = lists[place]!
        let ahead = word & (-1 << next)
        let last = next | 31
        if (ahead === 0) {
          last = ((next & -32) + 63) & mask
          place = (mask + 1) | (last >> 5)
          word = lists[place]!
          ahead = word
        }
        const bit = ahead & -ahead
        const list = last - Math.clz32(bit)
        const width = clock[WIDTH]!
        const start = clock[FRONTIER]! + ((list - next) & mask) * width
        if (ahead === 0 || start > clock[UNTIL]! || start >= clock[COARSE_START]! || current.crowd.size !== 0) {
          slot = this.takeFurther()
          if (slot === NONE) return false
        } else {
          slot = lists[list]! & SLOT
          lists[list] = NONE
          lists[place] = word ^ bit
          const frontier = start + width
          clock[FRONTIER] = frontier
          clock[HORIZON] = frontier + clock[REACH]!
          this.next = (list + 1) & mask
          if (integers[(slot << 4) | NEXT]! !== NONE || doubles[(slot << 3) | AT]! > clock[UNTIL]!) {
            this.begin(slot)
            left++
            continue
          }
        }
      }
      this.takenSoFar++
      to.take(slot)
    }
    return true
  }

  /** Begins a span with several events, or with one that is due later. */
  private begin(head: number): void {
    this.current.begin(head)
    if (this.takenSoFar >= this.tuneAt) this.tuneInTime()
  }

  /** The earliest event where the next span is not near, or is crowded; it is counted as taken by whoever asks. */
  private takeFurther(): number {
    const slot = this.first()
    if (slot !== NONE) this.current.remove(slot)
    return slot
  }

  private place(slot: number): void {
    const { clock } = this
    const { doubles, integers } = this.store
    const lists = this.lists
    const at = doubles[(slot << 3) | AT]!
    if (at < clock[FRONTIER]!) {
      this.enterLate(slot)
      return
    }
    let list = 0
    if (at < clock[HORIZON]!) {
      list = (at * clock[PER_WIDTH]!) & this.mask
      lists[(this.mask + 1) | (list >> 5)]! |= 1 << list
    } else list = this.coarseList(at)
    const base = slot << 4
    const head = lists[list]!
    integers[base | NEXT] = head
    if (head >= MARK) integers[((head & SLOT) << 4) | PREVIOUS] = slot
    if (integers[base | KIND] === REMOVABLE) {
      lists[list] = slot | MARK
      integers[base | PLACE] = list
      integers[base | PREVIOUS] = NONE
    } else lists[list] = slot
  }

  private unlink(list: number, slot: number): void {
    const { integers } = this.store
    const next = integers[(slot << 4) | NEXT]!
    const previous = integers[(slot << 4) | PREVIOUS]!
    if (next >= MARK) integers[((next & SLOT) << 4) | PREVIOUS] = previous
    if (previous !== NONE) integers[(previous << 4) | NEXT] = next
    else if (next !== NONE) this.lists[list] = next
    else this.detach(list)
  }

  /** Empties a list; its events stay linked by `next` from the one that it gives. */
  private detach(list: number): number {
    const lists = this.lists
    const size = this.mask + 1
    const head = lists[list]! & SLOT
    lists[list] = NONE
    if (list < size) lists[size + (list >> 5)]! &= ~(1 << list)
    return head
  }

  /** Puts an event into the current span, after that has begun. */
  private enterLate(slot: number): void {
    this.current.add(slot)
    this.tuneInTime()
  }

  /** Makes the next span that has events current; false, and nothing moves past {@link N_UNTIL}, if none begins by then. */
  private advance(): boolean {
    if (this.count === 0) return false
    const { clock } = this
    if (this.takenSoFar >= this.tuneAt) this.tune(clock[FRONTIER]!)
    const until = clock[UNTIL]!
    for (;;) {
      const list = this.search()
      if (list >= 0) {
        const start = clock[FRONTIER]! + ((list - this.next) & this.mask) * clock[WIDTH]!
        if (start <= until && start < clock[COARSE_START]!) {
          this.moveTo(start + clock[WIDTH]!)
          this.current.begin(this.detach(list))
          return true
        }
      }
      if (clock[COARSE_START]! > until) {
        this.moveTo(Math.max(clock[FRONTIER]!, Math.floor(until * clock[PER_WIDTH]!) * clock[WIDTH]!))
        return false
      }
      this.descend()
    }
  }

  /** The next filled list of the fine wheel; −1 if none begins by {@link N_UNTIL}. */
  private search(): number {
    const { clock } = this
    const size = this.mask + 1
    const spans = (clock[UNTIL]! - clock[FRONTIER]!) * clock[PER_WIDTH]!
    let word = this.next >> 5
    let bits = this.lists[size + word]! & (-1 << this.next)
    for (let left = Math.min(spans, this.mask) >> 5; bits === 0; left--) {
      if (left < 0) return -1
      word = (word + 1) & (this.mask >> 5)
      bits = this.lists[size + word]!
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits)
  }

  /** All before `frontier`, a span's start, is current or gone. */
  private moveTo(frontier: Ticks): void {
    const { clock } = this
    clock[FRONTIER] = frontier
    clock[HORIZON] = frontier + clock[REACH]!
    this.next = (frontier * clock[PER_WIDTH]!) & this.mask
  }

  /** The coarse list for an event at `at`, which is beyond the fine wheel. */
  private coarseList(at: Ticks): number {
    const { clock } = this
    let base = this.coarse
    let unit = clock[REACH]!
    for (;;) {
      const index = Math.floor(at / unit)
      if (index - Math.floor(clock[FRONTIER]! / unit) < COARSE) {
        clock[COARSE_START] = Math.min(clock[COARSE_START]!, index * unit)
        return base + (index & (COARSE - 1))
      }
      base += COARSE
      unit *= COARSE
    }
  }

  /** Moves to the coarse lists' first start, brings down the events of the lists that begin there, and finds the next start. */
  private descend(): void {
    const start = this.clock[COARSE_START]!
    this.moveTo(start)
    let unit = this.clock[REACH]!
    for (let base = this.coarse; base < this.lists.length && start % unit === 0; base += COARSE, unit *= COARSE) {
      this.placeAll(this.detach(base + ((start / unit) & (COARSE - 1))))
    }
    this.clock[COARSE_START] = this.findCoarseStart()
  }

  private placeAll(head: number): void {
    let next = NONE
    for (let slot = head; slot !== NONE; slot = next) {
      next = this.store.integers[(slot << 4) | NEXT]! & SLOT
      this.place(slot)
    }
  }

  private findCoarseStart(): number {
    let start = Number.POSITIVE_INFINITY
    let unit = this.clock[REACH]!
    for (let base = this.coarse; base < this.lists.length; base += COARSE, unit *= COARSE) {
      const now = Math.floor(this.clock[FRONTIER]! / unit)
      for (let ahead = 1; ahead < COARSE; ahead++) {
        if (this.lists[base + ((now + ahead) & (COARSE - 1))] === NONE) continue
        start = Math.min(start, (now + ahead) * unit)
        break
      }
    }
    return start
  }

  /** Tunes, if it is time to; the current span has events. */
  private tuneInTime(): void {
    if (this.takenSoFar >= this.tuneAt) this.tune(this.store.doubles[(this.current.earliest << 3) | AT]!)
  }

  /**
   * Fits the spans to the events' mean distance since the last time, and the number of lists to that of events: together they reach twice as
   * far as events wait in the mean, so that few have to come down from a coarser wheel. No event may be before `at`.
   */
  private tune(at: Ticks): void {
    const { clock } = this
    const meanGap = (at - clock[TUNED_FROM]!) / (this.takenSoFar - this.tunedTaken)
    clock[TUNED_FROM] = at
    this.tunedTaken = this.takenSoFar
    this.tuneAt = this.takenSoFar + Math.max(TUNE_AFTER, this.count >> 2)
    const present = clock[WIDTH]!
    const width = fittingWidth(meanGap, present)
    const size = fittingSize(meanGap, width, this.count)
    if (width === present && isNear(this.mask + 1, size)) return
    const head = this.chainAll()
    this.layOut(at, size, width)
    this.placeAll(head)
  }

  /** `size` empty lists of `width` ticks each, and coarse ones to the end of time; nothing is before `at`. */
  private layOut(at: Ticks, size: number, width: Ticks): void {
    const { clock } = this
    clock[WIDTH] = width
    clock[PER_WIDTH] = 1 / width
    clock[REACH] = size * width
    clock[COARSE_START] = Number.POSITIVE_INFINITY
    this.mask = size - 1
    this.coarse = size + (size >> 5)
    let lists = this.coarse
    for (let reach = clock[REACH]!; reach < END_OF_TIME; reach *= COARSE) lists += COARSE
    this.lists = new Int32Array(lists)
    this.moveTo(Math.floor(at / width) * width)
  }

  /** Links all events by `next`, from the slot that it gives; the wheel keeps none. */
  private chainAll(): number {
    const { integers } = this.store
    let head = NONE
    const chain = (first: number): void => {
      let next = NONE
      for (let slot = first; slot !== NONE; slot = next) {
        next = integers[(slot << 4) | NEXT]! & SLOT
        integers[(slot << 4) | NEXT] = head
        head = slot
      }
    }
    chain(this.current.end())
    const size = this.mask + 1
    for (let list = 0; list < size; list++) chain(this.detach(list))
    for (let list = this.coarse; list < this.lists.length; list++) chain(this.detach(list))
    return head
  }
}
