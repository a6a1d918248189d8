// What a hunt asks about a case that fails: what it needs, whether ties matter, from when on it was lost; and which cases it draws.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Case } from '../../../experiments/campaigns/campaign.ts'
import { LOST_AND_LATE } from '../../../experiments/campaigns/lostAndLate.ts'
import { readCase } from '../../../experiments/cli/quarry.ts'
import { sameTwice } from '../../../experiments/cli/sameTwice.ts'
import { fault, ruleOf, type WrittenFault, writtenOf } from '../../../experiments/faults.ts'
import { Court } from '../../../experiments/hunt/court.ts'
import { drawCurve, inevitabilityOf } from '../../../experiments/hunt/inevitability.ts'
import { PROPERTIES } from '../../../experiments/hunt/properties.ts'
import { minimal, printNeeds, reduced } from '../../../experiments/hunt/reduction.ts'
import { swarm } from '../../../experiments/hunt/swarm.ts'
import { printTies, tiesOf } from '../../../experiments/hunt/ties.ts'
import { siptwin } from './siptwin.ts'

const TALK: Case['scenario'] = [
  { at: 0, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
  { when: 'bob is ringing', after: 2e9, who: 'bob', do: 'answer' },
  { when: 'call is established', after: 0, who: 'alice', do: 'hang up' },
]
const SILENT = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }
const drop = (of: string, on: string, nth = 1): WrittenFault => ({ drop: { nth, of, on } })
const world = (faults: readonly WrittenFault[], set: Case['set'] = SILENT): Case => ({ set, scenario: TALK, faults })
const courtOf = (mutant: string): Court => new Court((some) => readCase({ ...LOST_AND_LATE, mutant }, some))

describe('reduction', () => {
  test('leaves what is needed, and nothing else', () => {
    const law = fc.property(fc.uniqueArray(fc.nat(30)), fc.uniqueArray(fc.nat(30)), (all, needed) => {
      const must = needed.filter((one) => all.includes(one))
      expect(minimal(all, (some) => must.every((one) => some.includes(one)))).toEqual(
        all.filter((one) => must.includes(one)),
      )
    })
    fc.assert(law)
  })

  test('both faults are needed: the ACK and its repeat', () => {
    const court = courtOf('two-hundred-not-repeated')
    const noise = [drop('180 INVITE', 'proxy -> alice'), drop('200 BYE', 'bob -> alice', 3)]
    const smallest = reduced(court, world([...noise, drop('200 INVITE', 'proxy -> alice')]), '2xx core')
    expect(smallest.faults).toEqual([drop('200 INVITE', 'proxy -> alice')])
    expect([0, 1, 2, 3].map(printNeeds)).toEqual([
      'it fails without any fault',
      'it fails only if this fault is there',
      'it fails only if both are there',
      'it fails only if all 3 are there',
    ])
  })

  test('what chance decided becomes faults, on links that are calm', () => {
    const lossy = {
      ...SILENT,
      'links.0': { between: ['alice', 'router'], delay: '5 ms', jitter: '3 ms', loss: '30 %' },
    }
    const court = courtOf('two-hundred-not-repeated')
    const seeds = Array.from({ length: 30 }, (_, seed) => ({ ...world([], lossy), seed }))
    const failing = seeds.find((some) =>
      court.try(some).some(({ name, state }) => name === '2xx core' && state === 'violated'),
    )
    const smallest = reduced(court, failing!, '2xx core')
    expect(smallest.calm).toBe(true)
    expect(smallest.faults.length).toBeLessThanOrEqual(2)
    expect(court.try(smallest).find(({ name }) => name === '2xx core')?.state).toBe('violated')
    expect(court.try({ ...smallest, faults: [] }).find(({ name }) => name === '2xx core')?.state).not.toBe('violated')
    expect(readCase(LOST_AND_LATE, smallest).faults).toEqual(smallest.faults.map(ruleOf))
  })

  test('each rule can be written down and read', () => {
    const match = { label: 'ACK', nth: 2, call: 1, stream: 7, sequence: 8, ordinal: 9, sinceNs: 5, beforeNs: 10 }
    const actions = [
      { drop: true },
      { delayNs: 1 },
      { jitterNs: 2 },
      { duplicateAfterNs: 3 },
      { corruptBit: 4 },
      { holdUntilNs: 5 },
      { swap: true },
      { ahead: true },
      { corruptHeader: 'IP' },
    ] as const
    for (const action of actions) {
      const stage = 'ahead' in action ? 'netem' : 'drop' in action ? 'ingress' : 'medium'
      const rule = { where: 'a -> b', stage, match, action } as const
      expect(ruleOf(writtenOf(rule))).toEqual(rule)
      expect(fault.decode(fault.encode(writtenOf(rule)))).toEqual(writtenOf(rule))
    }
  })
})

