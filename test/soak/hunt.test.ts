// 100,000 worlds of lost-and-late, and a tenth as many of every other campaign (or the share of them that SIPTWIN_SOAK names), hold to every
// rule; and every mutant is caught.

import { describe, expect, test } from 'vitest'
import { LOST_AND_LATE } from '../../experiments/campaigns/lostAndLate.ts'
import { CAMPAIGNS } from '../../experiments/campaigns/table.ts'
import { main } from '../../experiments/cli/main.ts'
import { readCase } from '../../experiments/cli/quarry.ts'
import { catchMutant, median } from '../../experiments/hunt/mutants.ts'
import { MUTANTS } from '../../experiments/mutants/table.ts'
import { soakCount } from './mutation.ts'

const HOUR_MS = 3_600_000

describe('campaigns', () => {
  test.each([...CAMPAIGNS.keys()])(
    '%s',
    async (campaign) => {
      const runs = String(soakCount(campaign === LOST_AND_LATE.name ? 100_000 : 10_000))
      let said = ''
      const say = (text: string): void => {
        said += text
      }
      const terminal = { columns: 100, color: false, live: false, code: 0 as const, out: say, err: () => undefined }
      const code = await main(
        ['node', 'siptwin', 'hunt', campaign, '--runs', runs, '--seed', '100', '--quick'],
        terminal,
      )
      expect(said).toContain(`${runs} cases, all green`)
      expect(code).toBe(0)
    },
    HOUR_MS,
  )

  test(
    'lost-and-late as a swarm',
    async () => {
      const runs = String(soakCount(10_000))
      let said = ''
      const say = (text: string): void => {
        said += text
      }
      const terminal = { columns: 100, color: false, live: false, code: 0 as const, out: say, err: () => undefined }
      await main(
        ['node', 'siptwin', 'hunt', 'lost-and-late', '--swarm', '--runs', runs, '--seed', '100', '--quick'],
        terminal,
      )
      expect(said).toContain(`${runs} cases, all green`)
    },
    HOUR_MS,
  )
})

/** Of the smallest cases. */
const sizes: { readonly faults: number; readonly steps: number }[] = []

test.each([...MUTANTS.values()])('$name is caught', ({ name, campaign = LOST_AND_LATE.name }) => {
  const { after, faults, steps } = catchMutant(CAMPAIGNS.get(campaign)!, name, readCase, { runs: 10_000, seed: 2 })
  expect(after).toBeDefined()
  expect(faults).toBeLessThanOrEqual(2)
  sizes.push({ faults, steps })
})

test('the smallest cases have a median of two faults and three steps at most', () => {
  expect(sizes.length).toBe(MUTANTS.size)
  expect(median(sizes.map(({ faults }) => faults))).toBeLessThanOrEqual(2)
  expect(median(sizes.map(({ steps }) => steps))).toBeLessThanOrEqual(3)
})
