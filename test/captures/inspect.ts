// A capture made of bytes, and what its inspection finds.

import { readFileSync } from 'node:fs'
import { type Inspected, Inspection } from '../../experiments/captures/inspection.ts'

/** The inspection of these bytes, fed in pieces of that many (default all at once). */
export function inspect(bytes: Uint8Array, pieceBytes = bytes.length): Inspected {
  const inspection = new Inspection()
  for (let at = 0; at < bytes.length; at += Math.max(1, pieceBytes))
    inspection.push(bytes.subarray(at, at + pieceBytes))
  return inspection.end()
}

/** The inspection of a file. */
export function inspectFile(path: string): Inspected {
  return inspect(new Uint8Array(readFileSync(path)))
}

/** A classic pcap file of these frames, a millisecond apart. */
export function pcapOf(
  linkType: number,
  frames: readonly Uint8Array[],
  little = true,
  nanoseconds = false,
): Uint8Array {
  const head = new DataView(new ArrayBuffer(24))
  head.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little)
  head.setUint32(20, linkType, little)
  const records = frames.map((frame, index) => {
    const record = new DataView(new ArrayBuffer(16))
    record.setUint32(0, 1_700_000_000, little)
    record.setUint32(4, index * (nanoseconds ? 1e6 : 1e3), little)
    record.setUint32(8, frame.length, little)
    record.setUint32(12, frame.length, little)
    return Buffer.concat([new Uint8Array(record.buffer), frame])
  })
  return new Uint8Array(Buffer.concat([new Uint8Array(head.buffer), ...records]))
}

/** An IPv4 packet, or a fragment of one, with that payload. */
export function ipv4(protocol: number, payload: Uint8Array, id = 0, offset = 0, more = false): Uint8Array {
  const head = new Uint8Array(20)
  const view = new DataView(head.buffer)
  head.set([0x45, 0])
  view.setUint16(2, 20 + payload.length)
  view.setUint16(4, id)
  view.setUint16(6, (more ? 0x2000 : 0) | (offset >> 3))
  head.set([64, protocol], 8)
  head.set([10, 0, 0, 1, 10, 0, 0, 2], 12)
  return Buffer.concat([head, payload])
}

/** An IPv6 packet; with `fragment` behind a fragment header. */
export function ipv6(payload: Uint8Array, fragment?: { offset: number; more: boolean }): Uint8Array {
  const extra = fragment === undefined ? 0 : 8
  const head = new Uint8Array(40 + extra)
  const view = new DataView(head.buffer)
  head[0] = 0x60
  view.setUint16(4, payload.length + extra)
  head[6] = fragment === undefined ? 17 : 44
  head[23] = 1
  head[39] = 2
  if (fragment !== undefined) {
    head[40] = 17
    view.setUint16(42, fragment.offset | (fragment.more ? 1 : 0))
  }
  return Buffer.concat([head, payload])
}

export function udp(data: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(8))
  head.setUint16(0, 5060)
  head.setUint16(2, 5060)
  head.setUint16(4, 8 + data.length)
  return Buffer.concat([new Uint8Array(head.buffer), data])
}

export function tcp(sequence: number, data: Uint8Array, flags = 0x18): Uint8Array {
  const head = new DataView(new ArrayBuffer(20))
  head.setUint16(0, 40000)
  head.setUint16(2, 5060)
  head.setUint32(4, sequence)
  head.setUint8(12, 0x50)
  head.setUint8(13, flags)
  return Buffer.concat([new Uint8Array(head.buffer), data])
}

export function bytes(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers)
}

/** An Ethernet frame with an IPv4 packet between these addresses. */
export function ethernet(
  from: string,
  to: string,
  protocol: number,
  payload: Uint8Array,
  { ttl, id }: { readonly ttl: number; readonly id: number },
): Uint8Array {
  const packet = Uint8Array.from(ipv4(protocol, payload, id))
  packet[8] = ttl
  packet.set(from.split('.').map(Number), 12)
  packet.set(to.split('.').map(Number), 16)
  return Buffer.concat([new Uint8Array(12), bytes(8, 0), packet])
}