describe('inevitability', () => {
  test('a call whose 200 is never repeated is lost with it', () => {
    const court = courtOf('two-hundred-not-repeated')
    const some = world([drop('200 INVITE', 'proxy -> alice')])
    const found = inevitabilityOf(court, LOST_AND_LATE, some, '2xx core', { each: 10, points: 4 })
    expect(found.sentence).toMatch(/^lost at 2\.01\d* s, when 200 INVITE was lost on alice--router from router$/)
    const shares = found.curve.map(({ share }) => share)
    expect(Math.min(...shares)).toBeLessThan(0.5)
    expect(shares.at(-1)).toBe(1)
    expect(drawCurve(found).at(-1)).toContain('100 % ███')
  })

  describe('on a link that loses by chance', () => {
    const lossy = {
      ...SILENT,
      'links.0': { between: ['alice', 'router'], delay: '5 ms', jitter: '3 ms', loss: '30 %' },
    }
    const court = courtOf('two-hundred-not-repeated')
    const isLost = (some: Case): boolean =>
      court.try(some).some(({ name, state }) => name === '2xx core' && state === 'violated')
    const chancy = Array.from({ length: 30 }, (_, seed) => ({ ...world([], lossy), seed })).find(isLost)!
    const calm = { cases: fc.constant(world([], lossy)) }

    test.each([
      ['as it was drawn, without a tape', chancy],
      ['frozen', reduced(court, chancy, '2xx core')],
    ])('%s: the links draw anew from then on', (_, some) => {
      const found = inevitabilityOf(court, calm, some, '2xx core', { each: 12, points: 4 })
      const shares = found.curve.map(({ share }) => share)
      expect(shares[0]).toBeGreaterThan(0)
      expect(shares[0]).toBeLessThan(0.8)
      expect(shares.at(-1)).toBe(1)
      expect(found.sentence).toMatch(/^lost at 2\.\d+ s, when (?:ACK|200 INVITE) was lost on alice--router from \w+$/)
      expect(inevitabilityOf(court, calm, some, '2xx core', { each: 12, points: 4 })).toEqual(found)
    })

    test('what was before the renewal stays, and what comes after does not', () => {
      const seen = (renewed?: { readonly atNs: number; readonly seed: string }): readonly string[] => {
        const records: string[] = []
        court.run(chancy, [(record) => records.push(JSON.stringify(record))], renewed && { renewed })
        return records
      }
      const whole = seen()
      const until = (atNs: number, records: readonly string[]): readonly string[] =>
        records.filter((one) => (JSON.parse(one) as { at: number }).at < atNs)
      for (const atNs of [0, 5e6, 2.01e9, 2.4e9]) {
        const anew = seen({ atNs, seed: 'other' })
        expect(until(atNs, anew)).toEqual(until(atNs, whole))
        expect(anew).not.toEqual(whole)
        expect(seen({ atNs, seed: 'other' })).toEqual(anew)
      }
      expect(seen({ atNs: 500e9, seed: 'other' })).toEqual(whole)
    })
  })

  test('a stack that is wrong in every world was lost from the start', () => {
    const court = courtOf('max-forwards-kept')
    expect(inevitabilityOf(court, LOST_AND_LATE, world([]), 'Max-Forwards', { each: 3 }).sentence).toBe(
      'lost from the start: whatever is drawn, it fails',
    )
  })
})

