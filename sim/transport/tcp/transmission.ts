// What a connection sends, and when: RFC 9293 §3.8.6 (windows, silly ones avoided), RFC 5681 (no more than the network bears).

import type { ControlBlock } from './block.ts'
import { ACK, blocksBytes, FIN, mostBlocks, PSH, RST, SYN } from './header.ts'
import { advance, distance, isBefore, type Sequence } from './sequence.ts'
import { DELAYED_ACK, GIVE_UP, PERSIST, RTO, type Timers } from './timers.ts'
import type { Wire } from './wire.ts'

const NO_DATA = new Uint8Array(0)

/** Sends for one connection. */
export class Transmission {
  readonly #block: ControlBlock
  readonly #timers: Timers
  readonly #wire: Wire

  constructor(block: ControlBlock, timers: Timers, wire: Wire) {
    this.#block = block
    this.#timers = timers
    this.#wire = wire
  }

  /** Sends our SYN, or SYN ACK, for the first time or again. */
  sendSyn(): void {
    const block = this.#block
    const answers = block.state === 'SYN-RECEIVED'
    const isFirst = block.max === block.iss
    this.#openWindow()
    block.max = advance(block.iss, 1)
    block.nxt = block.max
    const window = Math.min(65_535, distance(block.rcvNxt, block.rcvEdge))
    this.#wire.sendSyn(block, answers ? SYN | ACK : SYN, window)
    if (isFirst) this.#note(block.max)
    this.#expect(block.settings.giveUpOpeningMs)
  }

