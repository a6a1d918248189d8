// From a run's record to observations: what each node sent and received.

import { printRecordId, type TracedPacket, type TraceRecord } from '../../platform/trace.ts'
import { Impairments } from './impairments.ts'
import { Listener, TCP_MACHINE } from './listener.ts'
import type { Observation, Place } from './observation.ts'
import { type Content, contentOf } from './payload.ts'
import { unreachableIn } from './unreachable.ts'

/** The faults of a node after which it owes nothing of what it owed before. */
const EXCUSES: ReadonlySet<string> = new Set([
  'crash',
  'kill',
  'restart',
  'freeze',
  'thaw',
  'slow',
  'fast again',
  'clock',
])

/** After these it is as one that has never heard of anything. */
const GONE: ReadonlySet<string> = new Set(['crash', 'kill'])

/** What a packet shows, whoever has it. */
interface Seen {
  readonly content: Content
  readonly from: Place
  readonly to: Place
}

/** Turns records into observations; a packet is read once for all its records. */
export class Witness {
  readonly #seen = new WeakMap<TracedPacket, Seen>()
  readonly #listener = new Listener()
  readonly #impairments: Impairments

  /** `drifting`: the nodes whose clocks do not go right from the start; default none. */
  constructor(drifting: readonly string[] = []) {
    this.#impairments = new Impairments(drifting)
  }

  /** What a record shows of the wire or of a node's power; undefined for what oracles do not look at, and for what {@link hear} is for. */
  observe(record: TraceRecord): Observation | undefined {
    const { at, kind, id } = record
    if (kind === 'sent' || kind === 'delivered') return this.#packet(record)
    if (kind === 'transition') return record.machine === TCP_MACHINE ? this.#listener.step(record) : undefined
    if (kind !== 'faulted' || !EXCUSES.has(record.what)) return undefined
    if (GONE.has(record.what)) this.#listener.forget(id.node)
    const [gone, impaired] = [GONE.has(record.what), this.#impairments.take(record)]
    return { kind: 'power', at, where: id.node, proof: printRecordId(id), gone, impaired }
  }

  /** The messages that end in what a program wrote to a connection, or read from it; the list is good until the next call. */
  hear(record: TraceRecord & { readonly kind: 'written' | 'read' }): readonly Observation[] {
    return this.#listener.hear(record)
  }

  #packet(record: TraceRecord & { readonly kind: 'sent' | 'delivered' }): Observation | undefined {
    const { packet, at, id, kind } = record
    if (packet.protocol === 'tcp' || packet.fragment !== undefined) return undefined
    if (packet.label.media) return this.#media(record)
    const { content, from, to } = this.#look(packet)
    if (content.kind === 'other') return undefined
    const side = kind === 'sent' ? 'sent' : 'received'
    const proof = printRecordId(id)
    if (content.kind !== 'sip') return { ...content, at, where: id.node, side, proof, transport: 'udp', from, to }
    const { message, surplusBytes } = content
    return { kind: 'sip', at, where: id.node, side, proof, transport: 'udp', from, to, message, surplusBytes }
  }

  #look(packet: TracedPacket): Seen {
    let seen = this.#seen.get(packet)
    if (seen === undefined) {
      seen = {
        content: packet.protocol === 'icmp' ? unreachableIn(packet.payload) : contentOf(packet.payload),
        from: { address: packet.source, port: packet.sourcePort },
        to: { address: packet.destination, port: packet.destinationPort },
      }
      this.#seen.set(packet, seen)
    }
    return seen
  }

  /** Media is read where it stands: to keep what was read costs more than to read it again. */
  #media({ at, id, kind, packet }: TraceRecord & { readonly kind: 'sent' | 'delivered' }): Observation | undefined {
    const content = contentOf(packet.payload)
    if (content.kind !== 'rtp') return undefined
    const { marker, payloadType, sequence, timestamp, ssrc, payload } = content
    return {
      kind: 'rtp',
      at,
      where: id.node,
      side: kind === 'sent' ? 'sent' : 'received',
      proof: printRecordId(id),
      transport: 'udp',
      from: { address: packet.source, port: packet.sourcePort },
      to: { address: packet.destination, port: packet.destinationPort },
      marker,
      payloadType,
      sequence,
      timestamp,
      ssrc,
      payload,
    }
  }
}
