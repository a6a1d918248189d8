// netem as a stage before a link's queue: loss, copies, corruption, delay with reordering, rate and slots, in its own order.

import type { RandomStream } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Ticks } from '../../kernel/event.ts'
import { Correlated } from '../laws/correlated.ts'
import { type LossModel, lossModel } from '../medium.ts'
import type { Packet } from '../packet.ts'
import { type Next, type Stage, type StageWorld, toTicks } from '../stages/stage.ts'
import type { Weather } from '../weather.ts'
import type { NetemChance, NetemOptions } from './options.ts'
import { Slots } from './slots.ts'
import { TABLE_SCALE, valuesOf } from './tables.ts'
import { TimeLine } from './timeLine.ts'

const NONE = [] as const

/** What a netem needs beside its chain. */
export interface NetemAround {
  /** The direction's, for the log of chance's decisions. */
  readonly name: string
  readonly chance: ChanceLog | undefined
  readonly weather: Weather
  /** The stream of one part: `loss`, `delay`, … */
  stream(part: string): RandomStream
  wakeAt(at: Ticks): void
}

/** A chance that is drawn for each packet: never, where it is absent. */
function drawn(chance: NetemChance | undefined, stream: RandomStream): () => boolean {
  if (chance === undefined) return () => false
  const draws = new Correlated(stream, chance.correlation)
  return () => draws.next() < chance.ratio
}

/** One netem. What it makes twice goes through it as a packet of its own, except that it is not made twice again. */
export class Netem implements Stage {
  readonly #world: StageWorld
  readonly #options: NetemOptions
  readonly #around: NetemAround
  readonly #loss: LossModel | undefined
  readonly #duplicates: () => boolean
  readonly #corrupts: () => boolean
  readonly #reorders: () => boolean
  /** What jitter adds, ns. */
  readonly #jitter: () => number
  readonly #bits: RandomStream
  readonly #slots: Slots | undefined
  readonly #waiting = new TimeLine()
  /** Delayed packets since the last that was sent ahead. */
  #counter = 0
  #wakesAt: Ticks = -1

  constructor(world: StageWorld, options: NetemOptions, around: NetemAround) {
    this.#world = world
    this.#options = options
    this.#around = around
    const { loss, duplicate, corrupt, reorder, slot } = options
    this.#loss = loss && lossModel(loss, around.stream('loss'))
    this.#duplicates = drawn(duplicate, around.stream('duplicate'))
    this.#corrupts = drawn(corrupt, around.stream('corrupt'))
    this.#reorders = drawn(reorder, around.stream('reorder'))
    this.#bits = around.stream('bits')
    this.#jitter = this.#jitterOf(around.stream('delay'))
    this.#slots = slot && new Slots(world, slot, around, around.stream('slot'))
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    this.#take(packet, at, next, true)
    this.#release(at, next)
  }

  wake(now: Ticks, next: Next): void {
    this.#release(now, next)
  }

  clear(): void {
    for (const packet of this.#waiting.clear()) this.#world.free(packet)
  }

  /** netem's enqueue. */
  #take(packet: Packet, at: Ticks, next: Next, mayDuplicate: boolean): void {
    const { chance, name } = this.#around
    const { calm } = this.#around.weather
    const world = this.#world
    const verdict = world.judge('netem', packet)
    const ordinal = world.ordinalOf(packet)
    const twice = mayDuplicate && !calm && this.#duplicates()
    const lost = !calm && this.#loss?.lost() === true
    if ((lost && !twice) || verdict?.drop !== undefined) {
      if (lost) chance?.lost(name, ordinal, 'lost at ingress', 'netem')
      world.drop(packet, verdict?.drop ?? 'lost at ingress')
      return
    }
    const corruptions = verdict?.corruptions ?? NONE
    const [ahead, jitterNs] = [verdict?.ahead === true, verdict?.jitterNs ?? 0]
    if ((twice && !lost) || (verdict !== undefined && verdict.copiesAfterNs.length > 0)) {
      chance?.duplicated(name, ordinal, 0, 'netem')
      this.#take(world.duplicate(packet, ordinal + 0.5), at, next, false)
    }
    for (const one of corruptions) world.corrupt(packet, one)
    if (!calm && this.#corrupts()) this.#corrupt(packet, ordinal)
    if (this.#waiting.count >= this.#options.limit) {
      world.drop(packet, 'queue full')
      return
    }
    if (ahead || (!calm && this.#goesAhead())) {
      chance?.ahead(name, ordinal)
      next(packet, at)
      return
    }
    this.#counter++
    this.#waiting.add(packet, this.#timeToSend(packet, at, ordinal, jitterNs))
  }

  /** netem's dequeue, until nothing is due. */
  #release(now: Ticks, next: Next): void {
    while (this.#waiting.count > 0) {
      const due = this.#waiting.first
      const opens = this.#slots?.opensFor(due, now) ?? 0
      if (due > now || opens > now) {
        this.#expect(Math.max(due, opens), now)
        return
      }
      const packet = this.#waiting.shift()
      this.#slots?.use(this.#world.bytesOf(packet), now)
      next(packet, now)
    }
  }

  #expect(at: Ticks, now: Ticks): void {
    if (this.#wakesAt > now && this.#wakesAt <= at) return
    this.#wakesAt = at
    this.#around.wakeAt(at)
  }

  #goesAhead(): boolean {
    const { reorder } = this.#options
    if (reorder === undefined || this.#counter < reorder.gap - 1 || !this.#reorders()) return false
    this.#counter = 0
    return true
  }

  /** By the delay from now; with a rate, after the last of those that wait, whose time counts towards the delay. */
  #timeToSend(packet: Packet, now: Ticks, ordinal: number, tapeNs: number): Ticks {
    const { tickNs } = this.#world
    const { delayNs, rate } = this.#options
    const { chance, name, weather } = this.#around
    const jitter = weather.calm ? 0 : toTicks(this.#jitter(), tickNs)
    chance?.late(name, ordinal, jitter * tickNs, 'netem')
    let delay = toTicks(delayNs, tickNs) + jitter + toTicks(tapeNs, tickNs)
    if (rate === undefined) return now + delay
    let from = now
    if (this.#waiting.count > 0) {
      from = this.#waiting.last
      delay = Math.max(0, delay - (from - now))
    }
    return from + delay + this.#duration(packet, rate)
  }

  #duration(packet: Packet, rate: NonNullable<NetemOptions['rate']>): Ticks {
    let bytes = this.#world.bytesOf(packet) + rate.packetOverhead
    if (rate.cellSize > 0) bytes = Math.ceil(bytes / rate.cellSize) * (rate.cellSize + rate.cellOverhead)
    return Math.max(0, Math.ceil((bytes * 8e9) / (rate.bps * this.#world.tickNs)))
  }

  #jitterOf(stream: RandomStream): () => number {
    const { jitterNs, correlation, distribution } = this.#options
    if (jitterNs === 0) return () => 0
    const draws = new Correlated(stream, correlation)
    if (distribution === undefined) return () => (2 * draws.next() - 1) * jitterNs
    const values = valuesOf(distribution)
    return () => (values[Math.floor(draws.next() * values.length)]! * jitterNs) / TABLE_SCALE
  }

  #corrupt(packet: Packet, ordinal: number): void {
    const place = this.#world.placeOf(packet, this.#bits.below(this.#world.lengthOf(packet) * 8))
    this.#around.chance?.corrupted(this.#around.name, ordinal, place, 'netem')
    this.#world.corrupt(packet, place)
  }
}
