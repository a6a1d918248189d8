// What is asked of a user agent: a call that works, and then any call, whatever the network does to it.

import fc from 'fast-check'
import { faultTapes } from 'siptwin/arbitraries'
import type { Program } from 'siptwin/platform'
import { type Fault, type Simulation, type Step, simulate } from 'siptwin/vitest'
import { describe, expect, test } from 'vitest'
import { agent } from './agent.ts'
import { firstDraft } from './first-draft.ts'

const TALK: readonly Step[] = [
  { at: '0 s', who: 'alice', do: 'call', to: 'sip:agent@198.51.100.20' },
  { when: 'alice is established', after: '5 s', who: 'alice', do: 'hang up' },
]
const THINK_TWICE: readonly Step[] = [TALK[0]!, { at: '1020 ms', who: 'alice', do: 'cancel' }]

/** Alice is siptwin's own phone; bob is the agent under test. */
function run(program: Program<undefined>, scenario: readonly Step[], faults: readonly Fault[] = []): Simulation {
  const set = { 'nodes.alice.runs.talk': false }
  return simulate('two-phones', scenario, { faults, set, programs: { bob: program } })
}

const links = [{ between: ['alice', 'router'] }, { between: ['bob', 'router'] }]
const tapes = faultTapes({ topology: { links }, most: 4 })
const scenarios = fc.constantFrom(TALK, THINK_TWICE)

describe('on a good network', () => {
  test.each([firstDraft, agent])('$name: a call', (program) => {
    const call = run(program, TALK)
    expect(call).toContainLadder(`
      alice -> bob INVITE
      bob -> alice 180 Ringing
      1.01 bob -> alice 200 OK
      alice -> bob ACK
      alice -> bob BYE
      bob -> alice 200 OK (BYE)
    `)
    expect(call).toHoldTo()
    expect(call).toReplay()
  })
})

test('the agent keeps every rule, whatever is lost, late, doubled or overtaken', () => {
  fc.assert(
    fc.property(scenarios, tapes, (scenario, faults) => {
      expect(run(agent, scenario, faults)).toHoldTo()
    }),
  )
}, 60_000)

describe('what properties found in the first draft, each in the smallest world that shows it', () => {
  /** The smallest faults under which that rule is broken. */
  function smallest(rule: string): readonly Fault[] {
    const property = fc.property(tapes, (faults) => {
      expect(run(firstDraft, TALK, faults)).toHoldTo(rule)
    })
    const { counterexample } = fc.check(property, { seed: 1, numRuns: 300 })
    return counterexample?.[0] ?? []
  }

  test.each([
    ['2xx core', 'a 200 that is lost is not sent again'],
    ['one To tag', 'an INVITE that comes twice is two calls'],
    ['one final response', 'a BYE that comes twice is refused the second time'],
  ])(
    '%s: %s',
    (rule) => {
      const faults = smallest(rule)
      expect(faults).toHaveLength(1)
      expect(run(firstDraft, TALK, faults)).not.toHoldTo(rule)
      expect(run(agent, TALK, faults)).toHoldTo(rule)
    },
    60_000,
  )

  test('one final response: who has answered cannot be cancelled any more', () => {
    expect(run(firstDraft, THINK_TWICE)).not.toHoldTo('one final response')
    expect(run(agent, THINK_TWICE)).toHoldTo('one final response')
  })
})
