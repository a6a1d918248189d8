// A transmitter driven by a trace of delivery opportunities, as mahimahi records them of cellular links: at each time so many bytes may go.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import { type StageWorld, toTicks } from './stage.ts'
import type { Transmitter } from './transmitter.ts'

export interface OpportunityOptions {
  /** Times from the start, ms, none before the one in front of it, the last above 0: the trace begins anew when it ends. */
  readonly timesMs: readonly number[]
}

/** What may go at one opportunity: a packet of usual size with its Ethernet header, less the checksum. */
const OPPORTUNITY_BYTES = 1504

/** Packets share an opportunity, and a long packet takes several; what nobody uses is lost. */
export class Opportunities implements Transmitter {
  readonly #world: StageWorld
  readonly #times: readonly number[]
  readonly #period: number
  #index = 0
  #rounds = 0
  #left = OPPORTUNITY_BYTES
  freeAt: Ticks = 0

  constructor(world: StageWorld, { timesMs }: OpportunityOptions) {
    this.#world = world
    this.#times = timesMs
    this.#period = timesMs[timesMs.length - 1]!
  }

  startAt(_packet: Packet, now: Ticks): Ticks {
    const round = Math.floor((now * this.#world.tickNs) / 1e6 / this.#period)
    if (round > this.#rounds + 1) this.#to(0, round - 1)
    while (this.at < now || this.#left === 0) this.#advance()
    return this.at
  }

  send(packet: Packet): Ticks {
    let bytes = this.#world.bytesOf(packet)
    for (;;) {
      const used = Math.min(bytes, this.#left)
      bytes -= used
      this.#left -= used
      if (bytes === 0) break
      this.#advance()
    }
    this.freeAt = this.at
    return this.freeAt
  }

  waitFor(packet: Packet, bytesAhead: number, now: Ticks): Ticks {
    const each = toTicks((this.#period * 1e6) / this.#times.length, this.#world.tickNs)
    return this.startAt(packet, Math.max(now, this.freeAt)) - now + Math.round((each * bytesAhead) / OPPORTUNITY_BYTES)
  }

  clear(): void {
    this.freeAt = 0
  }

  private get at(): Ticks {
    return toTicks((this.#rounds * this.#period + this.#times[this.#index]!) * 1e6, this.#world.tickNs)
  }

  #advance(): void {
    if (this.#index + 1 < this.#times.length) this.#to(this.#index + 1, this.#rounds)
    else this.#to(0, this.#rounds + 1)
  }

  #to(index: number, rounds: number): void {
    this.#index = index
    this.#rounds = rounds
    this.#left = OPPORTUNITY_BYTES
  }
}
