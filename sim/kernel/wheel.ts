// A timing wheel that tunes itself. Time is cut into spans; an event waits in the unsorted list of its span, where it is put and
// taken out in O(1). When a span becomes current its few events are sorted; what is too many for that, or comes while the span is
// current, goes through a heap. Far events wait in coarser wheels, and come down when their span is near.
//
//   at < frontier            current: the sorted run, and the heap of late comers
//   frontier ≤ at < + size   the fine wheel: one list per span of `width` ticks
//   beyond                   wheels of 256 lists each, 256 times as wide from one to the next, up to the end of time

import { D_AT, type EventStore, I_NEXT, I_PLACE, I_PREVIOUS, NO_SLOT, type Ticks } from './event.ts'
import { EventHeap } from './heap.ts'

// The engine folds a module's own constants into the code, but loads and checks imported ones at each use: a sixth of the time.
const AT = D_AT
const PLACE = I_PLACE
const NEXT = I_NEXT
const PREVIOUS = I_PREVIOUS
const NONE = NO_SLOT

// An event's place is its list, also when that has become the run; or the heap.
const IN_HEAP = -1
const RUN_MAX = 32
const COARSE = 256
const SIZE_MIN = 256
const SIZE_MAX = 0x100000
const TUNE_AFTER = 1024
const END_OF_TIME = 0x20000000000000

/** The events that it holds, the earliest first. */
export class TimingWheel {
  /** In its one element, the time up to which `take` takes events: a parameter would cost an object each time. */
  readonly until = new Float64Array(1)
  readonly #store: EventStore
  readonly #late: EventHeap
  readonly #run = new Int32Array(RUN_MAX)
  readonly #runTimes = new Float64Array(RUN_MAX)
  #runStart = 0
  #runEnd = 0
  #count = 0

  // Ticks per span of the fine wheel (a power of two), its inverse, and the number of its lists (a power of two).
  #width = 1024
  #perWidth = 1 / 1024
  #size = SIZE_MIN
  #lists: Int32Array
  #filled: Int32Array
  // Counted in spans from time 0: the next one to become current, and a lower bound for the coarse lists' first.
  #cursor = 0
  #coarseStart = Number.POSITIVE_INFINITY
  #frontier: Ticks = 0

  // Events that became current since the last tuning, at which the time was `tunedFrom`.
  #taken = 0
  #tuneAt = TUNE_AFTER
  #tunedFrom: Ticks = 0

