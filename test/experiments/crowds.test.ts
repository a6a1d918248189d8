// Worlds in which much happens at once are the same run however they are made. The soak has thousands of them.

import { describe, expect, test } from 'vitest'
import { differences, strangersTell } from './crowds/sameRun.ts'
import { crowdOf, isRefused } from './crowds/world.ts'

const WORLDS = [9, 28, 52]

test('nearly all that is drawn is a world', () => {
  const refused = Array.from({ length: 25 }, (_, world) => world).filter((world) => isRefused(crowdOf(world)))
  expect(refused.length).toBeLessThan(4)
})

describe.each(WORLDS)('crowd %d', (world) => {
  test('is one run', () => expect(differences(crowdOf(world))).toEqual([]))
  test('does not notice strangers', () => expect(strangersTell(crowdOf(world))).toEqual([]))
})

test.each([1e6, 1e9])('with ticks of %d ns it is one run as well', (tickNs) => {
  expect(differences(crowdOf(28), tickNs)).toEqual([])
})
