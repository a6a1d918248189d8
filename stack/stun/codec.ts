// STUN messages, bytes to fields and back (RFC 8489 §5, §14).

import { assert } from '../../platform/assert.ts'
import { crc32 } from '../../platform/crc32.ts'
import { hex, unhex } from '../../platform/hex.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import { type Attribute, readAttribute, typeOf, writeAttribute } from './attributes.ts'
import { filled, MAGIC_COOKIE } from './forms.ts'
import { type Integrity, integrityOf } from './integrity.ts'
import type { StunClass, StunMessage } from './message.ts'

const HEADER_BYTES = 20
/** RFC 8489 §14.7: so that a CRC of an application does not look like ours. */
const FINGERPRINT_MASK = 0x5354554e

const CLASSES = ['request', 'indication', 'success', 'error'] as const satisfies readonly StunClass[]

const INTEGRITY = typeOf('MESSAGE-INTEGRITY')
const INTEGRITY_SHA256 = typeOf('MESSAGE-INTEGRITY-SHA256')
const FINGERPRINT = typeOf('FINGERPRINT')

/** True if the bytes can be STUN at all: 20 of them at least, two zero bits first, and the magic cookie. */
export function isStun(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && bytes[0]! < 64 && MAGIC_COOKIE.every((byte, at) => bytes[4 + at] === byte)
}

/**
 * Reads a message; all bytes must be its own. A wrong FINGERPRINT is an issue; integrity is for whoever has the key
 * (see `integrity.ts`). What follows an integrity attribute is left out, but for what may stand there (§14.5, §14.6).
 */
export function parseStun(bytes: Uint8Array): Result<StunMessage> {
  if (!isStun(bytes)) return failure('byte 0', 'a STUN header of 20 bytes with its magic cookie')
  const length = half(bytes, 2)
  if (length % 4 !== 0 || length !== bytes.length - HEADER_BYTES)
    return failure('byte 2', `the length of the attributes, ${bytes.length - HEADER_BYTES}, not ${length}`)
  const transaction = bytes.subarray(8, HEADER_BYTES)
  const attributes: Attribute[] = []
  let last = 0
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const type = half(bytes, at)
    const valueBytes = half(bytes, at + 2)
    const end = at + 4 + filled(valueBytes)
    if (end > bytes.length) return failure(`byte ${at + 2}`, `a length that ends within the message, not ${valueBytes}`)
    const read = readAttribute(type, bytes.subarray(at + 4, at + 4 + valueBytes), transaction)
    if (typeof read === 'string') return failure(`byte ${at + 4}`, `a value of ${read}`)
    if (mayFollow(type, last)) attributes.push(read)
    if (type === FINGERPRINT) {
      if (end !== bytes.length) return failure(`byte ${end}`, 'nothing after FINGERPRINT')
      if (read.value !== fingerprintOf(bytes.subarray(0, at))) return failure(`byte ${at + 4}`, 'the right FINGERPRINT')
    }
    if (type === INTEGRITY_SHA256 || (type === INTEGRITY && last !== INTEGRITY_SHA256)) last = type
    at = end
  }
  const first = half(bytes, 0)
  const method = (first & 0xf) | ((first & 0xe0) >> 1) | ((first & 0x3e00) >> 2)
  const kind = CLASSES[(((first & 0x100) >> 7) | ((first & 0x10) >> 4)) as 0 | 1 | 2 | 3]
  return success({ class: kind, method, transaction: hex(transaction), attributes })
}

/** What is added behind the attributes. */
export interface Sealing {
  /** Proves who wrote it. */
  readonly integrity?: Integrity | undefined
  /** Tells it from everything else on the same port (§7). */
  readonly fingerprint?: boolean
}

/** Writes a message. Values that do not fit are bugs. */
export function printStun(message: StunMessage, { integrity, fingerprint = false }: Sealing = {}): Uint8Array {
  const transaction = unhex(message.transaction)
  assert(transaction?.length === 12, `a STUN transaction's id is ${message.transaction}, not 24 hexadecimal digits`)
  const written = message.attributes.map((attribute) => writeAttribute(attribute, transaction))
  let bytes = new Uint8Array(HEADER_BYTES)
  const put = (type: number, value: Uint8Array): void => {
    const longer = new Uint8Array(bytes.length + 4 + filled(value.length))
    longer.set(bytes)
    longer.set([type >>> 8, type & 0xff, value.length >>> 8, value.length & 0xff], bytes.length)
    longer.set(value, bytes.length + 4)
    bytes = longer
    setLength(bytes, bytes.length - HEADER_BYTES)
  }
  const { method } = message
  const kind = CLASSES.indexOf(message.class)
  const first =
    (method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2) | ((kind & 1) << 4) | ((kind & 2) << 7)
  bytes.set([first >>> 8, first & 0xff, 0, 0, ...MAGIC_COOKIE, ...transaction])
  for (const { type, bytes: value } of written) put(type, value)
  if (integrity !== undefined) put(typeOf(integrity.name), integrityOf(bytes, integrity))
  if (fingerprint) {
    const crc = fingerprintOf(bytes)
    put(FINGERPRINT, Uint8Array.of(crc >>> 24, crc >>> 16, crc >>> 8, crc))
  }
  return bytes
}

/** §14.5–§14.7: what may stand behind an integrity attribute. */
function mayFollow(type: number, last: number): boolean {
  if (last === 0 || type === FINGERPRINT) return true
  return last === INTEGRITY && type === INTEGRITY_SHA256
}

/** The CRC of all before the FINGERPRINT, whose 8 bytes the header's length counts already. */
function fingerprintOf(before: Uint8Array): number {
  const bytes = before.slice()
  setLength(bytes, before.length - HEADER_BYTES + 8)
  return (crc32(bytes) ^ FINGERPRINT_MASK) >>> 0
}

function setLength(bytes: Uint8Array, length: number): void {
  bytes[2] = length >>> 8
  bytes[3] = length & 0xff
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
