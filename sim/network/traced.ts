// A packet as the record shows it.

import type { RecordId, TracedPacket } from '../../platform/trace.ts'
import type { Endpoints } from './endpoint.ts'
import type { Packet, PacketPool } from './packet.ts'
import { PROTOCOL_NAMES } from './protocol.ts'

/** The packet as it stands; `id` is the record that sent it first. */
export function tracedPacket(pool: PacketPool, endpoints: Endpoints, packet: Packet, id: RecordId): TracedPacket {
  const source = endpoints.byId(pool.source(packet))
  const destination = endpoints.byId(pool.destination(packet))
  const made: TracedPacket = {
    id,
    protocol: PROTOCOL_NAMES[pool.piece(packet)?.whole.protocol ?? pool.protocol(packet)]!,
    source: source.address,
    sourcePort: source.port,
    destination: destination.address,
    destinationPort: destination.port,
    dscp: pool.dscp(packet),
    length: pool.length(packet),
    label: pool.label(packet),
    payload: pool.payload(packet),
  }
  const piece = pool.piece(packet)
  if (piece !== undefined) return { ...made, fragment: piece.traced }
  return pool.mustStayWhole(packet) ? { ...made, dontFragment: true } : made
}
