// Links: each direction is a chain of stages (queue, transmitter, medium, propagation). Here the common chain is fused: a packet's
// whole way over a link is worked out when it enters, and one event stands for it. `chain.ts` has the stages one by one.

import { assert, bug } from '../../platform/assert.ts'
import type { RandomStreams } from '../../platform/random.ts'
import { integersOf, onLines } from '../../platform/rows.ts'
import type { ChanceLog } from '../faults/freeze.ts'
import type { Carrier } from '../kernel/carrier.ts'
import {
  CLASS_SHIFT,
  D_AT,
  D_SEQUENCE,
  DELIVERY,
  type EventKind,
  I_CLASS,
  I_KIND,
  I_SOURCE,
  type Rank,
  type Ticks,
} from '../kernel/event.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import { type LinkNumber, NO_LINK, type Recorder } from '../trace/recorder.ts'
import { Chain } from './chain.ts'
import type { Deliveries } from './delivery.ts'
import { type DirectionChange, type DirectionId, isPlain, type PlacedDirection } from './direction.ts'
import type { Flows } from './flow.ts'
import { ARRIVED, LOOPED, LOST } from './journey.ts'
import { type LossModel, lossModel } from './medium.ts'
import { LOOPBACK, type Node } from './node.ts'
import type { Packet, PacketPool } from './packet.ts'
import { P_LENGTH, P_LINK, P_WORD } from './packetRecord.ts'
import { DropTail } from './queue.ts'
import type { Weather } from './weather.ts'

/** What links need of their world. */
export interface LinkSurroundings {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly pool: PacketPool
  readonly streams: RandomStreams
  readonly weather: Weather
  /** Where chance's decisions are noted. */
  readonly chance: ChanceLog | undefined
  /** False: every direction is a chain of separate stages, for the proof that fusing changes nothing. */
  readonly fused: boolean
  readonly flows: Flows
  /** By rank; each takes the packets that have crossed a link to it. */
  readonly nodes: readonly Pick<Node, 'receive'>[]
  /** What takes most packets before their node sees them. */
  readonly deliveries: Deliveries
}

// A direction is a row of 32 bytes, so that a link is a line of the cache; its last four bytes are the recorder's. What many directions share
// stands in their profile.
const ROW_BITS = 3
const SENDER = 0
const KEY = 1 // of what it brings to its receiver
const FLAGS = 2 // and where the profile begins: a multiple of 8
const MTU = 3
const NAME = 7 // its hash, which the recorder writes
const WIDE_ROW_BITS = 2
const FREE_AT = 2
const LOSES = 1
const CHAINED = 2
const CUT = 4
const UNFUSED = CHAINED | CUT
/** The recorder's number of direction 0: the empty name has 0, the loopback 1. */
const FIRST_NUMBER = 2
/** In place of an MTU where there is none. */
const ANY_SIZE = 0x7fffffff
// A profile is a row of doubles: what is the same for many directions, and how long the packet last sent by it took, of how many bytes.
const PROFILE = 8
const PROFILE_MASK = -PROFILE
const RATE = 0
const DELAY = 1
const FRAMING = 2
const LAST_BYTES = 3
const LAST_TICKS = 4
// The engine folds a module's own constants into its code, but not imported ones.
const UNCAUSED = NO_CAUSE
const LINK = P_LINK
const LENGTH = P_LENGTH
const RECEIVER_MASK = (1 << CLASS_SHIFT) - 1
const WORD = P_WORD
const AT = D_AT
const SEQUENCE = D_SEQUENCE
const CLASS = I_CLASS
const SOURCE = I_SOURCE
const UNLINKED = 0
const CROSSED = ARRIVED

/** All link directions of a world. */
export class Links implements Carrier {
  declare private readonly kernel: Kernel
  declare private readonly recorder: Recorder
  declare private readonly pool: PacketPool
  declare private readonly nodes: LinkSurroundings['nodes']
  declare private readonly deliveries: Deliveries
  declare private readonly rows: Int32Array
  /** The same rows as doubles. */
  declare private readonly wideRows: Float64Array
  private profiles = new Float64Array(0)
  private readonly queues: (DropTail | undefined)[] = []
  private readonly losses: (LossModel | undefined)[] = []
  private readonly chains: (Chain | undefined)[] = []

  constructor(placed: readonly PlacedDirection[], around: LinkSurroundings) {
    const { kernel, recorder, pool } = around
    this.kernel = kernel
    this.recorder = recorder
    this.pool = pool
    const table = onLines((placed.length + FIRST_NUMBER) << WIDE_ROW_BITS)
    this.wideRows = table.subarray(FIRST_NUMBER << WIDE_ROW_BITS)
    this.rows = integersOf(table).subarray(FIRST_NUMBER << ROW_BITS)
    this.nodes = around.nodes
    this.deliveries = around.deliveries
    kernel.carriedBy(this)
    const wake = kernel.on((direction, stage) => this.chains[direction]!.wake(stage))
    placed.forEach((one, id) => {
      this.add(one, id, wake, around)
    })
    recorder.shareLinkRows(integersOf(table))
  }

