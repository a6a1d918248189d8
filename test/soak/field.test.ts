// The gallery's avalanche with a town of ten thousand phones, with and without times of their own.

import { expect, test } from 'vitest'
import { siptwin } from '../experiments/hunt/siptwin.ts'

const TOWN = [
  'topology.nodes.town.runs.count=10000',
  // A registrar ten times as fast.
  'faults.0.slow.packet=1 ms',
  'faults.0.slow.buffer=210 kB',
]

test.each<[string, string, readonly string[]]>([
  ['all at once: a minute', '60 s and 70 s', []],
  ['each within half a minute: no longer than that', '30 s and 32 s', ['topology.nodes.town.runs.registerWithin=30 s']],
])('ten thousand phones register %s', async (_, between, more) => {
  const expected = `expect=[town remarks "registered" for the 10000th time between ${between}]`
  const sets = [...TOWN, ...more, expected].flatMap((one) => ['--set', one])
  expect(await siptwin('run', 'field/registration-avalanche', '--quiet', ...sets)).toMatchObject({ code: 0 })
})
