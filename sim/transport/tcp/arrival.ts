// What becomes of a segment that has come for a connection: the steps of RFC 9293 §3.10.7.3 and §3.10.7.4, in its order.

import type { ControlBlock } from './block.ts'
import { ACK, FIN, RST, type Segment, SYN } from './header.ts'
import { advance, distance, isAcceptable, isBefore, isUpTo, type Sequence } from './sequence.ts'
import type { TcpEvent, TcpState } from './states.ts'
import { DELAYED_ACK, GIVE_UP, PERSIST, RTO, type Timers } from './timers.ts'
import type { Transmission } from './transmission.ts'
import type { Wire } from './wire.ts'

/** States in which the other side may still send data. */
const HEARING: ReadonlySet<TcpState> = new Set(['ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2'])

/** What the steps ask of their connection. */
export interface Arriving {
  readonly block: ControlBlock
  readonly timers: Timers
  readonly transmission: Transmission
  readonly wire: Wire
  /** The state machine takes an event. */
  handle(event: TcpEvent): void
  /** The next `length` bytes of the stream have come. */
  deliver(body: Uint8Array, at: number, length: number): void
  /** The send queue has become shorter. */
  freed(): void
}

/** Takes a segment in state SYN-SENT (§3.10.7.3). */
export function arriveInSynSent(to: Arriving, segment: Segment): void {
  const { block, wire, timers } = to
  const { flags, acknowledgment } = segment
  const acknowledges = (flags & ACK) !== 0
  if (acknowledges && (isUpTo(acknowledgment, block.iss) || isBefore(block.max, acknowledgment))) {
    if ((flags & RST) === 0) wire.resetAt(block, acknowledgment)
    return
  }
  if ((flags & RST) !== 0) {
    if (acknowledges) to.handle('RST')
    return
  }
  if ((flags & SYN) === 0) return
  takeSyn(block, segment)
  if (!acknowledges) {
    timers.clear(RTO)
    to.handle('SYN')
    return
  }
  const lostSyn = block.roundTrip.backedOff > 0
  acknowledgeSyn(to, acknowledgment)
  established(block, lostSyn)
  setWindow(block, segment, 0)
  to.handle('SYN ACK')
}

/** Takes the other side's SYN: its numbers and what it offers. */
export function takeSyn(block: ControlBlock, segment: Segment): void {
  block.irs = segment.sequence
  block.rcvNxt = advance(segment.sequence, 1)
  block.rcvEdge = block.rcvNxt
  block.lastAckSent = block.rcvNxt
  block.takeOffer(segment)
  if (block.stamped) block.recentStamp = segment.stamp
  setWindow(block, segment, 0)
}

/** Takes a segment in any later state (§3.10.7.4). */
export function arrive(to: Arriving, segment: Segment): void {
  const { block } = to
  if (block.state === 'SYN-RECEIVED' && !takeRepeatedSyn(to, segment)) return
  if (!isInOrder(to, segment)) return
  if ((segment.flags & RST) !== 0) {
    // RFC 5961 §3.2: exactly the next number, or it must be asked for.
    if (segment.sequence === block.rcvNxt) to.handle('RST')
    else challenge(to)
    return
  }
  if ((segment.flags & SYN) !== 0) {
    challenge(to) // RFC 5961 §4.2
    return
  }
  if ((segment.flags & ACK) === 0) return
  if (!takeAcknowledgment(to, segment)) return
  trim(block, segment)
  if (HEARING.has(block.state) && (segment.length > 0 || (segment.flags & FIN) !== 0)) takeText(to, segment)
}

/** Says where we stand to who cannot have known it: whoever does answers with a RST that counts. No more often than RFC 5961 §7 allows. */
function challenge({ block, transmission, wire }: Arriving): void {
  if (block.challenges.mayGo(wire.nowMs)) transmission.acknowledge()
}

/** A SYN that is said again while the handshake is under way; false if that is all there is to the segment. */
function takeRepeatedSyn({ block, timers, transmission }: Arriving, segment: Segment): boolean {
  if ((segment.flags & SYN) === 0 || segment.sequence !== block.irs) return true
  if ((segment.flags & ACK) === 0) {
    block.timing = false // Karn
    timers.set(RTO, block.roundTrip.rtoMs) // it has just been said again
    transmission.sendSyn()
    return false
  }
  segment.sequence = block.rcvNxt // simultaneous open: its SYN has come before
  segment.window >>= block.sendScale // a SYN's window is never scaled (RFC 7323 §2.2)
  segment.flags &= ~SYN
  return true
}

