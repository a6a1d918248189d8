// What changes on a link is said where it changes, in the words of the file: in the ladder, in the trace, and to who asks why.

import { expect, test } from 'vitest'
import { tellFault } from '../../experiments/ladder/fault.ts'
import { simulate } from '../../experiments/vitest/simulate.ts'

const PAIR = `nodes:
  alice: { kind: host, address: 192.0.2.10/24 }
  bob:   { kind: host, address: 192.0.2.20/24 }
links:
  - between: [alice, bob]
    rate: 1 Gbps
`

/** What is told of a change, and of the same as a fault. */
function told(change: string): readonly string[] {
  const topology = `${PAIR}    up: { changes: [{ at: 1 s, ${change} }] }\n`
  const faults = [{ at: '2 s', degrade: { on: 'alice -> bob', ...JSON.parse(json(change)) } }]
  const { trace } = simulate(topology, [], { faults })
  return trace.flatMap((record) => (record.kind === 'faulted' ? [tellFault(record).text] : []))
}

/** `rate: 1 Mbps` as JSON. */
function json(change: string): string {
  return `{${change.replace(/[a-z-]+(?=:)/g, '"$&"').replace(/: ([^"{}[\],]+)/g, ': "$1"')}}`
}

test.each([
  ['rate: 64 kbps', 'rate 64 kbps'],
  ['delay: 300 ms, loss: 20 %', 'delay 300 ms, loss 20 %'],
  ['jitter: 5 ms, corruption: 1 ppm', 'jitter 5 ms, corruption 0.0001 %'],
  ['jitter: { law: normal, deviation: 4 ms }', 'jitter normal 4 ms'],
  ['jitter: { law: right-skewed, mean: 4 ms, deviation: 9 ms }', 'jitter right-skewed 4 ms 9 ms'],
  ['loss: { gemodel: { p: 1 %, r: 10 % } }', 'loss gemodel p 1 % r 10 %'],
  ['duplication: { ratio: 1 %, after: 3 ms }', 'duplication 1 % after 3 ms'],
  ['reordering: { ratio: 5 %, by: 15 ms }', 'reordering 5 % by 15 ms'],
])('%s', (change, words) => {
  expect(told(change)).toEqual([`link alice--bob changes, up: ${words}`, `▽ alice -> bob degraded: ${words}`])
})

test.each([
  ['alice--bob', true],
  ['bob -> alice', true],
  ['alice--carol', false],
])('a queue where packets wait only once a fault has slowed its link is one: degrade on %s', (on, isSlowed) => {
  const topology = `${PAIR.replace('    rate: 1 Gbps\n', '    queue: 2 packets\n')}  - { between: [alice, carol] }
`.replace('links:', '  carol: { kind: host, address: 192.0.2.30/24 }\nlinks:')
  const ran = (): unknown => simulate(topology, [], { faults: [{ at: '1 s', degrade: { on, rate: '64 kbps' } }] })
  if (isSlowed) expect(ran).not.toThrow()
  else expect(ran).toThrow('a queue where packets wait')
})
