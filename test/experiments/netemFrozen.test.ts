// A run with a netem, frozen and written to a file: read back, it is the same run.

import { expect, test } from 'vitest'
import { z } from 'zod'
import { fault, ruleOf, writtenOf } from '../../experiments/faults.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { readNetem } from '../../topologies/links/netem.ts'
import { runLink, told } from '../sim/network/queues/bench.ts'

test('what a tape adds to a delay it adds beside chance as well, to packets and slots, and freezes once', () => {
  const packets = Array.from({ length: 20 }, (_, n) => ({ atMs: n * 20, bytes: 100 }))
  for (const [line, stage] of [
    ['delay 5ms 2ms', 'netem'],
    ['slot 1ms 3ms packets 1', 'slot'],
  ] as const) {
    const netem = readNetem(line)
    if ('expected' in netem) throw new Error(netem.expected)
    const up = { delayNs: 1000, netem }
    const faults = [{ where: 'a -> b', stage, match: { nth: 4 }, action: { jitterNs: 4e6 } }]
    const chance = new ChanceLog()
    const [plain, late] = [told(runLink(up, packets)), told(runLink(up, packets, { chance, faults }))]
    expect(late.filter((one, n) => one !== plain[n])).toHaveLength(1)
    expect(told(runLink(up, packets, { calm: true, faults: [...faults, ...chance.tape()] }))).toEqual(late)
  }
})

test('copies that netem makes keep their names', () => {
  const netem = readNetem('duplicate 40% loss 10% corrupt 20% delay 5ms 4ms reorder 20% gap 2 slot 1ms 3ms packets 2')
  if ('expected' in netem) throw new Error(netem.expected)
  const up = { delayNs: 1000, netem, corruption: { ratio: 0.1 } }
  const packets = Array.from({ length: 200 }, (_, n) => ({ atMs: n, bytes: 100 }))
  const chance = new ChanceLog()
  const chancy = told(runLink(up, packets, { chance }))
  const tape = chance.tape()
  expect(tape.some(({ match }) => (match.ordinal ?? 0) % 1 === 0.5)).toBe(true)
  const written = tape.map((rule) => JSON.stringify(z.encode(fault, writtenOf(rule))))
  const faults = written.map((text) => ruleOf(fault.parse(JSON.parse(text))))
  const frozen = told(runLink(up, packets, { calm: true, faults }))
  expect(frozen.map((one) => one.replace(/^fault: .*/, 'lost at ingress'))).toEqual(chancy)
})
