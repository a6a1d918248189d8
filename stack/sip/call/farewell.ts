// The BYE of a dialog (RFC 3261 §15.1.1): whatever its answer, and also without one, the dialog is over.

import type { Dialog } from '../dialog/dialog.ts'
import { requestIn } from '../dialog/requests.ts'
import type { Line } from './line.ts'

/** Sends the BYE; `done` is called once, at its final response or when there will be none. Gives the dialog after it. */
export function sendBye(line: Line, dialog: Dialog, done: () => void): Dialog {
  const { dialog: after, outbound } = requestIn(dialog, 'BYE')
  line.request(outbound, {
    response: (response) => {
      if (response.status >= 200) done()
    },
    failed: done,
  })
  return after
}
