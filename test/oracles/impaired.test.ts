// Who stands still, is slow, or has a clock that does not go right proves nothing by when it speaks: neither in what it had begun before nor in
// what it begins then. Everybody else is held to the rules as ever.

import { describe, expect, test } from 'vitest'
import { Impairments } from '../../experiments/oracles/impairments.ts'
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

test('nor by a clock that the topology has go wrong, until a fault puts it right', () => {
  const drifting = (...faults: readonly Fault[]): readonly string[] => {
    const set = { 'nodes.alice.clock': { drift: '4 %' }, 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }
    const run = simulate('two-phones-one-proxy', SCENARIO, {
      ...{ set, faults: [...LOST, ...faults], until: '150 s', mutant: 'timer-a-constant' },
    })
    return run.verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
  }
  expect(drifting()).not.toContain('Timer A')
  expect(drifting({ at: '500 ms', clock: { node: 'alice', drift: '0 %' } })).toContain('Timer A')
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
      'two freezes ended at once before',
      [
        { at: '0 s', freeze: { node: 'alice' } },
        { at: '100 ms', freeze: { node: 'alice' } },
        { at: '500 ms', thaw: { node: 'alice' } },
      ],
    ],
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

describe('whether a node is itself, after each fault', () => {
  /** `0 freeze 8` strikes at 0 for 8; `8 thaw of 0` is the end of that; `5 thaw` is asked for. */
  function told(story: string): readonly boolean[] {
    const impairments = new Impairments([])
    const idAt = (time: string) => ({ node: 'alice', sequence: Number(time) })
    return story.split('; ').map((one) => {
      const [, time = '', what = '', of, lasts = of] = /^(\d+) (.*?)(?: of (\d+))?(?: (\d+))?$/.exec(one) ?? []
      const details = lasts === undefined ? {} : { forMs: Number(lasts) }
      const cause = of === undefined ? null : idAt(of)
      return !impairments.take({ kind: 'faulted', id: idAt(time), at: Number(time), cause, what, details })
    })
  }

  test.each([
    ['0 freeze 8; 8 thaw of 0', [false, true]],
    ['0 freeze 8; 3 freeze 9; 8 thaw of 0; 12 thaw of 3', [false, false, false, true]],
    ['0 freeze; 1 freeze; 5 thaw', [false, false, true]],
    ['0 freeze 8; 2 thaw; 3 freeze 9; 8 thaw of 0; 12 thaw of 3', [false, true, false, false, true]],
    ['0 freeze 8; 1 slow 9; 8 thaw of 0; 10 fast again of 1', [false, false, false, true]],
    ['0 slow; 1 crash; 2 restart', [false, false, false]],
  ])('%s', (story, expected) => {
    expect(told(story)).toEqual(expected)
  })
})
