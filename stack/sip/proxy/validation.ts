// What a proxy asks of a request before it forwards it: RFC 3261 §16.3, in its order.

import { answer } from '../message/answer.ts'
import type { Request, Response } from '../message/message.ts'
import type { SipTransport } from '../transport/transport.ts'
import { breadthOf } from './breadth.ts'
import { isLooped } from './routing.ts'

/** One question: the status and headers to refuse with, or nothing. */
type Check = (request: Request, transport: SipTransport) => Refusal | undefined

interface Refusal {
  readonly status: number
  readonly headers?: readonly (readonly [string, string])[]
}

/** `of`: every request, or those alone that would be forwarded: how often and how far one goes on is nothing to whoever is its end. */
// biome-ignore format: a table
const CHECKS: readonly { readonly of: 'all' | 'forwarded'; readonly check: Check }[] = [
  // step 1, reasonable syntax, is the codec's: see transport/rejection.ts
  { of: 'all',       check: (request) => (isSpoken(request) ? undefined : { status: 416 }) },                             // 2
  { of: 'forwarded', check: ({ maxForwards }) => (maxForwards === 0 ? { status: 483 } : undefined) },                     // 3
  { of: 'forwarded', check: (request, transport) => (isLooped(request, transport) ? { status: 482 } : undefined) },       // 4
  { of: 'forwarded', check: (request) => (breadthOf(request) === 0 ? { status: 440 } : undefined) },                      // RFC 5393 §5.3.3
  { of: 'all',       check: (request) => unsupported(request) },                                                          // 5
]

/** The response that refuses `request`; undefined where nothing is wrong with it. `isForUs`: it ends here, and is not to be forwarded. */
export function refusal(
  request: Request,
  transport: SipTransport,
  isForUs: boolean,
  newTag: () => string,
): Response | undefined {
  for (const { of, check } of CHECKS) {
    const refused = isForUs && of === 'forwarded' ? undefined : check(request, transport)
    if (refused !== undefined)
      return answer(request, refused.status, { toTag: newTag(), headers: refused.headers ?? [] })
  }
  return undefined
}

/** A tel URI goes where its Route says; by itself it names no place. */
function isSpoken({ uri, routes }: Request): boolean {
  return uri.scheme === 'sip' || (uri.scheme === 'tel' && routes.length > 0)
}

/** Step 5: no extension of proxies is known here. */
function unsupported(request: Request): Refusal | undefined {
  const tags = request.all('Proxy-Require')
  return tags.length === 0 ? undefined : { status: 420, headers: [['Unsupported', tags.join(', ')]] }
}
