// What each hop leaves in a message: Via, Max-Forwards, Record-Route, and the way back of responses.

import { canonicalAddress } from '../../platform/address.ts'
import type { Request } from '../../stack/sip/message/message.ts'
import type { Via } from '../../stack/sip/message/via.ts'
import { type Exchange, isForwarded, printPlace, type Sighting, statusOf, type Transaction } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

const SIP_PORT = 5060

export const HOPS: readonly Oracle[] = [
  {
    name: 'Max-Forwards',
    section: 'RFC 3261 §16.6',
    says: 'a request has Max-Forwards; each proxy sends it on with one less, and never one that came with 0',
    exchange: (exchange, trial) => {
      for (const { from, sent } of forwardings(exchange, trial)) forwards(from, sent, trial)
    },
  },
  {
    name: 'Via of requests',
    section: 'RFC 3261 §16.6',
    says: 'a proxy adds its Via and leaves the others as they came',
    exchange: (exchange, trial) => {
      for (const { from, sent } of forwardings(exchange, trial)) if (from !== undefined) addsItsVia(from, sent, trial)
    },
  },
  {
    name: 'Record-Route',
    section: 'RFC 3261 §12.1.1',
    says: 'proxies leave the Record-Routes that came; the server copies them all, in order, into what may make a dialog',
    exchange: (exchange, trial) => {
      for (const { from, sent } of forwardings(exchange, trial))
        if (from !== undefined) keepsRecordRoutes(from, sent, trial)
      for (const transaction of exchange.transactions) copiesRecordRoutes(transaction, exchange, trial)
    },
  },
  {
    name: 'way of responses',
    section: 'RFC 3261 §18.2.2, RFC 3581 §4',
    says: 'over UDP a response goes to where its request came from: to the port of the Via, or the source’s where rport asks for it',
    exchange: (exchange, trial) => {
      for (const transaction of exchange.transactions) if (transaction.role === 'server') goesBack(transaction, trial)
    },
  },
  {
    name: 'received',
    section: 'RFC 3261 §18.2.1, RFC 3581 §4',
    says: 'a server adds to the top Via what the packet’s source says otherwise, or was asked for by rport',
    exchange: (exchange, trial) => {
      for (const transaction of exchange.transactions)
        if (transaction.role === 'server') notesSource(transaction, trial)
    },
  },
]

interface Forwarding {
  /** As it came; undefined where the party made it itself. */
  readonly from: Sighting | undefined
  readonly sent: Sighting
}

/** Each request that the party sent, repeats left out, with what it sends on. */
function forwardings(exchange: Exchange, trial: Trial): readonly Forwarding[] {
  const { transactions, acks } = exchange
  const received = transactions.filter(({ role, requests }) => role === 'server' && requests.length > 0)
  const sent = transactions.flatMap(({ role, requests }) => (role === 'client' ? requests.slice(0, 1) : []))
  const ackOut = acks.find(({ out }) => out)
  return [
    ...sent.map((one) => ({ from: received.find((other) => isBelow(other, one))?.requests[0], sent: one })),
    ...(ackOut === undefined ? [] : [{ from: cameAs(ackOut, acks, trial), sent: ackOut }]),
  ]
}

/**
 * The ACK that came, of one that goes on: the core sends another for each 2xx, which may overtake each other (RFC 3261 §13.2.2.4). In a
 * capture that of the branch below may be lacking.
 */
function cameAs({ message }: Sighting, acks: readonly Sighting[], { conditions }: Trial): Sighting | undefined {
  const below = message.vias[1]?.parameters.get('branch')
  if (message.vias.length < 2) return undefined
  const came = acks.filter(({ out }) => !out)
  const same = came.find((one) => one.message.vias[0]?.parameters.get('branch') === below)
  return same ?? (conditions.exact ? came[0] : undefined)
}

function isBelow({ branch, method }: Transaction, { message }: Sighting): boolean {
  return message.kind === 'request' && message.method === method && message.vias[1]?.parameters.get('branch') === branch
}

