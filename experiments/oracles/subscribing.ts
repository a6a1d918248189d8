// Timer N: who accepts a subscription says at once how things stand; who hears nothing for 64·T1 has no subscription.

import { Recent } from '../recent.ts'
import { type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial, Watch } from './oracle.ts'

const REMEMBERED = 10_000

export const SUBSCRIBING: readonly Oracle[] = [
  {
    name: 'Timer N',
    section: 'RFC 6665 §4.1.2.4, §4.2.2',
    says: 'a SUBSCRIBE that is accepted is followed by a NOTIFY within 64·T1; a NOTIFY that comes later than that to its subscriber is refused',
    watch: (trial) => notified(trial),
  },
]

function notified(trial: Trial): Watch {
  const { exact, timersOf } = trial.conditions
  /** By party and Call-ID: accepted, and no NOTIFY sent yet. */
  const owed = new Map<string, Sighting>()
  /** By party and Call-ID: asked for, and no NOTIFY come yet. */
  const awaited = new Recent<string, { readonly subscribe: Sighting; heard: boolean }>(REMEMBERED)
  const late = new Recent<string, { readonly subscribe: Sighting; readonly notify: Sighting }>(REMEMBERED)
  const longest = (party: string): number => 64 * timersOf(party).t1Ns
  return {
    see: (sighting) => {
      const { message, out, party, at } = sighting
      const { method } = message.cseq
      if (!exact || (method !== 'SUBSCRIBE' && method !== 'NOTIFY') || message.vias.length > 1) return
      const key = `${party} ${message.callId}`
      if (method === 'SUBSCRIBE') {
        if (message.kind === 'request' && out && message.toTag === undefined && awaited.get(key) === undefined)
          awaited.set(key, { subscribe: sighting, heard: false })
        if (
          message.kind === 'response' &&
          out &&
          statusOf(sighting) >= 200 &&
          statusOf(sighting) < 300 &&
          !owed.has(key)
        )
          owed.set(key, sighting)
        return
      }
      if (message.kind === 'request' && out) {
        const accepted = owed.get(key)
        if (accepted !== undefined) {
          owed.delete(key)
          trial.exercised()
          if (at > accepted.at + longest(party))
            trial.violated(at, [accepted, sighting], 'the first NOTIFY comes after 64·T1')
        }
        return
      }
      const waiting = awaited.get(key)
      if (waiting === undefined) return
      if (message.kind === 'request') {
        if (waiting.heard) return
        if (at <= waiting.subscribe.at + longest(party)) waiting.heard = true
        else late.set(`${key} ${message.cseq.number}`, { subscribe: waiting.subscribe, notify: sighting })
        return
      }
      const refusable = late.get(`${key} ${message.cseq.number}`)
      if (refusable === undefined || statusOf(sighting) < 200) return
      trial.exercised()
      if (statusOf(sighting) < 300)
        trial.violated(
          at,
          [refusable.subscribe, refusable.notify, sighting],
          `${statusOf(sighting)} to a NOTIFY of a subscription that was given up`,
        )
    },
    troubled: (party) => {
      for (const key of owed.keys()) if (key.startsWith(`${party} `)) owed.delete(key)
    },
    end: (until) => {
      for (const accepted of owed.values()) {
        const due = accepted.at + longest(accepted.party)
        if (due < until) trial.violated(due, [accepted], 'accepted, and no NOTIFY in 64·T1')
      }
    },
  }
}
