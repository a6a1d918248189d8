// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, as bytes.

import { parseAddress } from '../../platform/address.ts'
import { utf8Encode } from '../../platform/text.ts'

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const NAME_RESOLUTION = 4
const ENHANCED_PACKET = 6
const LINKTYPE_ETHERNET = 1
/** An enhanced packet's bytes before its frame. */
const PACKET_HEAD = 28
const NOTHING = new Uint8Array(0)

interface Option {
  readonly code: number
  readonly value: Uint8Array
}

/** The first block of a file; `application` is what wrote it. */
export function sectionHeader(application: string): Uint8Array {
  const body = new Uint8Array(16)
  const view = viewOf(body)
  view.setUint32(0, 0x1a2b3c4d, true)
  view.setUint16(4, 1, true)
  view.setUint32(8, 0xffffffff, true) // the section's length: not said
  view.setUint32(12, 0xffffffff, true)
  return block(SECTION_HEADER, [body, options([text(4, application)])])
}

/** An Ethernet interface whose packets have nanosecond times. Interfaces are numbered from 0 in the order of their blocks. */
export function interfaceDescription(name: string, description: string, mac: Uint8Array): Uint8Array {
  const body = new Uint8Array(8)
  viewOf(body).setUint16(0, LINKTYPE_ETHERNET, true)
  const described = [text(2, name), text(3, description), { code: 6, value: mac }, { code: 9, value: Uint8Array.of(9) }]
  return block(INTERFACE_DESCRIPTION, [body, options(described)])
}

/** Which names the addresses have. Addresses that are none are left out. */
export function nameResolution(names: readonly (readonly [address: string, name: string])[]): Uint8Array {
  const records = names.map(([address, name]) => {
    const parsed = parseAddress(address)
    if (!parsed.ok) return new Uint8Array(0)
    return option({
      code: parsed.value.length === 4 ? 1 : 2,
      value: join([parsed.value, utf8Encode(name), Uint8Array.of(0)]),
    })
  })
  return block(NAME_RESOLUTION, [...records, new Uint8Array(4)])
}

/** One packet, seen at `atNs` (an integer, ns) on the interface of that number; each comment is an option of its own. */
export function enhancedPacket(
  interfaceNumber: number,
  atNs: number,
  frame: Uint8Array,
  comments: readonly string[],
): Uint8Array {
  const commented = comments.length === 0 ? NOTHING : options(comments.map((comment) => text(1, comment)))
  const length = PACKET_HEAD + ((frame.length + 3) & ~3) + commented.length + 4
  const bytes = new Uint8Array(length)
  putUint32(bytes, 0, ENHANCED_PACKET)
  putUint32(bytes, 4, length)
  putUint32(bytes, 8, interfaceNumber)
  putUint32(bytes, 12, Math.floor(atNs / 4294967296))
  putUint32(bytes, 16, atNs >>> 0)
  putUint32(bytes, 20, frame.length)
  putUint32(bytes, 24, frame.length)
  bytes.set(frame, PACKET_HEAD)
  bytes.set(commented, length - 4 - commented.length)
  putUint32(bytes, length - 4, length)
  return bytes
}

function text(code: number, words: string): Option {
  return { code, value: utf8Encode(words) }
}

function options(list: readonly Option[]): Uint8Array {
  return list.length === 0 ? new Uint8Array(0) : join([...list.map(option), new Uint8Array(4)])
}

function option({ code, value }: Option): Uint8Array {
  const head = new Uint8Array(4)
  viewOf(head).setUint16(0, code, true)
  viewOf(head).setUint16(2, value.length, true)
  return join([head, padded(value)])
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts)
  const bytes = new Uint8Array(body.length + 12)
  const view = viewOf(bytes)
  view.setUint32(0, type, true)
  view.setUint32(4, bytes.length, true)
  bytes.set(body, 8)
  view.setUint32(bytes.length - 4, bytes.length, true)
  return bytes
}

function padded(bytes: Uint8Array): Uint8Array {
  const lack = -bytes.length & 3
  return lack === 0 ? bytes : join([bytes, new Uint8Array(lack)])
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