/** The first check: sequence numbers, and timestamps (RFC 7323 §5.3). What fails is answered with where we stand. */
function isInOrder(to: Arriving, segment: Segment): boolean {
  const { block } = to
  const isReset = (segment.flags & RST) !== 0
  const isOld = block.stamped && segment.stamped && isBefore(segment.stamp, block.recentStamp) && !isReset
  const window = distance(block.rcvNxt, block.rcvEdge)
  if (!isOld && isAcceptable(segment.sequence, segment.space, block.rcvNxt, window)) {
    if (block.stamped && segment.stamped && isUpTo(segment.sequence, block.lastAckSent)) {
      block.recentStamp = segment.stamp
    }
    return true
  }
  if (isReset) return false
  // A probe of a closed window: its acknowledgment counts (§3.10.7.4, first).
  if (!isOld && window === 0 && segment.sequence === block.rcvNxt && (segment.flags & (ACK | SYN)) === ACK) {
    takeAcknowledgment(to, segment)
  }
  if (block.state === 'TIME-WAIT' && (segment.flags & FIN) !== 0) to.handle('FIN')
  // Two sides that stand elsewhere would else answer each other's empty answers for ever; a keep-alive is just before the window.
  else if (segment.space > 0 || distance(segment.sequence, block.rcvNxt) === 1) block.ackNow = true
  else challenge(to)
  return false
}

/** The fifth step: false if the segment is to be dropped. */
function takeAcknowledgment(to: Arriving, segment: Segment): boolean {
  const { block } = to
  const { acknowledgment: ack } = segment
  if (block.isOpening) {
    if (isUpTo(ack, block.iss) || isBefore(block.max, ack)) {
      to.wire.resetAt(block, ack)
      return false
    }
    const lostSyn = block.roundTrip.backedOff > 0
    acknowledgeSyn(to, ack)
    established(block, lostSyn)
    setWindow(block, segment, block.sendScale)
    to.handle('ACK of SYN')
    return true
  }
  // RFC 5961 §5.2: of what was sent, and no older than the largest window allows.
  if (isBefore(block.max, ack) || isBefore(ack, advance(block.una, -block.largestWindow))) {
    challenge(to)
    return false
  }
  const isNew = isBefore(block.una, ack)
  if (isNew) advanceTo(to, ack, segment)
  if (block.selective) noteBlocks(to, segment)
  else if (!isNew && ack === block.una) noteDuplicate(to, segment)
  takeWindow(to, segment, isNew)
  return true
}

function advanceTo(to: Arriving, ack: Sequence, segment: Segment): void {
  const { block, timers, transmission } = to
  const { congestion, queue } = block
  measure(to, ack, segment)
  const hadFin = block.finAcknowledged
  const bytes = distance(block.una, ack)
  block.una = ack
  if (isBefore(block.nxt, ack)) block.nxt = ack
  queue.acknowledge(isBefore(queue.end, ack) ? queue.end : ack)
  if (!block.scoreboard.isEmpty) block.scoreboard.acknowledge(ack)
  const advice = congestion.acknowledged(ack, bytes, block.flight)
  timers.clear(PERSIST)
  block.unheard = 0
  if (ack === block.max) {
    timers.clear(RTO)
    timers.clear(GIVE_UP)
  } else {
    timers.set(GIVE_UP, block.settings.giveUpMs)
    if (congestion.restartsTimer) timers.set(RTO, block.roundTrip.rtoMs)
  }
  if (advice === 'retransmit') transmission.sendAgain()
  if (block.finAcknowledged && !hadFin) to.handle('ACK of FIN')
  to.freed()
}

/** RFC 5681 §2: says nothing new, though something is on its way. */
function noteDuplicate({ block, transmission }: Arriving, segment: Segment): void {
  if (block.flight === 0 || segment.space > 0 || segment.window << block.sendScale !== block.window) return
  const advice = block.congestion.duplicate(block.una, block.flight, block.max)
  if (advice === 'retransmit') transmission.sendAgain()
}

/** RFC 6675 §5: what it tells of blocks beyond a hole, however old it is; with news in it, it counts as a duplicate. */
function noteBlocks({ block, transmission }: Arriving, { blocks, blockNumbers }: Segment): void {
  const { scoreboard, una, max, mss } = block
  let isNews = false
  for (let n = 0; n + 1 < blockNumbers; n += 2) {
    if (scoreboard.take(blocks[n]!, blocks[n + 1]!, una, max)) isNews = true
  }
  if (!isNews) return
  const advice = block.congestion.noticed(una, block.flight, max, scoreboard.isLost(mss))
  if (advice === 'retransmit') transmission.beginRecovery()
}

