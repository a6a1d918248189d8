// netem lines as tc takes them, and what is said of those that it would not.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readNetem } from '../../topologies/links/netem.ts'
import { simulatedDirection } from '../../topologies/links/simulated.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const NOTHING = { limit: 1000, delayNs: 0, jitterNs: 0, correlation: 0 }

describe('a line', () => {
  test.each<[string, object]>([
    ['delay 100ms', { delayNs: 100e6 }],
    [
      'delay 100ms 20ms 25% loss gemodel 1% 10%',
      {
        ...{ delayNs: 100e6, jitterNs: 20e6, correlation: 0.25 },
        loss: { model: 'states', toBad: 0.01, toGood: 0.1, badRatio: 1, goodRatio: 0 },
      },
    ],
    ['tc qdisc add dev eth0 root handle 1: netem delay 1s', { delayNs: 1e9 }],
    ['del 10 5', { delayNs: 10_000, jitterNs: 5000 }],
    ['latency 1.5msec', { delayNs: 1.5e6 }],
    ['loss 0.3% 25%', { loss: { model: 'random', ratio: 0.003, correlation: 0.25 } }],
    ['drop random 10', { loss: { model: 'random', ratio: 0.1, correlation: 0 } }],
    ['loss state 1%', { loss: { model: 'four-states', p13: 0.01, p31: 0.99, p32: 0, p23: 1, p14: 0 } }],
    ['loss gemodel 1%', { loss: { model: 'states', toBad: 0.01, toGood: 0.99, badRatio: 1, goodRatio: 0 } }],
    [
      'loss gemodel 1% 10% 70% 0.1%',
      { loss: { model: 'states', toBad: 0.01, toGood: 0.1, badRatio: 0.7, goodRatio: 0.001 } },
    ],
    ['dup 1%', { duplicate: { ratio: 0.01, correlation: 0 } }],
    ['corrupt 0.1% 5%', { corrupt: { ratio: 0.001, correlation: 0.05 } }],
    ['delay 10ms reorder 25% 50%', { delayNs: 10e6, reorder: { ratio: 0.25, correlation: 0.5, gap: 1 } }],
    ['gap 5 delay 10ms reorder 100%', { delayNs: 10e6, reorder: { ratio: 1, correlation: 0, gap: 5 } }],
    ['delay 100ms 20ms dist pareto', { delayNs: 100e6, jitterNs: 20e6, distribution: 'pareto' }],
    ['rate 10mbit', { rate: { bps: 10e6, packetOverhead: 0, cellSize: 0, cellOverhead: 0 } }],
    ['rate 1mbps', { rate: { bps: 8e6, packetOverhead: 0, cellSize: 0, cellOverhead: 0 } }],
    ['rate 1kibit -8 48 5', { rate: { bps: 1024, packetOverhead: -8, cellSize: 48, cellOverhead: 5 } }],
    [
      'qdisc netem 8001: dev eth0 root refcnt 2 limit 1000 delay 100ms  20ms 25% loss gemodel p 1% r 10% 1-h 70% 1-k 0.1%',
      {
        ...{ delayNs: 100e6, jitterNs: 20e6, correlation: 0.25 },
        loss: { model: 'states', toBad: 0.01, toGood: 0.1, badRatio: 0.7, goodRatio: 0.001 },
      },
    ],
    [
      'netem 8001: parent 1:1 loss state p13 1% p31 2% p32 3% p23 4% p14 5%',
      { loss: { model: 'four-states', p13: 0.01, p31: 0.02, p32: 0.03, p23: 0.04, p14: 0.05 } },
    ],
    [
      'rate 1Mbit packetoverhead -4 celloverhead 5 # of the uplink',
      { rate: { bps: 1e6, packetOverhead: -4, cellSize: 0, cellOverhead: 5 } },
    ],
    ['# an uplink\ntc qdisc add dev eth0 root netem \\\n  delay 5ms # far\n', { delayNs: 5e6 }],
    ['slot 1ms 2ms packets 4 bytes 3000', { slot: { minNs: 1e6, maxNs: 2e6, packets: 4, bytes: 3000 } }],
    ['slot 500', { slot: { minNs: 500, maxNs: 500, packets: 0, bytes: 0 } }],
    ['slot 500us', { slot: { minNs: 5e5, maxNs: 5e5, packets: 0, bytes: 0 } }],
    [
      'slot distribution normal 5ms 1ms',
      {
        slot: {
          ...{ minNs: 0, maxNs: 0, packets: 0, bytes: 0 },
          table: { distribution: 'normal', delayNs: 5e6, jitterNs: 1e6 },
        },
      },
    ],
    ['slot distribution uniform 5ms 6ms p 2', { slot: { minNs: -1e6, maxNs: 11e6, packets: 2, bytes: 0 } }],
    [
      'tc qdisc add dev eth0 root netem delay 200us \\\n  slot 800us 10ms bytes 64k packets 42',
      { delayNs: 200e3, slot: { minNs: 800e3, maxNs: 10e6, packets: 42, bytes: 65_536 } },
    ],
    [
      'loss 0% reorder 0% gap 0',
      { loss: { model: 'random', ratio: 0, correlation: 0 }, reorder: { ratio: 0, correlation: 0, gap: 1 } },
    ],
    ['loss 0% loss 2%', { loss: { model: 'random', ratio: 0.02, correlation: 0 } }],
    ['limit 5k ecn loss 1% seed 7', { limit: 5120, loss: { model: 'random', ratio: 0.01, correlation: 0 } }],
  ])('%s', (line, expected) => expect(readNetem(line)).toEqual({ ...NOTHING, ...expected }))
})

