// SHA-1 (FIPS 180-4, RFC 3174), which STUN and WebSocket still speak. Broken for anything else.

import { eachBlock } from './blocks.ts'

/** The 20 bytes of the SHA-1 of `bytes`. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)
  const words = new Uint32Array(80)
  eachBlock(bytes, 64, true, (from, at) => compress(state, words, from, at))
  const digest = new Uint8Array(20)
  const view = new DataView(digest.buffer)
  for (let place = 0; place < 5; place++) view.setUint32(place * 4, state[place]!)
  return digest
}

/** FIPS 180-4 §4.2.1: one constant for each twenty rounds. */
const ROUNDS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const

function compress(state: Uint32Array, words: Uint32Array, from: Uint8Array, start: number): void {
  for (let round = 0; round < 16; round++) {
    const at = start + round * 4
    words[round] = (from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!
  }
  for (let round = 16; round < 80; round++) {
    words[round] = rotate(words[round - 3]! ^ words[round - 8]! ^ words[round - 14]! ^ words[round - 16]!, 1)
  }
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number]
  for (let round = 0; round < 80; round++) {
    const twenty = Math.floor(round / 20) as 0 | 1 | 2 | 3
    const next = (rotate(a, 5) + mix(twenty, b, c, d) + e + ROUNDS[twenty] + words[round]!) | 0
    e = d
    d = c
    c = rotate(b, 30)
    b = a
    a = next
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
}

function mix(twenty: number, b: number, c: number, d: number): number {
  if (twenty === 0) return (b & c) | (~b & d)
  return twenty === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
