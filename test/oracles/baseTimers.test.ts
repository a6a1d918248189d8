// Who was given other timers than RFC 3261's is judged by these.

import { expect, test } from 'vitest'
import { simulate } from '../../experiments/vitest/simulate.ts'

const SCENARIO = [
  { at: '0 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' },
  { when: 'bob is ringing', after: '1 s', who: 'bob', do: 'answer' },
  { when: 'call is established', after: '1 s', who: 'alice', do: 'hang up' },
]
const LOST = [
  { drop: { of: 'INVITE', on: 'alice -> router', before: '3 s' } },
  { drop: { nth: 1, of: 'BYE', on: 'alice -> bob' } },
  { drop: { nth: 1, of: 'ACK', on: 'alice -> bob' } },
]

/** The rules that are violated where the phones have these timers, and what the sentence says of them. */
function broken(timers: object | undefined, mutant?: string): readonly string[] {
  const given = timers === undefined ? {} : { 'nodes.alice.runs.timers': timers, 'nodes.bob.runs.timers': timers }
  const set = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false, ...given }
  const options = { faults: LOST, set, expect: ['all oracles hold'], ...(mutant === undefined ? {} : { mutant }) }
  const { verdicts, result } = simulate('two-phones-one-proxy', SCENARIO, options)
  const rules = verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
  expect(result.expectations.map(({ state }) => state)).toEqual([rules.length === 0 ? 'held' : 'failed'])
  return rules
}

test.each([undefined, { t1: '1 s' }, { t1: '100 ms' }, { t1: '200 ms', t2: '400 ms' }])('timers of %j', (timers) => {
  expect(broken(timers)).toEqual([])
})

test('a stack that is wrong by its own timers is caught', () => {
  expect(broken({ t1: '1 s' }, 'timer-a-constant')).toContain('Timer A')
})
