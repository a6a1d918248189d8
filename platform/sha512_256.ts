// SHA-512/256 (FIPS 180-4), which RFC 7616 calls SHA-512-256. 64-bit words are pairs of 32-bit ones, the high one first.

import { eachBlock } from './blocks.ts'
import { ROUNDS_HIGH, ROUNDS_LOW } from './sha2.ts'

/** FIPS 180-4 §5.3.6.2. */
// biome-ignore format: a table
const INITIAL = [
  0x22312194, 0xfc2bf72c, 0x9f555fa3, 0xc84c64c2, 0x2393b86b, 0x6f53b151, 0x96387719, 0x5940eabd,
  0x96283ee2, 0xa88effe3, 0xbe5e1e25, 0x53863992, 0x2b0199fc, 0x2c85b8aa, 0x0eb72ddc, 0x81c52ca2,
] as const

/** The 32 bytes of the SHA-512/256 of `bytes`. */
export function sha512_256(bytes: Uint8Array): Uint8Array {
  const state = Int32Array.from(INITIAL)
  const words = new Int32Array(160)
  eachBlock(bytes, 128, true, (from, at) => compress(state, words, from, at))
  const digest = new Uint8Array(32)
  const view = new DataView(digest.buffer)
  for (let place = 0; place < 8; place++) view.setInt32(place * 4, state[place]!)
  return digest
}

function compress(state: Int32Array, words: Int32Array, from: Uint8Array, start: number): void {
  expand(words, from, start)
  // a, b, … h stand at 0, 2, … 14; each round's new a and e push the rest on by one place.
  const v = Int32Array.from(state)
  for (let round = 0; round < 80; round++) {
    const eh = v[8]!
    const el = v[9]!
    const choiceHigh = (eh & v[10]!) ^ (~eh & v[12]!)
    const choiceLow = (el & v[11]!) ^ (~el & v[13]!)
    const bigEHigh = high(eh, el, 14) ^ high(eh, el, 18) ^ high(el, eh, 9)
    const bigELow = high(el, eh, 14) ^ high(el, eh, 18) ^ high(eh, el, 9)
    const firstLowSum = un(v[15]!) + un(bigELow) + un(choiceLow) + ROUNDS_LOW[round]! + un(words[2 * round + 1]!)
    const firstLow = firstLowSum | 0
    const firstHigh =
      (v[14]! + bigEHigh + choiceHigh + ROUNDS_HIGH[round]! + words[2 * round]! + carry(firstLowSum)) | 0
    const ah = v[0]!
    const al = v[1]!
    const majorityHigh = (ah & v[2]!) ^ (ah & v[4]!) ^ (v[2]! & v[4]!)
    const majorityLow = (al & v[3]!) ^ (al & v[5]!) ^ (v[3]! & v[5]!)
    const bigAHigh = high(ah, al, 28) ^ high(al, ah, 2) ^ high(al, ah, 7)
    const bigALow = high(al, ah, 28) ^ high(ah, al, 2) ^ high(ah, al, 7)
    const secondLowSum = un(firstLow) + un(bigALow) + un(majorityLow)
    const secondHigh = (firstHigh + bigAHigh + majorityHigh + carry(secondLowSum)) | 0
    const dLowSum = un(v[7]!) + un(firstLow)
    const dHigh = (v[6]! + firstHigh + carry(dLowSum)) | 0
    v.copyWithin(2, 0, 14)
    v[8] = dHigh
    v[9] = dLowSum
    v[0] = secondHigh
    v[1] = secondLowSum
  }
  for (let place = 0; place < 16; place += 2) {
    const low = un(state[place + 1]!) + un(v[place + 1]!)
    state[place + 1] = low
    state[place] = state[place]! + v[place]! + carry(low)
  }
}

function expand(words: Int32Array, from: Uint8Array, start: number): void {
  for (let word = 0; word < 32; word++) {
    const at = start + word * 4
    words[word] = (from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!
  }
  for (let word = 32; word < 160; word += 2) {
    const farHigh = words[word - 30]!
    const farLow = words[word - 29]!
    const nearHigh = words[word - 4]!
    const nearLow = words[word - 3]!
    const smallFarHigh = high(farHigh, farLow, 1) ^ high(farHigh, farLow, 8) ^ (farHigh >>> 7)
    const smallFarLow = high(farLow, farHigh, 1) ^ high(farLow, farHigh, 8) ^ high(farLow, farHigh, 7)
    const smallNearHigh = high(nearHigh, nearLow, 19) ^ high(nearLow, nearHigh, 29) ^ (nearHigh >>> 6)
    const smallNearLow = high(nearLow, nearHigh, 19) ^ high(nearHigh, nearLow, 29) ^ high(nearLow, nearHigh, 6)
    const low = un(words[word - 31]!) + un(smallFarLow) + un(words[word - 13]!) + un(smallNearLow)
    words[word + 1] = low
    words[word] = words[word - 32]! + smallFarHigh + words[word - 14]! + smallNearHigh + carry(low)
  }
}

/** The high word of the pair rotated right by 1–31. Given the pair the other way round it is the low word, or a rotation by 32 more. */
function high(one: number, other: number, by: number): number {
  return (one >>> by) | (other << (32 - by))
}

/** As an unsigned number. */
function un(word: number): number {
  return word >>> 0
}

/** What a sum of low words carries into the high ones. */
function carry(sum: number): number {
  return Math.floor(sum / 4294967296)
}
