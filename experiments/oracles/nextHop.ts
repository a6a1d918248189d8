// Where a request with a Route goes.

import { canonicalAddress } from '../../platform/address.ts'
import { printUri, type Uri } from '../../stack/sip/message/uri.ts'
import { Recent } from '../recent.ts'
import { type Exchange, printPlace, type Sighting } from './exchange.ts'
import type { Place } from './observation.ts'
import type { Oracle, Trial } from './oracle.ts'

/** Where no port stands (RFC 3261 §19.1.2, RFC 7118 §5.5). */
const SIP_PORT = 5060
const PORTS: ReadonlyMap<string, number> = new Map([
  ['tls', 5061],
  ['ws', 80],
  ['wss', 443],
])

export const NEXT_HOP: readonly Oracle[] = [
  {
    name: 'next hop',
    section: 'RFC 3261 §16.4, §16.6, §12.2.1.1',
    says: 'a request goes to the address that its first Route names, and nobody sends on a Route that names itself',
    watch: (trial) => ({ see: trial.conditions.exact ? () => {} : (sighting) => learn(sighting, aliasesOf(trial)) }),
    exchange: (exchange, trial) => {
      for (const request of requestsOf(exchange)) goesBy(request, trial)
    },
  },
]

/** The places by which parties call themselves: a capture may show a proxy behind a NAT at another address than it gives. A run's record does not. */
interface Aliases {
  /** `address place`: who is at the address calls itself so. */
  readonly known: Recent<string, true>
  /** By party and request: the Record-Routes that came. */
  readonly came: Recent<string, number>
}

const aliases = new WeakMap<Trial, Aliases>()

function aliasesOf(trial: Trial): Aliases {
  let known = aliases.get(trial)
  if (known === undefined) {
    known = { known: new Recent(10_000), came: new Recent(10_000) }
    aliases.set(trial, known)
  }
  return known
}

/** What a proxy adds to the Record-Routes of a request is itself. */
function learn({ message, out, party, from }: Sighting, { known, came }: Aliases): void {
  if (message.kind !== 'request' || message.cseq.method !== 'INVITE') return
  const key = `${party} ${message.callId} ${message.cseq.number}`
  const all = message.recordRoutes
  if (!out) {
    came.set(key, all.length)
    return
  }
  for (const { uri } of all.slice(0, all.length - (came.get(key) ?? all.length))) {
    const place = placeOf(uri)
    if (place !== undefined) known.set(`${from.address} ${printPlace(place)}`, true)
  }
}

/** What the party sent, repeats left out. */
function requestsOf({ transactions, acks }: Exchange): readonly Sighting[] {
  const sent = transactions.flatMap(({ role, requests }) => (role === 'client' ? requests.slice(0, 1) : []))
  return [...sent, ...acks.filter(({ out }) => out).slice(0, 1)]
}

function goesBy(request: Sighting, trial: Trial): void {
  const { message, from, to, at } = request
  const [first] = message.routes
  // A strict router stands in the Request-URI, and what is below it in the first Route.
  if (first === undefined || !first.uri.parameters.has('lr')) return
  const named = placeOf(first.uri)
  if (named === undefined) return
  trial.exercised()
  const route = printUri(first.uri)
  // Whoever stands in the route set twice, as a call's way has led it, sends to itself between the two.
  if (isSame(named, to)) return
  if (isSame(named, from))
    trial.violated(at, [request], `the Route ${route}, which names the sender itself, is sent on`)
  else if (!aliasesOf(trial).known.get(`${to.address} ${printPlace(named)}`))
    trial.violated(at, [request], `by the Route ${route}, but sent to ${printPlace(to)}`)
}

/** The place that a URI names by its address; undefined for names, and where parameters say otherwise. */
function placeOf({ scheme, host, port, parameters }: Uri): Place | undefined {
  if (parameters.has('maddr')) return undefined
  const address = canonicalAddress(host.replace(/^\[|\]$/g, ''))
  if (address === undefined) return undefined
  const transport = parameters.get('transport')?.toLowerCase()
  const secure = scheme === 'sips' ? (transport === 'ws' ? 'wss' : 'tls') : (transport ?? '')
  return { address, port: port ?? PORTS.get(secure) ?? SIP_PORT }
}

function isSame(one: Place, other: Place): boolean {
  return one.address === other.address && one.port === other.port
}
