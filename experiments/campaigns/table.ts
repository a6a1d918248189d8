// The ready-made campaigns.

import { AFTER_THE_STORM } from './afterTheStorm.ts'
import type { Campaign } from './campaign.ts'
import { CANCEL_RACES } from './cancelRaces.ts'
import { CRASH_AND_RESTART } from './crashAndRestart.ts'
import { FORK_RACES } from './forkRaces.ts'
import { LOST_AND_LATE } from './lostAndLate.ts'
import { NAT_AND_KEEPALIVE } from './natAndKeepalive.ts'
import { REGISTER_STORM } from './registerStorm.ts'
import { TWO_DOMAINS } from './twoDomains.ts'
import { TWO_PROXIES } from './twoProxies.ts'
import { VOICE } from './voice.ts'

/** By name. */
export const CAMPAIGNS: ReadonlyMap<string, Campaign> = new Map(
  [
    LOST_AND_LATE,
    NAT_AND_KEEPALIVE,
    CANCEL_RACES,
    FORK_RACES,
    TWO_DOMAINS,
    AFTER_THE_STORM,
    CRASH_AND_RESTART,
    REGISTER_STORM,
    VOICE,
    TWO_PROXIES,
  ].map((campaign) => [campaign.name, campaign]),
)
