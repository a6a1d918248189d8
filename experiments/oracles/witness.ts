// From a run's record to observations: what each node sent and received.

import { printAddress } from '../../platform/address.ts'
import { printRecordId, type TracedPacket, type TraceRecord } from '../../platform/trace.ts'
import type { Observation, Place } from './observation.ts'
import { type Content, contentOf } from './payload.ts'

/** Turns records into observations; a packet is read once for all its records. */
export class Witness {
  readonly #read = new WeakMap<TracedPacket, Content>()

  /** What a record shows of the wire or of a machine; undefined for what oracles do not look at. */
  observe(record: TraceRecord): Observation | undefined {
    const { at, kind, id } = record
    if (kind === 'sent' || kind === 'delivered') return this.#packet(record)
    if (kind === 'transition') {
      const { machine, instance, to } = record
      return { kind: 'step', at, where: id.node, proof: printRecordId(id), machine, instance, to }
    }
    if (kind !== 'faulted' || !record.what.startsWith('power')) return undefined
    return { kind: 'power', at, where: id.node, proof: printRecordId(id) }
  }

  #packet(record: TraceRecord & { readonly kind: 'sent' | 'delivered' }): Observation | undefined {
    const { packet, at, id, kind } = record
    if (packet.protocol === 'tcp') return undefined
    let content = this.#read.get(packet)
    if (content === undefined) {
      content = packet.protocol === 'icmp' ? unreachableIn(packet.payload) : contentOf(packet.payload)
      this.#read.set(packet, content)
    }
    if (content.kind === 'other') return undefined
    return {
      ...content,
      at,
      where: id.node,
      side: kind === 'sent' ? 'sent' : 'received',
      proof: printRecordId(id),
      transport: 'udp',
      from: { address: packet.source, port: packet.sourcePort },
      to: { address: packet.destination, port: packet.destinationPort },
    }
  }
}

/** The ICMP errors by which a sender learns that a datagram did not arrive: types 3 and 11, or ICMPv6's 1 to 4. */
export function unreachableIn(payload: Uint8Array): Content {
  const about = quotedDestination(payload.subarray(8))
  const type = payload[0] ?? 0
  return about === undefined || !(type === 3 || type === 11 || type <= 4)
    ? { kind: 'other' }
    : { kind: 'unreachable', about }
}

/** Where the UDP datagram was going whose headers these bytes are. */
function quotedDestination(bytes: Uint8Array): Place | undefined {
  const v6 = bytes[0]! >> 4 === 6
  const header = v6 ? 40 : (bytes[0]! & 15) * 4
  if (bytes.length < header + 4 || bytes[v6 ? 6 : 9] !== 17) return undefined
  const address = printAddress(v6 ? bytes.slice(24, 40) : bytes.slice(16, 20))
  return { address, port: (bytes[header + 2]! << 8) | bytes[header + 3]! }
}
