// Registrations: refreshed before they run out.

import { printDuration } from '../../platform/units.ts'
import { Recent } from '../recent.ts'
import type { Sighting } from './exchange.ts'
import type { Oracle, Trial, Watch } from './oracle.ts'

export const REGISTERING: readonly Oracle[] = [
  {
    name: 'refresh before expiry',
    section: 'RFC 3261 §10.2.4',
    says: 'whoever stays registered refreshes before the time that was granted is over',
    watch: (trial) => refreshes(trial),
  },
]

/** A capture's times are not the phone's: a tenth of what was granted. */
function slack({ until, answer }: Granted, { conditions }: Trial): number {
  return conditions.exact ? 0 : (until - answer.at) * conditions.slackRatio
}

interface Granted {
  readonly until: number
  readonly answer: Sighting
}

function refreshes(trial: Trial): Watch {
  const granted = new Map<string, Granted>()
  const asked = new Recent<string, boolean>(1000)
  return {
    see: (sighting) => {
      const { message, out, party, at } = sighting
      if (message.cseq.method !== 'REGISTER' || message.vias.length > 1) return
      const key = `${party} ${message.callId}`
      if (message.kind === 'request' && out) {
        const before = granted.get(key)
        granted.delete(key)
        asked.set(`${key} ${message.cseq.number}`, message.contacts !== '*' && message.contacts.length > 0)
        if (before === undefined) return
        trial.exercised()
        if (at > before.until + slack(before, trial))
          trial.violated(
            at,
            [before.answer, sighting],
            `refreshed ${printDuration(at - before.until)} after it ran out`,
          )
      } else if (message.kind === 'response' && !out && message.status >= 200 && message.status < 300) {
        const seconds = asked.get(`${key} ${message.cseq.number}`) === true ? grantedSeconds(sighting) : 0
        if (seconds > 0) granted.set(key, { until: at + seconds * 1e9, answer: sighting })
      }
    },
    excused: (party) => {
      for (const key of granted.keys()) if (key.startsWith(`${party} `)) granted.delete(key)
    },
    end: (until) => {
      if (!trial.conditions.exact) return
      for (const { until: end, answer } of granted.values())
        if (end < until) trial.violated(end, [answer], 'ran out, and was not refreshed')
    },
  }
}

/** The least time that was granted to a Contact. */
function grantedSeconds({ message }: Sighting): number {
  const { contacts } = message
  if (contacts === '*' || contacts.length === 0) return 0
  const header = message.first('Expires')
  const times = contacts.map(({ parameters }) => Number(parameters.get('expires') ?? header ?? 3600))
  return times.reduce((least, seconds) => (seconds > 0 ? Math.min(least, seconds) : least), Number.POSITIVE_INFINITY)
}
