// The BYE of a dialog (RFC 3261 §15.1.1): whatever its answer, and also without one, the dialog is over; a challenge is answered, so that
// the other side hears of it (§22.2, §22.3).

import type { Dialog } from '../dialog/dialog.ts'
import { requestIn } from '../dialog/requests.ts'
import type { Authorizer } from '../digest/authorizer.ts'
import type { Header } from '../message/build.ts'
import type { Line } from './line.ts'

/** Who answers challenges; undefined: a challenge is an answer like any other. */
type Answerer = Pick<Authorizer, 'authorize'> | undefined

/** Sends the BYE; `done` is called once, at its final response or when there will be none. Gives the dialog after it. */
export function sendBye(line: Line, dialog: Dialog, authorizer: Answerer, done: () => void): Dialog {
  return send(line, dialog, authorizer, done, [])
}

function send(line: Line, dialog: Dialog, authorizer: Answerer, done: () => void, headers: readonly Header[]): Dialog {
  const { dialog: after, outbound } = requestIn(dialog, 'BYE', headers)
  line.request(outbound, {
    response: (response) => {
      const { status } = response
      if (status < 200) return
      const isChallenge = status === 401 || status === 407
      const credentials = isChallenge ? (authorizer?.authorize(response, outbound.request) ?? []) : []
      if (credentials.length === 0) done()
      else send(line, after, authorizer, done, credentials)
    },
    failed: done,
  })
  return after
}
