// How the values of STUN's attributes are written: one form each, to be read and to be written (RFC 8489 §14).

import { parseAddress, printAddress } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import { utf8Decode, utf8Encode } from '../../platform/text.ts'
import type { AttributeValues, PasswordAlgorithm, TransportAddress } from './attributes.ts'

/** Reads and writes one kind of value; `transaction` is the 12 bytes of the id. `read` gives undefined for bytes that are no such value. */
export interface Form<Value> {
  read(bytes: Uint8Array, transaction: Uint8Array): Value | undefined
  write(value: Value, transaction: Uint8Array): Uint8Array
}

/** RFC 8489 §5: what makes a STUN message known from all others. */
export const MAGIC_COOKIE = [0x21, 0x12, 0xa4, 0x42] as const

const IPV4 = 1
const IPV6 = 2

/** An address as it is (§14.1). */
export const address: Form<TransportAddress> = {
  read: (bytes) => readAddress(bytes, undefined),
  write: (value) => writeAddress(value, undefined),
}

/** An address that NATs which rewrite payloads do not know for one (§14.2). */
export const xorAddress: Form<TransportAddress> = {
  read: (bytes, transaction) => readAddress(bytes, transaction),
  write: (value, transaction) => writeAddress(value, transaction),
}

/** UTF-8 of at most `most` bytes. */
export function text(most: number): Form<string> {
  return {
    read: (bytes) => (bytes.length <= most ? utf8Decode(bytes) : undefined),
    write: (value) => utf8Encode(value),
  }
}

/** From `least` to `most` bytes, a multiple of 4. */
export function bytesOf(least: number, most: number): Form<Uint8Array> {
  const isRight = ({ length }: Uint8Array): boolean => length >= least && length <= most && length % 4 === 0
  return { read: (bytes) => (isRight(bytes) ? bytes.slice() : undefined), write: (value) => value }
}

/** 32 bits. */
export const word: Form<number> = {
  read: (bytes) => (bytes.length === 4 ? viewOf(bytes).getUint32(0) : undefined),
  write: (value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value),
}

/** 16 bits, and two bytes for nothing (RFC 5780 §7.5 counts these to the value or to its padding: both are read). */
export const half: Form<number> = {
  read: (bytes) => (bytes.length === 4 || bytes.length === 2 ? viewOf(bytes).getUint16(0) : undefined),
  write: (value) => Uint8Array.of(value >>> 8, value, 0, 0),
}

/** Zeros, of which only the number counts. */
export const size: Form<number> = {
  read: (bytes) => bytes.length,
  write: (value) => new Uint8Array(value),
}

const CHANGE_ADDRESS = 4
const CHANGE_PORT = 2

/** RFC 5780 §7.2. */
export const changeFlags: Form<AttributeValues['CHANGE-REQUEST']> = {
  read: (bytes) => {
    if (bytes.length !== 4) return undefined
    return { address: (bytes[3]! & CHANGE_ADDRESS) !== 0, port: (bytes[3]! & CHANGE_PORT) !== 0 }
  },
  write: (value) => Uint8Array.of(0, 0, 0, (value.address ? CHANGE_ADDRESS : 0) | (value.port ? CHANGE_PORT : 0)),
}

/** §14.8: the hundreds, the rest, and a sentence of fewer than 763 bytes. */
export const errorCode: Form<AttributeValues['ERROR-CODE']> = {
  read: (bytes) => {
    const hundreds = bytes[2]! & 7
    const isRight = bytes.length >= 4 && bytes.length <= 767 && hundreds >= 3 && hundreds <= 6 && bytes[3]! <= 99
    return isRight ? { code: hundreds * 100 + bytes[3]!, reason: utf8Decode(bytes.subarray(4)) } : undefined
  },
  write: ({ code, reason }) => Uint8Array.of(0, 0, Math.floor(code / 100), code % 100, ...utf8Encode(reason)),
}

/** §14.13. */
export const types: Form<readonly number[]> = {
  read: (bytes) => {
    if (bytes.length % 2 !== 0) return undefined
    return Array.from({ length: bytes.length / 2 }, (_, at) => viewOf(bytes).getUint16(2 * at))
  },
  write: (value) => Uint8Array.from(value.flatMap((type) => [type >>> 8, type & 0xff])),
}

/** §14.11: one after the other, each filled up to a multiple of 4. */
export const passwordAlgorithms: Form<readonly PasswordAlgorithm[]> = {
  read: (bytes) => {
    const found: PasswordAlgorithm[] = []
    for (let at = 0; at < bytes.length; ) {
      if (at + 4 > bytes.length) return undefined
      const length = viewOf(bytes).getUint16(at + 2)
      if (at + 4 + length > bytes.length) return undefined
      found.push({ number: viewOf(bytes).getUint16(at), parameters: bytes.slice(at + 4, at + 4 + length) })
      at += 4 + filled(length)
    }
    return found
  },
  write: (value) =>
    Uint8Array.from(
      value.flatMap(({ number, parameters }) => {
        const { length } = parameters
        const zeros = new Array<number>(filled(length) - length).fill(0)
        return [number >>> 8, number & 0xff, length >>> 8, length & 0xff, ...parameters, ...zeros]
      }),
    ),
}

/** §14.12. */
export const passwordAlgorithm: Form<PasswordAlgorithm> = {
  read: (bytes) => {
    const found = passwordAlgorithms.read(bytes, bytes)
    return found?.length === 1 ? found[0] : undefined
  },
  write: (value) => passwordAlgorithms.write([value], value.parameters),
}

/** The next multiple of 4. */
export function filled(length: number): number {
  return (length + 3) & ~3
}

/** An address, each byte mixed with the cookie and the transaction's id where there is one; the port with the cookie's first half. */
function readAddress(bytes: Uint8Array, transaction: Uint8Array | undefined): TransportAddress | undefined {
  const family = bytes[1]
  if (bytes.length !== (family === IPV4 ? 8 : 20) || (family !== IPV4 && family !== IPV6)) return undefined
  const [port, ip] = mixed(viewOf(bytes).getUint16(2), bytes.slice(4), transaction)
  return { address: printAddress(ip), port }
}

function writeAddress(value: TransportAddress, transaction: Uint8Array | undefined): Uint8Array {
  const parsed = parseAddress(value.address)
  if (!parsed.ok) bug(`STUN is to write ${value.address}, which is no address`)
  const [port, ip] = mixed(value.port, parsed.value.slice(), transaction)
  return Uint8Array.of(0, ip.length === 4 ? IPV4 : IPV6, port >>> 8, port, ...ip)
}

function mixed(port: number, ip: Uint8Array, transaction: Uint8Array | undefined): [port: number, ip: Uint8Array] {
  if (transaction === undefined) return [port, ip]
  for (let at = 0; at < ip.length; at++) ip[at]! ^= at < 4 ? MAGIC_COOKIE[at as 0 | 1 | 2 | 3] : transaction[at - 4]!
  return [port ^ ((MAGIC_COOKIE[0] << 8) | MAGIC_COOKIE[1]), ip]
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
