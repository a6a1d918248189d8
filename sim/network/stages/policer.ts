// A policer: what comes faster than was agreed is dropped at the door. A token bucket, full at the start.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { Next, Stage, StageWorld } from './stage.ts'
import { TokenBucket, type TokenBucketOptions } from './tokenBucket.ts'

/** Before the queue. */
export class Policer implements Stage {
  readonly #world: StageWorld
  readonly #bucket: TokenBucket

  constructor(world: StageWorld, options: TokenBucketOptions) {
    this.#world = world
    this.#bucket = new TokenBucket(options, world.tickNs)
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    const bytes = this.#world.bytesOf(packet)
    if (this.#bucket.readyAt(bytes, at) > at) {
      this.#world.drop(packet, 'policed')
      return
    }
    this.#bucket.take(bytes, at)
    next(packet, at)
  }

  clear(): void {}
}
