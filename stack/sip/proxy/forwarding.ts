// What a proxy changes in a request that it forwards: RFC 3261 §16.6, steps 1 to 7 in their order.

import type { Endpoint } from '../../../platform/host.ts'
import { forRequestLine } from '../dialog/routing.ts'
import type { Target } from '../location.ts'
import type { Edit } from '../message/change.ts'
import type { Request } from '../message/message.ts'
import { parseNameAddr } from '../message/nameAddr.ts'
import { printUri, type Uri } from '../message/uri.ts'

/** A copy on its way. */
export interface Forwarded {
  /** What is changed in it, but for the Via that the transport adds (step 8). */
  readonly edits: readonly Edit[]
  /** Whose address it goes to (step 7). */
  readonly next: Uri
  /** Where that was seen, where it counts more than what the URI says. */
  readonly source: Endpoint | undefined
}

/** Methods that make a dialog or refresh its target, so that a Record-Route on them says something (step 4). */
const RECORDED = new Set(['INVITE', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'UPDATE'])

/** Default Max-Forwards for a request that came without (step 3). */
const MAX_FORWARDS = 70

/** How the copy of `request` for `target` differs from it. `recordRoute`: our Record-Route value, if we want to stay on the path. */
export function forwarded(request: Request, target: Target, recordRoute?: string): Forwarded {
  const uri = forRequestLine(target.uri) // 2
  const routes = [...target.path, ...request.all('Route')]
  const first = firstRoute(routes[0])
  const edits: Edit[] = []
  if (uri !== request.uri) edits.push({ uri }) // 2
  edits.push(maxForwards(request)) // 3
  if (recordRoute !== undefined && RECORDED.has(request.method))
    edits.push({ prepend: 'Record-Route', value: recordRoute }) // 4
  edits.push(...target.path.toReversed().map((value): Edit => ({ prepend: 'Route', value }))) // 5, RFC 3327 §5.3
  if (first !== undefined && !first.parameters.has('lr')) edits.push(...strictly(first, uri)) // 6
  return { edits, next: first ?? uri, source: first === undefined ? target.source : undefined } // 7
}

/** Step 3. */
function maxForwards({ maxForwards }: Request): Edit {
  return { set: 'Max-Forwards', value: String(maxForwards === undefined ? MAX_FORWARDS : maxForwards - 1) }
}

/** Step 6: the next element routes strictly, and wants itself in the Request-URI and the target last. */
function strictly(router: Uri, uri: Uri): Edit[] {
  return [{ append: 'Route', value: `<${printUri(uri)}>` }, { uri: forRequestLine(router) }, { removeFirst: 'Route' }]
}

function firstRoute(value: string | undefined): Uri | undefined {
  const parsed = value === undefined ? undefined : parseNameAddr(value)
  return parsed?.ok ? parsed.value.uri : undefined
}
