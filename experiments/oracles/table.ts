// All oracles, by what they look at. One that is to be added is a row of one of these tables.

import { ACKNOWLEDGEMENT } from './acknowledgement.ts'
import { CANCELLING } from './cancelling.ts'
import { CLIENT_TIMERS } from './clientTimers.ts'
import { DIALOGS } from './dialogs.ts'
import { FORM } from './form.ts'
import { HOPS } from './hops.ts'
import { IDENTITY } from './identity.ts'
import { MEDIA } from './media.ts'
import { NON_INVITE } from './nonInvite.ts'
import { OFFERS } from './offers.ts'
import type { Oracle } from './oracle.ts'
import { ORDER } from './order.ts'
import { REGISTERING } from './registering.ts'
import { RESPONSES } from './responses.ts'
import { RINGING } from './ringing.ts'
import { SERVER_TIMERS } from './serverTimers.ts'

/** In the order in which they are reported. */
export const ORACLES: readonly Oracle[] = [
  ...CLIENT_TIMERS,
  ...SERVER_TIMERS,
  ...RINGING,
  ...ACKNOWLEDGEMENT,
  ...RESPONSES,
  ...NON_INVITE,
  ...CANCELLING,
  ...IDENTITY,
  ...HOPS,
  ...FORM,
  ...ORDER,
  ...DIALOGS,
  ...OFFERS,
  ...REGISTERING,
  ...MEDIA,
]
