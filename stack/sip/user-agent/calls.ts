// The calls of a user agent, found by what a request says: its dialog, its INVITE's transaction, or where it came from first.

import type { Held } from '../../../platform/holdings.ts'
import type { Call } from '../call/call.ts'
import type { IncomingCall } from '../call/incoming.ts'
import { dialogKey, keyOfReceived } from '../dialog/dialog.ts'
import type { Request, Response } from '../message/message.ts'
import type { ServerTransaction } from '../transaction/server.ts'

/** Calls that have not ended. */
export class Calls {
  readonly #byDialog = new Map<string, Call>()
  readonly #byInvite = new Map<ServerTransaction, IncomingCall>()
  readonly #byOrigin = new Map<string, IncomingCall>()

  /** How many calls there are. */
  get size(): number {
    return this.#byDialog.size
  }

  /** What is held: by each dialog and each INVITE that came. */
  get held(): readonly Held[] {
    const dialogs = [...this.#byDialog.keys()].map((key): Held => ({ what: 'dialog', call: key.split('\n', 1)[0]! }))
    const calls = new Set([...this.#byInvite.values(), ...this.#byOrigin.values()])
    return [...dialogs, ...[...calls].map(({ id }): Held => ({ what: 'call', call: id }))]
  }

  joined(key: string, call: Call): void {
    this.#byDialog.set(key, call)
  }

  left(key: string): void {
    this.#byDialog.delete(key)
  }

  /** A call that came in. */
  offered(server: ServerTransaction, call: IncomingCall): void {
    this.#byInvite.set(server, call)
    this.#byOrigin.set(origin(server.request), call)
  }

  /** It has ended. `invite` is what it came with. */
  closed(server: ServerTransaction, invite: Request): void {
    this.#byInvite.delete(server)
    this.#byOrigin.delete(origin(invite))
  }

  /** The call whose dialog the request belongs to. */
  follow(request: Request): Call | undefined {
    return this.#byDialog.get(keyOfReceived(request))
  }

  /** The call whose dialog the response to a request of ours belongs to. */
  answered(response: Response): Call | undefined {
    return this.#byDialog.get(dialogKey(response.callId, response.fromTag ?? '', response.toTag ?? ''))
  }

  /** The call that came with this INVITE. */
  invited(server: ServerTransaction): IncomingCall | undefined {
    return this.#byInvite.get(server)
  }

  /** True if the same request is here already, having come another way (RFC 3261 §8.2.2.2). */
  merges(request: Request): boolean {
    return request.method === 'INVITE' && request.toTag === undefined && this.#byOrigin.has(origin(request))
  }
}

function origin(request: Request): string {
  return `${request.callId}\n${request.fromTag ?? ''}\n${request.cseq.number}`
}
