// SHA-256 (FIPS 180-4, RFC 6234), for files' digests and SIP authentication. Not for secrets that timing could betray.

import { eachBlock } from './blocks.ts'
import { ROUNDS_HIGH } from './sha2.ts'

const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const

/** The 32 bytes of the SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.from(INITIAL)
  const words = new Uint32Array(64)
  eachBlock(bytes, 64, true, (from, at) => compress(state, words, from, at))
  const digest = new Uint8Array(32)
  const view = new DataView(digest.buffer)
  for (let place = 0; place < 8; place++) view.setUint32(place * 4, state[place]!)
  return digest
}

function compress(state: Uint32Array, words: Uint32Array, from: Uint8Array, start: number): void {
  for (let round = 0; round < 16; round++) {
    const at = start + round * 4
    words[round] = (from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!
  }
  for (let round = 16; round < 64; round++) {
    const near = words[round - 2]!
    const far = words[round - 15]!
    const smallNear = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)
    const smallFar = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)
    words[round] = smallNear + words[round - 7]! + smallFar + words[round - 16]!
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let round = 0; round < 64; round++) {
    const bigE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const bigA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const first = (h + bigE + ((e & f) ^ (~e & g)) + ROUNDS_HIGH[round]! + words[round]!) | 0
    const second = (bigA + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}
