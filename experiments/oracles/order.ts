// What must not stand still or go back: CSeq numbers, and the counts of nonces.

import { Recent } from '../recent.ts'
import type { Sighting } from './exchange.ts'
import type { Oracle, Trial, Watch } from './oracle.ts'

const REMEMBERED = 20_000

export const ORDER: readonly Oracle[] = [
  {
    name: 'CSeq order',
    section: 'RFC 3261 §12.2.1.1',
    says: 'each new request of one end has a higher CSeq number: within a dialog, the next one',
    watch: (trial) => numbers(trial),
  },
  {
    name: 'nonce count',
    section: 'RFC 7616 §3.4',
    says: 'each new request with one nonce counts one up from 00000001',
    watch: (trial) => nonces(trial),
  },
]

function numbers(trial: Trial): Watch {
  const last = new Recent<string, { readonly number: number; readonly sighting: Sighting }>(REMEMBERED)
  const known = new Recent<string, true>(REMEMBERED)
  return {
    see: (sighting) => {
      const { message, out, party, at } = sighting
      if (!out || message.kind !== 'request' || /^(?:ACK|CANCEL)$/.test(message.method) || message.vias.length > 1)
        return
      const { number } = message.cseq
      // Each dialog counts for itself, from the request on that made it: a forked INVITE makes several.
      const whole = `${party} ${message.callId} ${message.fromTag ?? ''}`
      const key = message.toTag === undefined ? whole : `${whole} ${message.toTag}`
      const branch = message.via.parameters.get('branch') ?? ''
      if (isRepeat(known, `${key} ${branch}`)) return
      const before = last.get(key) ?? last.get(whole)
      last.set(key, { number, sighting })
      if (before === undefined) return
      trial.exercised()
      const inDialog = message.toTag !== undefined
      const wrong = inDialog ? number <= before.number : number < before.number
      if (wrong || (inDialog && trial.conditions.exact && number !== before.number + 1))
        trial.violated(at, [before.sighting, sighting], `CSeq ${number} ${message.method} after ${before.number}`)
    },
  }
}

function nonces(trial: Trial): Watch {
  const counts = new Recent<string, { readonly count: number; readonly sighting: Sighting }>(REMEMBERED)
  const known = new Recent<string, true>(REMEMBERED)
  return {
    see: (sighting) => {
      const { message, out, party, at } = sighting
      if (!out || message.kind !== 'request' || /^(?:ACK|CANCEL)$/.test(message.method) || message.vias.length > 1)
        return
      for (const header of ['Authorization', 'Proxy-Authorization']) {
        const value = message.first(header)
        if (value === undefined) continue
        const nonce = /\bnonce\s*=\s*"([^"]*)"/i.exec(value)?.[1]
        const count = Number.parseInt(/\bnc\s*=\s*([0-9a-f]{8})/i.exec(value)?.[1] ?? '', 16)
        if (nonce === undefined || Number.isNaN(count)) continue
        const key = `${party} ${header} ${nonce}`
        const branch = message.via.parameters.get('branch') ?? ''
        if (isRepeat(known, `${key} ${branch}`)) continue
        const before = counts.get(key)
        counts.set(key, { count, sighting })
        if (before === undefined && !trial.conditions.exact) continue
        trial.exercised()
        const wanted = (before?.count ?? 0) + 1
        const wrong = trial.conditions.exact ? count !== wanted : count < wanted
        if (wrong)
          trial.violated(
            at,
            before === undefined ? [sighting] : [before.sighting, sighting],
            `nc=${count}, not ${wanted}`,
          )
      }
    },
  }
}

/** True where the branch was seen with that before: by its timer a request may be sent again after a newer one. */
function isRepeat(known: Recent<string, true>, of: string): boolean {
  if (known.get(of)) return true
  known.set(of, true)
  return false
}
