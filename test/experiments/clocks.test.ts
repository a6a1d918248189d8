// Clocks that are set while programs send: what is on its way goes on at its pace, whatever the clock shows.

import { expect, test } from 'vitest'
import { readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const CALL = `question: Does the voice go on?
topology:
  nodes:
    alice: { kind: host, address: 10.0.0.1/24, CLOCK runs: { program: phone, aor: sip:alice@a.example } }
    bob: { kind: host, address: 10.0.0.2/24, runs: { program: phone, aor: sip:bob@a.example, answerAfter: 1 s } }
    carol: { kind: host, address: 10.0.0.3/24, CLOCK runs: { program: load, to: 10.0.0.2, rate: 640 kbps } }
    r: { kind: router }
  links: [{ between: [alice, r] }, { between: [bob, r] }, { between: [carol, r] }]
scenario:
  - { at: 0 s, who: carol, do: begin load }
  - { at: 0 s, who: alice, do: call, to: sip:bob@10.0.0.2 }
  - { at: 0 s, who: alice, do: ping, to: 10.0.0.99, timeout: 1 d }
FAULTS
until: 11 s
`

function read(faults: string, clock = '', until = '11 s') {
  const text = CALL.replace('11 s', until)
    .replaceAll('CLOCK', clock && `clock: ${clock},`)
    .replace('FAULTS', `faults: [${faults}]`)
  return readExperiment(readYaml('e', text), () => ({ hint: 'none' }))
}

/** How many packets alice and carol send. */
function sent(faults: string, clock?: string, until?: string): Readonly<Record<string, number>> {
  const reading = read(faults, clock, until)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  const counts: Record<string, number> = {}
  const run = new Run(reading.value, {
    level: 'everything',
    sinks: [
      (one) => {
        if (one.kind === 'sent') counts[one.id.node] = (counts[one.id.node] ?? 0) + 1
      },
    ],
  })
  for (let slice = 0; !run.step(10_000); slice++) expect(slice).toBeLessThan(10)
  return counts
}

test.each(['30 s', '-30 s', '1 d', '-1 d', '49 d'])('a clock that is set by %s in a call', (step) => {
  const before = sent('')
  const after = sent(
    `{ at: 5 s, clock: { node: alice, step: ${step} } }, { at: 5 s, clock: { node: carol, step: ${step} } }`,
  )
  for (const node of ['alice', 'carol']) {
    expect(before[node]).toBeGreaterThan(100)
    expect(Math.abs(after[node]! - before[node]!)).toBeLessThanOrEqual(3)
  }
})

test.each([
  [59, ['carol']],
  [61, []],
])('a host that stands still for %i s: who makes up for what was missed', (seconds, whoMakesUp) => {
  const stands = (node: string): string => `{ at: 5 s, freeze: { node: ${node}, for: ${seconds} s } }`
  const before = sent('', undefined, '70 s')
  const after = sent(`${stands('alice')}, ${stands('carol')}`, undefined, '70 s')
  for (const node of ['alice', 'carol']) {
    const missed = whoMakesUp.includes(node) ? 0 : (before[node]! * seconds) / 70
    expect(Math.abs(before[node]! - missed - after[node]!)).toBeLessThan(before[node]! / 20)
  }
})

test('a timer that is further off than a run can last is none', () => {
  expect(sent('', '{ drift: -99.9 % }').alice).toBeGreaterThan(0)
  expect(sent('{ at: 5 s, clock: { node: alice, drift: -99.9 % } }').alice).toBeGreaterThan(0)
})

test.each(['-100 %', '-99.99 %', '1000000 %'])('a drift that leaves no time to run is refused: %s', (drift) => {
  for (const reading of [read('', `{ drift: ${drift} }`), read(`{ at: 1 s, clock: { node: bob, drift: ${drift} } }`)]) {
    expect(reading.ok ? [] : reading.mistakes.map(({ expected }) => expected)).toContain(
      'a drift from -99.9 % to 100000 %',
    )
  }
})
