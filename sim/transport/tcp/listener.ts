// What a program has of a port that takes connections.

import type { Listener } from '../../../platform/connection.ts'
import type { KnownEndpoint } from '../../network/endpoint.ts'

/** An open port of a simulated host. */
export class TcpListener implements Listener {
  readonly local: KnownEndpoint
  readonly #close: () => void

  constructor(bound: readonly KnownEndpoint[], close: () => void) {
    this.local = bound[0]!
    this.#close = close
  }

  close(): void {
    this.#close()
  }
}
