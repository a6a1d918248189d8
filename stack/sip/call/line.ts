// What a call needs of the user agent that it runs on.

import type { Host } from '../../../platform/host.ts'
import type { Outbound } from '../dialog/requests.ts'
import type { Header } from '../message/build.ts'
import type { Response } from '../message/message.ts'
import type { Uri } from '../message/uri.ts'
import type { ClientTransaction } from '../transaction/client.ts'
import type { SipTimers } from '../transaction/timers.ts'
import type { Call } from './call.ts'

/** A user agent, as its calls see it. */
export interface Line {
  readonly host: Host
  readonly timers: SipTimers
  /** Who we are: an address as From has it, without a tag. */
  readonly aor: string
  /** Where we are reached: an address as Contact has it, of the version of `peer`'s, if we have one and that is an address. */
  contactTowards(peer: string): string
  /** Finds out of which version of IP the host is that requests to `uri` go to first, for {@link contactTowards}; at once where that makes no difference. */
  meet(uri: Uri, done: () => void): void
  /** The host that requests to `uri` go to first. */
  nextHost(uri: Uri): string
  /** What its INVITEs say besides what they must. */
  readonly inviteHeaders: readonly Header[]
  /** A fresh tag, Call-ID or such: unguessable, and unlike any other of the run. */
  token(): string
  /** The URI to whose address a request outside any dialog goes: the outbound proxy, if there is one. */
  firstHop(outbound: Outbound): Outbound
  /** Sends a request in a transaction of its own, once its next hop is found. `begun` gets the transaction. */
  request(outbound: Outbound, owner: Requester, begun?: (transaction: ClientTransaction) => void): void
  /** Sends the ACK of a 2xx, which has no transaction. */
  send(outbound: Outbound): void
  /** This call takes the requests of the dialog with this key from now on. */
  joined(key: string, call: Call): void
  /** The call is over: its dialog takes no more requests. */
  left(key: string): void
}

/** Who hears what becomes of a request. */
export interface Requester {
  /** Asked when the next hop is found, which may take a while: if it says no, nothing is sent, nor heard. Default yes. */
  wanted?(): boolean
  response(response: Response): void
  failed(why: 'timeout' | 'transport', cause?: string): void
}
