// All oracles, by what they look at. One that is to be added is a row of one of these tables.

import { ABSORBING } from './absorbing.ts'
import { ACKNOWLEDGEMENT } from './acknowledgement.ts'
import { CANCELLING } from './cancelling.ts'
import { CLIENT_TIMERS } from './clientTimers.ts'
import { DIALOGS } from './dialogs.ts'
import { FORM } from './form.ts'
import { GLARE } from './glare.ts'
import { HOPS } from './hops.ts'
import { IDENTITY } from './identity.ts'
import { MEDIA } from './media.ts'
import { NEXT_HOP } from './nextHop.ts'
import { NON_INVITE } from './nonInvite.ts'
import { OFFERS } from './offers.ts'
import type { Oracle } from './oracle.ts'
import { ORDER } from './order.ts'
import { REGISTERING } from './registering.ts'
import { RELIABLE } from './reliable.ts'
import { RESPONSES } from './responses.ts'
import { RINGING } from './ringing.ts'
import { SERVER_TIMERS } from './serverTimers.ts'
import { SESSION_TIMERS } from './sessionTimers.ts'
import { SUBSCRIBING } from './subscribing.ts'

/** In the order in which they are reported. */
export const ORACLES: readonly Oracle[] = [
  ...CLIENT_TIMERS,
  ...SERVER_TIMERS,
  ...ABSORBING,
  ...RINGING,
  ...RELIABLE,
  ...ACKNOWLEDGEMENT,
  ...RESPONSES,
  ...NON_INVITE,
  ...CANCELLING,
  ...IDENTITY,
  ...HOPS,
  ...NEXT_HOP,
  ...FORM,
  ...ORDER,
  ...DIALOGS,
  ...GLARE,
  ...SESSION_TIMERS,
  ...OFFERS,
  ...REGISTERING,
  ...SUBSCRIBING,
  ...MEDIA,
]