  constructor(store: EventStore) {
    this.#store = store
    this.#late = new EventHeap(store)
    const lists = this.#size + COARSE * this.#levels()
    this.#lists = new Int32Array(lists)
    this.#filled = new Int32Array(lists >> 5)
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

  /** Takes out any event that it holds. O(1), as for {@link TimingWheel.add}. */
  remove(slot: number): void {
    this.#count--
    const place = this.#store.integers[(slot << 4) | PLACE]!
    if (place === IN_HEAP) this.#late.remove(slot)
    else if (this.#store.doubles[(slot << 3) | AT]! < this.#frontier) this.#leaveRun(slot)
    else this.#unlink(place, slot)
  }

  /** The earliest event, if it is due by `until`; else {@link NO_SLOT}. Never looks further than `until`. */
  first(until: Ticks): number {
    if (this.#runStart === this.#runEnd && this.#late.size === 0 && !this.#advance(until)) return NONE
    const late = this.#late.first
    const isSorted =
      late === NONE || (this.#runStart !== this.#runEnd && this.#store.isBefore(this.#run[this.#runStart]!, late))
    const slot = isSorted ? this.#run[this.#runStart]! : late
    return this.#store.doubles[(slot << 3) | AT]! > until ? NONE : slot
  }

  /** Takes the earliest event, if it is due by {@link TimingWheel.until}; else {@link NO_SLOT}. Allocates nothing. */
  take(): number {
    if (this.#runStart === this.#runEnd && this.#late.size === 0 && !this.#advance(this.until[0]!)) return NONE
    if (this.#late.size !== 0) return this.#takeOfBoth(this.until[0]!)
    const start = this.#runStart
    if (this.#runTimes[start]! > this.until[0]!) return NONE
    this.#count--
    this.#runStart = start + 1
    const slot = this.#run[start]!
    if (start + 1 !== this.#runEnd && this.#run[start + 1] === NONE) this.#skip()
    return slot
  }

  #takeOfBoth(until: Ticks): number {
    const slot = this.first(until)
    if (slot === NONE) return NONE
    this.remove(slot)
    if (this.#taken >= this.#tuneAt) this.#tune(this.#store.doubles[(slot << 3) | AT]!)
    return slot
  }

  /** Sees to it that the current span has an event; false if none begins by `until`. */
  #fill(until: Ticks): boolean {
    return this.#runStart !== this.#runEnd || this.#late.size !== 0 || this.#advance(until)
  }

  #leaveRun(slot: number): void {
    let index = this.#runStart
    while (this.#run[index] !== slot) index++
    this.#run[index] = NONE
    this.#skip()
  }

  /** Steps over the run's holes, which cancelled events have left. */
  #skip(): void {
    while (this.#runStart !== this.#runEnd && this.#run[this.#runStart] === NONE) this.#runStart++
  }

  #place(slot: number): void {
    const at = this.#store.doubles[(slot << 3) | AT]!
    if (at < this.#frontier) {
      this.#store.integers[(slot << 4) | PLACE] = IN_HEAP
      this.#taken++
      this.#late.add(slot)
      return
    }
    const span = at * this.#perWidth
    this.#link(span - this.#cursor < this.#size ? span & (this.#size - 1) : this.#coarseList(span), slot)
  }

  #link(list: number, slot: number): void {
    const { integers } = this.#store
    const base = slot << 4
    const head = this.#lists[list]!
    integers[base | PLACE] = list
    integers[base | NEXT] = head
    integers[base | PREVIOUS] = NONE
    integers[(head << 4) | PREVIOUS] = slot
    this.#lists[list] = slot
    this.#filled[list >> 5]! |= 1 << list
  }

  #unlink(list: number, slot: number): void {
    const { integers } = this.#store
    const next = integers[(slot << 4) | NEXT]!
    const previous = integers[(slot << 4) | PREVIOUS]!
    integers[(next << 4) | PREVIOUS] = previous
    if (previous !== NONE) integers[(previous << 4) | NEXT] = next
    else {
      this.#lists[list] = next
      if (next === NONE) this.#filled[list >> 5]! &= ~(1 << list)
    }
  }

  /** Empties a list; its events stay linked by `next` from the slot that it gives. */
  #detach(list: number): number {
    const head = this.#lists[list]!
    this.#lists[list] = NONE
    this.#filled[list >> 5]! &= ~(1 << list)
    return head
  }

  /** Makes the next span that has events current; false, and nothing moves past `until`, if none begins by then. */
  #advance(until: Ticks): boolean {
    if (this.#count === 0) return false
    const untilSpan = Math.floor(until * this.#perWidth)
    for (;;) {
      const last = Math.min(untilSpan, this.#coarseStart - 1, this.#cursor + this.#size - 1)
      const ahead = last < this.#cursor ? -1 : this.#findAhead(last - this.#cursor)
      if (ahead >= 0) {
        this.#open(this.#cursor + ahead)
        return this.#taken < this.#tuneAt || !this.#tune(this.#runTimes[0]!) || this.#fill(until)
      }
      if (this.#coarseStart > untilSpan) {
        if (last > this.#cursor) this.#moveTo(last)
        return false
      }
      this.#descend()
    }
  }

  /** The first filled span of the fine wheel, counted from the cursor, at most `most`; −1 if there is none. */
  #findAhead(most: number): number {
    const mask = this.#size - 1
    const start = this.#cursor & mask
    const words = this.#size >> 5
    let bits = this.#filled[start >> 5]! & (-1 << start)
    for (let word = start >> 5, left = (most >> 5) + 1; ; left--) {
      if (bits !== 0) {
        const ahead = ((word << 5) + 31 - Math.clz32(bits & -bits) - start) & mask
        return ahead <= most ? ahead : -1
      }
      if (left === 0) return -1
      word = (word + 1) & (words - 1)
      bits = this.#filled[word]!
    }
  }

  #moveTo(span: number): void {
    this.#cursor = span
    this.#frontier = Math.max(this.#frontier, span * this.#width)
  }

  /** Sorts the events of a span into the run; those beyond its room go to the heap. */
  #open(span: number): void {
    const { doubles, integers } = this.#store
    this.#moveTo(span + 1)
    let end = 0
    let next = NONE
    for (let slot = this.#detach(span & (this.#size - 1)); slot !== NONE; slot = next) {
      next = integers[(slot << 4) | NEXT]!
      if (end === RUN_MAX) this.#place(slot)
      else this.#insert(slot, doubles[(slot << 3) | AT]!, end++)
    }
    this.#runStart = 0
    this.#runEnd = end
    this.#taken += end
  }

  /** Puts an event into the run's first `end` ones, which are sorted. */
  #insert(slot: number, at: Ticks, end: number): void {
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

  /** The coarse list for an event of that (fractional) span, which is beyond the fine wheel. */
  #coarseList(span: number): number {
    let base = this.#size
    let unit = this.#size
    for (;;) {
      const index = Math.floor(span / unit)
      if (index - Math.floor(this.#cursor / unit) < COARSE) {
        this.#coarseStart = Math.min(this.#coarseStart, index * unit)
        return base + (index & (COARSE - 1))
      }
      base += COARSE
      unit *= COARSE
    }
  }

  /** Moves to the coarse lists' first start, brings down the events of the lists that begin there, and finds the next start. */
  #descend(): void {
    this.#moveTo(this.#coarseStart)
    const levels = this.#levels()
    for (let level = 0, unit = this.#size; level < levels && this.#cursor % unit === 0; level++, unit *= COARSE) {
      const list = this.#size + COARSE * level + ((this.#cursor / unit) & (COARSE - 1))
      if (this.#lists[list] !== NONE) this.#placeAll(this.#detach(list))
    }
    this.#coarseStart = this.#findCoarseStart(levels)
  }

  #placeAll(head: number): void {
    let next = NONE
    for (let slot = head; slot !== NONE; slot = next) {
      next = this.#store.integers[(slot << 4) | NEXT]!
      this.#place(slot)
    }
  }

  #findCoarseStart(levels: number): number {
    let start = Number.POSITIVE_INFINITY
    for (let level = 0, unit = this.#size; level < levels; level++, unit *= COARSE) {
      const now = Math.floor(this.#cursor / unit)
      const base = this.#size + COARSE * level
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
    for (let reach = this.#size * this.#width; reach < END_OF_TIME; reach *= COARSE) levels++
    return levels
  }

  /**
   * Fits the spans to the events' mean distance since the last time, and the number of lists to that of events.
   * No event may be before `at`. True if all were put anew.
   */
  #tune(at: Ticks): boolean {
    const meanGap = (at - this.#tunedFrom) / this.#taken
    this.#taken = 0
    this.#tunedFrom = at
    this.#tuneAt = Math.max(TUNE_AFTER, this.#count >> 2)
    const size = powerOfTwo(Math.min(Math.max(this.#count * 2, SIZE_MIN), SIZE_MAX))
    const width = powerOfTwo(Math.max(meanGap, 1))
    const fits = (value: number, best: number): boolean => value <= best * 2 && best <= value * 2
    if (fits(this.#size, size) && fits(this.#width, width)) return false
    this.#rebuild(at, size, width)
    return true
  }

  #rebuild(at: Ticks, size: number, width: number): void {
    const head = this.#chainAll()
    this.#size = size
    this.#width = width
    this.#perWidth = 1 / width
    const lists = size + COARSE * this.#levels()
    this.#lists = new Int32Array(lists)
    this.#filled = new Int32Array(lists >> 5)
    this.#cursor = Math.floor(at * this.#perWidth)
    this.#frontier = this.#cursor * width
    this.#coarseStart = Number.POSITIVE_INFINITY
    this.#placeAll(head)
  }

  /** Links all events by `next`, from the slot that it gives; the current span keeps none. */
  #chainAll(): number {
    const { integers } = this.#store
    let head = NONE
    const chain = (slot: number): void => {
      integers[(slot << 4) | NEXT] = head
      head = slot
    }
    for (let index = this.#runStart; index < this.#runEnd; index++) {
      if (this.#run[index] !== NONE) chain(this.#run[index]!)
    }
    this.#runStart = this.#runEnd
    while (this.#late.size > 0) chain(this.#late.takeLast())
    for (let list = 0; list < this.#lists.length; list++) {
      let next = NONE
      for (let slot = this.#lists[list]!; slot !== NONE; slot = next) {
        next = integers[(slot << 4) | NEXT]!
        chain(slot)
      }
    }
    return head
  }
}

/** The smallest power of two that is not below `least`. */
function powerOfTwo(least: number): number {
  let power = 1
  while (power < least) power *= 2
  return power
}
