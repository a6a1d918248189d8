// All of one call at one party: what it sent and received under a Call-ID that has an INVITE, and the dialogs that follow from it.

import type { NameAddr } from '../../stack/sip/message/nameAddr.ts'
import { printUri } from '../../stack/sip/message/uri.ts'
import { endsDialog, type Sighting, statusOf } from './exchange.ts'

/** A call's sightings in their order, first sendings only. */
export interface Call {
  readonly party: string
  readonly callId: string
  readonly sightings: Sighting[]
  /** The keys of its exchanges. */
  readonly exchanges: Set<string>
  /** The party has an excuse for what it left undone, see {@link Exchange.excuses}. */
  isExcused: boolean
  lastAt: number
  readonly course: Course
}

/** How far a call has come. */
interface Course {
  /** There was a response to anything. */
  isAnswered: boolean
  /** There was a 2xx to its INVITE. */
  isAccepted: boolean
  /** The party has passed a request on. */
  isBetween: boolean
  /** A BYE was answered. */
  isParted: boolean
  /** The highest CSeq of an INVITE, and of one that was refused: what is challenged or redirected comes again. */
  invited: number
  refused: number
}

/** A dialog as one party knows it (RFC 3261 §12). */
export interface Dialog {
  readonly localTag: string
  readonly remoteTag: string
  readonly routes: readonly NameAddr[]
  /** The far end's Contact. */
  target: string | undefined
  /** When its BYE was answered, ns. */
  endedAt: number | undefined
}

/** The dialogs of a call as they grow. Feed it each sighting before looking. */
export class Dialogs {
  readonly all = new Map<string, Dialog>()
  readonly #invites = new Map<string, Sighting>()
  readonly #byes = new Set<string>()

  /** The dialog that a request of the party's belongs to; undefined where there is none. */
  ofRequest({ message, out }: Sighting): Dialog | undefined {
    const [from, to] = [message.fromTag ?? '', message.toTag ?? '']
    return this.all.get(out ? `${from} ${to}` : `${to} ${from}`)
  }

  take(sighting: Sighting): void {
    const { message, out } = sighting
    const { number, method } = message.cseq
    const way = out ? 'out' : 'in'
    if (message.kind === 'request') {
      if (method === 'INVITE' || method === 'UPDATE') {
        this.#invites.set(`${way} ${number}`, sighting)
        const dialog = message.toTag === undefined ? undefined : this.ofRequest(sighting)
        if (dialog !== undefined && !out) dialog.target = contactOf(sighting) ?? dialog.target
      }
      if (method === 'BYE') this.#byes.add(`${way} ${number}`)
      return
    }
    const request = this.#invites.get(`${out ? 'in' : 'out'} ${number}`)
    if (endsDialog(sighting)) this.#end(sighting)
    if (request === undefined || method === 'BYE' || statusOf(sighting) <= 100 || statusOf(sighting) >= 300) return
    this.#establish(request, sighting)
  }

  #establish(request: Sighting, response: Sighting): void {
    const { out, message } = response
    const { fromTag = '', toTag } = message
    if (toTag === undefined) return
    const [localTag, remoteTag] = out ? [toTag, fromTag] : [fromTag, toTag]
    const key = `${localTag} ${remoteTag}`
    const known = this.all.get(key)
    const target = contactOf(out ? request : response)
    if (known !== undefined) {
      if (!out) known.target = target ?? known.target
      if (request.message.toTag !== undefined || statusOf(response) < 200) return
    }
    const recorded = out ? request.message.recordRoutes : [...message.recordRoutes].reverse()
    if (request.message.toTag !== undefined) return
    const endedAt = known?.endedAt
    this.all.set(key, { localTag, remoteTag, routes: recorded, target: target ?? known?.target, endedAt })
  }

  #end(response: Sighting): void {
    const { message, out, at } = response
    const { fromTag = '', toTag = '' } = message
    const dialog = this.all.get(out ? `${toTag} ${fromTag}` : `${fromTag} ${toTag}`)
    if (dialog !== undefined) dialog.endedAt ??= at
  }
}

function contactOf({ message }: Sighting): string | undefined {
  const { contacts } = message
  const first = contacts === '*' ? undefined : contacts[0]
  return first === undefined ? undefined : printUri(first.uri)
}

/** A call of the party's of which nothing was seen yet. */
export function newCall(party: string, callId: string, isExcused: boolean, lastAt: number): Call {
  const course = { isAnswered: false, isAccepted: false, isBetween: false, isParted: false, invited: 0, refused: -1 }
  return { party, callId, sightings: [], exchanges: new Set(), isExcused, lastAt, course }
}

/** Takes the call's next sighting, of the exchange of that key. */
export function follow({ sightings, exchanges, course }: Call, sighting: Sighting, exchange: string): void {
  sightings.push(sighting)
  exchanges.add(exchange)
  const { out, message } = sighting
  if (message.kind === 'request') {
    course.isBetween ||= out && message.vias.length > 1
    if (message.method === 'INVITE') course.invited = Math.max(course.invited, message.cseq.number)
    return
  }
  course.isAnswered = true
  if (message.status < 200) return
  const { method, number } = message.cseq
  course.isParted ||= method === 'BYE'
  if (method !== 'INVITE') return
  if (message.status < 300) course.isAccepted = true
  else course.refused = Math.max(course.refused, number)
}

/**
 * True where nothing more need come: the last INVITE of a call that nobody took was refused, or a BYE answered; nobody has ever answered; or
 * the party passes on what others say, and may have stepped aside once the INVITE was answered. If more comes all the same, it may be false again.
 */
export function isOver({ course: { isAnswered, isAccepted, isBetween, isParted, invited, refused } }: Call): boolean {
  const isRefused = !isAccepted && refused >= invited
  return isParted || isRefused || !isAnswered || (isBetween && isAccepted)
}
