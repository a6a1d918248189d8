// Times of programs that nobody can mean: each is refused where it stands, with what would do.

import { expect, test } from 'vitest'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

function said(program: string): string {
  const text = `nodes:\n  a: { kind: host, address: 192.0.2.1/24, runs: { ${program} } }\nlinks: []\n`
  const reading = readTopology(readYaml('t.yaml', text))
  return reading.ok ? 'sound' : reading.mistakes.map((one) => printMistake(one).split('\n')[0]).join('; ')
}

const PHONE = 'program: phone, aor: sip:a@a.example'
const PROBE = 'program: nat-probe, server: 192.0.2.3'

test.each([
  [`${PHONE}, timers: { t1: 0 s }`, 'a duration of at least 1 ms, not 0 s'],
  [`${PHONE}, timers: { t1: 2 h }`, 'a duration of at most 1 h, not 2 h'],
  [`${PHONE}, timers: { t4: 1 ns }`, 'a duration of at least 1 ms, not 1 ns'],
  [`${PHONE}, timers: { t1: 5 s }`, 'a T2 of at least T1: here T1 is 5 s and T2 4 s'],
  [`${PHONE}, timers: { t1: 1 ms, t2: 1 h, t4: 1 h }`, 'sound'],
  [`${PHONE}, expires: 0 s`, 'a duration of at least 1 s, not 0 s'],
  [`${PHONE}, expires: 51 d`, 'a duration of at most 50 d, not 51 d'],
  [`${PHONE}, keepAlive: 1 ns`, 'a duration of at least 1 ms, or 0 s for never'],
  [`${PHONE}, keepAlive: { by: stun, every: 1 µs }`, 'a duration of at least 1 ms, or 0 s for never'],
  [`${PHONE}, keepAlive: 0 s`, 'sound'],
  [`${PROBE}, timers: { rto: 0 s }`, 'a duration of at least 1 ms, not 0 s'],
  [`${PROBE}, timers: { rto: 1e999 s }`, 'a duration such as 20 ms, not "1e999 s"'],
  [`${PROBE}, timers: { rto: 1 min, rc: 20 }`, 'fewer requests or a shorter rto: the wait after the last would be'],
  [`${PROBE}, timers: { rto: 1 s, rc: 20 }`, 'sound'],
])('%s: %s', (program, expected) => expect(said(program)).toContain(expected))
