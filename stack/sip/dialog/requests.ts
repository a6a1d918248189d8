// The requests that a dialog makes (RFC 3261 §12.2.1.1), and the ACK of its INVITE (§13.2.2.4).

import { type Header, request } from '../message/build.ts'
import type { Request } from '../message/message.ts'
import type { Uri } from '../message/uri.ts'
import type { Dialog } from './dialog.ts'
import { wayTo } from './routing.ts'

/** A request ready to go but for its Via, and the URI whose address it goes to. */
export interface Outbound {
  readonly request: Request
  readonly next: Uri
  /** True outside of dialogs, where the phone chooses the way. */
  readonly isFirst?: boolean
}

/** The next request of `method` in this dialog, and the dialog after it. `headers` stand after those of the dialog. */
export function requestIn(
  dialog: Dialog,
  method: string,
  headers: readonly Header[] = [],
  body?: Uint8Array,
): { readonly dialog: Dialog; readonly outbound: Outbound } {
  const localSequence = dialog.localSequence + 1
  return {
    dialog: { ...dialog, localSequence },
    outbound: made(dialog, method, localSequence, headers, body),
  }
}

/** The ACK of a 2xx to `invite`, with an answer in it where the 2xx had the offer. It goes the dialog's way, outside any transaction. */
export function ackOf(dialog: Dialog, invite: Request, headers: readonly Header[] = [], body?: Uint8Array): Outbound {
  return made(dialog, 'ACK', invite.cseq.number, headers, body)
}

function made(
  dialog: Dialog,
  method: string,
  sequence: number,
  headers: readonly Header[],
  body: Uint8Array | undefined,
): Outbound {
  const { uri, routes, next } = wayTo(dialog.remoteTarget, dialog.routeSet)
  const all: Header[] = [
    ['Max-Forwards', '70'],
    ...routes.map((route): Header => ['Route', route]),
    ['From', dialog.local],
    ['To', dialog.remote],
    ['Call-ID', dialog.callId],
    ['CSeq', `${sequence} ${method}`],
    ...headers,
  ]
  return { request: request({ method, uri, headers: all, ...(body === undefined ? {} : { body }) }), next }
}