test('ties: a lost packet does not depend on who goes first', () => {
  const ties = tiesOf(courtOf('two-hundred-not-repeated'), world([drop('200 INVITE', 'proxy -> alice')]), '2xx core', 4)
  expect(ties).toEqual({ orders: 4, failedInOrders: 4, nudges: 4, failedNudged: 4 })
  expect(printTies(ties)).toMatch(/^it does not depend on ties/)
  expect(printTies({ ...ties, failedNudged: 1 })).toBe(
    'it depends on ties: it fails in 4 of 4 other orders of the nodes, and in 1 of 4 with each link ±1 µs',
  )
})

test('a swarm’s cases do without half of the kinds', () => {
  const kinds = fc
    .sample(swarm(LOST_AND_LATE.cases), { numRuns: 200, seed: 1 })
    .map(({ faults }) => new Set(faults.flatMap(Object.keys)))
  expect(new Set(kinds.flatMap((some) => [...some]))).toEqual(new Set(['drop', 'delay', 'duplicate', 'swap']))
  expect(kinds.filter((some) => some.size <= 2).length).toBeGreaterThan(120)
})

describe('twice', () => {
  const terminal = {
    columns: 100,
    color: false,
    live: false,
    code: 0 as const,
    out: () => undefined,
    err: () => undefined,
  }

  test('a run that is the same is passed over', () => {
    sameTwice(courtOf('bye-answered-once'), world([]), terminal)
  })

  test('one that is not ends the hunt, with two ladders', () => {
    let times = 0
    const fickle = (): string => `sip:alice@${times++ % 2 === 0 ? 'example.com' : 'example.org.example'}`
    class Fickle extends Court {
      override experimentOf(some: Case) {
        return super.experimentOf({ ...some, set: { ...SILENT, 'nodes.alice.runs.aor': fickle() } })
      }
    }
    const court = new Fickle((some) => readCase(LOST_AND_LATE, some))
    expect(() => sameTwice(court, world([]), terminal)).toThrow(
      /nondeterminism[\s\S]*first run[\s\S]*INVITE[\s\S]*second run/,
    )
  })
})

describe('the command', () => {
  test('--property asks of one alone', async () => {
    const words = ['hunt', 'lost-and-late', '--mutant', 'two-hundred-not-repeated', '--runs', '30', '--quiet']
    const { code, out } = await siptwin(...words, '--property', 'Max-Forwards')
    expect(out).toContain('all green')
    expect(code).toBe(0)
    const wrong = await siptwin(...words, '--property', 'Max-Forward')
    expect(wrong.err).toContain('did you mean Max-Forwards?')
    expect(wrong.code).toBe(2)
  })

  test('--failures goes on to other rules, each told once', async () => {
    const { code, out } = await siptwin(
      'hunt',
      'lost-and-late',
      '--mutant',
      'to-tag-forgotten',
      '--runs',
      '40',
      '--failures',
      '3',
      '--quick',
      '--quiet',
    )
    expect(out.match(/^case \d+ of 40 breaks a rule/gm)).toHaveLength(3)
    expect(out).toMatch(/3 rules broken in \d+ cases: /)
    expect(code).toBe(1)
  })

  test('--swarm draws other cases, and says so where it brings one back', async () => {
    const { out } = await siptwin(
      'hunt',
      'lost-and-late',
      '--mutant',
      'bye-answered-once',
      '--runs',
      '60',
      '--quick',
      '--quiet',
      '--swarm',
    )
    expect(out).toMatch(/again: npx siptwin hunt lost-and-late --mutant bye-answered-once --swarm --seed 1 --path/)
  })

  test('list properties names campaigns and properties', async () => {
    const { out } = await siptwin('list', 'properties')
    expect(out).toContain('lost-and-late')
    for (const { name } of PROPERTIES) expect(out).toContain(`  ${name} `)
  })
})
