// A trace as lines of JSON, one record each. A packet is printed in full once, and named afterwards.

import { hex } from '../../platform/hex.ts'
import { utf8Decode, utf8Encode } from '../../platform/text.ts'
import { printRecordId, type TracedPacket, type TraceRecord } from '../../platform/trace.ts'
import { Recent } from '../recent.ts'

/** How many packets the writer and the reader remember by name: what is older is printed in full again. */
export const REMEMBERED = 50_000

/** Prints records, in the run's order. Memory is bounded. */
export class TraceWriter {
  readonly #printed = new Recent<string, TracedPacket>(REMEMBERED)

  /** The record's line, without its line end. */
  line(record: TraceRecord): string {
    const { id, at, cause, kind, ...rest } = record
    const head = { at, id: printRecordId(id), cause: cause === null ? null : printRecordId(cause), kind }
    if ('bytes' in rest) return JSON.stringify({ ...head, ...rest, bytes: printPayload(rest.bytes) })
    if (!('packet' in rest)) return JSON.stringify({ ...head, ...rest })
    const { packet, ...others } = rest
    if (!('before' in others)) return JSON.stringify({ ...head, ...others, packet: this.#packet(packet) })
    const { before, ...more } = others
    return JSON.stringify({ ...head, ...more, before: this.#packet(before), packet: this.#packet(packet) })
  }

  #packet(packet: TracedPacket): string | object {
    const name = printRecordId(packet.id)
    if (this.#printed.get(name) === packet) return name
    this.#printed.set(name, packet)
    const { protocol, source, sourcePort, destination, destinationPort, dscp, length, label, payload } = packet
    const head = { id: name, protocol, source, sourcePort, destination, destinationPort, dscp, length }
    const { fragment, dontFragment } = packet
    const flags = {
      ...(dontFragment && { dontFragment }),
      ...(fragment && { fragment: { ...fragment, of: printRecordId(fragment.of) } }),
    }
    return { ...head, ...flags, label, ...printPayload(payload) }
  }
}

/** As text where it is text that reads back to the same bytes, else in hexadecimal. */
function printPayload(payload: Uint8Array): { readonly text: string } | { readonly hex: string } {
  if (isText(payload)) {
    const text = utf8Decode(payload)
    if (isSame(utf8Encode(text), payload)) return { text }
  }
  return { hex: hex(payload) }
}

/** True if there is no control character but tabs and line ends. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 32 && byte !== 127) || byte === 9 || byte === 10 || byte === 13)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
