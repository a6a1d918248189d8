// Transmitters put packets on the wire, one after another: at the link's rate, as a token bucket allows, or when a trace says so.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { StageWorld } from './stage.ts'
import { TokenBucket, type TokenBucketOptions } from './tokenBucket.ts'

/** Asked by the stage that keeps its queue. */
export interface Transmitter {
  /** When the last bit of the last packet has gone out. */
  readonly freeAt: Ticks
  /** When it can start this packet: `now`, at which it is free, or later. */
  startAt(packet: Packet, now: Ticks): Ticks
  /** Starts a packet; gives when its last bit has gone out. */
  send(packet: Packet, at: Ticks): Ticks
  /** How long a packet waits that has come now, before which so many bytes go, as far as is known. */
  waitFor(packet: Packet, bytesAhead: number, now: Ticks): Ticks
  /** A cut: it is idle. */
  clear(): void
}

/** At the link's rate; the last bit's time is rounded up to a tick. */
export class RateTransmitter implements Transmitter {
  readonly #world: StageWorld
  #rate: number
  freeAt: Ticks = 0

  /** `rateBps`: bits per second; Infinity: packets take no time. */
  constructor(world: StageWorld, rateBps: number) {
    this.#world = world
    this.#rate = rateBps * world.tickNs
  }

  /** Another rate, from the next packet on. */
  set rateBps(rateBps: number) {
    this.#rate = rateBps * this.#world.tickNs
  }

  startAt(_packet: Packet, now: Ticks): Ticks {
    return now
  }

  send(packet: Packet, at: Ticks): Ticks {
    this.freeAt = at + this.duration(packet)
    return this.freeAt
  }

  /** How long a packet keeps it. */
  duration(packet: Packet): Ticks {
    return this.ticksFor(this.#world.bytesOf(packet))
  }

  waitFor(_packet: Packet, bytesAhead: number, now: Ticks): Ticks {
    return Math.max(0, this.freeAt - now) + this.ticksFor(bytesAhead)
  }

  /** How long so many bytes take. */
  ticksFor(bytes: number): Ticks {
    return Math.ceil((bytes * 8e9) / this.#rate)
  }

  clear(): void {
    this.freeAt = 0
  }
}

/** A shaper: at the link's rate, but no sooner than there are tokens for the whole packet. */
export class Shaper implements Transmitter {
  readonly #world: StageWorld
  readonly #wire: RateTransmitter
  readonly #bucket: TokenBucket

  constructor(world: StageWorld, wire: RateTransmitter, options: TokenBucketOptions) {
    this.#world = world
    this.#wire = wire
    this.#bucket = new TokenBucket(options, world.tickNs)
  }

  get freeAt(): Ticks {
    return this.#wire.freeAt
  }

  startAt(packet: Packet, now: Ticks): Ticks {
    return this.#bucket.readyAt(this.#world.bytesOf(packet), now)
  }

  send(packet: Packet, at: Ticks): Ticks {
    this.#bucket.take(this.#world.bytesOf(packet), at)
    return this.#wire.send(packet, at)
  }

  waitFor(packet: Packet, bytesAhead: number, now: Ticks): Ticks {
    const tokens = this.#bucket.wait(bytesAhead + this.#world.bytesOf(packet), now)
    return Math.max(tokens, this.#wire.waitFor(packet, bytesAhead, now))
  }

  clear(): void {
    this.#wire.clear()
  }
}
