// One message seen at several points of its way, before and after a box has translated it or rewritten it: found out where it was sent and
// where it was received, so that it is judged once at each end. What is seen again where it was sent first is sent again.

import type { Observation } from '../oracles/observation.ts'
import { Recent } from '../recent.ts'
import type { ObservationPoints } from './observationPoints.ts'

/** A packet, or the end of a message in a stream, at one point. */
export interface Sight {
  readonly seen: Exclude<Observation, { readonly kind: 'power' }>
  /** Where, by the number of the interface or finer. */
  readonly point: number
  /** The interface. */
  readonly interface: number
  readonly ttl: number
  /** IP's identification; 0 where it has none. */
  readonly id: number
  /** It goes no farther, and was not received. */
  readonly isLost: boolean
  /** By what it is known again; undefined for what is no message of SIP or RTP. */
  readonly key: string | undefined
}

/** Gets what was sent and received, in the order of times. */
export type Teller = (seen: Observation) => void

/** A trajectory goes on within this time from one point to the next; later it is taken for over, ns. */
const LONGEST_HOP_NS = 1e9
/** One packet passes several places of one machine within this time, ns. */
export const SAME_PACKET_NS = 5e6
const REMEMBERED = 20_000
const MOST_WAYS = 20_000

/** A sighting until it is known whether the message went on from there. */
interface Held extends Sight {
  readonly message: Message | undefined
  isStart: boolean
  wentOn: boolean
}

/** All sightings of what is the same message by its key, sent once or again. */
interface Message {
  start: Held | Sight
  /** Those that are still held, in their order. */
  readonly held: Held[]
  /** Where it was last seen that is no longer held, and not known to go on. */
  last: Sight | undefined
}

/** Takes sightings in the order of their times. Memory: what was seen in the last second, and the keys of what was seen lately. */
export class Trajectories {
  readonly #tell: Teller
  readonly #points: ObservationPoints
  readonly #signalling = new Recent<string, Message>(REMEMBERED)
  readonly #media = new Recent<string, Message>(REMEMBERED)
  /** Point and addresses of what is known to be on its way there: it ends elsewhere. */
  readonly #ways = new Recent<string, true>(MOST_WAYS)
  #held: Held[] = []
  #settled = 0

  constructor(points: ObservationPoints, tell: Teller) {
    this.#points = points
    this.#tell = tell
  }

  /** Takes a sighting; true if its message was seen before, on its way here. */
  take(sight: Sight): boolean {
    this.#settle(sight.seen.at - LONGEST_HOP_NS)
    const { key } = sight
    const known = sight.seen.kind === 'rtp' ? this.#media : this.#signalling
    let message = key === undefined ? undefined : known.get(key)
    const isNew = message === undefined
    if (message === undefined && key !== undefined) {
      message = { start: sight, held: [], last: undefined }
      known.set(key, message)
    }
    const isStart = isNew || this.#isSentAgain(sight, message!.start)
    const { seen, point, interface: place, ttl, id, isLost } = sight
    const held: Held = { seen, point, interface: place, ttl, id, isLost, key, message, isStart, wentOn: isLost }
    if (message !== undefined) this.#place(held, message)
    this.#held.push(held)
    return !held.isStart
  }

  /** Tells what is still held; call it once, at the end. */
  end(): void {
    this.#settle(Number.POSITIVE_INFINITY)
  }

  #isSentAgain(sight: Sight, start: Sight): boolean {
    if (sight.seen.from.address !== start.seen.from.address || sight.ttl < start.ttl) return false
    if (sight.point === start.point) return !isCopy(sight, start)
    const owner = this.#points.ownerOf(sight.interface)
    return owner !== undefined && owner === this.#points.ownerOf(start.interface)
  }

  /** Finds where the message came from to this point. */
  #place(held: Held, message: Message): void {
    const { start } = message
    if (held.isStart) message.start = held
    else if (held.point === start.point && isCopy(held, start)) held.wentOn = true
    else if (held.ttl > start.ttl && isHeld(start) && message.held.includes(start)) {
      // Clocks of several machines: what was seen first is farther on its way.
      start.isStart = false
      held.isStart = true
      held.wentOn = true
      message.start = held
    } else {
      const from = before(held, message.held)
      if (from !== undefined) from.wentOn = true
      const way = from ?? (message.last !== undefined && isBehind(message.last, held) ? message.last : undefined)
      if (way !== undefined) this.#ways.set(wayOf(way), true)
    }
    message.held.push(held)
  }

  #settle(until: number): void {
    while (this.#settled < this.#held.length && this.#held[this.#settled]!.seen.at <= until) {
      this.#tellOf(this.#held[this.#settled]!)
      this.#settled += 1
    }
    if (this.#settled < 1024 && this.#settled < this.#held.length) return
    this.#held = this.#held.slice(this.#settled)
    this.#settled = 0
  }

  #tellOf(held: Held): void {
    const { seen, message, isStart, wentOn } = held
    if (message !== undefined) {
      message.held.splice(message.held.indexOf(held), 1)
      if (!wentOn) message.last = held
    }
    const point = held.interface
    if (isStart) this.#tell({ ...seen, side: 'sent', where: this.#points.partyAt(point, seen.from.address) })
    if (wentOn || this.#ways.get(wayOf(held)) || !this.#points.mayEnd(point, seen.to.address)) return
    const received = { side: 'received', where: this.#points.partyAt(point, seen.to.address) } as const
    if (seen.kind !== 'rtp') this.#tell({ ...seen, ...received })
    else this.#tell({ ...seen, ...received, sentAs: (message?.start ?? held).seen })
  }
}

function isHeld(sight: Held | Sight): sight is Held {
  return 'isStart' in sight
}

/** One packet that a point has seen twice, as a port that mirrors both ends of a link does. */
function isCopy(sight: Sight, start: Sight): boolean {
  return (
    sight.id !== 0 && sight.id === start.id && sight.ttl === start.ttl && sight.seen.at - start.seen.at < SAME_PACKET_NS
  )
}

/** The sighting from which a packet came here: the same packet by its identification, or else the last that went on nowhere yet. */
function before(held: Held, others: readonly Held[]): Held | undefined {
  let found: Held | undefined
  for (const other of others) {
    if (other.wentOn || !isBehind(other, held)) continue
    if (found === undefined || other.id === held.id || found.id !== held.id) found = other
  }
  return found
}

/** True if a packet may come from `one` to `other`: hops take from its TTL, and it is at another point or another packet. */
function isBehind(one: Sight, other: Sight): boolean {
  return one.point === other.point ? one.ttl > other.ttl : one.ttl >= other.ttl
}

function wayOf({ point, seen: { from, to } }: Sight): string {
  return `${point} ${from.address} ${to.address}`
}
