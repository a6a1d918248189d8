// The record layer (RFC 5246 §6.2, RFC 8446 §5): what goes over TCP, as long as it would be with AES-GCM, without the cryptography.

import type { TlsVersion } from '../../../platform/tls.ts'

export const CHANGE_CIPHER_SPEC = 20
export const ALERT = 21
export const HANDSHAKE = 22
export const APPLICATION_DATA = 23

const HEADER = 5
const NOTHING = new Uint8Array(0)
/** The most plain text in a record, bytes. */
export const LONGEST_PLAIN = 16_384
const TAG = 16
/** In front of the ciphertext: TLS 1.2 has 8 bytes of nonce there. */
const NONCE: Readonly<Record<TlsVersion, number>> = { '1.2': 8, '1.3': 0 }
/** Behind the plain text: TLS 1.3 says there what it is. */
const TYPE: Readonly<Record<TlsVersion, number>> = { '1.2': 0, '1.3': 1 }

/** What one direction of a connection is protected with; absent: nothing yet. */
export interface Protection {
  readonly version: TlsVersion
  /** The plain text stands in the clear. */
  readonly plain: boolean
}

/** A record of at most {@link LONGEST_PLAIN} bytes of plain text, from `at` on. */
export function writeRecord(
  type: number,
  body: Uint8Array,
  at: number,
  length: number,
  protection: Protection | undefined,
  sequence: number,
): Uint8Array {
  const [before, behind] =
    protection === undefined ? [0, 0] : [NONCE[protection.version], TYPE[protection.version] + TAG]
  const record = new Uint8Array(HEADER + before + length + behind)
  // TLS 1.3 shows every protected record as application data (RFC 8446 §5.2).
  record[0] = protection?.version === '1.3' ? APPLICATION_DATA : type
  record[1] = 3
  record[2] = 3
  record[3] = (record.length - HEADER) >> 8
  record[4] = record.length - HEADER
  record.set(body.subarray(at, at + length), HEADER + before)
  if (protection === undefined) return record
  if (protection.version === '1.3') record[HEADER + length] = type
  else record[HEADER + before - 1] = sequence
  if (!protection.plain) veil(record, HEADER + before, record.length, sequence)
  else veil(record, record.length - TAG, record.length, sequence)
  return record
}

/** One record as it has come. */
export interface ReadRecord {
  readonly type: number
  readonly body: Uint8Array
}

/** Puts records together from a stream's pieces, and takes their protection off. */
export class RecordReader {
  #kept = new Uint8Array(0)
  #sequence = 0
  #protection: TlsVersion | undefined

  /** From the next record on. */
  protect(version: TlsVersion): void {
    this.#protection = version
    this.#sequence = 0
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const all = new Uint8Array(this.#kept.length + end - start)
    all.set(this.#kept)
    all.set(bytes.subarray(start, end), this.#kept.length)
    this.#kept = all
  }

  /** The next whole record. */
  next(): ReadRecord | undefined {
    const kept = this.#kept
    if (kept.length === 0) return undefined
    // No record of TLS: somebody speaks something else.
    if (kept[0]! < CHANGE_CIPHER_SPEC || kept[0]! > APPLICATION_DATA) return { type: kept[0]!, body: NOTHING }
    if (kept.length < HEADER) return undefined
    const end = HEADER + ((kept[3]! << 8) | kept[4]!)
    if (kept.length < end) return undefined
    const record = kept.slice(0, end)
    this.#kept = kept.slice(end)
    const type = record[0]!
    const protection = this.#protection
    if (protection === undefined || type === CHANGE_CIPHER_SPEC) return { type, body: record.subarray(HEADER) }
    const from = HEADER + NONCE[protection]
    this.#unveil(record, from, end)
    const to = end - TAG - TYPE[protection]
    return { type: protection === '1.3' ? record[to]! : type, body: record.subarray(from, to) }
  }

  /** Where the plain text stood in the clear, the tag alone was veiled, from the beginning: what is zero then shows it. */
  #unveil(record: Uint8Array, from: number, end: number): void {
    const sequence = this.#sequence++
    veil(record, end - TAG, end, sequence)
    for (let at = end - TAG; at < end; at++) {
      if (record[at] === 0) continue
      veil(record, end - TAG, end, sequence)
      veil(record, from, end, sequence)
      return
    }
  }
}

/** Makes bytes say nothing; done twice, they are as before. */
function veil(bytes: Uint8Array, from: number, to: number, sequence: number): void {
  let state = Math.imul(sequence + 1, 0x9e3779b1) ^ 0x5bd1e995
  for (let at = from; at < to; at++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
    bytes[at] = bytes[at]! ^ (state >>> 11)
  }
}
