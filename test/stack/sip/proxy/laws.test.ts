// Whatever the network loses and whoever gives up, each request comes to an end, and nothing stays behind.

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { FaultRule } from '../../../../sim/faults/rule.ts'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage } from '../stage.ts'

const HOSTS = { alice: '10.0.0.1', bob: '10.0.0.2', carol: '10.0.0.3', proxy: '10.0.0.9' }
const LABELS = [
  'INVITE',
  '100 INVITE',
  '180 INVITE',
  '200 INVITE',
  '486 INVITE',
  '487 INVITE',
  'ACK',
  'CANCEL',
  '200 CANCEL',
]

const anyFault: fc.Arbitrary<FaultRule> = fc
  .tuple(
    fc.constantFrom(
      'alice--net from alice',
      'alice--net from net',
      'proxy--net from proxy',
      'bob--net from net',
      'carol--net from carol',
    ),
    fc.constantFrom(...LABELS),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([where, label, nth]) => ({ where, match: { label, nth }, action: { drop: true } }))

const anyAnswers: fc.Arbitrary<Answers> = fc.constantFrom<Answers[]>(
  [],
  [[0, 180]],
  [[0, 486]],
  [
    [100, 180],
    [2000, 200],
    [2500, 200],
    [3500, 200],
  ],
  [
    [0, 200],
    [500, 200],
    [1500, 200],
  ],
  [[3000, 603]],
)

const story = fc.record({
  faults: fc.array(anyFault, { maxLength: 4 }),
  bob: anyAnswers,
  carol: anyAnswers,
  cancelMs: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
  dark: fc.subarray(['bob', 'carol']),
  method: fc.constantFrom('INVITE', 'OPTIONS'),
})

test.prop([story])('a forked request through the proxy ends', ({ faults, bob, carol, cancelMs, dark, method }) => {
  const stage = new Stage(HOSTS, { faults, dark })
  const users = { all: ['sip:bob@10.0.0.2', 'sip:carol@10.0.0.3'] }
  proxy.start(stage.host('proxy'), { domain: 'example.com', users })
  const alice = new Agent(stage.host('alice'))
  const agents = [
    alice,
    new Agent(stage.host('bob'), { INVITE: bob }),
    new Agent(stage.host('carol'), { INVITE: carol }),
  ]
  stage.at(0, 'alice', () => {
    const client = alice.send(HOSTS.proxy, `${method} sip:all@example.com`)
    if (cancelMs !== undefined) stage.host('alice').after(cancelMs, () => client.cancel())
  })
  stage.run()
  expect(stage.network.kernel.pending).toBe(0)
  expect(stage.network.inFlight).toBe(0)
  // Who never answers at all may wait for ever with a request that nobody else knows of.
  const answers = (script: Answers): boolean => script.some(([, status]) => status >= 200)
  const answering = agents.filter((_, index) => [true, answers(bob), answers(carol)][index])
  expect(answering.map((agent) => agent.layer.size)).toEqual(answering.map(() => 0))
  const finals = alice.heard.filter((line) => / (?:[2-6]\d\d |timeout)/.test(line))
  expect(finals.length).toBeGreaterThan(0)
})
