// A connection: its state machine's steps, its timers' effects and its program's wishes. What it decides stands in its parts.

import type { Connection, ConnectionEnd, ConnectionReceiver } from '../../../platform/connection.ts'
import type { Unreachable } from '../../../platform/host.ts'
import type { HostTrace } from '../../../platform/trace.ts'
import type { KnownEndpoint } from '../../network/endpoint.ts'
import { Tap } from '../tap.ts'
import { type Arriving, arrive, arriveInSynSent, takeSyn } from './arrival.ts'
import type { ControlBlock } from './block.ts'
import type { Segment } from './header.ts'
import { stepTcp, TCP_MACHINE, type TcpAction, type TcpEvent } from './states.ts'
import {
  type Clockwork,
  DELAYED_ACK,
  GIVE_UP,
  KEEP_ALIVE,
  PERSIST,
  RTO,
  TIME_WAIT,
  type TIMER_NAMES,
  Timers,
} from './timers.ts'
import { Transmission } from './transmission.ts'
import type { Wire } from './wire.ts'

/** What a connection needs of its host's TCP. */
export interface ConnectionOwner extends Clockwork {
  readonly wire: Wire
  readonly trace: HostTrace
  /** A connection that a listener took is established: gives who hears from it, undefined to abort it. */
  accepted(connection: TcpConnection): ConnectionReceiver | undefined
  /** It is in state CLOSED: its ends are free again. */
  over(connection: TcpConnection): void
}

const ENDS: Partial<Readonly<Record<TcpAction, ConnectionEnd['how']>>> = {
  'tell done': 'done',
  'tell refused': 'refused',
  'tell reset': 'reset',
  'tell timed out': 'timed out',
  'tell unreachable': 'unreachable',
}

/** One connection of a simulated host. */
export class TcpConnection implements Connection, Arriving {
  readonly block: ControlBlock
  readonly timers: Timers
  readonly transmission: Transmission
  readonly wire: Wire
  readonly #owner: ConnectionOwner
  readonly #tap: Tap
  /** Absent: a passive one that is not established yet. */
  #receiver: ConnectionReceiver | undefined
  /** In the middle of a step: what the program does now goes out when it is done. */
  #busy = false
  /** What the program is still to be told, in order. */
  readonly #untold: TcpAction[] = []
  #drained = false
  /** `close` was called. */
  #closing = false
  #silent = false
  #icmp: Unreachable | undefined

