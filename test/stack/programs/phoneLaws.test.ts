// What holds for any call between two phones, whatever is lost, asked or crossed on the way.

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { printUri } from '../../../stack/sip/message/uri.ts'
import { lose, Phones } from './phones.ts'

/** The first four copies of each message may be lost: every timer sends more than that, so every pattern heals. */
const ALICES = ['INVITE', 'ACK', 'CANCEL', 'BYE', '200 BYE']
const BOBS = ['180 INVITE', '200 INVITE', '487 INVITE', '486 INVITE', '603 INVITE', '200 CANCEL', 'BYE', '200 BYE']
const nth = fc.integer({ min: 1, max: 4 })
const losses = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...ALICES), nth), { maxLength: 6 }),
    fc.array(fc.tuple(fc.constantFrom(...BOBS), nth), { maxLength: 6 }),
  )
  .map(([alices, bobs]) => [
    ...alices.map(([label, n]) => lose(label, n, 'alice')),
    ...bobs.map(([label, n]) => lose(label, n, 'bob')),
  ])
const wishes = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 20_000 }),
    fc.constantFrom(
      'alice cancel',
      'alice hang up',
      'bob hang up',
      'bob answer',
      'bob reject 603',
      'alice options sip:bob@10.0.0.2',
    ),
  ),
  { maxLength: 3 },
)

const SETTLED_MS = 200_000
const T1_64_MS = 32_000

/** A call that rings for 1.5 s and is answered, wishes at any time, losses, and time to settle. */
function settle(
  faults: ReturnType<typeof lose>[],
  asked: [number, string][],
  more: readonly string[] = [],
  untilMs = SETTLED_MS,
) {
  const scenario = ['0 alice call sip:bob@10.0.0.2', ...asked.map(([ms, wish]) => `${ms} ${wish}`), ...more]
  return new Phones(scenario, { faults, bob: { answerAfterMs: 1500 }, untilMs })
}

describe('after any losses that heal', () => {
  test.prop([losses], { numRuns: 60 })('a call that nobody ends stands', (faults) => {
    const { alice, bob } = settle(faults, [])
    expect([...alice.calls, ...bob.calls].map(({ state }) => state)).toEqual(['established', 'established'])
  })
  test.prop([losses, wishes], { numRuns: 100 })(
    'both sides agree whether there is a call, and on its dialog',
    (faults, asked) => {
      const { alice, bob } = settle(faults, asked)
      expect(alice.calls.map(({ state }) => state)).toEqual(bob.calls.map(() => 'established'))
      for (const [at, call] of alice.calls.entries()) {
        const one = call.dialog!
        const other = bob.calls[at]!.dialog!
        expect([one.callId, one.localTag, one.remoteTag]).toEqual([other.callId, other.remoteTag, other.localTag])
        expect([one.phase, other.phase]).toEqual(['confirmed', 'confirmed'])
        expect(printUri(one.remoteTarget)).toBe('sip:bob@10.0.0.2:5060')
        expect(printUri(other.remoteTarget)).toBe('sip:alice@10.0.0.1:5060')
        expect(other.remoteSequence).toBe(one.localSequence)
      }
    },
  )
  test.prop([losses, wishes, fc.constantFrom('alice', 'bob')], { numRuns: 100 })(
    'nothing is left 64·T1 after the last word: no call, no timer, no transaction, no packet',
    (faults, asked, who) => {
      const both = [`${SETTLED_MS} ${who} hang up`]
      const ended = settle(faults, asked, both, SETTLED_MS + T1_64_MS + 20)
      expect([...ended.alice.calls, ...ended.bob.calls].map(({ state }) => state)).toEqual([])
      ended.network.run()
      const { network, alice, bob } = ended
      expect([network.kernel.pending, network.inFlight, alice.transactions, bob.transactions]).toEqual([0, 0, 0, 0])
    },
  )
})

describe('at any loss ratio', () => {
  test.prop([fc.nat({ max: 99 }), fc.integer({ min: 0, max: 9 }), wishes], { numRuns: 60 })(
    'a call that was established at both ends has ended at both when they have hung up',
    (seed, tenths, asked) => {
      const scenario = ['0 alice call sip:bob@10.0.0.2', ...asked.map(([ms, wish]) => `${ms} ${wish}`)]
      const hangUps = [`${SETTLED_MS} alice hang up`, `${SETTLED_MS} bob hang up`]
      const options = { seed: `${seed}`, lossRatio: tenths / 10, bob: { answerAfterMs: 1500 } }
      const { network, alice, bob } = new Phones([...scenario, ...hangUps], options)
      expect([...alice.calls, ...bob.calls].map(({ state }) => state)).toEqual([])
      expect([network.kernel.pending, network.inFlight, alice.transactions, bob.transactions]).toEqual([0, 0, 0, 0])
    },
  )
})
