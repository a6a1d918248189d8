// The way of a request before a proxy looks for its target: RFC 3261 §16.4, and the loop's mark of §16.3 step 4 as RFC 5393 has it.

import { change, type Edit } from '../message/change.ts'
import { findLine, firstEnd, STRIDE, valueEnd } from '../message/head.ts'
import { ID } from '../message/headers.ts'
import type { Request, Response } from '../message/message.ts'
import { printUri, type Uri } from '../message/uri.ts'
import type { SipTransport } from '../transport/transport.ts'
import { SIP_PORT } from '../transport/via.ts'

/** True if a URI's host and port, and nothing else of it, are ours: an address of the transport's, or our domain's name. */
export type IsHere = (uri: Pick<Uri, 'host' | 'port'>) => boolean

/** §16.4: undoes what a strict router before us did, and takes away a `maddr` and the Route that led here. */
export function preprocessed(received: Request, transport: SipTransport, isHere: IsHere): Request {
  const request = withoutOwnRoute(received, transport, isHere)
  const { uri } = request
  const maddr = uri.parameters.get('maddr')
  return maddr !== undefined && isHere({ ...uri, host: maddr })
    ? change(request, [{ uri: withoutMaddr(uri) }])
    : request
}

/** What led here is taken away: `maddr`, and the port and transport if they are no defaults. */
function withoutMaddr(uri: Uri): Uri {
  const port = uri.port === SIP_PORT ? SIP_PORT : undefined
  return { ...uri, port, parameters: uri.parameters.without('maddr').without('transport') }
}

function withoutOwnRoute(request: Request, transport: SipTransport, isHere: IsHere): Request {
  if (request.first('Route') === undefined) return request
  const edits: Edit[] = []
  let routes = request.all('Route')
  const last = request.routes.at(-1)
  if (last !== undefined && isOwn(request.uri, transport)) {
    edits.push({ uri: last.uri })
    routes = routes.slice(0, -1)
    edits.push({ remove: 'Route' }, ...routes.map((value): Edit => ({ append: 'Route', value })))
  }
  const first = routes.length > 0 ? request.routes[0] : undefined
  if (first !== undefined && isHere(first.uri)) edits.push({ removeFirst: 'Route' })
  return edits.length === 0 ? request : change(request, edits)
}

/** The URI that we put into Record-Routes, with an address of the version of `peer`'s, who is to find us by it; nobody else's has our address, no user and `lr` (§16.6 step 4). */
export function ownRoute(transport: SipTransport, peer: string): string {
  return `<sip:${transport.sentByTowards(peer)};lr>`
}

function isOwn(uri: Uri, transport: SipTransport): boolean {
  return uri.user === undefined && uri.parameters.has('lr') && transport.isOurs(uri.host, uri.port)
}

/** What a request's forwarding depends on, as 8 hex digits: it comes again with the same mark only in a loop (RFC 5393 §4.2.1). */
export function loopMark(request: Request): string {
  let hash = 0x811c9dc5
  for (const part of [printUri(request.uri), ...request.all('Route')]) {
    for (let at = 0; at < part.length; at++) hash = Math.imul(hash ^ part.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ 10, 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** Stands between the two parts of our branches. */
export const MARK = '.'

/** True if this very request was here before, bound for the same place (§16.3 step 4). */
export function isLooped(request: Request, transport: SipTransport): boolean {
  const { addresses } = transport
  if (!request.all('Via').some((via) => addresses.some((address) => via.includes(address)))) return false
  const ours = request.vias.filter(({ host, port }) => transport.isOurs(host, port))
  if (ours.length === 0) return false
  const mark = `${MARK}${loopMark(request)}`
  return ours.some(({ parameters }) => parameters.get('branch')?.endsWith(mark))
}

/** True for a response with a Via below the top one: there is somebody to whom it can be passed on. */
export function leadsBack({ head }: Response): boolean {
  const first = findLine(head, ID.via, 'Via')
  return (
    findLine(head, ID.via, 'Via', first + STRIDE) >= 0 ||
    firstEnd(head.text, head.index[first + 2]!, valueEnd(head, first)) < valueEnd(head, first)
  )
}
