// The audit of every ready-made experiment's capture of all interfaces says what the oracles in the run say, as far as a capture can show it.

import { sample } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CAMPAIGNS } from '../../experiments/campaigns/table.ts'
import { huntedFile } from '../../experiments/cli/hunted.ts'
import { namesOn } from '../../experiments/cli/library.ts'
import { readCase } from '../../experiments/cli/quarry.ts'
import { Court } from '../../experiments/hunt/court.ts'
import { EXACT } from '../../experiments/oracles/jury.ts'
import { audited, auditedEverywhere, sentences, UNSEEN, violated } from '../captures/audited.ts'
import { soakCount } from './mutation.ts'

describe('audit accuses nobody whom the run does not, and the other way round', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const { judged, found } = audited(name)
    const wanted = violated(judged).filter((rule) => !UNSEEN[name]?.includes(rule))
    expect(violated(found.verdicts), sentences(found.verdicts)).toEqual(wanted)
  })

  test.each(namesOn('experiments'))('%s, with --exact: just what the run says', (name) => {
    const { judged, found } = audited(name, EXACT)
    expect(violated(found.verdicts), sentences(found.verdicts)).toEqual(violated(judged))
  })
})

/** What one point cannot tell from what the network did before: it held packets for seconds, let others overtake them, or lost every ACK. */
const ELSEWHERE = [
  ...['Timer A', 'Timer E', 'Timer G', '2xx core', 'reliable 1xx'],
  ...['nothing provisional after the final', 'ACK of an answer', 'ACK of a refusal'],
]

/** What no capture shows: a phone that has been restarted knows of no call. */
const RESTARTED = ['ACK of an answer']

describe('random worlds are accused of nothing that they did not do, wherever they are captured', () => {
  test.each([...CAMPAIGNS.values(), huntedFile('call-over-tcp').campaign, huntedFile('nat-reboot').campaign])(
    '$name',
    (campaign) => {
      const court = new Court((some) => readCase(campaign, some))
      const cases = sample(campaign.cases, { seed: 7, numRuns: soakCount(300) })
      const accused = cases.flatMap((some, index) => {
        const { judged, found } = auditedEverywhere(court.experimentOf(some))
        return [...found].flatMap(([place, { verdicts }]) => {
          const known = [...violated(judged), ...(place === '' ? RESTARTED : ELSEWHERE)]
          const isSound = violated(verdicts).every((name) => known.includes(name))
          return isSound ? [] : [`case ${index}, ${place || 'all'}: ${sentences(verdicts)}`]
        })
      })
      expect(accused.slice(0, 20).join('\n')).toBe('')
    },
  )
})
