// HMAC (RFC 2104): what proves that somebody who knows a key wrote some bytes.

import { sha1 } from './sha1.ts'
import { sha256 } from './sha256.ts'

const BLOCK_BYTES = 64

/** The 20 bytes of HMAC-SHA1. */
export function hmacSha1(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(sha1, key, bytes)
}

/** The 32 bytes of HMAC-SHA256. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(sha256, key, bytes)
}

function hmac(hash: (bytes: Uint8Array) => Uint8Array, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const short = key.length > BLOCK_BYTES ? hash(key) : key
  const inner = padded(short, 0x36, bytes)
  return hash(padded(short, 0x5c, hash(inner)))
}

/** The key, filled up with zeros to a block, each byte mixed with `mask`; then `rest`. */
function padded(key: Uint8Array, mask: number, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES + rest.length).fill(mask, 0, BLOCK_BYTES)
  for (let at = 0; at < key.length; at++) bytes[at]! ^= key[at]!
  bytes.set(rest, BLOCK_BYTES)
  return bytes
}
