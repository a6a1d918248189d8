// The INVITE that begins a call (RFC 3261 §8.1.1, §13.2.1).

import type { Outbound } from '../dialog/requests.ts'
import { forIdentity, forRequestLine } from '../dialog/routing.ts'
import { type Header, request } from '../message/build.ts'
import { printUri, type Uri } from '../message/uri.ts'
import { capabilities } from '../user-agent/capabilities.ts'
import type { Line } from './line.ts'
import type { Body } from './session.ts'

/** What one INVITE is about. */
export interface Invitation {
  /** Whom it goes to: the Request-URI. */
  readonly target: Uri
  /** Whom it was meant for first: To, which a redirection leaves as it is (§8.1.3.4). */
  readonly to: Uri
  /** Call-ID. */
  readonly id: string
  /** From's tag. */
  readonly tag: string
  /** CSeq, 1 and up. */
  readonly sequence: number
}

/** The INVITE with its offer, and the URI whose address it goes to where there is no outbound proxy. */
export function invite(
  line: Line,
  { target, to, id, tag, sequence }: Invitation,
  offer: Body,
  credentials: readonly Header[],
): Outbound {
  const uri = forRequestLine(target)
  const headers = [
    ['Max-Forwards', '70'],
    ['From', `${line.aor};tag=${tag}`],
    ['To', `<${printUri(forIdentity(to))}>`],
    ['Call-ID', id],
    ['CSeq', `${sequence} INVITE`],
    ['Contact', line.contactTowards(line.nextHost(uri))],
    ...capabilities(),
    ...credentials,
    ...line.inviteHeaders,
    ['Content-Type', offer.contentType],
  ] as const satisfies readonly Header[]
  return { request: request({ method: 'INVITE', uri, headers, body: offer.bytes }), next: uri }
}
