import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { topologiesBeside } from '../../experiments/cli/library.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { Run, type RunOptions } from '../../experiments/run/run.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const CALL = `question: Does it last?
topology: two-phones-one-proxy
set: { links.0.loss: 5 %, nodes.alice.runs.talk: false, nodes.bob.runs.talk: false }
scenario:
  - { at: 0 s, who: alice, do: call, to: sip:bob@example.com }
  - { when: bob is ringing, after: 2 s, who: bob, do: answer }
  - { when: call is established, after: 20 s, who: alice, do: hang up }
`

function read(faults: readonly string[]) {
  const text = `${CALL}faults:${faults.length === 0 ? ' []' : faults.map((one) => `\n  - ${one}`).join('')}\n`
  return readExperiment(readYaml('e', text), topologiesBeside('e'))
}

function experimentOf(faults: readonly string[]): Experiment {
  const reading = read(faults)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

function run(experiment: Experiment, options: Partial<RunOptions> = {}) {
  const made = new Run(experiment, { level: 'everything', ...options })
  while (!made.step(Number.MAX_SAFE_INTEGER));
  return made.result()
}

describe('a mistake in a fault is found where it stands', () => {
  test.each<[string, string]>([
    ['{ cut: { on: alice--router } }', 'e:9:5 `at` (a time) or `when` (a condition) is missing here'],
    [
      '{ at: 1 s, cut: { on: alice--proxy } }',
      'e:9:27 a link of the topology, not "alice--proxy": did you mean alice--router?',
    ],
    [
      '{ at: 1 s, cut: { on: alice -> proxy } }',
      'e:9:27 a link of the topology, not "alice -> proxy": alice and proxy share none: the links are alice--router, proxy--router, bob--router',
    ],
    ['{ at: 1 s, cut: { on: alice--router, for: 0 s } }', 'e:9:47 a duration of more than nothing'],
    ['{ at: 1 s, cut: { on: alice--router, fro: 1 s } }', 'e:9:42 there is no key "fro" here: did you mean for?'],
    ['{ at: 1 s, cut: { on: alice--router }, heal: { on: alice--router } }', 'e:9:5 exactly one of drop, delay,'],
    ['{ at: 1 s }', 'e:9:5 exactly one of drop, delay,'],
    ['{ at: 1 s, drop: { on: alice -> bob } }', 'e:9:11 no `at`: a rule about packets holds for the whole run'],
    ['{ when: bob is sleeping, crash: { node: bob } }', 'e:9:13 a state of a call, not "sleeping"'],
    ['{ at: 1 s, crash: { node: bbo } }', 'e:9:31 a node of the topology, not "bbo": did you mean bob?'],
    ['{ at: 1 s, crash: { node: router } }', 'e:9:31 a host: router is a router, which can `reboot`'],
    ['{ at: 1 s, reboot: { node: bob } }', 'e:9:32 a nat, a firewall or a router: bob is a host, which can `crash`'],
    [
      '{ at: 1 s, dns: { node: bob, with: SERVFAIL } }',
      'e:9:29 a host that runs a DNS server, and this topology has none: not "bob"',
    ],
    ['{ at: 1 s, partition: { nodes: [] } }', 'e:9:36 at least one node'],
    ['{ at: 1 s, partition: { nodes: [alice, alice] } }', 'e:9:44 each node once: alice is there'],
    ['{ at: 1 s, partition: { nodes: [alice, constructor] } }', 'e:9:44 a node of the topology, not "constructor"'],
    [
      '{ at: 1 s, partition: { nodes: [alice, bob, router, proxy] } }',
      'e:9:36 the nodes of one side alone, so that links are cut: all are on this side',
    ],
    ['{ at: 1 s, slow: { node: alice } }', 'e:9:16 what takes longer: `packet: 5 ms` or `timer: 5 ms`'],
    ['{ at: 1 s, clock: { node: alice } }', 'e:9:16 what the clock does: `step: 5 s` or `drift: 1 %`'],
    ['{ at: 1 s, partition: { nodes: [alice, bbo] } }', 'e:9:44 a node of the topology, not "bbo": did you mean bob?'],
    [
      '{ at: 1 s, flap: { on: alice--router, down: 1 s, up: 1 s, times: 0 } }',
      'e:9:70 a whole number from 1 to 1000000',
    ],
    ['{ at: 1 s, crsh: { node: bob } }', 'e:9:16 there is no key "crsh" here: did you mean crash?'],
    [
      '{ at: 1 s, degrade: { on: alice--router } }',
      'e:9:16 what changes: one of rate, delay, jitter, loss, duplication, corruption, reordering',
    ],
    ['{ at: 1 s, degrade: { on: alice--router, loss: 120 % } }', 'a ratio from 0 % to 100 %, not 120 %'],
    ['{ at: 1 s, clock: { node: bob, drift: -100 % } }', 'a drift from -99.9 % to 100000 %'],
    ['{ at: 1 s, slow: { node: bob, packet: 5 } }', 'e:9:43 a duration such as 20 ms: "5" has no unit'],
    ['{ at: 1 s, freeze: { node: bob, buffer: few } }', 'e:9:45 a queue such as 64 kB or 50 packets'],
  ])('%s: %s', (fault, expected) => {
    const reading = read([fault])
    expect(reading.ok ? 'no mistake' : reading.mistakes.map((one) => `${one.at} ${one.expected}`).join('\n')).toContain(
      expected,
    )
  })
})

test('a fault whose condition never came is said to have changed nothing', () => {
  const result = run(experimentOf(['{ when: 487 INVITE is lost, after: 1 s, crash: { node: bob, for: 1 s } }']))
  expect(result.unmatchedFaults).toEqual(['crash bob for 1 s, 1 s after 487 INVITE is lost: never struck'])
})

test.each([
  ['{ at: 40 d, crash: { node: bob } }', 'crash bob, at 40 d: never struck: the run ended before'],
  [
    '{ when: bob is ringing, after: 2 d, crash: { node: bob } }',
    'crash bob, 2 d after bob is ringing: never struck: the run ended before',
  ],
])('a fault whose time is after the end is said to have changed nothing: %s', (fault, said) => {
  expect(run(experimentOf([fault])).unmatchedFaults).toEqual([said])
})

test('a fault with a condition has as its cause the record that met it', () => {
  const said: string[] = []
  const faults = ['{ when: bob is ringing, after: 1 s, cut: { on: bob--router, for: 1 s } }']
  run(experimentOf(faults), {
    sinks: [
      (record) => record.kind === 'faulted' && said.push(`${record.at / 1e9} ${record.what} ${record.cause?.node}`),
    ],
  })
  expect(said).toEqual(['1.012108016 cut bob', '2.012108016 heal bob'])
})

test('a host that crashes at the very start begins when it comes back, and can do nothing before', () => {
  const faults = ['{ at: 0 s, crash: { node: alice, for: 1 s } }']
  const { unfinished } = run(experimentOf(faults))
  expect(unfinished.join()).toContain('alice: call, at 0 s: refused at 0 s: expected alice to have power')
  expect(run(experimentOf(['{ at: 0 s, kill: { node: alice, for: 1 s } }'])).unfinished.join()).toContain(
    'expected the programs of alice to run',
  )
})

const seconds = fc.integer({ min: 0, max: 24 })
const lasting = fc.integer({ min: 1, max: 9 })
const place = fc.constantFrom('alice--router', 'bob--router', 'router -> proxy', 'alice -> router')
const when = fc.oneof(
  seconds.map((at) => `at: ${at} s`),
  fc
    .record({ of: fc.constantFrom('bob is ringing', 'call is established', 'BYE is received by bob'), after: seconds })
    .map(({ of, after }) => `when: ${of}, after: ${after} s`),
)
const what = fc.oneof(
  fc.record({ on: place, lasts: lasting }).map(({ on, lasts }) => `cut: { on: ${on}, for: ${lasts} s }`),
  place.map((on) => `heal: { on: ${on} }`),
  place.map((on) => `flap: { on: ${on}, down: 300 ms, up: 1 s, times: 3 }`),
  fc
    .record({ kind: fc.constantFrom('crash', 'kill'), node: fc.constantFrom('alice', 'bob', 'proxy'), lasts: lasting })
    .map(({ kind, node, lasts }) => `${kind}: { node: ${node}, for: ${lasts} s }`),
  lasting.map((lasts) => `freeze: { node: bob, for: ${lasts} s, buffer: 2 packets }`),
  lasting.map((lasts) => `slow: { node: proxy, packet: ${lasts * 100} ms, timer: 1 ms, for: ${lasts} s }`),
  lasting.map((lasts) => `clock: { node: alice, step: -${lasts} s, drift: ${lasts} % }`),
  fc
    .record({ on: place, lasts: lasting })
    .map(
      ({ on, lasts }) =>
        `degrade: { on: ${on}, rate: 20 kbps, delay: ${lasts} ms, loss: 30 %, jitter: 50 ms, for: ${lasts} s }`,
    ),
  lasting.map((lasts) => `reboot: { node: router, for: ${lasts} s }`),
  lasting.map((lasts) => `partition: { nodes: [alice], for: ${lasts} s }`),
)
const faults = fc.array(
  fc.record({ when, what }).map(({ when, what }) => `{ ${when}, ${what} }`),
  { maxLength: 5 },
)

describe('runs with random faults', () => {
  law.prop([faults, fc.nat()], { numRuns: 40 })(
    'break no law of physics, do not depend on the order of the file, and frozen have the same digests',
    (some, turn) => {
      const experiment = experimentOf(some)
      const chance = new ChanceLog()
      const result = run(experiment, { chance })
      expect(result.audit.violations).toEqual([])
      const turned = some.map((_, i) => some[(i + turn) % some.length]!)
      expect(run(experimentOf(turned)).digests).toEqual(result.digests)
      expect(run(experiment, { faults: [...chance.tape()], calm: true }).digests).toEqual(result.digests)
    },
  )
})
