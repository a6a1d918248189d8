// Requests within dialogs: whether they name the dialog, which way they go, and that none comes after the end.

import type { Request } from '../../stack/sip/message/message.ts'
import { printUri } from '../../stack/sip/message/uri.ts'
import { type Call, type Dialog, Dialogs } from './call.ts'
import { type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

export const DIALOGS: readonly Oracle[] = [
  {
    name: 'dialog identity',
    section: 'RFC 3261 §12.2.1.1',
    says: 'a request within a dialog has its tags: each in its place',
    call: (call, trial) => each(call, (request, dialogs) => identity(request, dialogs, trial)),
  },
  {
    name: 'dialog routing',
    section: 'RFC 3261 §12.2.1.1',
    says: 'a request within a dialog goes to the far end’s Contact by the dialog’s route set',
    call: (call, trial) => each(call, (request, dialogs) => routing(request, dialogs, call, trial)),
  },
  {
    name: 'nothing new after BYE',
    section: 'RFC 3261 §15',
    says: 'after a BYE was answered no new request is sent in its dialog; subscriptions outlive it',
    call: (call, trial) => {
      each(call, (request, dialogs) => {
        const end = dialogs.ofRequest(request)?.endedAt
        if (end === undefined || /^(?:ACK|CANCEL|NOTIFY|SUBSCRIBE|REFER)$/.test(request.message.cseq.method)) return
        if (end < request.at)
          trial.violated(request.at, [request], `${request.message.cseq.method} after the BYE was answered`)
      })
      if (call.sightings.some(({ message }) => message.kind === 'response' && message.cseq.method === 'BYE'))
        trial.exercised()
    },
  },
  {
    name: 'BYE without ACK',
    section: 'RFC 3261 §13.3.1.4',
    says: 'whoever gets no ACK of its 2xx for 64·T1 ends the call with BYE',
    call: (call, trial, until) => gaveUp(call, trial, until),
  },
]

/** Each request that the party made itself, with the dialogs as they were when it was sent; repeats left out. */
function each({ sightings }: Call, look: (request: Sighting, dialogs: Dialogs) => void): void {
  const dialogs = new Dialogs()
  const seen = new Set<string>()
  for (const sighting of sightings) {
    const { message, out } = sighting
    dialogs.take(sighting)
    if (!out || message.kind !== 'request' || message.vias.length > 1 || message.method === 'CANCEL') continue
    const key = `${message.via.parameters.get('branch') ?? ''} ${message.method}`
    if (seen.has(key)) continue
    seen.add(key)
    look(sighting, dialogs)
  }
}

function identity(request: Sighting, dialogs: Dialogs, trial: Trial): void {
  const { message, at } = request
  if (dialogs.all.size === 0 || !trial.conditions.exact) return
  const { method } = message.cseq
  if (message.toTag === undefined) {
    if (method === 'BYE' || method === 'UPDATE' || method === 'PRACK' || method === 'INFO')
      trial.violated(at, [request], `${method} without a To tag`)
    return
  }
  if (method === 'ACK') return
  trial.exercised()
  if (dialogs.ofRequest(request) === undefined)
    trial.violated(at, [request], `${method} with the tags ${message.fromTag} and ${message.toTag}, of no dialog`)
}

function routing(request: Sighting, dialogs: Dialogs, { sightings }: Call, trial: Trial): void {
  const message = request.message as Request
  const dialog = dialogs.ofRequest(request)
  if (dialog?.target === undefined) return
  // A refusal's ACK is its transaction's (§17.1.1.3), also where another fork has answered.
  const isAccepted = (one: Sighting): boolean =>
    isAnswer(one, message.cseq.number) && one.message.toTag === message.toTag
  if (message.method === 'ACK' && !sightings.some(isAccepted)) return
  trial.exercised()
  const { uri, routes } = wanted(dialog, dialog.target)
  const [goes, by] = [printUri(message.uri), message.routes.map((route) => printUri(route.uri))]
  if (goes !== uri) trial.violated(request.at, [request], `${message.method} to ${goes}, not to ${uri}`)
  else if (by.join() !== routes.join())
    trial.violated(
      request.at,
      [request],
      `${message.method} by the Route ${by.join(', ') || '(none)'}, not ${routes.join(', ') || '(none)'}`,
    )
}

function isAnswer({ message, out }: Sighting, number: number): boolean {
  return (
    message.kind === 'response' &&
    !out &&
    message.status >= 200 &&
    message.status < 300 &&
    message.cseq.method === 'INVITE' &&
    message.cseq.number === number
  )
}

/** §12.2.1.1: the target behind the routes; where the first is a strict router, it takes the Request-URI, and the target stands last. */
function wanted({ routes }: Dialog, target: string): { readonly uri: string; readonly routes: readonly string[] } {
  const printed = routes.map((route) => printUri(route.uri))
  const [first] = routes
  if (first === undefined || first.uri.parameters.has('lr')) return { uri: target, routes: printed }
  return { uri: printed[0]!, routes: [...printed.slice(1), target] }
}

function gaveUp({ sightings, party, isExcused }: Call, trial: Trial, until: number): void {
  const { exact, timersOf } = trial.conditions
  const answer = sightings.find(
    (one) => one.out && statusOf(one) >= 200 && statusOf(one) < 300 && one.message.cseq.method === 'INVITE',
  )
  if (answer === undefined || !exact || isExcused) return
  const { number } = answer.message.cseq
  const forwarded = sightings.some((one) => !one.out && isAnswer(one, number))
  const { t1Ns } = timersOf(party)
  const due = answer.at + 64 * t1Ns
  if (forwarded || until <= due + t1Ns) return
  const after = sightings.filter(({ message, at }) => message.kind === 'request' && at >= answer.at)
  if (after.some(({ message, out }) => !out && (message.cseq.method === 'ACK' || message.cseq.method === 'BYE'))) return
  trial.exercised()
  if (!after.some(({ message, out, at }) => out && message.cseq.method === 'BYE' && at <= due + t1Ns))
    trial.violated(due, [answer], 'no ACK for 64·T1, and no BYE')
}
