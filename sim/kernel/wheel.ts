// A timing wheel that tunes itself. Time is cut into spans; an event waits in the unsorted list of its span, where it is put and
// taken out in O(1). When a span becomes current its few events are sorted; what is too many for that, or comes while the span is
// current, goes through a heap. Far events wait in coarser wheels, and come down when their span is near.
//
//   at < frontier            current: the sorted run, and the heap of late comers
//   frontier ≤ at < + size   the fine wheel: one list per span of `width` ticks
//   beyond                   wheels of 256 lists each, 256 times as wide from one to the next, up to the end of time

import {
  D_AT,
  type EventStore,
  I_KIND,
  I_NEXT,
  I_PLACE,
  I_PREVIOUS,
  NO_SLOT,
  REMOVABLE_KIND,
  type Ticks,
} from './event.ts'
import { fittingSize, fittingWidth, isNear, SIZE_MIN } from './fit.ts'
import { EventHeap } from './heap.ts'

// The engine folds a module's own constants into the code, but loads and checks imported ones at each use: a sixth of the time.
const AT = D_AT
const PLACE = I_PLACE
const NEXT = I_NEXT
const PREVIOUS = I_PREVIOUS
const KIND = I_KIND
const REMOVABLE = REMOVABLE_KIND
const NONE = NO_SLOT
/**
 * Set in a slot as lists have it, their heads and each event's next, where that event can be taken back: only such a one has to know its
 * other neighbour, so that putting an event before one that cannot touches nothing of it.
 */
const MARK = 0x40000000
const SLOT = MARK - 1

const RUN_MAX = 32
const COARSE = 256
const WIDTH_FIRST = 1024
const TUNE_AFTER = 1024
const END_OF_TIME = 0x20000000000000

// Where the first span begins that has not become current; the end of the fine wheel; a lower bound for the coarse lists' first start;
// ticks per span (a power of two), and its inverse.
const FRONTIER = 0
const HORIZON = 1
const COARSE_START = 2
const WIDTH = 3
const PER_WIDTH = 4

/** The events that it holds, the earliest first. */
export class TimingWheel {
  /** In its one element, the time up to which it looks for events: a parameter would cost an object each time. */
  readonly until = new Float64Array(1)
  readonly #store: EventStore
  readonly #late: EventHeap
  readonly #run = new Int32Array(RUN_MAX)
  readonly #runTimes = new Float64Array(RUN_MAX)
  #runStart = 0
  #runEnd = 0
  #count = 0

  /** Times, in an array as a number in a field would be an object: see the indices. */
  readonly #edges = new Float64Array(5)
  /** The number of the fine wheel's lists, a power of two, less one. */
  #mask = 0
  /** The list of the span at the frontier. */
  #next = 0
  #lists = new Int32Array(0)
  /** A bit for each list: whether it has events. */
  #filled = new Int32Array(0)

  // Events that became current since the last tuning, at which the time was `tunedFrom`.
  #taken = 0
  #tuneAt = TUNE_AFTER
  #tunedFrom: Ticks = 0

  constructor(store: EventStore) {
    this.#store = store
    this.#late = new EventHeap(store)
    this.#layOut(0, SIZE_MIN, WIDTH_FIRST)
  }

  /** How many events it holds. */
  get count(): number {
    return this.#count
  }

  /** O(1); O(log n) in the number of events that came late for the current span. */
  add(slot: number): void {
    this.#count++
    this.#place(slot)
  }

