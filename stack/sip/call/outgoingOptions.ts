// What a user decides of a call before it goes out.

import type { Authorizer } from '../digest/authorizer.ts'
import type { Call, CallFailure } from './call.ts'

/** How an outgoing call is to be made. */
export interface OutgoingOptions {
  /** `follow`: after a 3xx its contacts are tried, one after the other (§8.1.3.4); `report`: it ends the call. */
  readonly redirects: 'follow' | 'report'
  /** How many 3xx are followed at most, 0 or more; default 10. */
  readonly redirectLimit?: number | undefined
  /** Answers challenges; absent: a challenge ends the call. */
  readonly authorizer?: Pick<Authorizer, 'authorize' | 'credentials'> | undefined
  /** Called once, when the call has ended; the failure if it never was established. */
  ended(call: Call, failure: CallFailure | undefined): void
}
