// A small reader of classic pcap files, for tests: what each UDP datagram and each direction of a TCP connection carried.
// It puts IP fragments together and TCP segments in order, and takes WebSocket messages out of their frames.

/** Bytes that were carried together: a datagram, or one direction of a connection. */
interface Carried {
  readonly protocol: 'udp' | 'tcp'
  readonly bytes: Uint8Array
}

/** All datagrams in order, then all TCP directions. */
export function carriedIn(file: Uint8Array): readonly Carried[] {
  const datagrams: Carried[] = []
  const streams = new Map<string, Map<number, Uint8Array>>()
  for (const ip of reassembled(packetsOf(file))) {
    const { protocol, payload, from, to } = ip
    if (payload.length < 8) continue
    const view = viewOf(payload)
    if (protocol === 17) datagrams.push({ protocol: 'udp', bytes: payload.subarray(8, Math.max(8, view.getUint16(4))) })
    if (protocol !== 6) continue
    const name = `${from}:${view.getUint16(0)}>${to}:${view.getUint16(2)}`
    const segments = streams.get(name) ?? new Map<number, Uint8Array>()
    streams.set(name, segments)
    const data = payload.subarray((payload[12]! >> 4) * 4)
    const sequence = view.getUint32(4)
    if (data.length > (segments.get(sequence)?.length ?? 0)) segments.set(sequence, data)
  }
  return [...datagrams, ...[...streams.values()].flatMap((segments) => runs(segments))]
}

/** The bytes of one direction, cut where the capture lacks a segment. */
function runs(segments: ReadonlyMap<number, Uint8Array>): Carried[] {
  const found: Uint8Array[][] = []
  let next = -1
  for (const [sequence, data] of [...segments].sort(([one], [other]) => one - other)) {
    const overlap = found.length > 0 && sequence < next ? next - sequence : 0
    if (overlap >= data.length) continue
    if (found.length === 0 || sequence > next) found.push([])
    found.at(-1)!.push(data.subarray(overlap))
    next = sequence + data.length
  }
  return found.map((pieces) => ({ protocol: 'tcp', bytes: joined(pieces) }))
}

interface Ip {
  readonly protocol: number
  readonly from: string
  readonly to: string
  readonly payload: Uint8Array
  /** Which datagram this is a fragment of; empty for a whole one. */
  readonly fragmentOf: string
  readonly offset: number
  readonly more: boolean
}

function reassembled(packets: readonly Uint8Array[]): Ip[] {
  const whole: Ip[] = []
  const pieces = new Map<string, Ip[]>()
  for (const packet of packets) {
    const ip = ipOf(packet)
    if (ip === undefined) continue
    if (ip.fragmentOf === '') {
      whole.push(ip)
      continue
    }
    const others = [...(pieces.get(ip.fragmentOf) ?? []).filter(({ offset }) => offset !== ip.offset), ip]
    others.sort((one, other) => one.offset - other.offset)
    pieces.set(ip.fragmentOf, others)
    let next = 0
    for (const { offset, payload } of others) if (offset === next) next += payload.length
    const last = others.at(-1)!
    if (last.more || next !== last.offset + last.payload.length) continue
    whole.push({ ...others[0]!, payload: joined(others.map(({ payload }) => payload)) })
    pieces.delete(ip.fragmentOf)
  }
  return whole
}

function ipOf(packet: Uint8Array): Ip | undefined {
  const view = viewOf(packet)
  if (packet.length >= 20 && packet[0]! >> 4 === 4) {
    const header = (packet[0]! & 15) * 4
    const flags = view.getUint16(6)
    const [from, to] = [name(packet.subarray(12, 16)), name(packet.subarray(16, 20))]
    const offset = (flags & 0x1fff) * 8
    const more = (flags & 0x2000) !== 0
    const fragmentOf = offset > 0 || more ? `${from} ${to} ${view.getUint16(4)}` : ''
    const payload = packet.subarray(header, Math.min(packet.length, view.getUint16(2)))
    return { protocol: packet[9]!, from, to, payload, fragmentOf, offset, more }
  }
  if (packet.length < 40 || packet[0]! >> 4 !== 6) return undefined
  const [from, to] = [name(packet.subarray(8, 24)), name(packet.subarray(24, 40))]
  const payload = packet.subarray(40, Math.min(packet.length, 40 + view.getUint16(4)))
  if (packet[6] !== 44) return { protocol: packet[6]!, from, to, payload, fragmentOf: '', offset: 0, more: false }
  const fragment = viewOf(payload)
  const field = fragment.getUint16(2)
  const fragmentOf = `${from} ${to} ${fragment.getUint32(4)}`
  return {
    protocol: payload[0]!,
    from,
    to,
    payload: payload.subarray(8),
    fragmentOf,
    offset: field & 0xfff8,
    more: (field & 1) === 1,
  }
}

/** How many bytes stand before the IP header, by the file's link type. */
const LINK_BYTES: Readonly<Record<number, number>> = { 0: 4, 1: 14, 101: 0, 113: 16, 228: 0, 229: 0, 276: 20 }

function packetsOf(file: Uint8Array): Uint8Array[] {
  const view = viewOf(file)
  const little = view.getUint32(0) === 0xd4c3b2a1
  const skip = LINK_BYTES[view.getUint32(20, little)]
  const packets: Uint8Array[] = []
  if (skip === undefined || (!little && view.getUint32(0) !== 0xa1b2c3d4)) return packets
  for (let at = 24; at + 16 <= file.length; ) {
    const length = view.getUint32(at + 8, little)
    const frame = file.subarray(at + 16, at + 16 + length)
    const vlan = skip === 14 && frame[12] === 0x81 && frame[13] === 0 ? 4 : 0
    packets.push(frame.subarray(skip + vlan))
    at += 16 + length
  }
  return packets
}

function name(address: Uint8Array): string {
  return address.join('.')
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
