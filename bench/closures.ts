// Workload V as it is usually written in JavaScript, to be compared to: a closure per hop, a binary heap of objects, `Buffer.alloc` per
// packet, and nothing counted but arrivals: less than our own side does. To be made faster only, never slower.

import { RandomStreams } from '../platform/random.ts'
import { Arrivals, V } from './voice.ts'

interface Event {
  readonly at: number
  readonly sequence: number
  readonly run: () => void
}

/** A run of V. */
export interface ClosureWorld {
  /** What {@link Arrivals} count, if they were listened to. */
  readonly arrivals: Arrivals
  /** Packets delivered so far. */
  delivered(): number
  /** Packets lost so far. */
  lost(): number
  run(): void
}

/** Builds V: the same links, the same times. Only which packets are lost differs. `listening`: arrivals are counted; not while time is taken. */
export function closureWorld(calls: number, seconds: number, lossRatio: number, listening = false): ClosureWorld {
  const queue = new BinaryHeap()
  const arrivals = new Arrivals()
  const random = new RandomStreams('V').take('loss')
  let now = 0
  let sequence = 0
  let lost = 0
  let delivered = 0
  const after = (delay: number, run: () => void): void => queue.push({ at: now + delay, sequence: sequence++, run })

  const link = (rateBps: number, delayNs: number, queueBytes: number, loss: number) => {
    let freeAt = 0
    return (packet: Buffer, deliver: (packet: Buffer) => void): void => {
      const start = Math.max(now, freeAt)
      if (((start - now) * rateBps) / 8e9 > queueBytes) {
        lost++
        return
      }
      freeAt = start + Math.ceil(((packet.length + 30) * 8e9) / rateBps)
      if (loss > 0 && random.next() < loss) {
        lost++
        return
      }
      after(freeAt + delayNs - now, () => deliver(packet))
    }
  }

  const access = () => link(V.access.rateBps, V.access.delayNs, Number.POSITIVE_INFINITY, 0)
  const { rateBps, delayNs, queueBytes } = V.bottleneck
  const bottlenecks = [link(rateBps, delayNs, queueBytes, lossRatio), link(rateBps, delayNs, queueBytes, lossRatio)]
  const downs = Array.from({ length: calls * 2 }, access)
  const payload = new Uint8Array(160)
  const endNs = seconds * 1e9

  const receive = (packet: Buffer): void => {
    if (packet.readUInt8(0) >> 6 !== 2) throw new Error('no RTP')
    delivered++
    if (!listening) return
    arrivals.at[0] = now
    arrivals.add()
  }
  const talk = (endpoint: number): void => {
    const up = access()
    const down = downs[endpoint ^ 1]!
    const bottleneck = bottlenecks[endpoint & 1]!
    let sent = 0
    const send = (): void => {
      const packet = Buffer.alloc(172)
      packet.writeUInt8(0x80, 0)
      packet.writeUInt16BE(sent & 0xffff, 2)
      packet.writeUInt32BE((sent * 160) >>> 0, 4)
      packet.writeUInt32BE(endpoint, 8)
      packet.set(payload, 12)
      sent++
      up(packet, (first) => bottleneck(first, (second) => down(second, receive)))
      if (now + V.packetNs < endNs) after(V.packetNs, send)
    }
    const phase = (endpoint * V.phaseStepNs) % V.packetNs
    if (phase < endNs) after(phase, send)
  }
  for (let endpoint = 0; endpoint < calls * 2; endpoint++) talk(endpoint)

  return {
    arrivals,
    lost: () => lost,
    delivered: () => delivered,
    run: () => {
      for (let event = queue.pop(); event !== undefined; event = queue.pop()) {
        now = event.at
        event.run()
      }
    },
  }
}

class BinaryHeap {
  readonly #events: Event[] = []

  push(event: Event): void {
    const events = this.#events
    let at = events.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(event, events[parent]!)) break
      events[at] = events[parent]!
      at = parent
    }
    events[at] = event
  }

  pop(): Event | undefined {
    const events = this.#events
    const first = events[0]
    const last = events.pop()
    if (last === undefined || events.length === 0) return first
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= events.length) break
      if (child + 1 < events.length && isBefore(events[child + 1]!, events[child]!)) child++
      if (!isBefore(events[child]!, last)) break
      events[at] = events[child]!
      at = child
    }
    events[at] = last
    return first
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence)
}
