// Who stands still, is slow, or has a clock that does not go right proves nothing by when it speaks: neither in what it had begun before nor in
// what it begins then. Everybody else is held to the rules as ever.

import { describe, expect, test } from 'vitest'
import { type Fault, type Step, simulate } from '../../experiments/vitest/simulate.ts'

/** Alice calls at 1 s and her INVITEs are lost; Bob answers what comes, and her ACKs are lost. */
const SCENARIO = [
  { at: '1 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' },
  { when: 'bob is ringing', who: 'bob', do: 'answer' },
  { at: '60 s', who: 'alice', do: 'hang up' },
]
const LOST: readonly Fault[] = [
  ...[1, 2, 3].map((nth): Fault => ({ drop: { nth, of: 'INVITE', on: 'alice -> router' } })),
  ...[1, 2].map((nth): Fault => ({ drop: { nth, of: 'ACK', on: 'alice -> router' } })),
]

/** The rules of timers that are violated. */
function broken(faults: readonly Fault[], mutant?: string): readonly string[] {
  const set = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }
  const options = { faults: [...LOST, ...faults], set, until: '150 s', ...(mutant === undefined ? {} : { mutant }) }
  const { verdicts } = simulate('two-phones-one-proxy', SCENARIO, options)
  return verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
}

const struck = (node: string): readonly (readonly [string, Fault])[] => [
  ['a clock that runs too fast', { at: '0 s', clock: { node, drift: '4 %' } }],
  ['a clock that runs too slow', { at: '2 s', clock: { node, drift: '-4 %' } }],
  ['a freeze', { at: '2 s', freeze: { node, for: '7 s' } }],
  ['a slow processor', { at: '0 s', slow: { node, for: '20 s', packet: '700 ms' } }],
]

describe('no rule is broken by', () => {
  test.each(
    ['alice', 'bob', 'proxy'].flatMap((node) => struck(node).map(([what, fault]) => [what, node, fault] as const)),
  )('%s of %s', (_, __, fault) => {
    expect(broken([fault])).toEqual([])
  })
})

describe('nor is one broken that speaks of minutes, or of what came after the fault', () => {
  const call = { at: '1 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' }
  const drops = (of: string, on: string): Fault => ({ drop: { of, on } })
  test.each<[string, readonly Step[], readonly Fault[]]>([
    [
      'Timer C by a clock that runs too fast',
      [call],
      [
        { at: '500 ms', clock: { node: 'proxy', drift: '4 %' } },
        { at: '2 s', cut: { on: 'bob--router' } },
      ],
    ],
    [
      '100 to BYE by a clock that runs too fast',
      [call, { when: 'bob is ringing', who: 'bob', do: 'answer' }, { at: '9 s', who: 'alice', do: 'hang up' }],
      [
        { at: '500 ms', clock: { node: 'proxy', drift: '4 %' } },
        { at: '8 s', cut: { on: 'bob--router' } },
      ],
    ],
    [
      'Timer H by a clock that runs too slow from before the refusal on',
      [call, { at: '3 s', who: 'bob', do: 'reject' }],
      [{ at: '2 s', clock: { node: 'bob', drift: '-4 %' } }, drops('ACK', 'proxy -> bob')],
    ],
  ])('%s', (_, scenario, faults) => {
    const set = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false, 'nodes.proxy.runs.recordRoute': true }
    const { verdicts } = simulate('two-phones-one-proxy', scenario, { faults, set, until: '300 s' })
    const broken = verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
    expect(broken.filter((name) => /Timer|100/.test(name))).toEqual([])
  })
})

describe('but a rule is broken by', () => {
  test.each<[string, readonly Fault[]]>([
    ['nobody has an excuse', []],
    ['another one has one', [{ at: '0 s', clock: { node: 'bob', drift: '4 %' } }]],
    ['it was over before', [{ at: '0 s', freeze: { node: 'alice', for: '500 ms' } }]],
    [
      'its clock was put right before',
      [
        { at: '0 s', clock: { node: 'alice', drift: '4 %' } },
        { at: '500 ms', clock: { node: 'alice', drift: '0 %' } },
      ],
    ],
  ])('a stack whose timers are wrong, where %s', (_, faults) => {
    expect(broken(faults, 'timer-a-constant')).toContain('Timer A')
  })
})