  /** Takes out any event that it holds and that can be taken back. O(1), as for {@link TimingWheel.add}. */
  remove(slot: number): void {
    this.#count--
    const place = this.#store.integers[(slot << 4) | PLACE]!
    if (place < 0) this.#late.remove(slot)
    else if (this.#store.doubles[(slot << 3) | AT]! < this.#edges[FRONTIER]!) this.#leaveRun(slot)
    else this.#unlink(place, slot)
  }

  /** The earliest event, if it is due by {@link TimingWheel.until}; else {@link NO_SLOT}. Never looks further. */
  first(): number {
    if (!this.#fill()) return NONE
    const late = this.#late.first
    const isSorted =
      late === NONE || (this.#runStart !== this.#runEnd && this.#store.isBefore(this.#run[this.#runStart]!, late))
    const slot = isSorted ? this.#run[this.#runStart]! : late
    return this.#store.doubles[(slot << 3) | AT]! > this.until[0]! ? NONE : slot
  }

  /** Takes the earliest event, if it is due by {@link TimingWheel.until}; else {@link NO_SLOT}. Allocates nothing. */
  take(): number {
    if (this.#late.size !== 0) return this.#takeOfBoth()
    if (this.#runStart === this.#runEnd) {
      if (!this.#advance()) return NONE
      if (this.#late.size !== 0) return this.#takeOfBoth()
    }
    const start = this.#runStart
    if (this.#runTimes[start]! > this.until[0]!) return NONE
    this.#count--
    this.#runStart = start + 1
    return this.#run[start]!
  }

  #takeOfBoth(): number {
    const slot = this.first()
    if (slot === NONE) return NONE
    this.#count--
    if (this.#runStart !== this.#runEnd && this.#run[this.#runStart] === slot) this.#runStart++
    else this.#late.remove(slot)
    if (this.#taken >= this.#tuneAt) this.#tune(this.#store.doubles[(slot << 3) | AT]!)
    return slot
  }

  /** Sees to it that the current span has an event; false if none begins in time. */
  #fill(): boolean {
    return this.#runStart !== this.#runEnd || this.#late.size !== 0 || this.#advance()
  }

  #leaveRun(slot: number): void {
    const run = this.#run
    const times = this.#runTimes
    let index = this.#runStart
    while (run[index] !== slot) index++
    for (this.#runEnd--; index < this.#runEnd; index++) {
      run[index] = run[index + 1]!
      times[index] = times[index + 1]!
    }
  }

  #place(slot: number): void {
    const at = this.#store.doubles[(slot << 3) | AT]!
    const edges = this.#edges
    if (at >= edges[HORIZON]!) this.#link(this.#coarseList(at), slot)
    else if (at >= edges[FRONTIER]!) this.#link((at * edges[PER_WIDTH]!) & this.#mask, slot)
    else {
      this.#taken++
      this.#late.add(slot)
    }
  }

  #link(list: number, slot: number): void {
    const { integers } = this.#store
    const base = slot << 4
    const head = this.#lists[list]!
    integers[base | NEXT] = head
    if (head >= MARK) integers[((head & SLOT) << 4) | PREVIOUS] = slot
    if (integers[base | KIND] === REMOVABLE) {
      this.#lists[list] = slot | MARK
      integers[base | PLACE] = list
      integers[base | PREVIOUS] = NONE
    } else this.#lists[list] = slot
    this.#filled[list >> 5]! |= 1 << list
  }

  #unlink(list: number, slot: number): void {
    const { integers } = this.#store
    const next = integers[(slot << 4) | NEXT]!
    const previous = integers[(slot << 4) | PREVIOUS]!
    if (next >= MARK) integers[((next & SLOT) << 4) | PREVIOUS] = previous
    if (previous !== NONE) integers[(previous << 4) | NEXT] = next
    else {
      this.#lists[list] = next
      if (next === NONE) this.#filled[list >> 5]! &= ~(1 << list)
    }
  }

  /** Empties a list; its events stay linked by `next` from the one that it gives. */
  #detach(list: number): number {
    const head = this.#lists[list]!
    this.#lists[list] = NONE
    this.#filled[list >> 5]! &= ~(1 << list)
    return head
  }

  /** Makes the next span that has events current; false, and nothing moves past `until`, if none begins by then. */
  #advance(): boolean {
    if (this.#count === 0) return false
    const until = this.until[0]!
    const edges = this.#edges
    for (;;) {
      const next = this.#next
      const bits = this.#filled[next >> 5]! & (-1 << next)
      const list = bits === 0 ? this.#search() : (next | 31) - Math.clz32(bits & -bits)
      if (list >= 0) {
        const start = edges[FRONTIER]! + ((list - next) & this.#mask) * edges[WIDTH]!
        if (start <= until && start < edges[COARSE_START]!) {
          edges[FRONTIER] = start + edges[WIDTH]!
          edges[HORIZON] = edges[FRONTIER]! + (this.#mask + 1) * edges[WIDTH]!
          this.#next = (list + 1) & this.#mask
          this.#open(list)
          return this.#taken < this.#tuneAt || !this.#tune(this.#runTimes[0]!) || this.#fill()
        }
      }
      if (edges[COARSE_START]! > until) {
        this.#moveTo(Math.max(edges[FRONTIER]!, Math.floor(until * edges[PER_WIDTH]!) * edges[WIDTH]!))
        return false
      }
      this.#descend()
    }
  }

  /** The first filled list of the fine wheel after those that share the next one's bits; −1 if none begins by `until`. */
  #search(): number {
    const spans = (this.until[0]! - this.#edges[FRONTIER]!) * this.#edges[PER_WIDTH]!
    const words = (this.#mask >> 5) + 1
    let word = this.#next >> 5
    for (let left = (Math.min(spans, this.#mask) >> 5) + 1; left > 0; left--) {
      word = (word + 1) & (words - 1)
      const bits = this.#filled[word]!
      if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits & -bits)
    }
    return -1
  }

  /** All before `frontier`, a span's start, is current or gone. */
  #moveTo(frontier: Ticks): void {
    const edges = this.#edges
    edges[FRONTIER] = frontier
    edges[HORIZON] = frontier + (this.#mask + 1) * edges[WIDTH]!
    this.#next = (frontier * edges[PER_WIDTH]!) & this.#mask
  }

  /** Sorts the events of a list, which are all before the frontier, into the run; those beyond its room go to the heap. */
  #open(list: number): void {
    const { doubles, integers } = this.#store
    const first = this.#detach(list) & SLOT
    this.#run[0] = first
    this.#runTimes[0] = doubles[(first << 3) | AT]!
    let count = 1
    let next = NONE
    for (let slot = integers[(first << 4) | NEXT]! & SLOT; slot !== NONE; slot = next) {
      next = integers[(slot << 4) | NEXT]! & SLOT
      if (count === RUN_MAX) this.#place(slot)
      else this.#insert(slot, count++)
    }
    this.#runStart = 0
    this.#runEnd = count
    this.#taken += count
  }

  /** Puts an event into the run's first `end` ones, which are sorted. */
  #insert(slot: number, end: number): void {
    const at = this.#store.doubles[(slot << 3) | AT]!
    const run = this.#run
    const times = this.#runTimes
    let index = end
    for (; index > 0; index--) {
      const before = times[index - 1]!
      if (before < at || (before === at && this.#store.isBefore(run[index - 1]!, slot))) break
      run[index] = run[index - 1]!
      times[index] = before
    }
    run[index] = slot
    times[index] = at
  }

  /** The coarse list for an event at `at`, which is beyond the fine wheel. */
  #coarseList(at: Ticks): number {
    const edges = this.#edges
    let base = this.#mask + 1
    let unit = base * edges[WIDTH]!
    for (;;) {
      const index = Math.floor(at / unit)
      if (index - Math.floor(edges[FRONTIER]! / unit) < COARSE) {
        edges[COARSE_START] = Math.min(edges[COARSE_START]!, index * unit)
        return base + (index & (COARSE - 1))
      }
      base += COARSE
      unit *= COARSE
    }
  }

  /** Moves to the coarse lists' first start, brings down the events of the lists that begin there, and finds the next start. */
  #descend(): void {
    const start = this.#edges[COARSE_START]!
    this.#moveTo(start)
    const size = this.#mask + 1
    const levels = this.#levels()
    for (
      let level = 0, unit = size * this.#edges[WIDTH]!;
      level < levels && start % unit === 0;
      level++, unit *= COARSE
    ) {
      this.#placeAll(this.#detach(size + COARSE * level + ((start / unit) & (COARSE - 1))))
    }
    this.#edges[COARSE_START] = this.#findCoarseStart(levels)
  }

  #placeAll(head: number): void {
    let next = NONE
    for (let slot = head & SLOT; slot !== NONE; slot = next) {
      next = this.#store.integers[(slot << 4) | NEXT]! & SLOT
      this.#place(slot)
    }
  }

  #findCoarseStart(levels: number): number {
    let start = Number.POSITIVE_INFINITY
    let base = this.#mask + 1
    for (let level = 0, unit = base * this.#edges[WIDTH]!; level < levels; level++, unit *= COARSE, base += COARSE) {
      const now = Math.floor(this.#edges[FRONTIER]! / unit)
      for (let ahead = 1; ahead < COARSE; ahead++) {
        if (this.#lists[base + ((now + ahead) & (COARSE - 1))] === NONE) continue
        start = Math.min(start, (now + ahead) * unit)
        break
      }
    }
    return start
  }

  /** How many coarse wheels reach to the end of time. */
  #levels(): number {
    let levels = 0
    for (let reach = (this.#mask + 1) * this.#edges[WIDTH]!; reach < END_OF_TIME; reach *= COARSE) levels++
    return levels
  }

  /**
   * Fits the spans to the events' mean distance since the last time, and the number of lists to that of events: together they reach twice as
   * far as events wait in the mean, so that few have to come down from a coarser wheel.
   * No event may be before `at`. True if all were put anew.
   */
  #tune(at: Ticks): boolean {
    const meanGap = (at - this.#tunedFrom) / this.#taken
    this.#taken = 0
    this.#tunedFrom = at
    this.#tuneAt = Math.max(TUNE_AFTER, this.#count >> 2)
    const present = this.#edges[WIDTH]!
    const width = fittingWidth(meanGap, present)
    const size = fittingSize(meanGap, width, this.#count)
    if (width === present && isNear(this.#mask + 1, size)) return false
    const head = this.#chainAll()
    this.#layOut(at, size, width)
    this.#placeAll(head)
    return true
  }

  /** `size` empty lists of `width` ticks each; nothing is before `at`. */
  #layOut(at: Ticks, size: number, width: Ticks): void {
    this.#mask = size - 1
    this.#edges[WIDTH] = width
    this.#edges[PER_WIDTH] = 1 / width
    this.#edges[COARSE_START] = Number.POSITIVE_INFINITY
    const lists = size + COARSE * this.#levels()
    this.#lists = new Int32Array(lists)
    this.#filled = new Int32Array(lists >> 5)
    this.#moveTo(Math.floor(at / width) * width)
  }

  /** Links all events by `next`, from the slot that it gives; the current span keeps none. */
  #chainAll(): number {
    const { integers } = this.#store
    let head = NONE
    const chain = (slot: number): void => {
      integers[(slot << 4) | NEXT] = head
      head = slot
    }
    for (let index = this.#runStart; index < this.#runEnd; index++) chain(this.#run[index]!)
    this.#runStart = this.#runEnd
    while (this.#late.size > 0) chain(this.#late.takeLast())
    for (let list = 0; list < this.#lists.length; list++) {
      let next = NONE
      for (let slot = this.#lists[list]! & SLOT; slot !== NONE; slot = next) {
        next = integers[(slot << 4) | NEXT]! & SLOT
        chain(slot)
      }
    }
    return head
  }
}
