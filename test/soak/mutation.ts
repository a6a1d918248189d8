// Damage done to inputs, the same for the same seed: bits turned, bytes cut, doubled and swapped, and words that parsers trip over.

import { type RandomStream, RandomStreams } from '../../platform/random.ts'

/** How much of the full soak to do: all by default, a share of it by `SIPTWIN_SOAK=0.01`. */
export function soakCount(full: number): number {
  return Math.max(1, Math.round(full * Number(process.env.SIPTWIN_SOAK ?? 1)))
}

/** The soak's random stream of that name. */
export function soakStream(name: string): RandomStream {
  return new RandomStreams(process.env.SIPTWIN_SEED ?? '1').take(name)
}

/** One of several. */
export function pick<T>(stream: RandomStream, some: readonly T[]): T {
  return some[stream.below(some.length)]!
}

/** `bytes` with one to four places damaged. */
export function damageBytes(stream: RandomStream, bytes: Uint8Array, words: readonly string[]): Uint8Array {
  let damaged: Uint8Array = bytes.slice()
  for (let times = 1 + stream.below(4); times > 0; times--) damaged = damageOnce(stream, damaged, words)
  return damaged
}

/** `text` with one to four places damaged. */
export function damageText(stream: RandomStream, text: string, words: readonly string[]): string {
  return new TextDecoder().decode(damageBytes(stream, new TextEncoder().encode(text), words))
}

function damageOnce(stream: RandomStream, bytes: Uint8Array, words: readonly string[]): Uint8Array {
  const at = stream.below(bytes.length + 1)
  const length = Math.min(bytes.length - at, 1 + stream.below(stream.chance(0.2) ? 200 : 8))
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)]
  switch (stream.below(7)) {
    case 0:
      return joined([before, after])
    case 1:
      return joined([before, middle, middle, after])
    case 2:
      return joined([before, new TextEncoder().encode(pick(stream, words)), after])
    case 3:
      return joined([before, new TextEncoder().encode(pick(stream, words)), middle, after])
    case 4:
      return joined([before, middle.map((byte) => byte ^ (1 << stream.below(8))), after])
    case 5:
      return joined([before, middle.map(() => stream.below(256)), after])
    default:
      return joined([after, before, middle])
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
