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

/** A capture does not show that a host was slow: the response had arrived, and stood in line before a busy processor. */
const IMPAIRED: Readonly<Record<string, readonly string[]>> = { 'slow-proxy': ['Timer A'] }

describe('audit accuses nobody whom the run does not, and the other way round', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const { judged, found } = audited(name)
    const wanted = violated(judged).filter((rule) => !UNSEEN[name]?.includes(rule))
    expect(violated(found.verdicts), sentences(found.verdicts)).toEqual(wanted)
  })

  test.each(namesOn('experiments'))('%s, with --exact: just what the run says', (name) => {
    const { judged, found } = audited(name, EXACT)
    const wanted = [...violated(judged), ...(IMPAIRED[name] ?? [])]
    expect(violated(found.verdicts), sentences(found.verdicts)).toEqual(wanted)
  })
})

/** Of captures at one point: what it cannot tell from what the network did before it. */
const HELD = ['Timer A', 'Timer E', 'nothing provisional after the final'] // held for seconds, or overtaken
const LOST = ['2xx core', 'ACK of an answer', 'ACK of a refusal'] // every ACK was lost on its way here

/** Of a capture of all interfaces: what none shows, that somebody was started anew and knows of no transaction, or of no call either. */
const STATELESS = ['one final response']
const RESTARTED = ['ACK of an answer', ...STATELESS]

/** By campaign: the rules that a capture at one point, and one of all interfaces, may see broken where the run does not. */
const EXEMPT: Readonly<Record<string, { readonly one: readonly string[]; readonly all?: readonly string[] }>> = {
  'lost-and-late': { one: [...HELD, ...LOST] },
  'nat-and-keepalive': { one: [...HELD, '2xx core'] },
  'cancel-races': { one: [...HELD, ...LOST, 'Timer G'] },
  'fork-races': { one: [...HELD, ...LOST, 'Timer G'] },
  'two-domains': { one: [...HELD, ...LOST, 'Timer G'] },
  'after-the-storm': { one: [...HELD, ...LOST, ...RESTARTED], all: RESTARTED },
  'crash-and-restart': { one: [...HELD, ...LOST, ...RESTARTED], all: RESTARTED },
  'register-storm': { one: ['Timer E', ...STATELESS], all: STATELESS },
  'two-proxies': { one: [...HELD, ...LOST, 'Timer G'] },
  voice: { one: HELD },
  'call-over-tcp': { one: [...HELD, ...LOST] },
  'nat-reboot': { one: [...HELD, ...LOST, 'Timer G'] },
}

describe('random worlds are accused of nothing that they did not do, wherever they are captured', () => {
  test.each([...CAMPAIGNS.values(), huntedFile('call-over-tcp').campaign, huntedFile('nat-reboot').campaign])(
    '$name',
    (campaign) => {
      const court = new Court((some) => readCase(campaign, some))
      const { one = [], all = [] } = EXEMPT[campaign.name] ?? {}
      const cases = sample(campaign.cases, { seed: 7, numRuns: soakCount(300) })
      const accused = cases.flatMap((some, index) => {
        const { judged, found } = auditedEverywhere(court.experimentOf(some))
        return [...found].flatMap(([place, { verdicts }]) => {
          const known = [...violated(judged), ...(place === '' ? all : one)]
          const isSound = violated(verdicts).every((name) => known.includes(name))
          return isSound ? [] : [`case ${index}, ${place || 'all'}: ${sentences(verdicts)}`]
        })
      })
      expect(accused.slice(0, 20).join('\n')).toBe('')
    },
  )
})
