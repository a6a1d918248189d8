// Tokens that nobody can guess and no run repeats: for branches, tags, Call-IDs and nonces (RFC 3261 §19.3).

import type { RandomStream } from '../../platform/random.ts'

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** All pairs of digits: a token is made of few pieces. */
const PAIRS: readonly string[] = [...DIGITS].flatMap((first) => [...DIGITS].map((second) => first + second))

/** Five characters, each 0–9 or a–z, of one draw. */
function half(stream: RandomStream): string {
  const drawn = stream.below(60_466_176) // 36⁵
  const low = drawn % 1296
  const rest = (drawn - low) / 1296
  return PAIRS[low]! + PAIRS[rest % 1296]! + DIGITS[Math.floor(rest / 1296)]!
}

/** Ten characters, each 0–9 or a–z: 51 random bits, two draws. */
export function token(stream: RandomStream): string {
  return half(stream) + half(stream)
}
