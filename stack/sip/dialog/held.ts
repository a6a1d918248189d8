// A dialog as it is shown to those who compare both ends.

import type { HeldDialog } from '../../../platform/holdings.ts'
import type { Message } from '../message/message.ts'
import { printUri } from '../message/uri.ts'
import type { Dialog } from './dialog.ts'

/** The dialog; `told` is the message in which this end gave its Contact: its INVITE, or its 2xx. */
export function heldDialog(dialog: Dialog, told: Message, isCaller: boolean, isUp: boolean): HeldDialog {
  const { callId, localTag, remoteTag, localSequence, remoteSequence = 0, remoteTarget, routeSet } = dialog
  const { contacts } = told
  const contact = contacts === '*' ? undefined : contacts[0]
  return {
    ...{ callId, isCaller, isUp, localTag, remoteTag, localSequence, remoteSequence },
    localTarget: contact === undefined ? '' : printUri(contact.uri),
    remoteTarget: printUri(remoteTarget),
    routeSet: routeSet.map(({ uri }) => printUri(uri)),
  }
}
