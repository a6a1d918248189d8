// All oracles, by what they look at. One that is to be added is a row of one of these tables.

import { ACKNOWLEDGEMENT } from './acknowledgement.ts'
import { CANCELLING } from './cancelling.ts'
import { CLIENT_TIMERS } from './clientTimers.ts'
import { FORM } from './form.ts'
import { HOPS } from './hops.ts'
import { IDENTITY } from './identity.ts'
import { NON_INVITE } from './nonInvite.ts'
import type { Oracle } from './oracle.ts'
import { RESPONSES } from './responses.ts'
import { SERVER_TIMERS } from './serverTimers.ts'

/** In the order in which they are reported. */
export const ORACLES: readonly Oracle[] = [
  ...CLIENT_TIMERS,
  ...SERVER_TIMERS,
  ...ACKNOWLEDGEMENT,
  ...RESPONSES,
  ...NON_INVITE,
  ...CANCELLING,
  ...IDENTITY,
  ...HOPS,
  ...FORM,
]