/** The characters that a complaint points at, and the sentence. */
function complaint(line: string): string {
  const read = readNetem(line)
  if (!('expected' in read)) return 'fine'
  return `[${line.slice(read.start, read.start + read.length)}] ${read.expected}`
}

describe('a line that tc would not take', () => {
  test.each([
    [
      'dealy 100ms',
      '[dealy] one of limit, latency, delay, loss, drop, ecn, reorder, corrupt, gap, duplicate, distribution, rate, slot, seed, not "dealy": did you mean delay?',
    ],
    [
      'delay 100mz',
      '[100mz] a time such as 100ms: tc has no "mz" there (s, sec, secs, ms, msec, msecs, us, usec, usecs, ns, nsec, nsecs)',
    ],
    ['loss 1% delay', '[] a time such as 100ms after delay'],
    ['delay -5ms', '[-5ms] a time such as 100ms of zero or more, not "-5ms"'],
    ['loss 120%', '[120%] a share from 0% to 100%, not "120%"'],
    ['loss gemodl 1%', '[gemodl] one of random, state, gemodel, not "gemodl": did you mean gemodel?'],
    ['reorder 25%', '[reorder] a delay beside it, such as delay 10ms: without one there is nothing to be ahead of'],
    ['delay 10ms gap 5', '[gap] a reorder beside it, such as reorder 25%: a gap alone does nothing'],
    [
      'delay 10ms distribution normal',
      '[distribution] a delay and a jitter before it, such as delay 100ms 20ms: they scale it',
    ],
    [
      'delay 10ms 2ms distribution experimental',
      '[experimental] one of normal, pareto, paretonormal, uniform, not "experimental"; for measurements of your own, say jitter: { law: measured, values: […] }',
    ],
    ['rate 101%', '[101%] a share from 0% to 100%, not "101%"'],
    ['rate 0%', "[0%] a rate of at least 100bit: 0% of the link's is less"],
    ['rate 1mbit packetoverhead', '[] a whole number after packetoverhead'],
    [
      'slot distribution 5ms 1ms',
      '[5ms] one of normal, pareto, paretonormal, uniform, not "5ms"; for measurements of your own, say jitter: { law: measured, values: […] }',
    ],
    ['rate 0', '[0] a rate of at least 100bit, not "0"'],
    ['loss 1% delay 1ms loss gemodel 2%', '[loss] one loss: there is one before it already'],
    ['ecn delay 1ms', '[ecn] a loss beside it, such as loss 1%: there is nothing to be marked instead'],
    ['slot distribution normal 5ms 0', '[slot] a slot whose jitter is above zero, or slot and a time alone'],
    ['reorder 0% gap 3 delay 1ms', '[gap] a reorder beside it, such as reorder 25%: a gap alone does nothing'],
    ['slot 5ms 2ms', '[slot] a slot whose longest time is not below its shortest'],
    ['', '[] what netem does, such as delay 100ms 20ms loss 1%'],
  ])('%s', (line, expected) => expect(complaint(line)).toBe(expected))

  test('is shown where it stands in the file', () => {
    const text = `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24 }
links:
  - { between: [a, b], netem: "delay 100ms 20mz" }
`
    const reading = readTopology(readYaml('t.yaml', text))
    expect(reading.ok ? '' : printMistake(reading.mistakes[0]!)).toBe(
      [
        't.yaml:5:44: a time such as 100ms: tc has no "mz" there (s, sec, secs, ms, msec, msecs, us, usec, usecs, ns, nsec, nsecs)',
        '  5 |   - { between: [a, b], netem: "delay 100ms 20mz" }',
        '    |                                            ^^^^',
      ].join('\n'),
    )
  })

  test('has a share of the link’s rate in it, where there is one', () => {
    const read = (link: string) =>
      readTopology(
        readYaml(
          't',
          `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24 }
links:
  - { between: [a, b], ${link} }
`,
        ),
      )
    const sound = read('netem: rate 50% 4, up: { rate: 1 Mbps }, down: { rate: 3 Mbps }')
    const { up, down } = (sound.ok ? sound.value.links[0] : undefined)!
    expect([up, down].map((way) => simulatedDirection(way!).netem?.rate?.bps)).toEqual([500e3, 1.5e6])
    const wrong = read('netem: delay 5ms rate 50% 4, up: { rate: 1 Mbps }')
    expect(wrong.ok ? '' : printMistake(wrong.mistakes[0]!)).toBe(
      [
        't:5:46: a rate such as 10mbit, or a `rate` of the link beside the netem: 50% is a share of that',
        '  5 |   - { between: [a, b], netem: delay 5ms rate 50% 4, up: { rate: 1 Mbps } }',
        '    |                                              ^^^',
      ].join('\n'),
    )
  })

  const words = fc.constantFrom(
    ...['delay', 'loss', 'reorder', 'gap', 'slot', 'rate', 'state', 'gemodel', 'distribution', 'packets', 'corrupt'],
    ...['10ms', '5', '1%', '-3', '.5', '1e9', 'normal', '99999999999999999999', '10mbit', '%', 'NaN', '٣'],
  )
  law.prop([fc.array(words, { maxLength: 8 })])('is refused at a place in it, or read', (some) => {
    const line = some.join(' ')
    const read = readNetem(line)
    if ('expected' in read) expect(read.start + read.length).toBeLessThanOrEqual(line.length + 1)
    else expect(read.delayNs).toBeGreaterThanOrEqual(0)
  })
})