  /** Sends all that may be sent now, and the acknowledgment that is due, alone if it finds no company. */
  send(): void {
    const block = this.#block
    if (!block.isOpening) {
      this.#restartAfterIdling()
      if (block.selective && block.congestion.recovering) this.#fillPipe()
      else while (this.#sendNext(block.congestion.window + block.congestion.limitedTransmit - this.onItsWay));
      this.#persist()
    }
    if (block.ackNow) this.acknowledge()
  }

  /**
   * An acknowledgment alone. After a timeout NXT has fallen back, and a segment from there the other side may have had and would drop: so
   * it has the highest number sent, but for a probe's byte, which may not have been taken.
   */
  acknowledge(): void {
    this.#transmit(this.next, ACK, NO_DATA, 0, 0)
  }

  /** RST for a connection that the other side knows. */
  reset(): void {
    this.#wire.send(this.#block, this.next, RST | ACK, 0, NO_DATA, 0, 0)
  }

  /** The number of a segment that carries none. */
  private get next(): Sequence {
    const { nxt, max } = this.#block
    return this.#timers.isSet(PERSIST) ? nxt : max
  }

  /** The first unacknowledged segment, once more. */
  sendAgain(): void {
    const block = this.#block
    block.timing = false
    const length = Math.min(this.most, this.#lengthUpTo(block.una, block.max), Math.max(1, block.window))
    this.#sendAt(block.una, Math.max(0, length))
    this.#expect(block.settings.giveUpMs)
  }

  /** By selective acknowledgments, the first hole is lost: it is filled at once, the others as the window allows (RFC 6675 §5, step 4). */
  beginRecovery(): void {
    const block = this.#block
    block.nxt = block.max
    const { start, end } = block.scoreboard.holeFrom(block.una, block.max)
    block.scoreboard.begin(this.#fill(start, end))
  }

  /** RFC 6675 §5, step C: as long as the network bears one more segment, what NextSeg (§4) says is next. */
  #fillPipe(): void {
    const { una, max, mss, scoreboard, congestion } = this.#block
    const pipe = scoreboard.pipe(una, max, mss)
    let allowed = congestion.window - pipe
    while (allowed >= mss) {
      const sent = this.#fillNext()
      if (sent === 0) return
      allowed -= sent
    }
  }

  /** Sends the one segment that is next in a recovery; gives the sequence space used, 0 if there is none. */
  #fillNext(): number {
    const block = this.#block
    const { una, max, mss, scoreboard } = block
    const lost = scoreboard.next(una, mss, false)
    const { nxt } = block
    if (lost === undefined && this.#sendNext(mss)) return distance(nxt, block.nxt)
    const hole = lost ?? scoreboard.next(una, mss, true)
    if (hole !== undefined) {
      const end = this.#fill(hole.start, hole.end)
      scoreboard.refilled(end)
      return distance(hole.start, end)
    }
    const last = scoreboard.rescue(una, max, this.most)
    return last === undefined ? 0 : distance(last.start, this.#fill(last.start, last.end))
  }

  /** Sends a segment of what stands from `start` to `end` again; gives where it ended. */
  #fill(start: Sequence, end: Sequence): Sequence {
    const block = this.#block
    block.timing = false
    const sent = this.#sendAt(start, Math.max(0, Math.min(this.most, this.#lengthUpTo(start, end))))
    this.#expect(block.settings.giveUpMs)
    return advance(start, sent)
  }

  /** Data from `start` up to `end`, which FIN may stand before. */
  #lengthUpTo(start: Sequence, end: Sequence): number {
    const { queue } = this.#block
    return distance(start, isBefore(end, queue.end) ? end : queue.end)
  }

  /** The most data in a segment now: blocks take some of the room. */
  private get most(): number {
    const { mss, reassembly } = this.#block
    return reassembly.isEmpty ? mss : mss - blocksBytes(this.#blocksBeside(mss))
  }

  /** How many blocks go with a segment of data: none where they would take more than half of it. */
  #blocksBeside(mss: number): number {
    const block = this.#block
    if (!block.selective || block.reassembly.isEmpty) return 0
    const most = Math.floor((mss / 2 - blocksBytes(1)) / 8) + 1
    return Math.max(0, Math.min(mostBlocks(block.stamped), most))
  }

  /** Bytes on their way before NXT: what is known to have arrived is not. */
  private get onItsWay(): number {
    const { una, nxt, scoreboard } = this.#block
    return distance(una, nxt) - (scoreboard.isEmpty ? 0 : scoreboard.bytesBefore(nxt))
  }

  /** The retransmission timer has fired: back to the first unacknowledged byte, one segment at first (RFC 6298 §5.4–5.6). */
  goBack(): void {
    const block = this.#block
    if (block.isOpening) {
      this.sendSyn()
      return
    }
    block.nxt = block.una
    block.timing = false
    if (block.selective) block.congestion.endRecovery()
    this.send()
  }

  /** One byte beyond a closed window, or what fits in one that is too small (RFC 9293 §3.8.6.1). */
  probe(): void {
    const block = this.#block
    const fits = Math.max(1, Math.min(block.window, block.mss))
    const left = distance(block.nxt, block.queue.end)
    this.#sendAt(block.nxt, Math.min(fits, left))
    block.timing = false
    if (block.window > 0) {
      block.nxt = block.max
      this.#expect(block.settings.giveUpMs)
    }
  }

  /** A keep-alive: a sequence number that the other side has had (RFC 9293 §3.8.4). */
  keepAlive(): void {
    this.#transmit(advance(this.#block.nxt, -1), ACK, NO_DATA, 0, 0)
  }

  /** Sends the next segment, if the network bears `borne` bytes more; false if nothing more may be sent now. */
  #sendNext(borne: number): boolean {
    const block = this.#block
    const { una, queue, scoreboard } = block
    let most = this.most
    if (isBefore(block.nxt, block.max) && !scoreboard.isEmpty) {
      const { start, end } = scoreboard.holeFrom(block.nxt, block.max)
      block.nxt = start
      if (isBefore(start, block.max)) most = Math.min(most, distance(start, end))
    }
    const { nxt } = block
    const left = distance(nxt, queue.end)
    const fin = block.finQueued && left >= 0
    if (left <= 0 && !(fin && left === 0)) return false
    const allowed = Math.min(block.window - distance(una, nxt), borne)
    if (allowed <= 0) return false
    const length = Math.min(left, most, allowed)
    if (length < most && !this.#mayBeSmall(length, left)) return false
    block.nxt = advance(nxt, this.#sendAt(nxt, length))
    this.#expect(block.settings.giveUpMs)
    return true
  }

  /** RFC 9293 §3.8.6.2.1 and §3.7.4: may a segment go out that is not full? */
  #mayBeSmall(length: number, left: number): boolean {
    const block = this.#block
    if (isBefore(block.nxt, block.max)) return true
    const idle = block.nxt === block.una
    if (length === left) return idle || block.finQueued || !block.settings.nagle
    return idle && length * 2 >= block.largestWindow
  }

  /** Sends `length` bytes of the queue from `sequence` on, and FIN if the queue ends there; gives the sequence space used. */
  #sendAt(sequence: Sequence, length: number): number {
    const block = this.#block
    const { queue } = block
    const after = advance(sequence, length)
    const isLast = after === queue.end
    const fin = isLast && block.finQueued
    const flags = ACK | (isLast && length > 0 ? PSH : 0) | (fin ? FIN : 0)
    if (length > 0) {
      queue.look(sequence, length)
      this.#transmit(sequence, flags, queue.body, queue.at, length)
    } else this.#transmit(sequence, flags, NO_DATA, 0, 0)
    const end = fin ? advance(after, 1) : after
    if (isBefore(block.max, end)) {
      block.max = end
      this.#note(end)
    }
    return distance(sequence, end)
  }

