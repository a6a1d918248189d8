// Tells DNS from everything else by its form, at a glance: one question of class IN with a name and a known type.

import { TYPE_NUMBERS, typeName } from './message.ts'

const HEADER_BYTES = 12
const KNOWN: ReadonlySet<number> = new Set(Object.values(TYPE_NUMBERS))
/** The opcode, and the bit that is always 0 (RFC 1035 §4.1.1); queries have no answers. */
const OPCODE = 0x78
const ZERO = 0x40

/** `DNS query SRV` or `DNS answer SRV`; undefined for anything else. Looks at the header and one question. */
export function peekDns(bytes: Uint8Array): string | undefined {
  if (bytes[4] !== 0 || bytes[5] !== 1 || bytes.length < HEADER_BYTES + 5) return undefined
  if ((bytes[2]! & OPCODE) !== 0 || (bytes[3]! & ZERO) !== 0) return undefined
  const isResponse = (bytes[2]! & 0x80) !== 0
  if (!isResponse && (bytes[6]! | bytes[7]!) !== 0) return undefined
  let at = HEADER_BYTES
  for (let length = bytes[at]!; length !== 0; length = bytes[at]!) {
    at += length + 1
    if (length > 63 || at >= bytes.length) return undefined
  }
  const [type, kind] = [(bytes[at + 1]! << 8) | bytes[at + 2]!, (bytes[at + 3]! << 8) | bytes[at + 4]!]
  if (kind !== 1 || !KNOWN.has(type)) return undefined
  return `DNS ${isResponse ? 'answer' : 'query'} ${typeName(type)}`
}
