// A dialog: what two user agents remember of each other (RFC 3261 §12). A value; each event gives a new one.

import type { Message, Request, Response } from '../message/message.ts'
import type { NameAddr } from '../message/nameAddr.ts'
import type { Uri } from '../message/uri.ts'

/** One side's view of a dialog. */
export interface Dialog {
  readonly callId: string
  /** Empty where a peer of RFC 2543 gave none, here and in `remoteTag`. */
  readonly localTag: string
  readonly remoteTag: string
  /** The From value of our requests, tag included. */
  readonly local: string
  /** The To value of our requests, tag included. */
  readonly remote: string
  /** The CSeq number of our last request, 0 before the first. */
  readonly localSequence: number
  /** That of the other's last request; undefined before the first. */
  readonly remoteSequence: number | undefined
  readonly remoteTarget: Uri
  /** In the order in which our requests visit them. */
  readonly routeSet: readonly NameAddr[]
  /** `early` until the 2xx. */
  readonly phase: 'early' | 'confirmed'
}

/** What tells a dialog from all others at one user agent, as a key for maps (§12). */
export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}\n${localTag}\n${remoteTag}`
}

/** The key of the dialog that a request is meant for, seen from whom it came to. */
export function keyOfReceived(request: Request): string {
  return dialogKey(request.callId, request.toTag ?? '', request.fromTag ?? '')
}

export function keyOf(dialog: Dialog): string {
  return dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag)
}

/** The dialog that a response to our request makes: early by a 101–199, confirmed by a 2xx (§12.1.2). */
export function dialogOfCaller(request: Request, response: Response): Dialog {
  return {
    callId: request.callId,
    localTag: request.fromTag ?? '',
    remoteTag: response.toTag ?? '',
    local: request.first('From') ?? '',
    remote: response.first('To') ?? '',
    localSequence: request.cseq.number,
    remoteSequence: undefined,
    remoteTarget: contactOf(response) ?? request.uri,
    routeSet: [...response.recordRoutes].reverse(),
    phase: response.status < 200 ? 'early' : 'confirmed',
  }
}

/** The dialog that our response to `request` makes, if it has `localTag` in its To and `status` (§12.1.1). */
export function dialogOfCallee(request: Request, localTag: string, status: number): Dialog {
  return {
    callId: request.callId,
    localTag,
    remoteTag: request.fromTag ?? '',
    local: `${request.first('To')};tag=${localTag}`,
    remote: request.first('From') ?? '',
    localSequence: 0,
    remoteSequence: request.cseq.number,
    remoteTarget: contactOf(request) ?? request.from.uri,
    routeSet: request.recordRoutes,
    phase: status < 200 ? 'early' : 'confirmed',
  }
}

/** An early dialog after a 2xx with its tag: confirmed, its target and, this once, its route set as the 2xx has them (§13.2.2.4). */
export function confirmed(dialog: Dialog, response: Response): Dialog {
  const remoteTarget = contactOf(response) ?? dialog.remoteTarget
  return { ...dialog, phase: 'confirmed', remoteTarget, routeSet: [...response.recordRoutes].reverse() }
}

/** The dialog with its remote target as a target refresh request, or the 2xx to one, has it in Contact (§12.2). The route set stays. */
export function refreshed(dialog: Dialog, message: Message): Dialog {
  const remoteTarget = contactOf(message)
  return remoteTarget === undefined ? dialog : { ...dialog, remoteTarget }
}

/**
 * The dialog after a request of the other side; undefined if the request is out of order and must be answered with 500 (§12.2.2).
 * A gap is in order, and so is the number that we know already, for the ACK and the CANCEL have their INVITE's.
 */
export function received(dialog: Dialog, request: Request): Dialog | undefined {
  const { number } = request.cseq
  if (dialog.remoteSequence !== undefined && number < dialog.remoteSequence) return undefined
  return { ...dialog, remoteSequence: number }
}

function contactOf(message: Message): Uri | undefined {
  const { contacts } = message
  return contacts === '*' ? undefined : contacts[0]?.uri
}
