// A link direction as a chain of separate stages, in the physical order: ingress faults → queue → transmitter → loss and faults on the
// medium → propagation and jitter → duplication. Directions with jitter or faults run on it; a plain one gives the same run fused.

import type { RandomStream } from '../../platform/random.ts'
import type { LossCause } from '../../platform/trace.ts'
import type { Verdict } from '../faults/tape.ts'
import { DELIVERY, type EventKind, type Rank, type Ticks } from '../kernel/event.ts'
import type { LinkNumber } from '../trace/recorder.ts'
import type { DirectionId, LinkSurroundings, PlacedDirection } from './link.ts'
import type { Duplication, Jitter, LossModel } from './medium.ts'
import type { Packet } from './packet.ts'
import type { QueueLimit } from './queue.ts'

/** Takes a packet that goes on from a stage at the time `at`, now or later. */
export type Next = (packet: Packet, at: Ticks) => void

/** What a chain is made of. */
export interface ChainParts {
  readonly id: DirectionId
  readonly placed: PlacedDirection
  /** Bits per second × ns per tick, so that bits × 10⁹ / rate is ticks. */
  readonly rate: number
  readonly delay: Ticks
  readonly loss: LossModel | undefined
  readonly jitter: Jitter | undefined
  /** Jitter's. */
  readonly stream: RandomStream | undefined
  readonly duplication: Duplication | undefined
  /** Duplication's. */
  readonly copies: RandomStream | undefined
  readonly number: LinkNumber
  readonly kinds: { readonly arrived: EventKind; readonly lost: EventKind; readonly wake: EventKind }
  readonly around: LinkSurroundings
}

/** One direction's stages, wired. */
export class Chain {
  readonly #parts: ChainParts
  readonly #sender: Rank
  readonly #transmitter: Transmitter
  readonly #queue: Queue
  readonly #medium: Medium
  readonly #propagation: Propagation
  #ordinal = 0

  constructor(parts: ChainParts) {
    this.#parts = parts
    this.#sender = parts.placed.sender
    this.#propagation = new Propagation(parts, (packet, at) => this.#arrive(packet, at))
    this.#medium = new Medium(parts, this.#propagation, (packet, at) => this.#lose(packet, at))
    this.#transmitter = new Transmitter(parts, this.#medium.push)
    const queueFull = (packet: Packet): void => this.#drop(packet, 'queue full')
    const accepted = (packet: Packet): void => this.#medium.decide(packet)
    this.#queue = new Queue(parts, this.#transmitter, (at) => this.#askToWake(at), queueFull, accepted)
  }

  /** Hands the chain a packet, now. */
  push(packet: Packet): void {
    this.#ordinal++
    const { around, placed } = this.#parts
    const verdict = placed.faults?.judge('ingress', packet, this.#ordinal)
    if (verdict?.drop !== undefined) {
      this.#drop(packet, verdict.drop)
      return
    }
    this.#medium.number(packet, this.#ordinal)
    this.#queue.push(packet, around.kernel.now)
  }

  /** The transmitter has become free. */
  wake(): void {
    this.#queue.serve(this.#parts.around.kernel.now)
  }

  /** A cut: nothing waits, and the transmitter is idle. The packets' losses are on record. */
  clear(): void {
    this.#queue.clear()
    this.#transmitter.freeAt = 0
    this.#propagation.clear()
  }

  /** Why a packet that the medium lost is gone. */
  whyLost(packet: Packet): LossCause {
    return this.#medium.whyLost(packet)
  }

  #drop(packet: Packet, why: LossCause): void {
    const { recorder, pool } = this.#parts.around
    recorder.lost(this.#sender, this.#parts.number, packet, pool.length(packet), why)
    pool.free(packet)
  }

  #arrive(packet: Packet, at: Ticks): void {
    this.#schedule(at, this.#parts.placed.receiver, this.#parts.kinds.arrived, packet)
  }

  #lose(packet: Packet, at: Ticks): void {
    const { kernel } = this.#parts.around
    this.#schedule(Math.max(at, kernel.now + 1), this.#sender, this.#parts.kinds.lost, packet)
  }

  #schedule(at: Ticks, destination: Rank, kind: EventKind, packet: Packet): void {
    const { kernel, pool } = this.#parts.around
    kernel.schedule(at, DELIVERY, destination, this.#sender, pool.sequence(packet), kind, packet, this.#parts.id)
  }

  #askToWake(at: Ticks): void {
    const { kernel } = this.#parts.around
    const sequence = kernel.nextSequence(this.#sender)
    kernel.schedule(at, DELIVERY, this.#sender, this.#sender, sequence, this.#parts.kinds.wake, this.#parts.id, 0)
  }
}

