import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { PacketLabel } from '../../platform/trace.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { type FaultRule, printFaultRule } from '../../sim/faults/rule.ts'
import { FaultTape } from '../../sim/faults/tape.ts'

const DIRECTIONS = [
  { name: 'a--r from a', from: 'a', to: 'r' },
  { name: 'a--r from r', from: 'r', to: 'a' },
  { name: 'b--r from b', from: 'b', to: 'r' },
  { name: 'b--r from r', from: 'r', to: 'b' },
]

/** A packet in a word: `a:INVITE/c1`, its source, label and call; or `a:RTP/7/41`, its SSRC and sequence number. */
function read(word: string): { source: string; label: PacketLabel } {
  const [source, rest] = word.split(':') as [string, string]
  const [name, one, two] = rest.split('/') as [string, string?, string?]
  if (name === 'RTP') return { source, label: { name, media: true, stream: Number(one), sequence: Number(two) } }
  const call = one === undefined ? {} : { call: one }
  const begins = name === 'INVITE' ? { begins: true as const } : {}
  return { source, label: { name: name.replace('_', ' '), media: false, ...call, ...begins } }
}

/** Sends the packets over `on`, in order; tells what the rules did to each: `-` for nothing. */
function play(rules: readonly FaultRule[], packets: string, on = 'b--r from r') {
  const words = packets.split(' ').map(read)
  let now = 0
  const view = {
    label: (packet: number) => words[packet]!.label,
    sourceNode: (packet: number) => words[packet]!.source,
    now: () => now,
  }
  const tape = new FaultTape(rules, view)
  const { judges, issues } = tape.place(DIRECTIONS)
  const judge = judges.get(on)
  const done = words.map((_, packet) => {
    now = packet * 10
    for (const stage of ['ingress', 'medium'] as const) {
      const verdict = judge?.judge(stage, packet, packet + 1)
      if (verdict === undefined) continue
      if (verdict.drop !== undefined) return stage === 'ingress' ? 'drop early' : 'drop'
      const { delayNs, jitterNs, holdUntilNs, copiesAfterNs, corruptions, swap } = verdict
      return [
        delayNs,
        jitterNs,
        holdUntilNs,
        copiesAfterNs.length,
        corruptions.join('+') || -1,
        swap ? 'swap' : 0,
      ].join(' ')
    }
    return '-'
  })
  return { done: done.join(', '), unmatched: tape.unmatched().map(printFaultRule), issues, judges }
}

const DROP = { drop: true } as const

describe('a rule finds its packets', () => {
  const story = (match: FaultRule['match'], packets: string, where = 'r -> b'): string =>
    play([{ where, match, action: DROP }], packets).done
  test('by label', () =>
    expect(story({ label: '200 INVITE' }, 'a:INVITE a:200_INVITE a:200_INVITE')).toBe('-, drop, drop'))
  test('the n-th of them', () =>
    expect(story({ label: 'INVITE', nth: 2 }, 'a:INVITE a:ACK a:INVITE a:INVITE')).toBe('-, -, drop, -'))
  test('by the call’s ordinal', () =>
    expect(story({ label: 'BYE', call: 2 }, 'a:INVITE/x a:INVITE/y a:BYE/x a:BYE/y')).toBe('-, -, -, drop'))
  test('by RTP stream and sequence number', () =>
    expect(story({ stream: 7, sequence: 41 }, 'a:RTP/7/40 a:RTP/8/41 a:RTP/7/41')).toBe('-, -, drop'))
  test('by its ordinal on the direction', () => expect(story({ ordinal: 2 }, 'a:ACK a:ACK a:ACK')).toBe('-, drop, -'))
  test('by the time, before which nothing is counted', () => {
    expect(story({ sinceNs: 10, beforeNs: 30 }, 'a:ACK a:ACK a:ACK a:ACK')).toBe('-, drop, drop, -')
    expect(story({ sinceNs: 10, nth: 2 }, 'a:ACK a:ACK a:ACK a:ACK')).toBe('-, -, drop, -')
  })
  test('by source, where the two share no link', () =>
    expect(story({}, 'a:INVITE r:INVITE a:ACK', 'a -> b')).toBe('drop, -, drop'))
  test('by the direction’s name', () => expect(story({}, 'a:INVITE', 'b--r from r')).toBe('drop'))
})

test('a drop at the ingress comes before the queue', () =>
  expect(play([{ where: 'r -> b', stage: 'ingress', match: { nth: 1 }, action: DROP }], 'a:ACK a:ACK').done).toBe(
    'drop early, -',
  ))

