// A STUN client: its open transactions, over whatever sockets its owner has.

import { hex } from '../../platform/hex.ts'
import type { Endpoint, Host, UdpSocket, Unreachable } from '../../platform/host.ts'
import { Machine } from '../machine/runner.ts'
import type { Attribute } from './attributes.ts'
import { type Challenge, challengeOf, type Proof, proofOf } from './challenge.ts'
import { parseStun, printStun } from './codec.ts'
import { type Credentials, isAuthentic } from './integrity.ts'
import { attributeOf, BINDING, notUnderstood, type StunMessage } from './message.ts'
import { STUN_TIMERS, type StunTimers, stunClient, stunClientMs } from './transaction.ts'

export interface StunClientOptions {
  /** Default {@link STUN_TIMERS}. */
  readonly timers?: StunTimers
  /** Answers challenges; absent: a 401 is an answer like any other. */
  readonly credentials?: Credentials | undefined
}

/** Why there is no answer. */
export type StunFailure = 'timeout' | Unreachable

/** Who asked. Exactly one of the two is called, once. */
export interface Asker {
  /** A success or an error, and where it came in. */
  answered(response: StunMessage, to: Endpoint): void
  failed(why: StunFailure): void
}

interface Transaction {
  readonly machine: Machine<string, string, string, 'RTO' | 'Rm'>
  readonly to: Endpoint
  readonly proof: Proof | undefined
}

const NOTHING = new Uint8Array(0)

/** ICMP errors that end a request (§6.2.1, RFC 1122 §4.2.3.9); after the others it may still get there. */
const HARD: ReadonlySet<Unreachable> = new Set(['port unreachable', 'administratively prohibited'])

/** All requests of one program. */
export class StunClient {
  readonly #host: Host
  readonly #timers: StunTimers
  readonly #credentials: Credentials | undefined
  readonly #open = new Map<string, Transaction>()
  /** The newest; requests begin with its answer (§9.2.3.2). */
  #challenge: Challenge | undefined

  constructor(host: Host, { timers = STUN_TIMERS, credentials }: StunClientOptions = {}) {
    this.#host = host
    this.#timers = timers
    this.#credentials = credentials
  }

  /** Sends a Binding request with these attributes, and a FINGERPRINT, from `socket` to `to`, until somebody answers or time is up. */
  ask(socket: Pick<UdpSocket, 'send'>, to: Endpoint, attributes: readonly Attribute[], asker: Asker): void {
    this.#ask(socket, to, attributes, asker, false)
  }

  /** Takes a datagram that came to `to`: true if it is STUN and answers an open request. */
  receive(bytes: Uint8Array, to: Endpoint): boolean {
    const parsed = parseStun(bytes)
    if (!parsed.ok || (parsed.value.class !== 'success' && parsed.value.class !== 'error')) return false
    const transaction = this.#open.get(parsed.value.transaction)
    if (transaction === undefined || parsed.value.method !== BINDING) return false
    if (!isBelieved(parsed.value, bytes, transaction.proof)) return false
    return transaction.machine.handle('response', { response: parsed.value, to })
  }

  /** What was sent to `to` cannot get there: the requests that wait for it are over. */
  unreachable(to: Endpoint, why: Unreachable): void {
    if (!HARD.has(why)) return
    for (const one of [...this.#open.values()]) if (one.to === to) one.machine.handle('transport error', why)
  }

  /** Forgets all open requests without a word. */
  close(): void {
    for (const { machine } of this.#open.values()) machine.abandon()
    this.#open.clear()
  }

  #ask(
    socket: Pick<UdpSocket, 'send'>,
    to: Endpoint,
    attributes: readonly Attribute[],
    asker: Asker,
    again: boolean,
  ): void {
    const transaction = this.#newId()
    const proof = this.#challenge && this.#credentials && proofOf(this.#challenge, this.#credentials)
    const request: StunMessage = {
      ...{ class: 'request', method: BINDING, transaction },
      attributes: [...attributes, ...(proof?.attributes ?? [])],
    }
    const bytes = printStun(request, { integrity: proof?.integrity, fingerprint: true })
    const machine: Transaction['machine'] = new Machine(stunClient, {
      host: this.#host,
      instance: transaction,
      timerMs: (timer, nth) => stunClientMs(timer, nth, this.#timers),
      perform: (action, _event, input) => {
        if (action === 'send') socket.send(to, NOTHING, bytes)
        else if (action === 'report timeout') asker.failed('timeout')
        else if (action === 'report transport error') asker.failed(input as Unreachable)
        else this.#answered(input as Answered, again, asker, () => this.#ask(socket, to, attributes, asker, true))
      },
      ended: () => this.#open.delete(transaction),
    })
    this.#open.set(transaction, { machine, to, proof })
    machine.handle('request')
  }

  /** §9.2.5: a challenge is answered, once for each request. */
  #answered({ response, to }: Answered, again: boolean, asker: Asker, retry: () => void): void {
    const challenge = this.#credentials === undefined ? undefined : challengeOf(response)
    const isNew = challenge !== undefined && challenge.nonce !== this.#challenge?.nonce
    if (isNew && !again && proofOf(challenge, this.#credentials!) !== undefined) {
      this.#challenge = challenge
      retry()
    } else asker.answered(response, to)
  }

  /** 96 random bits (§5). */
  #newId(): string {
    const random = this.#host.random('stun')
    return hex(Uint8Array.from({ length: 12 }, () => random.below(256)))
  }
}

interface Answered {
  readonly response: StunMessage
  readonly to: Endpoint
}

/** §6.3.3, §9.2.5: a response that must be signed and is not right is dropped, and so is one that we do not understand. */
function isBelieved(response: StunMessage, bytes: Uint8Array, proof: Proof | undefined): boolean {
  if (notUnderstood(response).length > 0) return false
  const code = attributeOf(response, 'ERROR-CODE')?.code
  if (response.class === 'error' && code === undefined) return false
  const unsigned = proof === undefined || code === 400 || code === 401 || code === 438
  return unsigned || isAuthentic(bytes, proof.integrity)
}
