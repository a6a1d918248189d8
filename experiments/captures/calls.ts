// The calls of a capture, in the columns of sngrep: one row for each Call-ID.

import type { NameAddr } from '../../stack/sip/message/nameAddr.ts'
import { printPlace } from '../oracles/exchange.ts'
import type { MalformedObservation, SipObservation } from '../oracles/observation.ts'

/** One row. */
export interface CallRow {
  readonly callId: string
  /** Of the first request seen. */
  readonly method: string
  readonly from: string
  readonly to: string
  readonly messages: number
  readonly source: string
  readonly destination: string
  /** Of a call: as sngrep says it; empty for what is no call. */
  readonly state: CallState | ''
}

type CallState = 'CALL SETUP' | 'IN CALL' | 'CANCELLED' | 'REJECTED' | 'BUSY' | 'DIVERTED' | 'COMPLETED'

interface Open extends CallRow {
  from: string
  to: string
  messages: number
  state: CallState | ''
  lastAt: number
}

const LISTED = 1000
/** A Call-ID that is silent for so long is another one when it comes again, ns: an hour; five minutes after its call has ended. */
const SILENCE_NS = 3600e9
const ENDED_SILENCE_NS = 300e9

/** A fold over SIP messages. Keeps the open calls, and the first thousand rows. */
export class CallTable {
  readonly #open = new Map<string, Open>()
  readonly #over = new Map<string, Open>()
  readonly #rows: CallRow[] = []
  #calls = 0
  #dialogs = 0

  /** Call-IDs with an INVITE. */
  get calls(): number {
    return this.#calls
  }

  /** All Call-IDs. */
  get dialogs(): number {
    return this.#dialogs
  }

  /** In the order of their first messages. */
  get rows(): readonly CallRow[] {
    return this.#rows
  }

  take(seen: SipObservation): void {
    const { message, at } = seen
    this.#forget(at)
    const { callId } = message
    const row = this.#open.get(callId) ?? this.#over.get(callId) ?? this.#begin(callId, message.cseq.method, seen)
    if (row.from === '') Object.assign(row, { from: userOf(message.from), to: userOf(message.to) })
    this.#count(row, at, message.kind === 'request' && message.method === 'INVITE')
    if (row.state !== '') row.state = next(row.state, seen)
    this.#keep(row)
  }

  /** Takes what would be a message if it were right: it counts as well. */
  takeMalformed(seen: MalformedObservation): void {
    const { name, call } = seen.label
    if (call === '') return
    const row = this.#open.get(call) ?? this.#over.get(call) ?? this.#begin(call, name.split(' ').at(-1) ?? '', seen)
    this.#count(row, seen.at, name === 'INVITE')
    this.#keep(row)
  }

  #count(row: Open, at: number, isInvite: boolean): void {
    row.messages += 1
    row.lastAt = at
    if (row.state !== '' || !isInvite) return
    row.state = 'CALL SETUP'
    this.#calls += 1
  }

  #keep(row: Open): void {
    this.#open.delete(row.callId)
    this.#over.delete(row.callId)
    const goesOn = row.state === '' || row.state === 'CALL SETUP' || row.state === 'IN CALL'
    const kept = goesOn ? this.#open : this.#over
    kept.set(row.callId, row)
  }

  #begin(callId: string, method: string, seen: SipObservation | MalformedObservation): Open {
    const { from, to, at } = seen
    const request = seen.kind === 'sip' ? seen.message.kind === 'request' : !/^\d/.test(seen.label.name)
    const row = {
      ...{ callId, method, from: '', to: '', messages: 0 },
      source: printPlace(request ? from : to),
      destination: printPlace(request ? to : from),
      state: '' as const,
      lastAt: at,
    }
    this.#dialogs += 1
    if (this.#rows.length < LISTED) this.#rows.push(row)
    return row
  }

  #forget(now: number): void {
    forget(this.#open, now - SILENCE_NS)
    forget(this.#over, now - ENDED_SILENCE_NS)
  }
}

function forget(rows: Map<string, Open>, before: number): void {
  for (const [callId, { lastAt }] of rows) {
    if (lastAt >= before) return
    rows.delete(callId)
  }
}

function userOf({ uri }: NameAddr): string {
  if (uri.host === '') return uri.scheme
  return uri.user === undefined ? uri.host : `${uri.user}@${uri.host}`
}

function next(state: CallState, { message }: SipObservation): CallState {
  if (message.kind === 'request') {
    if (state === 'CALL SETUP' && message.method === 'CANCEL') return 'CANCELLED'
    return state === 'IN CALL' && message.method === 'BYE' ? 'COMPLETED' : state
  }
  if (state !== 'CALL SETUP' || message.cseq.method !== 'INVITE' || message.status < 200) return state
  if (message.status < 300) return 'IN CALL'
  if (message.status === 401 || message.status === 407) return state
  if (message.status < 400) return 'DIVERTED'
  return message.status === 486 || message.status === 600 ? 'BUSY' : 'REJECTED'
}
