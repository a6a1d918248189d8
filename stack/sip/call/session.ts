// What a call needs of the media it carries. The call never looks into a body: it hands offers and answers over (RFC 3261 §13.2.1).

import type { Result } from '../../../platform/result.ts'

/** A message's body and its Content-Type. */
export interface Body {
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** The media of one call, from its offer or answer to its end. */
export interface Session {
  /** Our offer: in the INVITE, or in the 2xx to an INVITE that had none. `peer`: where that INVITE goes, an address or a name; default where the call began. */
  offer(peer?: string): Body
  /** Our answer to the other's offer; an issue if nothing in it is acceptable (488). */
  answer(offer: Uint8Array): Result<Body>
  /** Takes the other's answer to our offer; an issue if it does not fit. */
  accept(answer: Uint8Array): Result<undefined>
  /** Media may flow: offer and answer have been exchanged. Called once at most. */
  talk(): void
  /** Nothing more is sent. What the other side has sent already is still heard. */
  hush(): void
  /** The call is over: ports are given back. Once; it may come without `talk` or `hush`. */
  close(): void
}