  /** Hands a packet to a direction, now. */
  push(packet: Packet, direction: DirectionId): void {
    const kernel = this.kernel
    const rows = this.rows
    const row = direction << ROW_BITS
    const flags = rows[row | FLAGS]!
    const sender = rows[row | SENDER]!
    const sequence = kernel.nextSequence(sender)
    const { doubles, integers } = kernel.records
    integers[(packet << 4) | LINK] = direction + 1
    integers[(packet << 4) | WORD] = rows[row | NAME]!
    doubles[(packet << 3) | SEQUENCE] = sequence
    if ((flags & UNFUSED) !== 0) {
      this.pushSlowly(packet, direction, flags)
      return
    }
    integers[(packet << 4) | CLASS] = rows[row | KEY]!
    integers[(packet << 4) | SOURCE] = sender
    const profiles = this.profiles
    const profile = flags & PROFILE_MASK
    const { now } = kernel
    const bytes = integers[(packet << 4) | LENGTH]! + profiles[profile | FRAMING]!
    const wideRows = this.wideRows
    const wide = (direction << WIDE_ROW_BITS) | FREE_AT
    let start = wideRows[wide]!
    if (start <= now) start = now
    else if (!this.wait(packet, direction, now, start, bytes)) return
    let ticks = profiles[profile | LAST_TICKS]!
    if (bytes !== profiles[profile | LAST_BYTES]!) {
      ticks = Math.ceil((bytes * 8e9) / profiles[profile | RATE]!)
      profiles[profile | LAST_BYTES] = bytes
      profiles[profile | LAST_TICKS] = ticks
    }
    const end = start + ticks
    wideRows[wide] = end
    doubles[(packet << 3) | AT] = end + profiles[profile | DELAY]!
    let kind: EventKind = CROSSED
    if ((flags & LOSES) !== 0 && this.losses[direction]!.lost()) kind = this.doom(packet, direction)
    kernel.carry(packet, kind)
  }

  /** Makes a packet's arrival its loss. */
  private doom(packet: Packet, direction: DirectionId): EventKind {
    const { kernel } = this
    const sender = this.senderOf(direction)
    // A link without a rate loses what it sends at once, and an event at once may come before this one.
    const at = Math.max(this.wideRows[(direction << WIDE_ROW_BITS) | FREE_AT]!, kernel.now + 1)
    kernel.records.address(packet, at, kernel.keyOf(DELIVERY, sender, sender), sender)
    return LOST
  }

  isForesightNeeded(): boolean {
    return this.deliveries.isForesightNeeded()
  }

  /** Looks at who receives a packet that is about to come to a host. */
  foresee(packet: Packet): boolean {
    const receiver = this.kernel.records.integers[(packet << 4) | CLASS]! & RECEIVER_MASK
    const deliveries = this.deliveries
    return deliveries.prompt[receiver] !== 0 && deliveries.foresee(packet)
  }

  /** A packet's time on its way has come, at the node `receiver`: see `journey.ts`. */
  carried(packet: Packet, receiver: Rank, kind: EventKind): void {
    this.recorder.cause = UNCAUSED
    const { integers } = this.kernel.records
    const at = (packet << 4) | LINK
    const direction = integers[at]! - 1
    if (kind !== CROSSED || direction < 0) {
      this.end(packet, receiver, direction, kind)
      return
    }
    integers[at] = UNLINKED
    const deliveries = this.deliveries
    if (
      deliveries.prompt[receiver] === 0 ||
      !deliveries.deliver(packet, receiver, direction + FIRST_NUMBER, undefined)
    ) {
      this.nodes[receiver]!.receive(packet, direction)
    }
  }

  /** A packet that does not come over a link: a cut ends some where they are. */
  private end(packet: Packet, receiver: Rank, direction: DirectionId, kind: EventKind): void {
    if (kind === LOOPED) {
      this.nodes[receiver]!.receive(packet, LOOPBACK)
      return
    }
    if (direction >= 0 && kind === LOST) this.lose(packet, direction)
    else if (direction >= 0) {
      this.recorder.lost(receiver, NO_LINK, packet, this.pool.length(packet), 'IP header corrupted')
    }
    this.pool.free(packet)
  }

  /** The rank of the node that sends on a direction. */
  senderOf(direction: DirectionId): Rank {
    return this.rows[(direction << ROW_BITS) | SENDER]!
  }

  /** The largest packet that a direction carries, bytes. Whoever sends on it sees to that. */
  mtuOf(direction: DirectionId): number {
    return this.rows[(direction << ROW_BITS) | MTU]!
  }

  /** The recorder's number of a direction's name. */
  numberOf(direction: DirectionId): LinkNumber {
    return direction + FIRST_NUMBER
  }

