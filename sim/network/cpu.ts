// A host's processor while it is slow or frozen: packets that have come, timers that are due and what the scenario asks stand in one line,
// and each is served in its turn. A host whose processor is as fast as ever has none, and pays nothing.

import { type Bell, type Callback, ring } from '../../platform/bell.ts'
import { DELIVERY, type EventKind, type Rank, type Ticks } from '../kernel/event.ts'
import type { TimerId } from '../kernel/timers.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import { NO_LINK } from '../trace/recorder.ts'
import type { DirectionId } from './direction.ts'
import type { Node, World } from './node.ts'
import type { Packet } from './packet.ts'
import type { QueueLimit } from './queue.ts'

/** What each thing costs. */
export interface CpuLoad {
  /** The time that one packet takes, ns, 0 or more; above 0 a tick at least. */
  readonly packetNs: number
  /** The time that one timer takes, or one thing that the scenario asks, ns, 0 or more; above 0 a tick at least. */
  readonly timerNs: number
}

/** What may wait before it is served, IP bytes or packets: as much as a Linux socket's buffer has by default. */
export const SOCKET_BUFFER: QueueLimit = { bytes: 212_992 }

const NO_PACKET: Packet = -1
const NO_ID: TimerId = -1
const NOTHING: Work = { packet: NO_PACKET, direction: -1, id: NO_ID, perform: () => {}, bytes: 0 }

/** A host, as its processor needs it. */
type Machine = Node & { readonly power: boolean }

/** One thing to be done: a packet's delivery, or a call of `perform`. */
interface Work {
  readonly packet: Packet
  readonly direction: DirectionId
  readonly id: TimerId
  readonly perform: () => void
  readonly bytes: number
}

/** What a timer calls that was pending when the processor began to stand before its host, or was set since: once, however often it began. */
class Turn implements Bell {
  readonly callback: Callback
  id: TimerId
  readonly #fire: (turn: Turn) => void

  constructor(fire: (turn: Turn) => void, callback: Callback, id = NO_ID) {
    this.#fire = fire
    this.callback = callback
    this.id = id
  }

  ring(): void {
    this.#fire(this)
  }
}

/** One host's processor. It stands before the host as long as it is slow or frozen, or something waits. */
export class Cpu {
  readonly #world: World
  readonly #host: Machine
  readonly #engage: (cpu: Cpu | undefined) => void
  readonly #served: EventKind
  readonly #thawed: EventKind
  readonly #line: Work[] = []
  /** What is being served. */
  #current: Work | undefined
  /** Its time was over while the host was frozen. */
  #overdue = false
  #load: CpuLoad | undefined
  #limit: QueueLimit = SOCKET_BUFFER
  /** What may wait while it stands still. */
  #frozenLimit: QueueLimit = SOCKET_BUFFER
  /** The packets in line. */
  #packets = 0
  #bytes = 0
  #frozen = false
  #engaged = false

  /** A timer is due. */
  readonly #fire = ({ id, callback }: Turn): void => {
    if (this.#engaged) this.#take({ ...NOTHING, id, perform: () => ring(callback) })
    else ring(callback)
  }

  /** `engage` puts the processor before its host, or takes it away. */
  constructor(world: World, host: Machine, engage: (cpu: Cpu | undefined) => void) {
    this.#world = world
    this.#host = host
    this.#engage = engage
    this.#served = world.kernel.on(() => this.#end())
    this.#thawed = world.kernel.on(() => this.#resume())
  }

  /** From now on each thing has its cost, and `limit` is what may wait; undefined: no cost. */
  load(load: CpuLoad | undefined, limit: QueueLimit = SOCKET_BUFFER): void {
    this.#load = load
    this.#limit = limit
    this.#begin()
    this.#start()
  }

  /** Nothing is served until it thaws; `limit` is what may wait meanwhile. */
  freeze(limit: QueueLimit): void {
    this.#frozen = true
    this.#frozenLimit = limit
    this.#begin()
  }

  thaw(): void {
    this.#frozen = false
    this.#plan(this.#thawed, 0)
  }

