// MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.5, §14.6), and the keys of long-term credentials (§9.2.2).

import { hmacSha1, hmacSha256 } from '../../platform/hmac.ts'
import { md5 } from '../../platform/md5.ts'
import { sha256 } from '../../platform/sha256.ts'
import { utf8Encode } from '../../platform/text.ts'
import { typeOf } from './attributes.ts'
import { filled } from './forms.ts'

export type IntegrityName = 'MESSAGE-INTEGRITY' | 'MESSAGE-INTEGRITY-SHA256'

/** With which attribute a message is signed, and the key. */
export interface Integrity {
  readonly name: IntegrityName
  readonly key: Uint8Array
}

const HEADER_BYTES = 20

/** The value of the attribute that is to follow `before`, a header and attributes. */
export function integrityOf(before: Uint8Array, { name, key }: Integrity): Uint8Array {
  const value = name === 'MESSAGE-INTEGRITY' ? 20 : 32
  const bytes = before.slice()
  const length = before.length - HEADER_BYTES + 4 + value
  bytes[2] = length >>> 8
  bytes[3] = length & 0xff
  return name === 'MESSAGE-INTEGRITY' ? hmacSha1(key, bytes) : hmacSha256(key, bytes)
}

/** True if the message in `bytes`, which `parseStun` has taken, has the attribute and its value is of this key. One cut short counts by what is there. */
export function isAuthentic(bytes: Uint8Array, { name, key }: Integrity): boolean {
  const type = typeOf(name)
  for (let at = HEADER_BYTES; at + 4 <= bytes.length; ) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    if (((bytes[at]! << 8) | bytes[at + 1]!) === type) {
      const before = bytes.slice(0, at)
      const counted = at - HEADER_BYTES + 4 + length
      before[2] = counted >>> 8
      before[3] = counted & 0xff
      const right = name === 'MESSAGE-INTEGRITY' ? hmacSha1(key, before) : hmacSha256(key, before)
      return right.subarray(0, length).every((byte, i) => byte === bytes[at + 4 + i])
    }
    at += 4 + filled(length)
  }
  return false
}

/** The numbers of RFC 8489 §18.5. */
export const PASSWORD_ALGORITHMS = { MD5: 1, 'SHA-256': 2 } as const

/** A long-term credential. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** The key of a long-term credential (§9.2.2, §18.5.1); undefined for an algorithm that is neither MD5 nor SHA-256. */
export function longTermKey(
  { username, password }: Credentials,
  realm: string,
  algorithm: number,
): Uint8Array | undefined {
  const bytes = utf8Encode(`${username.normalize('NFC')}:${realm}:${password.normalize('NFC')}`)
  if (algorithm === PASSWORD_ALGORITHMS.MD5) return md5(bytes)
  return algorithm === PASSWORD_ALGORITHMS['SHA-256'] ? sha256(bytes) : undefined
}

/** What stands in USERHASH in place of a name (§14.4). */
export function userHash(username: string, realm: string): Uint8Array {
  return sha256(utf8Encode(`${username.normalize('NFC')}:${realm}`))
}
