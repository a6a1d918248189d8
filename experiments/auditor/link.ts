// One direction of a link under audit: what was handed to it, how early each packet can be through, and in what order they came out.

import type { LinkFacts } from './law.ts'

/** A packet's copy on its way through a direction. */
export interface Passage {
  /** ns. */
  readonly handedAt: number
  /** Before this it cannot have arrived, ns. */
  readonly earliestAt: number
  /** It was the direction's n-th. */
  readonly ordinal: number
  /** On the wire. */
  readonly bytes: number
  /** What it keeps the transmitter for, ns. */
  readonly airNs: number
  /** When the transmitter was free before it, as the audit counts. */
  readonly freeBefore: number
  /** A copy that the link itself made: it does not keep its place. */
  readonly copy: boolean
}

/**
 * The audit's own account of a direction. It only ever errs to the link's advantage: a packet of which it is not known that it used the
 * air counts as if it had not.
 */
export class AuditedLink {
  readonly facts: LinkFacts
  #count = 0
  #lastArrived = 0
  /** The earliest time at which the transmitter can be free, ns. */
  #freeAt = 0
  /** The same, counted as packets arrive: where the queue chooses its own order, or has dropped what was counted. */
  #wireFreeAt = 0
  #arrivedAt = -1
  /** The most tokens that the shaper can have, bytes, and when it has them, ns. */
  #tokens: number
  #tokensAt = 0
  /** Air time of packets that were counted, then lost in the queue after others had come: given back for good, ns. */
  #forgivenNs = 0

  constructor(facts: LinkFacts) {
    this.facts = facts
    this.#tokens = facts.shaper?.burstBytes ?? 0
  }

  /** A packet of `bytes` IP bytes is handed to the direction. */
  hand(at: number, bytes: number): Passage {
    const { rateBps, delayNs, framingBytes = 0, queueKeepsOrder } = this.facts
    const onWire = bytes + framingBytes
    const airNs = rateBps === undefined ? 0 : (onWire * 8e9) / rateBps
    const freeBefore = this.#freeAt
    const start = queueKeepsOrder ? Math.max(at, freeBefore) : at
    if (queueKeepsOrder) this.#freeAt = start + airNs
    this.#count += 1
    const earliestAt = start + airNs + delayNs
    return { handedAt: at, earliestAt, ordinal: this.#count, bytes: onWire, airNs, freeBefore, copy: false }
  }

  /** The packet was lost before it used the air. */
  takeBack(passage: Passage): void {
    if (passage.copy) return
    if (passage.ordinal === this.#count) this.#freeAt = passage.freeBefore
    else this.#forgivenNs += passage.airNs
  }

  /** How much too early an arrival at `at` is by distance alone, ns; 0 or less for none. */
  tooEarlyForLight(passage: Passage, at: number): number {
    return passage.handedAt + this.facts.delayNs - at
  }

  /**
   * How much too early it is if the rate was kept for all that went before, ns; 0 or less for none. Ask once, before `arrive`. `inTurn` is
   * false for what came at another time than `at`: it says nothing of those that come now.
   */
  tooEarlyForRate(passage: Passage, at: number, inTurn: boolean): number {
    const { queueKeepsOrder, arriveInOrder, mediumKeepsOrder = arriveInOrder, delayNs } = this.facts
    const asHanded = passage.earliestAt - this.#forgivenNs - at
    if (!mediumKeepsOrder || passage.copy || !inTurn) return asHanded
    const start = Math.max(this.#wireFreeAt, passage.handedAt)
    // Of several that arrive at one time nobody knows which was sent first, and whose tokens it waited for: only the first is asked.
    const isTied = at === this.#arrivedAt
    this.#arrivedAt = at
    this.#wireFreeAt = (isTied ? start : this.#spend(passage.bytes, start)) + passage.airNs
    const asArrived = this.#wireFreeAt + delayNs - at
    return queueKeepsOrder ? Math.max(asHanded, asArrived) : asArrived
  }

  /** When the shaper has tokens for so many bytes, `at` ns or later, which are spent then: a packet longer than the bucket needs a full one. */
  #spend(bytes: number, at: number): number {
    const { shaper } = this.facts
    if (shaper === undefined) return at
    const perNs = shaper.rateBps / 8e9
    const wanted = Math.min(bytes, shaper.burstBytes)
    const start = Math.max(at, this.#tokensAt + (wanted - this.#tokens) / perNs)
    this.#tokens = Math.min(shaper.burstBytes, this.#tokens + (start - this.#tokensAt) * perNs) - bytes
    this.#tokensAt = start
    return start
  }

  /** Notes an arrival; false if a later packet came before it though order is promised. */
  arrive(passage: Passage): boolean {
    if (!this.facts.arriveInOrder || passage.copy) return true
    if (passage.ordinal < this.#lastArrived) return false
    this.#lastArrived = passage.ordinal
    return true
  }
}