  /** Cuts a direction: what waits or is under way is lost now, what comes is lost at once, until it is healed. */
  cut(direction: DirectionId): void {
    this.rows[(direction << ROW_BITS) | FLAGS] = this.rows[(direction << ROW_BITS) | FLAGS]! | CUT
    const gone = this.pool.onLink(direction)
    for (const packet of gone) this.record(packet, direction, 'link cut')
    this.wideRows[(direction << WIDE_ROW_BITS) | FREE_AT] = 0
    this.queues[direction]?.clear()
    this.chains[direction]?.clear()
    for (const packet of gone) this.endOnLink(packet, direction)
  }

  /** Ends a packet that a cut has found: the chain has let go what waits in it, an event holds what is planned, and nobody what never arrives. */
  private endOnLink(packet: Packet, direction: DirectionId): void {
    if (this.pool.link(packet) !== direction) return
    const isPlanned = this.kernel.records.integers[(packet << 4) | I_KIND]! < 0
    if (isPlanned) this.pool.kill(packet)
    else this.pool.free(packet)
  }

  /** Changes a direction for what comes from now on; one whose {@link Direction.changes} is true. */
  change(direction: DirectionId, change: DirectionChange): void {
    const chain = this.chains[direction] ?? bug(`direction ${direction} was not declared as one that changes`)
    chain.change(change)
  }

  /** The weather has changed: every direction that is a chain of stages takes it in. */
  refresh(): void {
    for (const chain of this.chains) chain?.refresh()
  }

  heal(direction: DirectionId): void {
    this.rows[(direction << ROW_BITS) | FLAGS] = this.rows[(direction << ROW_BITS) | FLAGS]! & ~CUT
  }

  /** False if the queue is full: then the packet is gone. */
  private wait(packet: Packet, direction: DirectionId, now: Ticks, start: Ticks, bytes: number): boolean {
    const queue = this.queues[direction]
    if (queue !== undefined && !queue.accept(now, start, bytes)) {
      this.record(packet, direction, 'queue full')
      this.pool.free(packet)
      return false
    }
    if (this.recorder.signalling) {
      const waitNs = (start - now) * this.kernel.tickNs
      this.recorder.queued(this.senderOf(direction), this.numberOf(direction), packet, waitNs)
    }
    return true
  }

  private pushSlowly(packet: Packet, direction: DirectionId, flags: number): void {
    if ((flags & CUT) === 0) {
      this.chains[direction]!.push(packet)
      return
    }
    this.record(packet, direction, 'link cut')
    this.pool.free(packet)
  }

  private lose(packet: Packet, direction: DirectionId): void {
    this.record(packet, direction, this.chains[direction]?.whyLost(packet) ?? 'lost on the medium')
  }

  private record(packet: Packet, direction: DirectionId, why: Parameters<Recorder['lost']>[4]): void {
    this.recorder.lost(this.senderOf(direction), this.numberOf(direction), packet, this.pool.length(packet), why)
  }

  private add(placed: PlacedDirection, id: DirectionId, wake: EventKind, around: LinkSurroundings): void {
    const { direction, path, faults } = placed
    const { kernel, weather, streams, chance } = around
    if (!(direction.delayNs >= 1000)) bug(`the delay of ${placed.name} is ${direction.delayNs} ns, less than 1000`)
    const delay = Math.max(1, Math.round(direction.delayNs / kernel.tickNs))
    const rate = (direction.rateBps ?? Number.POSITIVE_INFINITY) * kernel.tickNs
    const chained = !around.fused || faults !== undefined || chance !== undefined || !isPlain(direction)
    const chances = !chained && !weather.calm && direction.loss !== undefined
    const loss = chances ? lossModel(direction.loss, streams.take(`${path}/loss`)) : undefined
    const profile = this.profile(rate, delay, direction.framingBytes ?? 0)
    const flags = (loss ? LOSES : 0) | (chained ? CHAINED : 0) | profile
    const number = this.recorder.link(placed.name)
    assert(number === this.numberOf(id), `${placed.name} is the recorder's link ${number}, not ${this.numberOf(id)}`)
    const key = kernel.keyOf(DELIVERY, placed.receiver, placed.sender)
    this.rows.set([placed.sender, key, flags, direction.mtuBytes ?? ANY_SIZE], id << ROW_BITS)
    if (chained) {
      this.chains[id] = new Chain({ id, placed, number, wake, around })
      return
    }
    this.queues[id] = direction.queue && new DropTail(direction.queue)
    this.losses[id] = loss
  }

  /** Where the profile with these values begins, a new one if there is none. */
  private profile(rate: number, delay: Ticks, framingBytes: number): number {
    const profiles = this.profiles
    const wanted = [rate, delay, framingBytes]
    for (let at = 0; at < profiles.length; at += PROFILE) {
      if (wanted.every((value, index) => profiles[at + index] === value)) return at
    }
    const more = new Float64Array(profiles.length + PROFILE)
    more.set(profiles)
    more.set(wanted, profiles.length)
    this.profiles = more
    return profiles.length
  }
}