test('a rule that would do nothing at its stage is an issue, as is one that has no place', () => {
  const rules: FaultRule[] = [
    { where: 'r -> b', match: {}, action: { ahead: true } },
    { where: 'r -> b', stage: 'ingress', match: {}, action: { corruptBit: 1 } },
    { where: 'r -> b', stage: 'netem', match: {}, action: { duplicateAfterNs: 0 } },
    { where: 'x', match: {}, action: DROP },
  ]
  expect(play(rules, 'a:ACK').issues.map(({ at, expected }) => `${at} ${expected}`)).toEqual([
    'faults[0] `stage: netem`: at medium (the default) nothing of it happens',
    'faults[1] `stage: medium` or `stage: netem`: at ingress nothing of it happens',
    'faults[3] a direction such as a -> r, not "x"',
  ])
})

test('all rules that match one packet are done', () => {
  const rules: FaultRule[] = [
    { where: 'r -> b', match: {}, action: { delayNs: 5 } },
    { where: 'r -> b', match: {}, action: { delayNs: 6 } },
    { where: 'r -> b', match: { label: 'ACK' }, action: { duplicateAfterNs: 1 } },
    { where: 'r -> b', match: { nth: 2 }, action: { swap: true } },
    { where: 'r -> b', match: { nth: 3 }, action: { corruptBit: 9 } },
    { where: 'r -> b', match: { nth: 3 }, action: { corruptHeader: 'IP' } },
    { where: 'r -> b', match: { nth: 3 }, action: { corruptBit: 8 } },
    { where: 'r -> b', match: { nth: 3 }, action: { jitterNs: 4 } },
    { where: 'r -> b', match: { nth: 3 }, action: { holdUntilNs: 77 } },
  ]
  expect(play(rules, 'a:INVITE a:ACK a:BYE').done).toBe('11 0 0 0 -1 0, 11 0 0 1 -1 swap, 11 4 77 0 9+IP+8 0')
})

test('a direction of which no rule speaks has nothing to ask', () => {
  const { judges } = play([{ where: 'r -> b', match: {}, action: DROP }], 'a:ACK')
  expect([...judges.keys()]).toEqual(['b--r from r'])
})

test('entries that matched nothing, or not often enough, are reported in words', () => {
  const rules: FaultRule[] = [
    { where: 'r -> b', match: { label: 'ACK' }, action: DROP },
    { where: 'r -> b', match: { label: '200 INVITE', nth: 22 }, action: { delayNs: 2_500_000 } },
    { where: 'r -> a', match: { stream: 3, sequence: 4 }, action: { swap: true } },
    { where: 'r -> b', match: { label: 'BYE', call: 11, nth: 3 }, action: { duplicateAfterNs: 0 } },
  ]
  expect(play(rules, 'a:200_INVITE a:ACK').unmatched).toEqual([
    'delay by 2.5 ms the 22nd 200 INVITE on r -> b',
    'swap with the next each packet of stream 3 with sequence number 4 on r -> a',
    'duplicate the 3rd BYE of call 11 on r -> b',
  ])
})

test('a place that is none is an issue that names one that is', () => {
  expect(play([{ where: 'x -> y', match: {}, action: DROP }], 'a:ACK').issues).toEqual([
    { at: 'faults[0]', expected: 'a direction such as a -> r, not "x -> y"' },
  ])
})

const decisions = fc.array(fc.record({ ordinal: fc.integer({ min: 1, max: 20 }), what: fc.nat(2) }), { maxLength: 30 })

law.prop([decisions, fc.nat(29)])(
  'a frozen tape gives each packet its decisions back, and taking one away leaves the rest',
  (some, gone) => {
    const log = new ChanceLog()
    const where = 'b--r from r'
    for (const { ordinal, what } of some) {
      if (what === 0) log.lost(where, ordinal, 'lost on the medium')
      else if (what === 1) log.late(where, ordinal, 10 * ordinal)
      else log.corrupted(where, ordinal, ordinal)
    }
    const packets = Array.from({ length: 20 }, () => 'a:ACK').join(' ')
    const expected = (list: typeof some): string =>
      Array.from({ length: 20 }, (_, index) => {
        const mine = list.filter(({ ordinal }) => ordinal === index + 1)
        if (mine.length === 0) return '-'
        if (mine.some(({ what }) => what === 0)) return 'drop'
        const late = mine.filter(({ what }) => what === 1).length * 10 * (index + 1)
        const turned = mine.filter(({ what }) => what === 2).map(() => index + 1)
        return `0 ${late} 0 0 ${turned.join('+') || -1} 0`
      }).join(', ')
    expect(play(log.tape(), packets).done).toBe(expected(some))
    const without = some.filter((_, index) => index !== gone)
    expect(
      play(
        log.tape().filter((_, index) => index !== gone),
        packets,
      ).done,
    ).toBe(expected(without))
  },
)
