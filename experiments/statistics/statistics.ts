// A run's numbers, as a fold over its trace: its RTP streams, its links' loads, its callers' waiting.

import type { Delivered, TracedPacket, TraceRecord } from '../../platform/trace.ts'
import { type Hop, Journeys } from '../journey.ts'
import { Recent } from '../recent.ts'
import { CarriedLoad, type Load } from './bandwidth.ts'
import { type Dialling, DiallingFold } from './dialling.ts'
import { ReceivedStream, type StreamStatistics } from './stream.ts'

export interface RunStatistics {
  /** In the order of their first packets. Level `everything` only: below it media is not recorded. */
  readonly streams: readonly StreamStatistics[]
  /** Those of links that carried something, by name. Below level `everything`: without media. */
  readonly loads: readonly Load[]
  readonly dialling: Dialling
}

/** Memory goes with the number of streams, links and packets in flight. */
export class Statistics {
  readonly #framing = new Map<string, number>()
  readonly #loads = new Map<string, CarriedLoad>()
  readonly #streams = new Map<string, ReceivedStream>()
  readonly #sentAt = new Recent<string, number>()
  readonly #dialling = new DiallingFold()
  readonly #journeys = new Journeys()

  /** `directions`: all link directions, and what each adds to a packet (bytes, default 0). */
  constructor(directions: readonly { readonly name: string; readonly framingBytes?: number }[]) {
    for (const { name, framingBytes = 0 } of directions) this.#framing.set(name, framingBytes)
  }

  /** Takes the next record; a trace sink. */
  record(record: TraceRecord): void {
    this.#dialling.record(record)
    if (!('packet' in record)) return
    const hop = this.#journeys.take(record)
    const { packet } = record
    if (record.kind === 'sent' || record.kind === 'forwarded') {
      this.#loadOf(record.link)?.carry(record.at, packet.length, isRtp(packet))
    } else if (record.kind === 'lost' && hop !== undefined) this.#lose(hop, record)
    if (packet.label.stream === undefined) return
    const name = `${packet.id.node}#${packet.id.sequence}`
    if (record.kind === 'sent') this.#sentAt.set(name, record.at)
    else if (record.kind === 'delivered')
      this.#receive(record, packet.label.stream, this.#sentAt.get(name) ?? record.at)
  }

  get statistics(): RunStatistics {
    const streams = [...this.#streams.values()].map(({ statistics }) => statistics)
    const loads = [...this.#loads.values()].map(({ load }) => load)
    loads.sort((a, b) => (a.direction < b.direction ? -1 : 1))
    return { streams, loads, dialling: this.#dialling.dialling }
  }

  #lose(hop: Hop, { id, packet, why }: TraceRecord & { readonly kind: 'lost' }): void {
    const before = why === 'queue full' || why === 'lost at ingress'
    if (!before || !hop.link.endsWith(` from ${id.node}`)) return
    this.#loadOf(hop.link)?.takeBack(packet.length, isRtp(packet))
  }

  #receive({ id, at, packet }: Delivered, stream: number, sentAt: number): void {
    const from = `${packet.source}:${packet.sourcePort}`
    const to = `${packet.destination}:${packet.destinationPort}`
    const key = `${id.node} ${stream} ${from} ${to}`
    let received = this.#streams.get(key)
    if (received === undefined) {
      received = new ReceivedStream({ stream, from, to, node: id.node }, at / 1e6, packet.payload)
      this.#streams.set(key, received)
    }
    received.receive(at / 1e6, (at - sentAt) / 1e6, packet.payload)
  }

  #loadOf(direction: string): CarriedLoad | undefined {
    const framing = this.#framing.get(direction)
    if (framing === undefined) return undefined
    let load = this.#loads.get(direction)
    if (load === undefined) {
      load = new CarriedLoad(direction, framing)
      this.#loads.set(direction, load)
    }
    return load
  }
}

/** RTP or RTCP; what a TCP stream carries is a medium of another kind. */
function isRtp({ label, protocol }: TracedPacket): boolean {
  return label.media && protocol === 'udp'
}
