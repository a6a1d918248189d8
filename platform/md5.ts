// MD5 (RFC 1321), which SIP authentication still speaks. Broken for anything else.

import { eachBlock } from './blocks.ts'

/** The 16 bytes of the MD5 of `bytes`. */
export function md5(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  const words = new Uint32Array(16)
  eachBlock(bytes, 64, false, (from, at) => compress(state, words, from, at))
  const digest = new Uint8Array(16)
  const view = new DataView(digest.buffer)
  for (let place = 0; place < 4; place++) view.setUint32(place * 4, state[place]!, true)
  return digest
}

/** RFC 1321 §3.4: by how much each of the four rounds rotates, in turn. */
const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

function compress(state: Uint32Array, words: Uint32Array, from: Uint8Array, start: number): void {
  for (let place = 0; place < 16; place++) {
    const at = start + place * 4
    words[place] = from[at]! | (from[at + 1]! << 8) | (from[at + 2]! << 16) | (from[at + 3]! << 24)
  }
  let [a, b, c, d] = state as unknown as [number, number, number, number]
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    const mixed = mix(round, b, c, d)
    const sum = (a + mixed + SINES[step]! + words[wordOf(round, step)]!) | 0
    const by = ROTATIONS[round as 0 | 1 | 2 | 3][(step & 3) as 0 | 1 | 2 | 3]
    a = d
    d = c
    c = b
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d)
  if (round === 1) return (d & b) | (~d & c)
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d)
}

function wordOf(round: number, step: number): number {
  if (round === 0) return step
  if (round === 1) return (5 * step + 1) & 15
  return round === 2 ? (3 * step + 5) & 15 : (7 * step) & 15
}

/** The 64 sines of RFC 1321 §3.4, times 2³². */
// biome-ignore format: a table
const SINES = new Uint32Array([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
])