function forwards(from: Sighting | undefined, sent: Sighting, trial: Trial): void {
  const request = sent.message as Request
  const { maxForwards } = request
  if (maxForwards === undefined) {
    if (trial.conditions.exact) trial.violated(sent.at, [sent], `${request.method} without Max-Forwards`)
    return
  }
  trial.exercised()
  const came = from?.message.maxForwards
  if (from === undefined || came === undefined || maxForwards === came - 1) return
  trial.violated(
    sent.at,
    [from, sent],
    `${request.method} came with Max-Forwards ${came} and goes on with ${maxForwards}`,
  )
}

function addsItsVia(from: Sighting, sent: Sighting, trial: Trial): void {
  trial.exercised()
  const [before, after] = [from.message.vias.map(hop), sent.message.vias.slice(1).map(hop)]
  if (before.join() === after.join()) return
  trial.violated(sent.at, [from, sent], `the Vias below its own are ${after.join(', ')}, but ${before.join(', ')} came`)
}

function hop({ host, port, parameters }: Via): string {
  return `${host}:${port ?? SIP_PORT} ${parameters.get('branch') ?? ''}`
}

function keepsRecordRoutes(from: Sighting, sent: Sighting, trial: Trial): void {
  const came = from.message.all('Record-Route')
  const goes = sent.message.all('Record-Route')
  if (came.length === 0 && goes.length === 0) return
  trial.exercised()
  if (goes.slice(goes.length - came.length).join() === came.join()) return
  trial.violated(sent.at, [from, sent], `Record-Route came as "${came.join()}" and goes on as "${goes.join()}"`)
}

function copiesRecordRoutes(transaction: Transaction, exchange: Exchange, trial: Trial): void {
  const { role, method, requests, responses } = transaction
  const [request] = requests
  if (role !== 'server' || method !== 'INVITE' || request === undefined || request.message.toTag !== undefined) return
  const came = request.message.all('Record-Route')
  if (came.length === 0 || isForwarded(transaction, exchange)) return
  for (const response of responses) {
    if (statusOf(response) <= 100 || statusOf(response) >= 300 || response.message.toTag === undefined) continue
    trial.exercised()
    const goes = response.message.all('Record-Route')
    // A capture may not show that the party is a proxy, whose next hops have added theirs.
    const kept = trial.conditions.exact ? goes : goes.slice(goes.length - came.length)
    if (kept.join() !== came.join())
      trial.violated(
        response.at,
        [request, response],
        `Record-Route "${goes.join()}" in ${statusOf(response)}, not "${came.join()}"`,
      )
  }
}

function goesBack({ requests, responses, reliable }: Transaction, trial: Trial): void {
  const [request] = requests
  if (request === undefined || reliable) return
  const { port, parameters } = request.message.via
  if (parameters.has('maddr')) return
  const wanted = {
    address: request.from.address,
    port: parameters.has('rport') ? request.from.port : (port ?? SIP_PORT),
  }
  for (const response of responses) {
    trial.exercised()
    if (response.to.address === wanted.address && response.to.port === wanted.port) continue
    const sentence = `${statusOf(response)} goes to ${printPlace(response.to)}, not to ${printPlace(wanted)}`
    trial.violated(response.at, [request, response], sentence)
  }
}

function notesSource({ requests, responses }: Transaction, trial: Trial): void {
  const [request] = requests
  // Over a WebSocket nobody needs it (RFC 7118 §5.3).
  if (request === undefined || request.transport === 'ws') return
  const { via } = request.message
  const other = (canonicalAddress(via.host) ?? via.host) !== request.from.address
  const asked = via.parameters.has('rport')
  if (!other && !asked) return
  for (const response of responses) {
    trial.exercised()
    const { parameters } = response.message.via
    const received = parameters.get('received')
    const rport = parameters.get('rport')
    // A capture may be on the client's side of a NAT: what the server saw is what it says.
    if (!trial.conditions.exact && (received !== undefined || !other) && (rport || !asked)) continue
    if (other && received !== request.from.address)
      trial.violated(
        response.at,
        [request, response],
        `received=${received ?? '(none)'}, but it came from ${request.from.address}`,
      )
    else if (asked && rport !== String(request.from.port))
      trial.violated(
        response.at,
        [request, response],
        `rport=${rport ?? '(none)'}, but it came from port ${request.from.port}`,
      )
  }
}