  constructor(owner: ConnectionOwner, block: ControlBlock, receiver: ConnectionReceiver | undefined) {
    this.#owner = owner
    this.block = block
    this.#tap = new Tap(owner.trace, 'tcp', block)
    this.#receiver = receiver
    this.wire = owner.wire
    this.timers = new Timers(owner, (timer) => this.#fired(timer))
    this.transmission = new Transmission(block, this.timers, owner.wire)
  }

  get local(): KnownEndpoint {
    return this.block.local
  }

  get remote(): KnownEndpoint {
    return this.block.remote
  }

  get unacknowledged(): number {
    return this.block.queue.bytes
  }

  /** Begins an active open. */
  open(): void {
    this.#step(() => this.handle('open'))
  }

  /** Begins a passive open, by the SYN that has come. */
  openBy(segment: Segment): void {
    takeSyn(this.block, segment)
    this.#step(() => this.handle('SYN'))
  }

  send(bytes: Uint8Array): boolean {
    const { block } = this
    if (block.state === 'CLOSED' || this.#closing || this.#silent) return false
    this.#tap.written(bytes)
    block.queue.append(bytes)
    if (!this.#busy) this.transmission.send()
    if (block.queue.bytes < block.settings.sendBufferBytes) return true
    block.blocked = true
    return false
  }

  close(): void {
    if (this.#closing) return
    this.#closing = true
    this.#step(() => this.handle('close'))
  }

  abort(): void {
    this.#silent = true
    this.#untold.length = 0
    this.#step(() => this.handle('abort'))
  }

  pause(): void {
    this.block.paused = true
  }

  resume(): void {
    const { block } = this
    if (!block.paused) return
    block.paused = false
    this.#step(() => {
      while (block.waiting.length > 0 && !block.paused) {
        const { body, at, length } = block.waiting.shift()!
        block.waitingBytes -= length
        this.#hand(body, at, length)
      }
      this.#tell()
      if (block.state !== 'CLOSED' && this.transmission.isWindowNews) block.ackNow = true
    })
  }

  /** A sound segment has come. */
  receive(segment: Segment): void {
    const { block } = this
    this.#busy = true
    block.probes = 0
    if (block.state === 'SYN-SENT') arriveInSynSent(this, segment)
    else arrive(this, segment)
    this.#settle()
    if (block.settings.keepAlive && block.state !== 'CLOSED') {
      this.timers.set(KEEP_ALIVE, block.settings.keepAliveAfterMs)
    }
  }

  /** An ICMP error about a segment of ours: hard ones end an opening, all others are remembered (RFC 9293 §3.9.2.2, RFC 5927 §5.2). */
  fail(why: Unreachable): void {
    this.#icmp = why
    if (why === 'port unreachable' || why === 'administratively prohibited')
      this.#step(() => this.handle('unreachable'))
  }

  /** The way carries packets of `mtuBytes` at most: from the first unacknowledged byte on they are smaller (RFC 1191 §6.5). */
  narrow(mtuBytes: number): void {
    if (this.block.narrow(mtuBytes)) this.transmission.goBack()
  }

  handle(event: TcpEvent): void {
    const { block } = this
    const row = stepTcp(block.state, event)
    if (row === undefined) return
    const [from, , actions, to] = row
    block.state = to
    this.#record(from, event, to)
    for (const action of actions) this.#perform(action)
    if (to !== 'CLOSED') return
    this.timers.end()
    this.#owner.over(this)
  }

  deliver(body: Uint8Array, at: number, length: number): void {
    const { block } = this
    this.#tell()
    if (!block.paused && block.waiting.length === 0) {
      this.#hand(body, at, length)
      return
    }
    block.waiting.push({ body, at, length })
    block.waitingBytes += length
  }

  freed(): void {
    const { block } = this
    if (!block.blocked || block.queue.bytes * 2 > block.settings.sendBufferBytes) return
    block.blocked = false
    this.#drained = true
  }

  /** Ends it without a word, as a crash does. */
  forget(): void {
    this.#silent = true
    this.timers.end()
    this.block.state = 'CLOSED'
  }

  #step(perform: () => void): void {
    if (this.#busy) {
      perform()
      return
    }
    this.#busy = true
    perform()
    this.#settle()
  }

  /** The step is done: what the program must know it is told, and what can be sent goes out. */
  #settle(): void {
    this.#tell()
    if (this.#drained) {
      this.#drained = false
      if (!this.#silent) this.#receiver?.drained?.()
    }
    this.#busy = false
    if (this.block.state !== 'CLOSED') this.transmission.send()
  }

  #hand(body: Uint8Array, at: number, length: number): void {
    if (this.#silent) return
    this.#tap.read(body, at, at + length)
    this.#receiver?.received(body, at, at + length)
  }

  /** The other side's end is told after all that it has sent. */
  #tell(): void {
    const { block } = this
    while (this.#untold.length > 0 && !this.#silent) {
      const action = this.#untold[0]!
      if (block.waiting.length > 0 && (action === 'tell ended' || action === 'tell done')) return
      this.#untold.shift()
      const how = ENDS[action]
      if (how !== undefined) {
        this.#silent = true
        this.#receiver?.closed(this.#icmp === undefined || how === 'done' ? { how } : { how, icmp: this.#icmp })
      } else if (action === 'tell ended') this.#receiver?.ended()
      else if (this.#receiver !== undefined) this.#receiver.connected?.()
      else this.#accept()
    }
  }

  #accept(): void {
    this.#receiver = this.#owner.accepted(this)
    if (this.#receiver === undefined) this.abort()
  }

  #perform(action: TcpAction): void {
    const { block, timers, transmission } = this
    switch (action) {
      case 'send SYN':
      case 'send SYN ACK':
        transmission.sendSyn()
        return
      case 'send ACK':
        block.ackNow = true
        return
      case 'send FIN':
        block.finQueued = true
        return
      case 'send RST':
        transmission.reset()
        return
      case 'wait':
        timers.set(TIME_WAIT, 2 * block.settings.mslMs)
        return
      case 'tell connected':
        if (block.settings.keepAlive) timers.set(KEEP_ALIVE, block.settings.keepAliveAfterMs)
        this.#untold.push(action)
        if (this.#closing) this.handle('close')
        return
      default:
        this.#untold.push(action)
    }
  }

  #fired(timer: number): void {
    const { block, transmission } = this
    const { state, roundTrip, congestion } = block
    this.#busy = true
    switch (timer) {
      case GIVE_UP:
        this.handle('give up')
        break
      case TIME_WAIT:
        this.handle('2MSL')
        break
      case RTO:
        this.#record(state, 'RTO', state, 'RTO')
        // A lost SYN says nothing of data: the threshold is as high as ever (RFC 5681 §3.1 asks for a first window of one segment).
        if (!block.isOpening) congestion.timedOut(block.flight, block.max, roundTrip.backedOff > 0)
        roundTrip.backOff()
        transmission.goBack()
        break
      case PERSIST:
        this.#record(state, 'persist', state, 'persist')
        block.unheard++
        transmission.probe()
        break
      case DELAYED_ACK:
        block.ackNow = true
        break
      case KEEP_ALIVE:
        this.#probeSilence()
        break
    }
    this.#settle()
  }

  #probeSilence(): void {
    const { block } = this
    const { keepAliveProbes, keepAliveEveryMs, keepAliveAfterMs } = block.settings
    if (block.flight > 0) {
      this.timers.set(KEEP_ALIVE, keepAliveAfterMs)
      return
    }
    if (block.probes === keepAliveProbes) {
      this.handle('give up')
      return
    }
    block.probes++
    this.#record(block.state, 'keep-alive', block.state, 'keep-alive')
    this.transmission.keepAlive()
    this.timers.set(KEEP_ALIVE, keepAliveEveryMs)
  }

  #record(from: string, event: TcpEvent | (typeof TIMER_NAMES)[number], to: string, timer?: string): void {
    const { trace } = this.#owner
    if (!trace.on) return
    const { local, remote } = this.block
    const instance = `${local.address}:${local.port} ${remote.address}:${remote.port}`
    trace.transition(TCP_MACHINE, instance, from, event, to, timer)
  }
}
