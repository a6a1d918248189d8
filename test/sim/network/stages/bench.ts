// One stage alone on the real kernel: packets are numbers with a length, pushed at their times; when each went on, or why it did not.

import { DELIVERY, type EventKind } from '../../../../sim/kernel/event.ts'
import { Kernel } from '../../../../sim/kernel/kernel.ts'
import type { Corrupted, Stage, StageWorld } from '../../../../sim/network/stages/stage.ts'

/** The number of every copy. */
const COPY = 1_000_000

/** The world of one stage: a tick is a nanosecond. */
export class StageBench implements StageWorld {
  readonly tickNs = 1
  readonly kernel = new Kernel()
  /** When each packet went on, ticks; NaN: it has not. */
  readonly left: number[] = []
  readonly dropped: { readonly packet: number; readonly at: number; readonly why: string }[] = []
  readonly #bytes: number[] = []
  readonly #wake: EventKind
  readonly #arrive: EventKind
  #stage: Stage | undefined
  #next: () => number = () => 0

  constructor() {
    this.kernel.rank(['a'])
    const next = (packet: number, at: number): void => {
      this.left[packet] = at
    }
    this.#wake = this.kernel.on(() => this.#stage!.wake?.(this.now, next))
    this.#arrive = this.kernel.on((packet) => {
      const gap = this.#next()
      if (gap >= 0) this.#plan(this.#arrive, this.now + gap, packet + 1)
      this.#stage!.push(packet, this.now, next)
    })
  }

  readonly wakeAt = (at: number): void => this.#plan(this.#wake, at, 0)

  /** Pushes `count` packets, the first at 0: `gap` ticks between them, `bytes` long each. Runs until all is still. */
  run(stage: Stage, count: number, gap: (n: number) => number, bytes: (n: number) => number): this {
    this.#stage = stage
    for (let n = 0; n < count; n++) this.#bytes.push(bytes(n))
    let n = 0
    this.arrivals = [0]
    this.#next = () => {
      n++
      if (n >= count) return -1
      const ticks = Math.max(0, Math.round(gap(n)))
      this.arrivals.push(this.arrivals[n - 1]! + ticks)
      return ticks
    }
    this.#plan(this.#arrive, 0, 0)
    this.kernel.run()
    return this
  }

  /** When each packet came. */
  arrivals: number[] = []

  get now(): number {
    return this.kernel.now
  }

  bytesOf(packet: number): number {
    return this.#bytes[packet]!
  }

  drop(packet: number, why: string): void {
    this.dropped.push({ packet, at: this.now, why })
  }

  /** May be set to something else. */
  dscpOf = (packet: number): number => packet % 64
  flowOf = (packet: number): number => packet % 7
  readonly ordinalOf = (packet: number): number => packet + 1
  readonly lengthOf = (packet: number): number => this.bytesOf(packet)
  readonly judge = (): undefined => undefined
  readonly judgeSlot = (): undefined => undefined
  readonly lose = (): void => {}
  /** Packets of which a copy was made; those of which a bit was turned over. */
  readonly copied: number[] = []
  readonly corrupted: number[] = []
  readonly duplicate = (packet: number): number => {
    this.copied.push(packet)
    return COPY
  }
  readonly corrupt = (packet: number): void => {
    this.corrupted.push(packet)
  }
  readonly placeOf = (): Corrupted => 0
  /** Packets that were to be swapped and went on alone. */
  readonly lonely: number[] = []
  readonly alone = (packet: number): void => {
    this.lonely.push(packet)
  }
  readonly tellsWaits = true
  readonly queued = (): void => {}
  readonly free = (): void => {}

  #plan(kind: EventKind, at: number, packet: number): void {
    this.kernel.schedule(at, DELIVERY, 0, 0, this.kernel.nextSequence(0), kind, packet, 0)
  }
}
