// What the jury remembers goes with what goes on, not with how long the run is: a proxy that has stepped aside never hears how a call ends.

import { expect, test } from 'vitest'
import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import { simulate } from '../../experiments/vitest/simulate.ts'

const CALLS = 10
const SET = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false, 'nodes.bob.runs.answerAfter': '1 s' }

/** What is remembered when alice has called bob ten times, one call a minute, each for five seconds. */
function remembered(set: Readonly<Record<string, unknown>>): number {
  const steps = Array.from({ length: CALLS }, (_, n) => [
    { at: `${60 * n} s`, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
    { at: `${60 * n + 5} s`, who: 'alice', do: 'hang up' },
  ])
  const run = simulate('two-phones-one-proxy', steps.flat(), { set: { ...SET, ...set }, until: '30 min' })
  const jury = new Jury(EXACT)
  for (const record of run.trace) jury.record(record)
  return jury.remembered
}

test.each([
  ['where the proxy steps aside', {}],
  ['where it stays on the path', { 'nodes.proxy.runs.recordRoute': true }],
  ['where nobody ever answers', { 'nodes.proxy.power': 'off' }],
])('%s it remembers the last call alone', (_, set) => {
  expect(remembered(set)).toBeLessThan(10)
})

test.each([
  ['', {}],
  [
    ' and was challenged at first',
    {
      'nodes.alice.runs.password': 'secret',
      'nodes.proxy.runs.passwords': { alice: 'secret' },
      'nodes.proxy.runs.challengeRequests': true,
    },
  ],
])('a call that lasts for two minutes%s is judged to its end', (_, set) => {
  const steps = [
    { at: '0 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' },
    { at: '120 s', who: 'alice', do: 'hang up' },
  ]
  const run = simulate('two-phones-one-proxy', steps, { set: { ...SET, ...set }, until: '10 min' })
  const jury = new Jury(EXACT)
  for (const record of run.trace) jury.record(record)
  const found = jury.end().find(({ name }) => name === 'nothing new after BYE')
  expect(found).toMatchObject({ state: 'holds', exercised: 2 })
})
