// Swarms: each case does without a random half of the kinds of faults, since a kind that is always there hides what the others can do.

import { type Arbitrary, record, shuffledSubarray } from 'fast-check'
import type { Case } from '../campaigns/campaign.ts'

/** What a fault may be, in the order of its file. */
const KINDS = [
  'drop',
  'swap',
  'delay',
  'duplicate',
  'hold',
  'corrupt',
  'cut',
  'flap',
  'partition',
  'crash',
  'kill',
  'reboot',
  'freeze',
  'slow',
  'dns',
  'degrade',
  'clock',
] as const

/** The campaign's cases, each without half of the kinds. */
export function swarm(cases: Arbitrary<Case>): Arbitrary<Case> {
  const half = Math.floor(KINDS.length / 2)
  const off = shuffledSubarray([...KINDS], { minLength: half, maxLength: half })
  return record({ some: cases, off }).map(({ some, off }) => ({
    ...some,
    faults: some.faults.filter((fault) => !off.some((kind) => kind in fault)),
  }))
}
