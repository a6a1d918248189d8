// One call, whichever side began it: what its phone may ask of it and what requests do to it.

import type { HeldDialog } from '../../../platform/holdings.ts'
import type { Dialog } from '../dialog/dialog.ts'
import type { Request, Response } from '../message/message.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Refusal } from '../user-agent/inspection.ts'

/** What a user can want of a call. `cancel` is for the caller before the answer, `answer`, `ring` and `reject` for the callee. */
export type CallCommand = 'ring' | 'answer' | 'reject' | 'cancel' | 'hang up'

export interface Call {
  /** The Call-ID. */
  readonly id: string
  /** As the table has it: see `caller.ts` and `callee.ts`. */
  readonly state: string
  readonly ended: boolean
  /** Whose INVITE of this call has no final response yet: one of the other's that we `received`, or one that we `sent`. */
  readonly pending: 'received' | 'sent' | undefined
  /** Undefined until a response has made it. */
  readonly dialog: Dialog | undefined
  /** The dialog as both ends are compared by it: from the answer on, until somebody hangs up. */
  readonly held: HeldDialog | undefined
  /** Does what the user wants; false where the call's state has no such arrow. `refusal` is for `reject`: 300–699, default 486. */
  command(command: CallCommand, refusal?: Refusal): boolean
  /** A request within the dialog, ACK apart. False if it is out of order and is to be answered with 500. */
  follows(request: Request): boolean
  /** The other side hangs up. False where that makes no sense and is to be answered with 481. */
  bye(server: ServerTransaction): boolean
  ack(request: Request): void
  /** A 2xx to our INVITE that no transaction knows any more. */
  response(response: Response): void
  /** Ends the call where it stands, without a word to anybody: its timers stop, its ports are free. */
  abandon(): void
}

/** How a call came to nothing, as the remark `call failed` has it. */
export interface CallFailure {
  readonly status: number
  readonly reason: string
  /** True if no such response was on the wire: it is this side's own verdict, such as the 408 after Timer B. */
  readonly local: boolean
}
