// Where a request within a dialog goes: the Request-URI and Route header that the route set makes (RFC 3261 §12.2.1.1).

import { type NameAddr, printNameAddr } from '../message/nameAddr.ts'
import { NO_PARAMETERS } from '../message/parameters.ts'
import type { Uri } from '../message/uri.ts'

/** The way of a request. */
export interface Way {
  /** For the request line. */
  readonly uri: Uri
  /** The Route header's values, in order; none where there is no Route. */
  readonly routes: readonly string[]
  /** Whose address the request is sent to (§8.1.2). */
  readonly next: Uri
}

/** The way to `target` through `routeSet`: loose where its first element has `lr`; else strict, with the target as the last Route. */
export function wayTo(target: Uri, routeSet: readonly NameAddr[]): Way {
  const first = routeSet[0]
  const last = forRequestLine(target)
  if (first === undefined) return { uri: last, routes: [], next: last }
  if (first.uri.parameters.has('lr')) return { uri: last, routes: routeSet.map(printNameAddr), next: first.uri }
  const uri = forRequestLine(first.uri)
  const rest = [...routeSet.slice(1), { uri: last, parameters: NO_PARAMETERS }]
  return { uri, routes: rest.map(printNameAddr), next: uri }
}

/** A URI without what a Request-URI may not have: headers and `method` (§19.1.1, Table 1). */
export function forRequestLine(uri: Uri): Uri {
  if (uri.headers === '' && !uri.parameters.has('method')) return uri
  return { ...uri, headers: '', parameters: uri.parameters.without('method') }
}

/** A URI without what To and From may not have (§19.1.1, Table 1): where somebody is, and how to get there. */
export function forIdentity(uri: Uri): Uri {
  const isPlain = uri.port === undefined && uri.headers === '' && String(uri.parameters) === ''
  if (isPlain || uri.host === '') return uri
  let { parameters } = uri
  for (const name of ['method', 'maddr', 'ttl', 'transport', 'lr']) parameters = parameters.without(name)
  return { ...uri, port: undefined, parameters, headers: '' }
}
