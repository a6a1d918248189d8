// Which transaction a message belongs to: RFC 3261 §17.1.3 for responses, §17.2.3 for requests, its RFC 2543 half included.

import type { Request } from '../message/message.ts'
import { printUri } from '../message/uri.ts'
import type { Via } from '../message/via.ts'
import { SIP_PORT } from '../transport/via.ts'

/** What RFC 3261's branches begin with, so that one knows them from RFC 2543's (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK'

/** A client transaction's key: the branch of its Via and the method of its CSeq (§17.1.3). */
export function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`
}

/**
 * A server transaction's key, of any request that belongs to it (§17.2.3). An ACK has its INVITE's key.
 * `method` stands in for the request's own: with `INVITE`, a CANCEL gives the key of what it cancels (§9.2).
 */
export function serverKey(request: Request, method = request.method): string {
  const { via } = request
  const kind = method === 'ACK' ? 'INVITE' : method
  const branch = via.parameters.get('branch')
  if (branch?.startsWith(MAGIC_COOKIE)) return `${branch} ${sentBy(via)} ${kind}`
  const { callId, cseq, fromTag = '' } = request
  return [kind, printUri(request.uri), fromTag, callId, cseq.number, request.first('Via')].join('\n')
}

/** True where a request was matched by RFC 2543's rule, so that an ACK to a 2xx has its INVITE's key as well. */
export function isOfRfc2543(request: Request): boolean {
  return request.via.parameters.get('branch')?.startsWith(MAGIC_COOKIE) !== true
}

function sentBy({ host, port }: Via): string {
  return `${host.toLowerCase()}:${port ?? SIP_PORT}`
}
