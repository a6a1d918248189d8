// All oracles, by what they look at. One that is to be added is a row of one of these tables.

import { CLIENT_TIMERS } from './clientTimers.ts'
import type { Oracle } from './oracle.ts'
import { SERVER_TIMERS } from './serverTimers.ts'

/** In the order in which they are reported. */
export const ORACLES: readonly Oracle[] = [...CLIENT_TIMERS, ...SERVER_TIMERS]
