// What media a phone can have, as its answer to OPTIONS describes them (RFC 3264 §9).

import { addressTowards } from '../../platform/address.ts'
import { offer } from '../sdp/offer.ts'
import { printSdp } from '../sdp/print.ts'
import type { Body } from '../sip/call/session.ts'
import { ACCEPT } from '../sip/user-agent/capabilities.ts'
import type { Voice } from './conversation.ts'

/** A description of all codecs, with port 0: nobody can take it for an offer. `sessionId`: a number of its own, 0 or more; `peer`: who asks, an address. */
export function describedAbilities({ host, codecs }: Voice, sessionId: number, peer: string): Body {
  const address = addressTowards(host.addresses(), peer) ?? '0.0.0.0'
  return { contentType: ACCEPT, bytes: printSdp(offer({ address, sessionId, streams: [{ port: 0, codecs }] })) }
}