/** A newer window; what acknowledges more is newer, also if it was sent again and so begins earlier than the last that was heard. */
function takeWindow({ block, timers }: Arriving, segment: Segment, isNew: boolean): void {
  const { sequence, acknowledgment } = segment
  if (isBefore(acknowledgment, block.una)) return
  const isNewer =
    isNew || isBefore(block.wl1, sequence) || (block.wl1 === sequence && isUpTo(block.wl2, acknowledgment))
  if (!isNewer) return
  setWindow(block, segment, block.sendScale)
  if (timers.isSet(PERSIST)) timers.set(GIVE_UP, block.settings.giveUpMs)
}

function setWindow(block: ControlBlock, { window, sequence, acknowledgment }: Segment, scale: number): void {
  block.window = window << scale
  block.wl1 = sequence
  block.wl2 = acknowledgment
  block.largestWindow = Math.max(block.largestWindow, block.window)
}

function acknowledgeSyn(to: Arriving, ack: Sequence): void {
  const { block, timers } = to
  if (block.timing && block.roundTrip.backedOff === 0) {
    block.roundTrip.measured(to.wire.nowMs - block.timedAtMs)
  }
  block.timing = false
  block.roundTrip.lostSyn()
  block.una = ack
  timers.clear(RTO)
  timers.clear(GIVE_UP)
}

function established(block: ControlBlock, lostSyn: boolean): void {
  block.congestion.established(block.mss, lostSyn, block.selective)
}

/** A round trip, of what was sent once (Karn); by timestamps also of what was sent again (RFC 7323 §4.1). */
function measure({ block, wire }: Arriving, ack: Sequence, segment: Segment): void {
  const { roundTrip } = block
  if (block.timing) {
    if (isBefore(ack, block.timed)) return
    block.timing = false
    roundTrip.measured(wire.nowMs - block.timedAtMs)
  } else if (block.stamped && segment.stamped && segment.echo !== 0) {
    roundTrip.measured(Math.max(0, distance(segment.echo, wire.stamp)))
  }
}

/** Cuts off what has come before, and what is beyond the window. */
function trim(block: ControlBlock, segment: Segment): void {
  const early = distance(segment.sequence, block.rcvNxt)
  if (early > 0) {
    const cut = Math.min(early, segment.length)
    segment.sequence = advance(segment.sequence, cut)
    segment.at += cut
    segment.length -= cut
    if (early > cut) segment.flags &= ~FIN
    block.ackNow = true
  }
  const beyond = distance(block.rcvEdge, advance(segment.sequence, segment.length))
  if (beyond > 0) {
    segment.length = Math.max(0, segment.length - beyond)
    segment.flags &= ~FIN
    block.ackNow = true
  }
}

/** The seventh and eighth steps: data in its turn goes on, else it waits for what is missing. */
function takeText(to: Arriving, segment: Segment): void {
  const { block } = to
  const { sequence, body, at, length } = segment
  const fin = (segment.flags & FIN) !== 0
  if (sequence !== block.rcvNxt) {
    if (length > 0 || fin) block.reassembly.add({ sequence, body, at, length, fin })
    block.ackNow = true
    return
  }
  if (length > 0) take(to, body, at, length)
  if (block.reassembly.isEmpty) {
    if (fin) takeFin(to)
    else delay(to, length)
    return
  }
  block.ackNow = true // RFC 5681 §4.2: a hole is filled, or some of it
  let ended = fin
  for (let piece = block.reassembly.take(block.rcvNxt); piece !== undefined && !ended; ) {
    take(to, piece.body, piece.at, piece.length)
    ended = piece.fin
    piece = block.reassembly.take(block.rcvNxt)
  }
  if (ended) takeFin(to)
}

function take(to: Arriving, body: Uint8Array, at: number, length: number): void {
  to.block.rcvNxt = advance(to.block.rcvNxt, length)
  if (length > 0) to.deliver(body, at, length)
}

function takeFin(to: Arriving): void {
  const { block } = to
  if (!HEARING.has(block.state)) return
  block.reassembly.clear()
  block.rcvNxt = advance(block.rcvNxt, 1)
  if (isBefore(block.rcvEdge, block.rcvNxt)) block.rcvEdge = block.rcvNxt
  to.handle('FIN')
}

/** RFC 9293 §3.8.6.3: an acknowledgment may wait, but not that of every second full-sized segment. */
function delay({ block, timers }: Arriving, length: number): void {
  if (length === 0) return
  block.unacked += length
  block.longestReceived = Math.max(block.longestReceived, length)
  if (block.unacked >= 2 * block.longestReceived || block.settings.delayedAckMs === 0) block.ackNow = true
  else if (!timers.isSet(DELAYED_ACK)) timers.set(DELAYED_ACK, block.settings.delayedAckMs)
}
