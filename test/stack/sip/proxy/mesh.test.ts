// Proxies that send calls to each other, in circles too, and redirect them, whatever the network loses: each call comes to an end everywhere.

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { FaultRule } from '../../../../sim/faults/rule.ts'
import { phone } from '../../../../stack/programs/phone.ts'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { Stage } from '../stage.ts'

const PROXIES = { one: '10.0.0.11', two: '10.0.0.12', three: '10.0.0.13' }
const PHONES = { alice: '10.0.0.1', bob: '10.0.0.2', carol: '10.0.0.3' }
const NAMES = Object.fromEntries(Object.entries(PROXIES).map(([name, address]) => [`${name}.example`, address]))
const NODES = [...Object.keys(PROXIES), ...Object.keys(PHONES)]

const place = fc.oneof(
  {
    arbitrary: fc.constantFrom(...Object.entries(PHONES).map(([name, address]) => `sip:${name}@${address}`)),
    weight: 2,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('x', 'y'), fc.constantFrom(...Object.keys(NAMES)))
      .map(([user, domain]) => `sip:${user}@${domain}`),
    weight: 2,
  },
)
const anyProxy = fc.record({
  users: fc.record({ x: fc.array(place, { maxLength: 3 }), y: fc.array(place, { maxLength: 3 }) }),
  manner: fc.constantFrom('forwards', 'recurses', 'redirects'),
  recordRoute: fc.boolean(),
  symmetric: fc.boolean(),
})
const anyPhone = fc.record({
  answerAfterMs: fc.constantFrom(undefined, 0, 30, 2000),
  reject: fc.constantFrom(undefined, undefined, undefined, 486, 603),
  forwardTo: fc.option(fc.array(place, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 3 }),
})
const LABELS = [
  'INVITE',
  '100 INVITE',
  '180 INVITE',
  '200 INVITE',
  '302 INVITE',
  '486 INVITE',
  '487 INVITE',
  '482 INVITE',
  'ACK',
  'CANCEL',
  '200 CANCEL',
  'BYE',
  '200 BYE',
]
const anyFault: fc.Arbitrary<FaultRule> = fc
  .record({
    node: fc.constantFrom(...NODES),
    isFrom: fc.boolean(),
    label: fc.constantFrom(...LABELS),
    nth: fc.integer({ min: 1, max: 3 }),
    action: fc.constantFrom<FaultRule['action'][]>(
      { drop: true },
      { drop: true },
      { duplicateAfterNs: 3e6 },
      { delayNs: 7e8 },
      { swap: true },
    ),
  })
  .map(({ node, isFrom, label, nth, action }) => ({
    where: `${node}--net from ${isFrom ? node : 'net'}`,
    match: { label, nth },
    action,
  }))

const world = fc.record({
  one: anyProxy,
  two: anyProxy,
  three: anyProxy,
  alice: anyPhone,
  bob: anyPhone,
  carol: anyPhone,
  calls: fc.array(
    fc.record({
      who: fc.constantFrom('alice', 'bob', 'carol'),
      to: place,
      ms: fc.nat({ max: 300 }),
      cancelMs: fc.option(fc.nat({ max: 3000 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  faults: fc.array(anyFault, { maxLength: 5 }),
})

test.prop([world], { numRuns: 60 })('all comes to an end', ({ one, two, three, alice, bob, carol, calls, faults }) => {
  const stage = new Stage({ ...PROXIES, ...PHONES }, { names: NAMES, faults })
  const running = [
    ...Object.entries({ one, two, three }).map(([name, { users, manner, recordRoute, symmetric }]) =>
      proxy.start(stage.host(name), {
        ...{ domain: `${name}.example`, users, recordRoute, symmetric },
        ...{ recurse: manner === 'recurses', redirect: manner === 'redirects' },
      }),
    ),
  ]
  const phones = Object.fromEntries(
    Object.entries({ alice, bob, carol }).map(([name, { answerAfterMs, reject, forwardTo }]) => {
      const forwards = forwardTo !== undefined && (reject === undefined || reject < 400)
      const options = {
        ...(reject !== undefined && !forwards && { reject }),
        ...(forwards && { forwardTo }),
        ...(answerAfterMs !== undefined && { answerAfterMs }),
      }
      return [
        name,
        phone.start(stage.host(name), {
          aor: `sip:${name}@${PHONES[name as 'alice']}`,
          proxy: PROXIES.one,
          talk: false,
          lines: 3,
          ...options,
        }),
      ] as const
    }),
  )
  for (const { who, to, ms, cancelMs } of calls) {
    stage.at(ms, who, () => void phones[who]!.do('call', { to }))
    if (cancelMs !== undefined) stage.at(ms + cancelMs, who, () => void phones[who]!.do('cancel', {}))
  }
  for (const [nth, name] of Object.keys(phones).entries())
    for (let second = 0; second < 24; second++)
      stage.at(250_000 + nth * 10_000 + second * 40_000, name, () => void phones[name]!.do('hang up', {}))
  stage.run(2_000_000)
  const held = [...running, ...Object.values(phones)].flatMap(({ holdings }) => holdings?.held() ?? [])
  expect(held).toEqual([])
  expect(stage.network.inFlight).toBe(0)
  expect(stage.network.kernel.pending).toBe(0)
})
