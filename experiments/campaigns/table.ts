// The ready-made campaigns.

import type { Campaign } from './campaign.ts'
import { LOST_AND_LATE } from './lostAndLate.ts'

/** By name. */
export const CAMPAIGNS: ReadonlyMap<string, Campaign> = new Map(
  [LOST_AND_LATE].map((campaign) => [campaign.name, campaign]),
)
