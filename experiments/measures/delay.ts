// How long media packets take from host to host: a fold over their records. Memory goes with what is in flight.

import { type PacketRecord, printRecordId } from '../../platform/trace.ts'

/** One stream: its packets that have arrived, and how long they took together. */
interface Stream {
  packets: number
  ns: number
}

/** The mean delay of each RTP stream. */
export class MediaDelay {
  /** When packets under way were sent, by their names. */
  readonly #sent = new Map<string, number>()
  readonly #streams = new Map<number, Stream>()

  /** Takes the next record of a media packet. */
  see(record: PacketRecord): void {
    const { packet, kind, at } = record
    const { stream } = packet.label
    if (stream === undefined) return
    const name = printRecordId(packet.id)
    if (kind === 'sent') this.#sent.set(name, at)
    if (kind !== 'delivered' && kind !== 'lost') return
    const sentAt = this.#sent.get(name)
    this.#sent.delete(name)
    if (kind === 'lost' || sentAt === undefined) return
    const known = this.#streams.get(stream) ?? { packets: 0, ns: 0 }
    known.packets++
    known.ns += at - sentAt
    this.#streams.set(stream, known)
  }

  /** The mean of the stream that has it worst; undefined where none has arrived. */
  get worstNs(): number | undefined {
    let worst: number | undefined
    for (const { packets, ns } of this.#streams.values()) worst = Math.max(worst ?? 0, Math.round(ns / packets))
    return worst
  }
}
