// What a REGISTER does to the bindings of one address of record: RFC 3261 §10.3 steps 6 and 7, as a pure function.

import type { Endpoint } from '../../../platform/host.ts'
import type { Target } from '../location.ts'
import { uriEqual } from '../message/equality.ts'
import type { Request } from '../message/message.ts'
import { type NameAddr, printNameAddr } from '../message/nameAddr.ts'
import { qualityOf } from '../message/quality.ts'

/** One registered Contact. */
export interface Binding extends Target {
  readonly contact: NameAddr
  /** The registrar's clock, ms, when it ends. */
  readonly expiresAtMs: number
  readonly callId: string
  readonly cseq: number
}

/**
 * What makes a REGISTER's Contact the same as one that is there. `contact`: an equal URI (§10.3 step 7); two phones with the same private address
 * behind different NATs then take each other's binding. `contact and call-id`: of the same Call-ID, too, which a phone keeps until it starts anew
 * (§10.2): both are kept, and what a phone had before it was started anew as well, until it expires.
 */
export type Matching = 'contact' | 'contact and call-id'

/** How long bindings may live, seconds, and which are the same. */
export interface BindingPolicy {
  /** Default `contact`. */
  readonly match: Matching
  /** Where the phone does not say; default 3600 (§10.2.1.1). */
  readonly defaultSeconds: number
  /** Shorter expirations, but 0, are refused with 423 (§10.3 step 7). Never applies above an hour. */
  readonly minimumSeconds: number
  /** Longer ones are cut to this. */
  readonly maximumSeconds: number
}

/** Why nothing was changed. */
export interface RegisterRefusal {
  readonly status: 400 | 423 | 500
  readonly headers?: readonly (readonly [string, string])[]
}

const HOUR_SECONDS = 3600

/** The bindings after `request`, all of its Contacts or none: added, prolonged or removed. Those that have expired are gone in any case. `source` is kept with what is added. */
export function registered(
  bindings: readonly Binding[],
  request: Request,
  nowMs: number,
  policy: BindingPolicy,
  source?: Endpoint,
): readonly Binding[] | RegisterRefusal {
  const current = bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs)
  const { contacts } = request
  if (contacts === '*') return withoutAll(current, request)
  let made: readonly Binding[] = current
  for (const contact of contacts) {
    const seconds = secondsOf(contact, request, policy)
    if (seconds > 0 && seconds < Math.min(policy.minimumSeconds, HOUR_SECONDS)) {
      return { status: 423, headers: [['Min-Expires', String(policy.minimumSeconds)]] }
    }
    const old = made.find((one) => isSame(one, contact, request, policy.match))
    if (old !== undefined && isOutOfOrder(old, request)) return { status: 500 }
    const binding = seconds === 0 ? undefined : bindingOf(contact, request, nowMs + seconds * 1000, source)
    if (old === undefined) made = binding === undefined ? made : [...made, binding]
    else made = made.flatMap((one) => (one !== old ? [one] : binding === undefined ? [] : [binding]))
  }
  return made
}

/** A binding's Contact as a 200 shows it: with the seconds that are left, at least 1. */
export function printBinding({ contact, expiresAtMs }: Binding, nowMs: number): string {
  const left = String(Math.max(1, Math.round((expiresAtMs - nowMs) / 1000)))
  return printNameAddr({ ...contact, parameters: contact.parameters.with('expires', left) })
}

/** §10.3 step 6: `*` is for taking away everything, and stands alone. */
function withoutAll(current: readonly Binding[], request: Request): readonly Binding[] | RegisterRefusal {
  if (Number(request.first('Expires') ?? Number.NaN) !== 0) return { status: 400 }
  return current.some((binding) => isOutOfOrder(binding, request)) ? { status: 500 } : []
}

/** The Contact's own `expires`, else the Expires header, else the default (§10.3 step 7). What is no number counts as the default. */
function secondsOf({ parameters }: NameAddr, request: Request, policy: BindingPolicy): number {
  const written = parameters.get('expires') ?? request.first('Expires')
  const requested = written !== undefined && /^\d{1,10}$/.test(written) ? Number(written) : policy.defaultSeconds
  return Math.min(requested, policy.maximumSeconds)
}

function isSame({ uri, callId }: Binding, contact: NameAddr, request: Request, match: Matching): boolean {
  return uriEqual(uri, contact.uri) && (match === 'contact' || callId === request.callId)
}

/** A request of the same Call-ID must be newer than what made the binding. */
function isOutOfOrder({ callId, cseq }: Binding, request: Request): boolean {
  return callId === request.callId && request.cseq.number <= cseq
}

function bindingOf(contact: NameAddr, request: Request, expiresAtMs: number, source: Endpoint | undefined): Binding {
  return {
    contact,
    uri: contact.uri,
    q: qualityOf(contact.parameters),
    path: request.all('Path'),
    source,
    expiresAtMs,
    callId: request.callId,
    cseq: request.cseq.number,
  }
}