  /** A packet has come. Without power nothing waits: it is lost at once. */
  receive(packet: Packet, direction: DirectionId): void {
    if (!this.#host.power) {
      this.#host.receive(packet, direction)
      return
    }
    const { pool, recorder } = this.#world
    const bytes = pool.length(packet)
    if (this.#isFull(bytes)) {
      recorder.lost(this.#host.rank, NO_LINK, packet, bytes, 'socket buffer full')
      pool.free(packet)
      return
    }
    this.#take({ packet, direction, id: NO_ID, perform: () => this.#host.receive(packet, direction), bytes })
  }

  /** A timer that is set while the processor stands before its host. */
  after(rank: Rank, ticks: Ticks, callback: Callback): TimerId {
    const turn = new Turn(this.#fire, callback)
    turn.id = this.#world.kernel.after(rank, ticks, turn)
    return turn.id
  }

  /** Takes a timer back that is due and has not been served. */
  cancel(id: TimerId): void {
    const place = this.#line.findIndex((work) => work.id === id)
    if (place >= 0) this.#line.splice(place, 1)
    else if (this.#current?.id === id) this.#current = NOTHING
  }

  /** What the scenario asks. */
  ask(perform: () => void): void {
    if (this.#host.power) this.#take({ ...NOTHING, perform })
    else perform()
  }

  /** The programs are gone, and their timers; without `power` the packets as well. */
  clear(power: boolean): void {
    const gone = [...(this.#current === undefined ? [] : [this.#current]), ...this.#line]
    if (this.#current !== undefined && !(power && isPacket(this.#current))) this.#current = NOTHING
    this.#line.splice(0, this.#line.length, ...(power ? this.#line.filter(isPacket) : []))
    if (!power) [this.#packets, this.#bytes] = [0, 0]
    const { pool, recorder } = this.#world
    for (const { packet, bytes } of power ? [] : gone.filter(isPacket)) {
      recorder.lost(this.#host.rank, NO_LINK, packet, bytes, 'host without power')
      pool.free(packet)
    }
  }

  #take(work: Work): void {
    this.#line.push(work)
    this.#count(work, 1)
    this.#start()
  }

  /** Begins with what stands first; what costs nothing is done at once. */
  #start(): void {
    while (this.#line.length > 0 && !this.#frozen && this.#current === undefined) {
      const work = this.#line.shift()!
      this.#count(work, -1)
      const ns = this.#costNs(work)
      if (ns === 0) this.#perform(work)
      else {
        this.#current = work
        // A tick at least: a timer's turn comes after all deliveries of its tick.
        this.#plan(this.#served, Math.max(1, Math.round(ns / this.#world.kernel.tickNs)))
      }
    }
    this.#rest()
  }

  /** The time of what is being served is over. */
  #end(): void {
    if (this.#frozen) {
      this.#overdue = true
      return
    }
    const work = this.#current ?? NOTHING
    this.#current = undefined
    this.#perform(work)
    this.#start()
  }

  #resume(): void {
    if (this.#frozen) return
    if (this.#overdue) {
      this.#overdue = false
      this.#end()
    } else this.#start()
  }

  #perform({ perform }: Work): void {
    this.#world.recorder.cause = NO_CAUSE
    perform()
  }

  #costNs(work: Work): number {
    if (this.#load === undefined) return 0
    return isPacket(work) ? this.#load.packetNs : this.#load.timerNs
  }

  #isFull(bytes: number): boolean {
    const limit = this.#frozen ? this.#frozenLimit : this.#limit
    if ('packets' in limit) return this.#packets >= limit.packets
    return this.#bytes + bytes > limit.bytes
  }

  /** Keeps count of the packets that wait. */
  #count(work: Work, change: 1 | -1): void {
    if (!isPacket(work)) return
    this.#packets += change
    this.#bytes += change * work.bytes
  }

  #plan(kind: EventKind, ticks: Ticks): void {
    const { kernel } = this.#world
    const { rank } = this.#host
    kernel.schedule(kernel.now + ticks, DELIVERY, rank, rank, kernel.nextSequence(rank), kind, 0, 0)
  }

  /** Stands before the host from now on. */
  #begin(): void {
    if (this.#engaged) return
    this.#engaged = true
    this.#engage(this)
    const { kernel } = this.#world
    kernel.changeTimers(this.#host.rank, (at, callback, id) => {
      return { at, callback: callback instanceof Turn ? callback : new Turn(this.#fire, callback, id) }
    })
  }

  /** Steps aside if nothing is left to do. */
  #rest(): void {
    const idle = this.#current === undefined && this.#line.length === 0
    if (!this.#engaged || this.#frozen || this.#load !== undefined || !idle) return
    this.#engaged = false
    this.#engage(undefined)
  }
}

function isPacket({ packet }: Work): boolean {
  return packet !== NO_PACKET
}
