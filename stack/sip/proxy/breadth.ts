// How many branches of a request may be under way at once, here and at all proxies after this one: Max-Breadth (RFC 5393 §5).

import type { Edit } from '../message/change.ts'
import type { Request } from '../message/message.ts'

/** What a request without the header may have, and any request at most (§5.3.3). */
const MOST = 60

/** Incoming Max-Breadth, 0 to 60. With 0 the request can go nowhere. */
export function breadthOf(request: Request): number {
  const [written] = request.all('Max-Breadth')
  return written === undefined ? MOST : Math.min(Number(written), MOST)
}

/**
 * What the n-th of `branches` that begin together (from 0; at most as many as its breadth) says of it: their shares are as even as can be, and
 * their sum is what the request has. A request that goes on alone, and has said nothing, goes on saying nothing: 60 is what that means.
 */
export function shareOf(request: Request, nth: number, branches: number): readonly Edit[] {
  const breadth = breadthOf(request)
  const share = Math.floor(breadth / branches) + (nth < breadth % branches ? 1 : 0)
  const [written] = request.all('Max-Breadth')
  const said = written === undefined ? MOST : Number(written)
  return said === share ? [] : [{ set: 'Max-Breadth', value: String(share) }]
}
