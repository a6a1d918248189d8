// netem's slots: packets leave in bursts, as they do where a medium is granted for a time.

import type { RandomStream } from '../../../platform/random.ts'
import type { Ticks } from '../../kernel/event.ts'
import { type StageWorld, toTicks } from '../stages/stage.ts'
import type { NetemAround } from './netem.ts'
import type { NetemOptions } from './options.ts'
import { TABLE_SCALE, valuesOf } from './tables.ts'

/** When the slot opens, and what is left of it. The first is open from the start. */
export class Slots {
  readonly #world: StageWorld
  readonly #options: NonNullable<NetemOptions['slot']>
  readonly #around: NetemAround
  readonly #stream: RandomStream
  #opensAt: Ticks = 0
  #packetsLeft: number
  #bytesLeft: number
  /** Slots so far: the tape names them by it. */
  #number = 0

  constructor(
    world: StageWorld,
    options: NonNullable<NetemOptions['slot']>,
    around: NetemAround,
    stream: RandomStream,
  ) {
    this.#world = world
    this.#options = options
    this.#around = around
    this.#stream = stream
    this.#packetsLeft = options.packets || Number.POSITIVE_INFINITY
    this.#bytesLeft = options.bytes || Number.POSITIVE_INFINITY
  }

  /** When the slot opens that a packet due at `due` can use: one that is open before it is due passes by, and another is drawn, from now. */
  opensFor(due: Ticks, now: Ticks): Ticks {
    if (this.#opensAt < due) this.#draw(now)
    return this.#opensAt
  }

  /** A packet leaves. */
  use(bytes: number, now: Ticks): void {
    this.#packetsLeft--
    this.#bytesLeft -= bytes
    if (this.#packetsLeft <= 0 || this.#bytesLeft <= 0) this.#draw(now)
  }

  #draw(now: Ticks): void {
    const { tickNs } = this.#world
    const { minNs, table, packets, bytes } = this.#options
    const base = toTicks(table?.delayNs ?? minNs, tickNs)
    this.#number++
    const { weather, chance, name } = this.#around
    const extra = weather.calm ? 0 : toTicks(this.#extraNs(), tickNs)
    chance?.late(name, this.#number, extra * tickNs, 'slot')
    this.#opensAt = now + Math.max(0, base + extra + this.#tapeTicks())
    this.#packetsLeft = packets || Number.POSITIVE_INFINITY
    this.#bytesLeft = bytes || Number.POSITIVE_INFINITY
  }

  #extraNs(): number {
    const { minNs, maxNs, table } = this.#options
    if (table === undefined) return this.#stream.double() * (maxNs - minNs)
    const values = valuesOf(table.distribution)
    return (values[this.#stream.below(values.length)]! * table.jitterNs) / TABLE_SCALE
  }

  #tapeTicks(): Ticks {
    return toTicks(this.#world.judgeSlot(this.#number)?.jitterNs ?? 0, this.#world.tickNs)
  }
}
