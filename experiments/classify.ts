// Says what a packet is, by a look at its first bytes (the ranges of RFC 7983 §7): for trace levels, fault rules and ladders.

import type { PacketLabel, TransportProtocol } from '../platform/trace.ts'
import { peekLabel } from '../stack/sip/message/label.ts'
import { isStun } from '../stack/stun/codec.ts'

const ICMP: PacketLabel = { name: 'ICMP', media: false }
const STUN: PacketLabel = { name: 'STUN', media: false }
const RTCP: PacketLabel = { name: 'RTCP', media: true }
const UDP: PacketLabel = { name: 'UDP', media: false }
const TCP: PacketLabel = { name: 'TCP', media: false }

/**
 * The label of a packet: `INVITE`, `200 INVITE` (with its Call-ID), `RTP` (with SSRC and sequence number), `RTCP`, `STUN`, `ICMP`, and
 * `UDP` or `TCP` for anything else. RTP and RTCP are media. Never fails; looks at a bounded number of bytes unless they are SIP.
 */
export function classify(protocol: TransportProtocol, payload: Uint8Array): PacketLabel {
  if (protocol === 'icmp') return ICMP
  const first = payload[0]
  if (first === undefined) return protocol === 'udp' ? UDP : TCP
  if (protocol === 'udp') {
    if (first >= 128 && first <= 191) return classifyRtp(payload) ?? UDP
    if (first < 4 && isStun(payload)) return STUN
  }
  const sip = peekLabel(payload)
  if (sip === undefined) return protocol === 'udp' ? UDP : TCP
  return sip.call === '' ? { name: sip.name, media: false } : { name: sip.name, media: false, call: sip.call }
}

/** RTP, or RTCP by its packet types 192–223 (RFC 5761 §4). */
function classifyRtp(payload: Uint8Array): PacketLabel | undefined {
  const type = payload[1] ?? 0
  if (type >= 192 && type <= 223) return payload.length >= 8 ? RTCP : undefined
  if (payload.length < 12) return undefined
  const stream = ((payload[8]! << 24) | (payload[9]! << 16) | (payload[10]! << 8) | payload[11]!) >>> 0
  return { name: 'RTP', media: true, stream, sequence: (payload[2]! << 8) | payload[3]! }
}
