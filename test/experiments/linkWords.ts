// Calls over links that say anything: drawn from all words, and what must hold of each.

import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import type { WorldOptions } from '../../experiments/run/world.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

/** One word of each row may stand on a link; a row with the same key in another is never drawn with it. */
const WORDS = [
  [
    'rate: 200 kbps',
    'rate: 1 Mbps, framing: 38 B',
    'opportunities: "3 7 7 12 30"',
    'rate: 1 Mbps, shaper: { rate: 200 kbps, burst: 2 kB }',
    'shaper: { rate: 150 kbps, burst: 1 B }',
  ],
  ['delay: 0 s', 'delay: 20 ms'],
  [
    'jitter: 8 ms',
    'jitter: { most: 30 ms, reorders: true }',
    'jitter: { law: normal, deviation: 9 ms, correlation: 50 %, reorders: true }',
    'jitter: { law: pareto, deviation: 5 ms }',
    'jitter: { law: right-skewed, mean: 4 ms, deviation: 6 ms }',
    'jitter: { law: measured, values: [1 ms, 30 ms] }',
    'trace: "t_rel_s,seq,rtp_ts\\n0,1,0\\n0.025,2,160\\n0.041,3,320\\n0.08,5,640"',
  ],
  ['duplication: { ratio: 5 %, after: 3 ms }', 'corruption: 2 %', 'reordering: { ratio: 5 %, by: 15 ms, gap: 3 }'],
  [
    'queue: 3 kB',
    'queue: 4 packets',
    'queue: { discipline: priority, limit: 4 kB }',
    'queue: { discipline: weighted, classes: [{ dscp: [EF, CS3], weight: 3 }], limit: 4 kB }',
    'queue: { discipline: codel, target: 1 ms, interval: 10 ms }',
    'queue: { discipline: fq-codel, target: 1 ms, interval: 10 ms, flows: 4, limit: 20 packets }',
    'queue: { discipline: red, min: 1 packets, max: 4 packets, weight: 0.2 }',
  ],
  [
    'netem: "delay 10ms 9ms 25% loss gemodel 2% 40% reorder 5% gap 3"',
    'netem: "duplicate 5% corrupt 1% rate 500kbit 4 48 5 limit 30"',
    'netem: "slot 5ms 10ms packets 4 delay 2ms 1ms distribution normal"',
    'policer: { rate: 150 kbps, burst: 2 kB }',
  ],
  ['changes: [{ at: 2 s, delay: 60 ms, corruption: 1 % }, { at: 3 s, delay: 1 ms, corruption: 0 % }]'],
] as const

/** Words of one link; where nothing is slow, there is no queue. */
export const linkWords: fc.Arbitrary<string> = fc
  .tuple(...WORDS.map((row) => fc.option(fc.constantFrom(...row), { nil: '' })))
  .map(([slow = '', ...words]) => {
    const rest = words.filter((word) => word !== '' && (slow !== '' || !word.startsWith('queue:')))
    return [...(slow === '' ? [] : [slow]), ...rest].join(', ')
  })

function experiment(toAlice: string, toProxy: string, load: boolean): Experiment {
  const text = `
question: Does a call come about?
topology:
  nodes:
    alice:  { kind: host, address: 192.0.2.10/24,    gateway: router, runs: [{ program: phone, aor: sip:alice@example.com, proxy: 203.0.113.5 }, { program: sink }] }
    bob:    { kind: host, address: 198.51.100.20/24, gateway: router, runs: { program: phone, aor: sip:bob@example.com, proxy: 203.0.113.5 } }
    proxy:
      kind: host
      address: 203.0.113.5/24
      gateway: router
      runs: [{ program: proxy, domain: example.com, recordRoute: true, users: { bob: sip:bob@198.51.100.20 } }${load ? ', { program: load, to: alice, rate: 150 kbps, pattern: poisson }' : ''}]
    router: { kind: router }
  links:
    - { between: [alice, router], ${toAlice} }
    - { between: [proxy, router], ${toProxy} }
    - { between: [bob, router], delay: 1 ms }
scenario:
  - { at: 0 s, who: alice, do: call, to: sip:bob@example.com }
  - { when: bob is ringing, after: 1 s, who: bob, do: answer }
  - { when: call is established, after: 1 s, who: alice, do: hang up }
until: 6 s
`
  const reading = readExperiment(readYaml('links.yaml', text), () => ({ hint: 'none' }))
  if (!reading.ok) throw new Error(reading.mistakes.map(({ at, expected }) => `${at} ${expected}`).join('\n'))
  return reading.value
}

function run(question: Experiment, options: Partial<WorldOptions> = {}) {
  const whole = new Run(question, { level: 'everything', ...options })
  while (!whole.step(10_000));
  return whole.result()
}

/** A call over two such links, with background load or without: the audit is content, and frozen or in separate stages it is the same run. */
export function expectLawfulCall(toAlice: string, toProxy: string, load: boolean): void {
  const question = experiment(toAlice, toProxy, load)
  const chance = new ChanceLog()
  const chancy = run(question)
  expect(chancy.audit.violations).toEqual([])
  expect(run(question, { fused: false }).digests).toEqual(chancy.digests)
  expect(run(question, { chance }).digests).toEqual(chancy.digests)
  expect(run(question, { calm: true, faults: [...question.faults, ...chance.tape()] }).digests).toEqual(chancy.digests)
}
