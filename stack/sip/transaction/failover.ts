// A request that is tried at one place after another (RFC 3263 §4.3): the next one where there was a 503, a transport error, or no
// response at all, each time in a transaction of its own.

import type { Endpoint, Unreachable } from '../../../platform/host.ts'
import type { Response } from '../message/message.ts'
import type { ClientOwner, ClientTransaction, Failure } from './client.ts'

/** How one try is made. */
export type Try = (next: Endpoint, owner: ClientOwner) => ClientTransaction

/** The places that are left, best first, and who hears what comes of the last try. */
export class Failover {
  readonly #attempt: Try
  readonly #owner: ClientOwner
  readonly #begun: (transaction: ClientTransaction) => void
  #places: readonly Endpoint[]
  #transaction: ClientTransaction | undefined
  /** The present place has said something. */
  #heard = false

  /** `places`: at least one. `begun` is told of each transaction. */
  constructor(
    places: readonly Endpoint[],
    attempt: Try,
    owner: ClientOwner,
    begun: (transaction: ClientTransaction) => void,
  ) {
    this.#places = places
    this.#attempt = attempt
    this.#owner = owner
    this.#begun = begun
  }

  begin(): void {
    const [next, ...rest] = this.#places
    this.#places = rest
    this.#heard = false
    const owner: ClientOwner = {
      response: (response) => this.#response(response),
      failed: (why, cause) => this.#failed(why, cause),
    }
    this.#transaction = this.#attempt(next!, owner)
    this.#begun(this.#transaction)
  }

  #response(response: Response): void {
    this.#heard = true
    if (response.status !== 503 || !this.#next('503')) this.#owner.response(response)
  }

  #failed(why: Failure, cause: Unreachable | undefined): void {
    if (this.#heard || !this.#next(cause ?? why)) this.#owner.failed(why, cause)
  }

  /** Tries the next place, unless there is none or nobody wants it any more. */
  #next(why: string): boolean {
    const transaction = this.#transaction!
    const next = this.#places[0]
    if (next === undefined || transaction.isCancelled) return false
    transaction.host.trace.remark('next server tried', { after: transaction.next.address, to: next.address, why })
    this.begin()
    return true
  }
}
