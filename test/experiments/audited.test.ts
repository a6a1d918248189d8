// The simulator under audit: whatever its links are like, it breaks no law; nor do frozen, unfused and sliced runs differ.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { Auditor } from '../../experiments/auditor/auditor.ts'
import { TRACE_LEVELS, type TraceLevel } from '../../platform/trace.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import type { FaultAction, FaultRule } from '../../sim/faults/rule.ts'
import type { Direction } from '../../sim/network/direction.ts'
import type { NetworkOptions } from '../../sim/network/network.ts'
import { factsOf, network, sendMedia, sendMessages } from './world.ts'

const directions: fc.Arbitrary<Direction> = fc.record(
  {
    rateBps: fc.constantFrom(64_000, 100_000, 1e6, 1e9),
    delayNs: fc.integer({ min: 1000, max: 40e6 }),
    jitter: fc.record({ mostNs: fc.integer({ min: 0, max: 60e6 }), reorders: fc.boolean() }),
    queue: fc.constantFrom({ packets: 3 }, { bytes: 1000 }),
    loss: fc.constantFrom(
      { model: 'random' as const, ratio: 0.1 },
      { model: 'gilbert-elliott' as const, meanRatio: 0.1, burstPackets: 3 },
    ),
    duplication: fc.record({ ratio: fc.constant(0.2), afterNs: fc.nat(20e6) }),
    framingBytes: fc.nat(20),
  },
  { requiredKeys: ['delayNs'] },
)

const actions: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.constant<FaultAction>({ drop: true }),
  fc.constant<FaultAction>({ swap: true }),
  fc.record({ delayNs: fc.nat(100e6) }),
  fc.record({ duplicateAfterNs: fc.nat(30e6) }),
  fc.record({ corruptBit: fc.nat(5000) }),
)
const rules: fc.Arbitrary<readonly FaultRule[]> = fc.array(
  fc.record({
    where: fc.constantFrom('router -> bob', 'alice -> router'),
    match: fc.record({ nth: fc.integer({ min: 1, max: 30 }) }),
    action: actions,
  }),
  { maxLength: 3 },
)
const gaps = fc.array(fc.nat(25), { minLength: 1, maxLength: 40 })

/** Bob's link is cut, and healed; bob loses his power. */
const events = fc.record({
  cutNs: fc.integer({ min: 1, max: 100e6 }),
  forNs: fc.nat(100e6),
  offNs: fc.integer({ min: 1, max: 300e6 }),
})
type Event = typeof events extends fc.Arbitrary<infer T> ? T : never

/** Some messages and media to bob, and what the auditor says of it. */
function run(
  toBob: Direction,
  gapsMs: readonly number[],
  more: Partial<NetworkOptions> = {},
  untilNs = Number.POSITIVE_INFINITY,
  event: Event | null = null,
) {
  const level: TraceLevel = more.level ?? 'everything'
  const auditor = new Auditor({ links: factsOf(toBob, more.faults ?? []), complete: level === 'everything' })
  const world = network(toBob, [(record) => auditor.record(record)], { ...more, level })
  sendMessages(world, [
    ['10.0.2.1', 5060],
    ['2001:db8:2::1', 9],
    ['10.9.9.9', 5060],
    ['10.0.1.1', 5060],
  ])
  let at = 0
  sendMedia(
    world,
    gapsMs.map((gap) => (at += gap + 1)),
  )
  if (event !== null) {
    world.strike(event.cutNs, { kind: 'cut', link: 'bob--router' })
    world.strike(event.cutNs + event.forNs, { kind: 'heal', link: 'bob--router' })
    world.strike(event.offNs, { kind: 'crash', node: 'bob' })
  }
  world.run(untilNs)
  const { sent, duplicated, delivered, lost } = world.recorder.totals()
  expect(sent + duplicated).toBe(delivered + lost + world.inFlight)
  return { audit: auditor.end(world.inFlight), digests: world.digests(), inFlight: world.inFlight }
}

describe('the simulator', () => {
  law.prop([directions, rules, gaps, fc.constantFrom(...TRACE_LEVELS), fc.option(fc.nat(300e6)), fc.option(events)])(
    'breaks no law of physics, whatever the links, the faults and the level, and wherever it is stopped',
    (toBob, faults, gapsMs, level, until, event) => {
      const { audit } = run(toBob, gapsMs, { faults, level }, until ?? Number.POSITIVE_INFINITY, event)
      expect(audit.violations).toEqual([])
    },
  )

  law.prop([directions, rules, gaps])('fused or in separate stages, has the same digests', (toBob, faults, gapsMs) => {
    expect(run(toBob, gapsMs, { faults, fused: false }).digests).toEqual(run(toBob, gapsMs, { faults }).digests)
  })

  law.prop([directions, rules, gaps])(
    'frozen and with its chance off, has the same digests',
    (toBob, faults, gapsMs) => {
      const chance = new ChanceLog()
      const { digests } = run(toBob, gapsMs, { faults, chance })
      expect(digests).toEqual(run(toBob, gapsMs, { faults }).digests)
      expect(run(toBob, gapsMs, { faults: [...faults, ...chance.tape()], calm: true }).digests).toEqual(digests)
    },
  )
})
