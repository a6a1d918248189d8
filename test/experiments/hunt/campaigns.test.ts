// Every campaign is green on our stack, asks something that can fail, and can be written down.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Campaign, Case } from '../../../experiments/campaigns/campaign.ts'
import { CAMPAIGNS } from '../../../experiments/campaigns/table.ts'
import { readCase } from '../../../experiments/cli/quarry.ts'
import { Court } from '../../../experiments/hunt/court.ts'
import { fails } from '../../../experiments/hunt/failing.ts'
import { siptwin } from './siptwin.ts'

function courtOf(campaign: Campaign): Court {
  return new Court((some) => readCase(campaign, some), campaign)
}

/** A case of the campaign with these faults in place of its own. */
function first(campaign: Campaign, faults?: Case['faults']): Case {
  const [some] = fc.sample(campaign.cases, { seed: 1, numRuns: 1 })
  return { ...some!, ...(faults && { faults }) }
}

describe.each([...CAMPAIGNS.keys()])('%s', (name) => {
  const campaign = CAMPAIGNS.get(name)!

  test('is green', async () => {
    const { code, out } = await siptwin('hunt', name, '--runs', '25', '--seed', '7', '--quick', '--quiet')
    expect(out).toContain('25 cases, all green')
    expect(code).toBe(0)
  })

  test('has cases that can be written down', () => {
    const law = fc.property(campaign.cases, (some) => {
      const experiment = readCase(campaign, some)
      expect(experiment.faults.length + experiment.incidents.length).toBe(some.faults.length)
      expect(experiment.expect.map(({ text }) => text)).toEqual(some.expect ?? [])
    })
    fc.assert(law, { numRuns: 10 })
  })
})

describe('a promise that cannot be kept is broken', () => {
  test.each([
    ['after-the-storm', [{ at: 1e9, cut: { on: 'proxy--router' } }]],
    ['nat-and-keepalive', [{ at: 200e9, crash: { node: 'bob' } }]],
  ] as const)('%s', (name, faults) => {
    const campaign = CAMPAIGNS.get(name)!
    expect(fails(courtOf(campaign), first(campaign, faults), 'promise')).toBe(true)
    expect(fails(courtOf(campaign), first(campaign, []), 'promise')).toBe(false)
  })
})

test.each([
  ['cancel-races', 'cancel-after-final', 'CANCEL is answered'],
  ['after-the-storm', 'two-hundred-not-repeated', '2xx core'],
  ['nat-and-keepalive', 'max-forwards-kept', 'Max-Forwards'],
])('%s catches %s', async (name, mutant, oracle) => {
  const words = ['hunt', name, '--mutant', mutant, '--runs', '200', '--property', oracle, '--quick', '--quiet']
  const { code, out } = await siptwin(...words)
  expect(out).toContain(`✗ ${oracle} (`)
  expect(code).toBe(1)
})
