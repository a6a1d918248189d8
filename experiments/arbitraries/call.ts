// One call's scenario: when the callee answers or refuses, and who thinks better of it when.

import { type Arbitrary, constantFrom, record } from 'fast-check'
import type { WrittenEntry } from '../scenario/entry.ts'
import { duration } from './duration.ts'

/** Who takes part. */
export interface Parties {
  readonly caller: string
  readonly callee: string
  /** The callee's URI. */
  readonly to: string
}

type Ending = 'caller hangs up' | 'callee hangs up' | 'caller cancels' | 'callee refuses'

/**
 * Scenarios in which every call comes to an end, whatever is lost: who rings answers or refuses at last, who is in a call hangs up.
 * Bob rings for up to 40 s, they are connected for up to 40 s, a CANCEL comes within the first 40 s.
 */
export function callScenario({ caller, callee, to }: Parties): Arbitrary<readonly WrittenEntry[]> {
  const times = { ringing: duration(40), talking: duration(40), patience: duration(40) }
  const endings: readonly Ending[] = ['caller hangs up', 'callee hangs up', 'callee refuses', 'caller cancels']
  const status = constantFrom(486, 603, 480, 302)
  return record({ ...times, status, ending: constantFrom(...endings) }).map(
    ({ ringing, talking, patience, status, ending }) => {
      const rings = { when: `${callee} is ringing`, after: ringing, who: callee }
      const call = { at: 0, who: caller, do: 'call', to }
      if (ending === 'callee refuses') return [call, { ...rings, do: 'reject', status }]
      const who = ending === 'callee hangs up' ? callee : caller
      const talk = [
        { ...rings, do: 'answer' },
        { when: 'call is established', after: talking, who, do: 'hang up' },
      ]
      return ending === 'caller cancels'
        ? [call, { at: patience, who: caller, do: 'cancel' }, ...talk]
        : [call, ...talk]
    },
  )
}
