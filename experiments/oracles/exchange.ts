// All that one party sent and received for one request: the transactions it is the client of, the one it is the server of, their ACKs and
// CANCELs. Known by Call-ID, From tag and CSeq number; forgotten when nothing more can come.

import type { Message } from '../../stack/sip/message/message.ts'
import type { Place, SipObservation } from './observation.ts'

/** A message as a party sent or received it. */
export interface Sighting {
  /** ns. */
  readonly at: number
  /** True where the party sent it. */
  readonly out: boolean
  /** The node; in a capture, the address. */
  readonly party: string
  readonly proof: string
  readonly from: Place
  readonly to: Place
  /** Over TCP or a WebSocket: nothing is lost on the way, and nothing repeated. */
  readonly reliable: boolean
  readonly transport: SipObservation['transport']
  readonly message: Message
  readonly surplusBytes: number
}

/** One transaction at one party, repeats included, each list in the order of its times. */
export interface Transaction {
  readonly role: 'client' | 'server'
  readonly method: string
  readonly branch: string
  /** It goes over TCP or the like; where a large request found nobody there, over UDP from then on, and what went before is left out (RFC 3261 §18.1.1). */
  reliable: boolean
  readonly requests: Sighting[]
  readonly responses: Sighting[]
  /** INVITE: the ACKs that have its branch. */
  readonly acks: Sighting[]
}

export interface Exchange {
  readonly party: string
  readonly callId: string
  readonly fromTag: string
  /** CSeq's. */
  readonly number: number
  readonly transactions: Transaction[]
  /** ACKs of branches of their own, as for a 2xx. */
  readonly acks: Sighting[]
  /** BYEs of the call that came while this was open: its 2xx, if there was one, was heard. */
  readonly byes: Sighting[]
  /**
   * Since when (ns) the party need not go on: the network said that what goes `to` does not get there; or, with an empty `to`, a fault struck
   * it: it lost its power, stood still, was slow, or its clock was set.
   */
  readonly excuses: { readonly at: number; readonly to: string }[]
  firstAt: number
  lastAt: number
}

/** `10.0.0.2:5060`. */
export function printPlace({ address, port }: Place): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** The sightings of an observation: one at a node, or in a capture one at each end. */
export function sightingsOf(seen: SipObservation): readonly Sighting[] {
  const { at, proof, from, to, message, surplusBytes, side, where, transport } = seen
  const reliable = transport !== 'udp'
  const sighting = (out: boolean, party: string): Sighting => {
    return { at, out, party, proof, from, to, reliable, transport, message, surplusBytes }
  }
  if (side !== 'passing') return [sighting(side === 'sent', where)]
  return [sighting(true, from.address), sighting(false, to.address)]
}

/** True where the party passes on what it received: its request has more Vias than its own. */
export function isForwarded({ role, requests }: Transaction, exchange: Exchange): boolean {
  if (role === 'client') return (requests[0]?.message.vias.length ?? 1) > 1
  const branch = requests[0]?.message.via.parameters.get('branch')
  return exchange.transactions.some(
    (other) => other.role === 'client' && other.requests[0]?.message.vias[1]?.parameters.get('branch') === branch,
  )
}

/** Files a sighting in its exchange: makes its transaction at the first. */
export function file(exchange: Exchange, sighting: Sighting): void {
  const { message, out } = sighting
  exchange.lastAt = sighting.at
  const request = message.kind === 'request'
  const role = request === out ? 'client' : 'server'
  const branch = message.via.parameters.get('branch') ?? ''
  const method = request ? message.method : message.cseq.method
  const of = method === 'ACK' ? 'INVITE' : method
  let transaction = exchange.transactions.find((one) => one.role === role && one.branch === branch && one.method === of)
  if (method === 'ACK') {
    if (transaction === undefined) exchange.acks.push(sighting)
    else transaction.acks.push(sighting)
    return
  }
  if (transaction === undefined) {
    transaction = { role, method, branch, reliable: sighting.reliable, requests: [], responses: [], acks: [] }
    exchange.transactions.push(transaction)
  }
  if (request && transaction.reliable && !sighting.reliable) {
    transaction.reliable = false
    transaction.requests.length = 0
  }
  if (request) transaction.requests.push(sighting)
  else if (!out && isForeign(transaction, sighting)) return
  else transaction.responses.push(sighting)
}

/** RFC 3261 §18.1.2: a client drops a response whose top Via is not by itself. */
function isForeign({ requests }: Transaction, { message: { via } }: Sighting): boolean {
  const own = requests[0]?.message.via
  return own !== undefined && (own.host !== via.host || own.port !== via.port)
}

/** The status of a response's sighting; 0 for a request. */
export function statusOf({ message }: Sighting): number {
  return message.kind === 'response' ? message.status : 0
}

/** True for a final response to a BYE; after a challenge the BYE comes again, with credentials (RFC 3261 §22.2). */
export function endsDialog({ message }: Sighting): boolean {
  if (message.kind === 'request' || message.cseq.method !== 'BYE') return false
  return message.status >= 200 && message.status !== 401 && message.status !== 407
}

/** True if two messages went over one connection, so that neither was sent for fear that the other was lost; a run knows of both that they were sent. */
export function isOneStream(one: Sighting, other: Sighting, { exact }: { readonly exact: boolean }): boolean {
  return exact || (printPlace(one.from) === printPlace(other.from) && printPlace(one.to) === printPlace(other.to))
}

/** An INVITE that rings: it has a provisional response and no final one. */
export function isPending({ transactions }: Exchange): boolean {
  return transactions.some(
    ({ method, responses }) =>
      method === 'INVITE' && responses.length > 0 && responses.every((response) => statusOf(response) < 200),
  )
}

/** When a fault struck the party, or it was not itself already: what it does and says from then on proves nothing of when it should have. */
export function struckAt({ excuses }: Exchange): number {
  return excuses.find(({ to }) => to === '')?.at ?? Number.POSITIVE_INFINITY
}

/** When the network said, after `from`, that what goes `to` does not get there, or a fault struck the party. */
export function excuseAfter({ excuses }: Exchange, from: number, to: string): number | undefined {
  return excuses.find((excuse) => excuse.at >= from && (excuse.to === to || excuse.to === ''))?.at
}
