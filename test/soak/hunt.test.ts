// 100,000 worlds of lost-and-late (or the share of them that SIPTWIN_SOAK names) hold to every rule, and every mutant is caught.

import { expect, test } from 'vitest'
import { LOST_AND_LATE } from '../../experiments/campaigns/lostAndLate.ts'
import { main } from '../../experiments/cli/main.ts'
import { readCase } from '../../experiments/cli/quarry.ts'
import { catchMutant } from '../../experiments/hunt/mutants.ts'
import { MUTANTS } from '../../experiments/mutants/table.ts'
import { soakCount } from './mutation.ts'

test('lost-and-late', async () => {
  const runs = String(soakCount(100_000))
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const terminal = { columns: 100, color: false, live: false, code: 0 as const, out: say, err: () => undefined }
  const code = await main(['node', 'siptwin', 'hunt', 'lost-and-late', '--runs', runs, '--seed', '100'], terminal)
  expect(said).toContain(`${runs} cases, all green`)
  expect(code).toBe(0)
})

test.each([...MUTANTS.keys()])('%s is caught', (mutant) => {
  const { after, faults } = catchMutant(LOST_AND_LATE, mutant, readCase, { runs: 10_000, seed: 2 })
  expect(after).toBeDefined()
  expect(faults).toBeLessThanOrEqual(2)
})
