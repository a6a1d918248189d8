// Stacks that repeat too rarely, too often, too long or not at all.

import type { Meddler, Mutant, Wire, Word } from './mutant.ts'
import { isRefusal, plain } from './words.ts'

/** Repeats that come sooner than twice the interval before are held back: what doubles without a cap. */
function uncapped(name: string, does: string, of: (word: Word) => boolean): Mutant {
  return {
    name,
    does,
    meddle: (wire) => {
      const last = new Map<string, { at: number; gap: number }>()
      return {
        sends: (word) => {
          const now = wire.now()
          const before = last.get(word.text)
          if (!of(word)) return [word.text]
          if (before !== undefined && now - before.at < 2 * before.gap - 1) return []
          last.set(word.text, { at: now, gap: before === undefined ? 0 : now - before.at })
          return [word.text]
        },
      }
    },
  }
}

/** Sends what `of` names again by a timer of its own in place of the stack's; `next` gives the interval after this one, ms. */
function repeating(
  name: string,
  does: string,
  of: (word: Word) => boolean,
  next: (intervalMs: number) => number,
  options: { readonly limitMs?: number; readonly stop?: RegExp } = {},
): Mutant {
  const { limitMs = 32_000, stop = /^[1-6]\d\d / } = options
  const meddle = (wire: Wire): Meddler => {
    const running = new Set<string>()
    const again = (text: string, branch: string, intervalMs: number, leftMs: number): void => {
      if (intervalMs >= leftMs) return
      wire.after(intervalMs, () => {
        if (!running.has(branch)) return
        wire.send(text)
        again(text, branch, next(intervalMs), leftMs - intervalMs)
      })
    }
    return {
      sends: (word) => {
        if (!of(word)) return [word.text]
        const key = word.message.callId + word.message.cseq.method
        if (word.times > 0) return []
        running.add(key)
        again(word.text, key, 500, limitMs)
        return [word.text]
      },
      hears: ({ label, message }) => {
        if (stop.test(label)) running.delete(message.callId + (label === 'ACK' ? 'INVITE' : message.cseq.method))
      },
    }
  }
  return { name, does, meddle }
}

const isRequest = ({ label }: Word): boolean => !/^\d/.test(label) && label !== 'INVITE' && label !== 'ACK'
const isInvite = ({ label }: Word): boolean => label === 'INVITE'
const isOk = ({ label }: Word): boolean => label === '200 INVITE'

export const TIMING: readonly Mutant[] = [
  plain('two-hundred-not-repeated', 'sends the 200 to an INVITE once, and waits for the ACK', (word) =>
    isOk(word) && word.times > 0 ? [] : [word.text],
  ),
  uncapped('timer-e-uncapped', 'doubles Timer E without an end', isRequest),
  uncapped('timer-g-uncapped', 'doubles Timer G without an end', isRefusal),
  uncapped('two-hundred-uncapped', 'doubles the intervals of a 200’s repeats without an end', isOk),
  repeating('timer-a-constant', 'sends an INVITE again every T1', isInvite, (ms) => ms),
  repeating('timer-a-capped', 'caps Timer A by T2', isInvite, (ms) => Math.min(2 * ms, 4000)),
  repeating('timer-a-deaf', 'goes on with Timer A after a 1xx', isInvite, (ms) => 2 * ms, { stop: /^[2-6]/ }),
  repeating('timer-b-late', 'sends an INVITE again after 64·T1', isInvite, (ms) => 2 * ms, { limitMs: 130_000 }),
  repeating(
    'timer-e-constant',
    'sends a BYE again every T1',
    ({ label }) => label === 'BYE',
    (ms) => ms,
  ),
  repeating('timer-g-constant', 'sends a refusal again every T1', isRefusal, (ms) => ms, { stop: /^ACK/ }),
  repeating('timer-g-deaf', 'repeats a refusal after its ACK', isRefusal, (ms) => Math.min(2 * ms, 4000), {
    stop: /^-/,
  }),
  repeating('two-hundred-deaf', 'repeats a 200 after its ACK', isOk, (ms) => Math.min(2 * ms, 4000), { stop: /^-/ }),
  repeating(
    'timer-f-late',
    'sends a BYE again after 64·T1',
    ({ label }) => label === 'BYE',
    (ms) => Math.min(2 * ms, 4000),
    { limitMs: 60_000, stop: /^[2-6]/ },
  ),
  repeating('timer-h-late', 'sends a refusal again after 64·T1', isRefusal, (ms) => Math.min(2 * ms, 4000), {
    limitMs: 60_000,
    stop: /^ACK/,
  }),
  plain('timer-a-missing', 'sends an INVITE once', (word) => (isInvite(word) && word.times > 0 ? [] : [word.text])),
  plain('timer-e-missing', 'sends a non-INVITE request once', (word) =>
    isRequest(word) && word.times > 0 ? [] : [word.text],
  ),
  plain('timer-g-missing', 'sends a refusal once', (word) => (isRefusal(word) && word.times > 0 ? [] : [word.text])),
]