  #transmit(sequence: Sequence, flags: number, body: Uint8Array, at: number, length: number): void {
    const block = this.#block
    this.#openWindow()
    const window = distance(block.rcvNxt, block.rcvEdge) >> block.receiveScale
    block.ackNow = false
    block.unacked = 0
    block.lastAckSent = block.rcvNxt
    this.#timers.clear(DELAYED_ACK)
    if (block.selective && !block.reassembly.isEmpty && this.#sendWithBlocks(sequence, flags, window, body, at, length))
      return
    this.#wire.send(block, sequence, flags, window, body, at, length)
  }

  /** Tells of what waits beyond a hole as well; false where there is no room. */
  #sendWithBlocks(
    sequence: Sequence,
    flags: number,
    window: number,
    body: Uint8Array,
    at: number,
    length: number,
  ): boolean {
    const block = this.#block
    const most = length === 0 ? mostBlocks(block.stamped) : this.#blocksBeside(block.mss)
    const numbers = most === 0 ? [] : block.reassembly.blocks(most)
    if (numbers.length === 0) return false
    this.#wire.sendWithBlocks(block, sequence, flags, window, body.subarray(at, at + length), numbers)
    return true
  }

  /** Moves the window's right edge, if by enough (RFC 9293 §3.8.6.2.2), so that the field can say it exactly. */
  #openWindow(): void {
    const block = this.#block
    const { room, receiveScale: scale } = block
    const open = distance(block.rcvNxt, block.rcvEdge)
    const enough = Math.min(block.settings.receiveBufferBytes / 2, block.mss)
    const wanted = room - open >= enough ? room : Math.max(0, open)
    const unit = 1 << scale
    block.rcvEdge = advance(block.rcvNxt, Math.min(65_535, Math.ceil(wanted / unit)) * unit)
  }

  /** True if an acknowledgment now would open the window by so much that the other side should know. */
  get isWindowNews(): boolean {
    const block = this.#block
    const open = distance(block.rcvNxt, block.rcvEdge)
    return block.room - open >= Math.min(block.settings.receiveBufferBytes / 2, 2 * block.mss)
  }

  /** Begins to measure a round trip, if none is being measured. */
  #note(end: Sequence): void {
    const block = this.#block
    block.sentAtMs = this.#wire.nowMs
    if (block.timing) return
    block.timing = true
    block.timed = end
    block.timedAtMs = block.sentAtMs
  }

  /** Something is on its way: its acknowledgment is awaited. */
  #expect(giveUpMs: number): void {
    const timers = this.#timers
    if (timers.isSet(RTO)) return
    timers.set(RTO, this.#block.roundTrip.rtoMs)
    if (!timers.isSet(GIVE_UP)) timers.set(GIVE_UP, giveUpMs)
  }

  #restartAfterIdling(): void {
    const block = this.#block
    if (block.flight > 0 || block.max !== block.nxt) return
    if (this.#wire.nowMs - block.sentAtMs > block.roundTrip.rtoMs) block.congestion.idled()
  }

  /** Nothing is on its way, something waits, and the window does not let it go: the other side must be asked. */
  #persist(): void {
    const block = this.#block
    const waits = distance(block.nxt, block.queue.end) > 0 || (block.finQueued && block.nxt === block.queue.end)
    if (!waits || block.flight > 0) {
      this.#timers.clear(PERSIST)
      block.unheard = 0
      return
    }
    if (this.#timers.isSet(PERSIST)) return
    this.#timers.set(PERSIST, block.roundTrip.persistMs(block.unheard))
    if (!this.#timers.isSet(GIVE_UP)) this.#timers.set(GIVE_UP, block.settings.giveUpMs)
  }
}