/** Packets in line for the transmitter, drop-tail. */
class Queue {
  readonly #parts: ChainParts
  readonly #transmitter: Transmitter
  readonly #wakeAt: (at: Ticks) => void
  readonly #full: (packet: Packet) => void
  readonly #accepted: (packet: Packet) => void
  readonly #limit: QueueLimit | undefined
  readonly #line: Packet[] = []
  #bytes = 0
  /** When the transmitter will have sent all that stands in line. */
  #clearAt = 0

  constructor(
    parts: ChainParts,
    transmitter: Transmitter,
    wakeAt: (at: Ticks) => void,
    full: (packet: Packet) => void,
    accepted: (packet: Packet) => void,
  ) {
    this.#parts = parts
    this.#transmitter = transmitter
    this.#wakeAt = wakeAt
    this.#full = full
    this.#accepted = accepted
    this.#limit = parts.placed.direction.queue
  }

  push(packet: Packet, at: Ticks): void {
    this.serve(at)
    if (this.#line.length === 0 && this.#transmitter.freeAt <= at) {
      this.#accepted(packet)
      this.#transmitter.push(packet, at)
      return
    }
    const bytes = this.#transmitter.bytesOf(packet)
    if (!this.#hasRoom(bytes)) {
      this.#full(packet)
      return
    }
    this.#accepted(packet)
    if (this.#line.length === 0) this.#expectWake()
    const { recorder, kernel } = this.#parts.around
    recorder.queued(this.#parts.placed.sender, this.#parts.number, packet, (this.#clearAt - at) * kernel.tickNs)
    this.#clearAt += this.#transmitter.duration(packet)
    this.#line.push(packet)
    this.#bytes += bytes
  }

  /** Hands the transmitter what it has become free for. */
  serve(now: Ticks): void {
    if (this.#line.length === 0 || this.#transmitter.freeAt > now) return
    const packet = this.#line.shift()!
    this.#bytes -= this.#transmitter.bytesOf(packet)
    this.#transmitter.push(packet, this.#transmitter.freeAt)
    if (this.#line.length > 0) this.#wakeAt(this.#transmitter.freeAt)
  }

  clear(): void {
    for (const packet of this.#line) this.#parts.around.pool.free(packet)
    this.#line.length = 0
    this.#bytes = 0
  }

  #expectWake(): void {
    this.#clearAt = this.#transmitter.freeAt
    this.#wakeAt(this.#clearAt)
  }

  #hasRoom(bytes: number): boolean {
    if (this.#limit === undefined) return true
    if ('packets' in this.#limit) return this.#line.length < this.#limit.packets
    return this.#bytes + bytes <= this.#limit.bytes
  }
}

/** Puts packets on the wire, one after another, at the link's rate; the last bit's time is rounded up to a tick. */
class Transmitter {
  readonly #parts: ChainParts
  readonly #next: Next
  /** When the last bit of the last packet has gone out. */
  freeAt = 0

  constructor(parts: ChainParts, next: Next) {
    this.#parts = parts
    this.#next = next
  }

  push(packet: Packet, at: Ticks): void {
    this.freeAt = at + this.duration(packet)
    this.#next(packet, this.freeAt)
  }

  duration(packet: Packet): Ticks {
    return Math.ceil((this.bytesOf(packet) * 8e9) / this.#parts.rate)
  }

  /** Bytes on the wire, framing included. */
  bytesOf(packet: Packet): number {
    return this.#parts.around.pool.length(packet) + (this.#parts.placed.direction.framingBytes ?? 0)
  }
}

/** Where chance and the fault tape decide what becomes of a packet whose last bit leaves at `at`. */
class Medium {
  readonly #parts: ChainParts
  readonly #propagation: Propagation
  readonly #lose: Next
  readonly #ordinals = new Map<Packet, number>()
  readonly #lost = new Set<Packet>()
  readonly #whys = new Map<Packet, LossCause>()

  constructor(parts: ChainParts, propagation: Propagation, lose: Next) {
    this.#parts = parts
    this.#propagation = propagation
    this.#lose = lose
  }

  /** Notes that the packet is the `ordinal`-th of its direction. */
  number(packet: Packet, ordinal: number): void {
    this.#ordinals.set(packet, ordinal)
    this.#lost.delete(packet)
  }

  /** Draws the chance of a packet that the queue has taken: at once, so that a cut of what waits changes nobody else's draws. */
  decide(packet: Packet): void {
    if (this.#parts.loss?.lost()) this.#lost.add(packet)
  }

  /** Why a packet was lost here. */
  whyLost(packet: Packet): LossCause {
    return this.#whys.get(packet)!
  }

  readonly push: Next = (packet, at) => {
    const { placed, around } = this.#parts
    const ordinal = this.#ordinals.get(packet)!
    this.#ordinals.delete(packet)
    const verdict = placed.faults?.judge('medium', packet, ordinal)
    if (this.#lost.delete(packet)) {
      around.chance?.lost(placed.name, ordinal, 'lost on the medium')
      this.#whys.set(packet, 'lost on the medium')
      return this.#lose(packet, at)
    }
    if (verdict?.drop !== undefined) {
      this.#whys.set(packet, verdict.drop)
      return this.#lose(packet, at)
    }
    if (verdict !== undefined && verdict.corruptBit >= 0) {
      around.pool.flip(packet, verdict.corruptBit)
      around.recorder.corrupted(placed.sender, this.#parts.number, packet, around.pool.length(packet))
    }
    this.#propagation.push(packet, at, ordinal, verdict)
  }
}

/** The way through the air: delay, jitter, what the fault tape adds, and copies. */
class Propagation {
  readonly #parts: ChainParts
  readonly #next: Next
  /** The latest arrival so far of those that keep their order. */
  #lastAt = 0
  /** One that will go behind the next, and when it would have arrived. */
  #swapped: Packet | undefined
  #swappedAt = 0

  constructor(parts: ChainParts, next: Next) {
    this.#parts = parts
    this.#next = next
  }

  push(packet: Packet, leftAt: Ticks, ordinal: number, verdict: Readonly<Verdict> | undefined): void {
    const { kernel } = this.#parts.around
    let at = leftAt + this.#parts.delay + this.#jitterTicks(ordinal) + toTicks(verdict?.jitterNs ?? 0, kernel.tickNs)
    if (this.#parts.placed.direction.jitter?.reorders !== true) {
      at = Math.max(at, this.#lastAt)
      this.#lastAt = at
    }
    if (verdict === undefined) {
      this.#repeat(packet, at, ordinal)
      this.#go(packet, at)
      return
    }
    at = Math.max(at + toTicks(verdict.delayNs, kernel.tickNs), toTicks(verdict.holdUntilNs, kernel.tickNs))
    for (const afterNs of verdict.copiesAfterNs) this.#duplicate(packet, at + toTicks(afterNs, kernel.tickNs))
    this.#repeat(packet, at, ordinal)
    if (!verdict.swap || this.#swapped !== undefined) {
      this.#go(packet, at)
      return
    }
    this.#swapped = packet
    this.#swappedAt = at
  }

  /** A cut: the one that was to be swapped is gone as well. */
  clear(): void {
    if (this.#swapped !== undefined) this.#parts.around.pool.free(this.#swapped)
    this.#swapped = undefined
    this.#lastAt = 0
  }

  #go(packet: Packet, at: Ticks): void {
    this.#next(packet, at)
    const swapped = this.#swapped
    if (swapped === undefined) return
    this.#swapped = undefined
    this.#next(swapped, Math.max(this.#swappedAt, at + 1))
  }

  /** What the link makes twice by chance. */
  #repeat(packet: Packet, at: Ticks, ordinal: number): void {
    const { duplication, copies, around, placed } = this.#parts
    if (duplication === undefined || copies === undefined || !copies.chance(duplication.ratio)) return
    around.chance?.duplicated(placed.name, ordinal, duplication.afterNs)
    this.#duplicate(packet, at + toTicks(duplication.afterNs, around.kernel.tickNs))
  }

  #duplicate(packet: Packet, at: Ticks): void {
    const { pool, kernel, recorder } = this.#parts.around
    const copy = pool.copy(packet)
    pool.enter(copy, this.#parts.id, kernel.nextSequence(this.#parts.placed.sender))
    recorder.duplicated(this.#parts.placed.sender, this.#parts.number, copy, pool.length(copy))
    this.#next(copy, at)
  }

  #jitterTicks(ordinal: number): Ticks {
    const { jitter, stream, around, placed } = this.#parts
    if (jitter === undefined || stream === undefined) return 0
    const ticks = Math.round((stream.next() * jitter.mostNs) / around.kernel.tickNs)
    around.chance?.late(placed.name, ordinal, ticks * around.kernel.tickNs)
    return ticks
  }
}

function toTicks(ns: number, tickNs: number): Ticks {
  return Math.round(ns / tickNs)
}
