// Says what a packet is, by a look at its first bytes (the ranges of RFC 7983 §7): for trace levels, fault rules and ladders.

import type { PacketLabel, TransportProtocol } from '../platform/trace.ts'
import { peekDns } from '../sim/dns/label.ts'
import { peekLabel } from '../stack/sip/message/label.ts'
import { isStun } from '../stack/stun/codec.ts'

const ICMP: PacketLabel = { name: 'ICMP', media: false }
const ECHO: PacketLabel = { name: 'ICMP echo', media: false }
const ECHO_REPLY: PacketLabel = { name: 'ICMP echo reply', media: false }
/** By the types of ICMP and of ICMPv6. */
const ECHOES: ReadonlyMap<number | undefined, PacketLabel> = new Map([
  [8, ECHO],
  [128, ECHO],
  [0, ECHO_REPLY],
  [129, ECHO_REPLY],
])
const STUN: PacketLabel = { name: 'STUN', media: false }
const RTCP: PacketLabel = { name: 'RTCP', media: true }
const UDP: PacketLabel = { name: 'UDP', media: false }
/** What the program `load` sends: it begins with its name. */
const LOAD: PacketLabel = { name: 'load', media: true }
/** Segments that open, close or break a connection, by their flags. */
const TCP_SYN: PacketLabel = { name: 'TCP SYN', media: false }
const TCP_SYN_ACK: PacketLabel = { name: 'TCP SYN ACK', media: false }
const TCP_FIN: PacketLabel = { name: 'TCP FIN', media: false }
const TCP_RST: PacketLabel = { name: 'TCP RST', media: false }
const TCP_ACK: PacketLabel = { name: 'TCP ACK', media: true }
const TLS_CLIENT_HELLO: PacketLabel = { name: 'TLS ClientHello', media: false }
const TLS_SERVER_HELLO: PacketLabel = { name: 'TLS ServerHello', media: false }
const TLS_HANDSHAKE: PacketLabel = { name: 'TLS handshake', media: false }
const TLS_ALERT: PacketLabel = { name: 'TLS alert', media: false }
const TLS_DATA: PacketLabel = { name: 'TLS data', media: false }
const TCP_DATA: PacketLabel = { name: 'TCP data', media: true }

/**
 * The label of a packet: `INVITE`, `200 INVITE` (with its Call-ID), `RTP` (with SSRC and sequence number), `RTCP`, `STUN`, `DNS query SRV`,
 * `DNS answer SRV`, `ICMP echo`, `ICMP echo reply`, `ICMP` for its errors, `load`, and `UDP` for any other datagram; a TCP segment in which a SIP or DNS message begins has that message's
 * label, one in which a TLS record does is `TLS ClientHello`, `TLS ServerHello`, `TLS handshake`, `TLS alert` or `TLS data`, others are
 * `TCP SYN`, `TCP SYN ACK`, `TCP RST`, `TCP FIN`, `TCP data` and `TCP ACK`. RTP, RTCP and load are media, and so is what only carries a
 * stream on: `TCP data` and `TCP ACK`. Never fails; looks at a bounded number of bytes unless they are SIP.
 */
export function classify(protocol: TransportProtocol, payload: Uint8Array): PacketLabel {
  if (protocol === 'icmp') return ECHOES.get(payload[0]) ?? ICMP
  if (protocol === 'tcp') return classifyTcp(payload)
  const first = payload[0]
  if (first === undefined) return UDP
  const dns = peekDns(payload)
  if (dns !== undefined) return { name: dns, media: false }
  if (first >= 128 && first <= 191) return classifyRtp(payload) ?? UDP
  if (first < 4 && isStun(payload)) return STUN
  if (first === 0x6c && payload[1] === 0x6f && payload[2] === 0x61 && payload[3] === 0x64 && payload[4] === 0)
    return LOAD
  return classifySip(payload) ?? UDP
}

function classifySip(payload: Uint8Array): PacketLabel | undefined {
  const sip = peekLabel(payload)
  if (sip === undefined) return undefined
  if (sip.call === '') return { name: sip.name, media: false }
  if (sip.name === 'INVITE') return { name: sip.name, media: false, call: sip.call, begins: true }
  return { name: sip.name, media: false, call: sip.call }
}

/** Over TCP a message has its length before it (RFC 1035 §4.2.2). */
function classifyDns(data: Uint8Array): PacketLabel | undefined {
  const name = peekDns(data.subarray(2))
  return name === undefined ? undefined : { name, media: false }
}

/** A TLS record (RFC 8446 §5.1) by its type; SIP that stands in it in the clear, at once or after the nonce of TLS 1.2, by that. */
function classifyTls(data: Uint8Array): PacketLabel | undefined {
  const type = data[0]!
  if (type < 20 || type > 23 || data[1] !== 3 || (data[2] ?? 9) > 4) return undefined
  if (type === 23) return classifySip(data.subarray(5)) ?? classifySip(data.subarray(13)) ?? TLS_DATA
  if (type === 22) return data[5] === 1 ? TLS_CLIENT_HELLO : data[5] === 2 ? TLS_SERVER_HELLO : TLS_HANDSHAKE
  return type === 21 ? TLS_ALERT : TLS_HANDSHAKE
}

/** By what begins in it, else by the rarest of its flags (RFC 9293 §3.1). */
function classifyTcp(segment: Uint8Array): PacketLabel {
  const data = segment.subarray(((segment[12] ?? 0) >> 4) * 4)
  const flags = segment[13] ?? 0
  const known = data.length === 0 ? undefined : (classifySip(data) ?? classifyTls(data) ?? classifyDns(data))
  if (known !== undefined) return known
  if ((flags & 4) !== 0) return TCP_RST
  if ((flags & 2) !== 0) return (flags & 16) === 0 ? TCP_SYN : TCP_SYN_ACK
  if ((flags & 1) !== 0) return TCP_FIN
  return data.length === 0 ? TCP_ACK : TCP_DATA
}

/** RTP, or RTCP by its packet types 192–223 (RFC 5761 §4). */
function classifyRtp(payload: Uint8Array): PacketLabel | undefined {
  const type = payload[1] ?? 0
  if (type >= 192 && type <= 223) return payload.length >= 8 ? RTCP : undefined
  if (payload.length < 12) return undefined
  const stream = ((payload[8]! << 24) | (payload[9]! << 16) | (payload[10]! << 8) | payload[11]!) >>> 0
  return { name: 'RTP', media: true, stream, sequence: (payload[2]! << 8) | payload[3]! }
}
