// Which of a host's addresses and ports a listener or a connection gets, and which port comes next where none is named (RFC 6056 §2.2).

import { failure, type Result, success } from '../../../platform/result.ts'
import type { AddressId, KnownEndpoint } from '../../network/endpoint.ts'
import type { Node, World } from '../../network/node.ts'

/** The dynamic ports of RFC 6335 §6. */
const FIRST_EPHEMERAL = 49152
const LAST_PORT = 65535
const EPHEMERALS = LAST_PORT - FIRST_EPHEMERAL + 1

/** What a program may name. */
export interface Wanted {
  /** 1–65535; absent or 0: the next free one after the last that was given, from 49152 round to 65535. */
  readonly port?: number
  /** Absent: each that the host has. */
  readonly address?: string
}

/** Whether nobody uses a port of an address in the way that it is wanted. */
export type IsFree = (address: AddressId, port: number) => boolean

/** The bindings of one host. */
export class Bindings {
  readonly #world: World
  readonly #node: Node
  /**
   * Where the search for a port begins. It goes on through a crash, as if the host came up somewhere else in the range: what the far end
   * still holds of a connection that is gone here is not met again (RFC 6056 §2.3).
   */
  #next = FIRST_EPHEMERAL

  constructor(world: World, node: Node) {
    this.#world = world
    this.#node = node
  }

  /** The endpoints to use: of all addresses that are wanted, at one port. */
  bind({ port, address }: Wanted, isFree: IsFree): Result<readonly KnownEndpoint[]> {
    const { endpoints } = this.#world
    const { name, interfaces } = this.#node
    const own = interfaces.map(({ addressId }) => addressId)
    if (own.length === 0) return failure('address', `a host with an address; ${name} has none`)
    const addresses = address === undefined ? own : own.filter((id) => endpoints.addressOf(id) === address)
    if (addresses.length === 0) {
      const list = own.map((id) => endpoints.addressOf(id)).join(', ')
      return failure('address', `an address of ${name} (${list}), not "${address}"`)
    }
    const isFreeEverywhere = (number: number): boolean => addresses.every((id) => isFree(id, number))
    const chosen = port || this.#ephemeral(isFreeEverywhere)
    if (chosen === undefined) {
      return failure('port', `a free port; all from ${FIRST_EPHEMERAL} to ${LAST_PORT} are taken`)
    }
    if (!(chosen >= 1 && chosen <= LAST_PORT && Math.floor(chosen) === chosen)) {
      return failure('port', `a port from 1 to ${LAST_PORT}, not ${port}`)
    }
    if (port && !isFreeEverywhere(chosen)) return failure('port', `a free port; ${name} has ${port} in use`)
    return success(addresses.map((id) => endpoints.at(id, chosen)))
  }

  #ephemeral(isFree: (port: number) => boolean): number | undefined {
    for (let tried = 0; tried < EPHEMERALS; tried++) {
      const port = this.#next
      this.#next = port === LAST_PORT ? FIRST_EPHEMERAL : port + 1
      if (isFree(port)) return port
    }
    return undefined
  }
}
