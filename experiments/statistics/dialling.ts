// How long callers waited: from dialling to the first sign of the called party.

import type { TraceRecord } from '../../platform/trace.ts'
import { isDialling } from '../measures/dialling.ts'
import { Recent } from '../recent.ts'

/** Over all calls of a run, ms. Means are 0 where there is nothing to take them of. */
export interface Dialling {
  /** Calls whose caller sent an INVITE. */
  readonly attempts: number
  /** Of which so many heard ringing (18x), and so many were answered (2xx). */
  readonly ringing: number
  readonly answered: number
  /** Post-dial delay: from dialling (the first INVITE, where that is not on record) to the caller's first 18x or final response, those left out after which the call went on: challenges, and refusals or 3xx where its caller tried elsewhere (ITU-T E.721, RFC 6076 §3). */
  readonly meanPostDialDelayMs: number
  readonly maxPostDialDelayMs: number
  /** The same to its 2xx. */
  readonly meanAnswerDelayMs: number
  /** Of the first hundred calls: the Call-ID and what its caller waited for. */
  readonly calls: readonly DialledCall[]
}

export interface DialledCall {
  readonly call: string
  readonly caller: string
  /** Undefined while nothing came. */
  readonly postDialDelayMs: number | undefined
  readonly answerDelayMs: number | undefined
  /** The final status that the caller got, challenges and what it went on from left out. */
  readonly status: number | undefined
}

interface Attempt {
  readonly call: string
  readonly caller: string
  readonly at: number
  postDialDelayMs: number | undefined
  answerDelayMs: number | undefined
  status: number | undefined
  rang: boolean
}

const LISTED = 100

/** A fold over the trace. */
export class DiallingFold {
  /** When calls were dialled, by Call-ID, ns. */
  readonly #dialled = new Recent<string, number>()
  readonly #attempts = new Recent<string, Attempt>()
  readonly #listed: Attempt[] = []
  #count = 0
  #ringing = 0
  #answered = 0
  #heard = 0
  #postDialSumMs = 0
  #postDialMaxMs = 0
  #answerSumMs = 0

  record(record: TraceRecord): void {
    if (record.kind === 'transition' && isDialling(record)) this.#dialled.set(record.instance, record.at)
    if (record.kind !== 'sent' && record.kind !== 'delivered') return
    const { name, call } = record.packet.label
    if (call === undefined || !name.endsWith('INVITE')) return
    const attempt = this.#attempts.get(call)
    if (record.kind === 'sent') {
      if (attempt === undefined && name === 'INVITE')
        this.#begin(call, record.id.node, this.#dialled.get(call) ?? record.at)
      else if (name === 'INVITE' && attempt?.caller === record.id.node) this.#goOn(attempt)
      return
    }
    if (attempt === undefined || attempt.caller !== record.id.node || attempt.status !== undefined) return
    const status = Number(name.slice(0, 3))
    if (status > 100 && status !== 401 && status !== 407) this.#hear(attempt, status, (record.at - attempt.at) / 1e6)
  }

  get dialling(): Dialling {
    return {
      ...{ attempts: this.#count, ringing: this.#ringing, answered: this.#answered },
      meanPostDialDelayMs: this.#heard === 0 ? 0 : this.#postDialSumMs / this.#heard,
      maxPostDialDelayMs: this.#postDialMaxMs,
      meanAnswerDelayMs: this.#answered === 0 ? 0 : this.#answerSumMs / this.#answered,
      calls: this.#listed.map(({ call, caller, postDialDelayMs, answerDelayMs, status }) => {
        return { call, caller, postDialDelayMs, answerDelayMs, status }
      }),
    }
  }

  #begin(call: string, caller: string, at: number): void {
    const unknown = { postDialDelayMs: undefined, answerDelayMs: undefined, status: undefined }
    const attempt: Attempt = { call, caller, at, ...unknown, rang: false }
    this.#attempts.set(call, attempt)
    if (this.#listed.length < LISTED) this.#listed.push(attempt)
    this.#count += 1
  }

  /** Its caller tries whom a 3xx named, or the next server: what refused it was not the end. */
  #goOn(attempt: Attempt): void {
    if (attempt.status === undefined || attempt.status < 300) return
    attempt.status = undefined
    if (attempt.rang || attempt.postDialDelayMs === undefined) return
    this.#heard -= 1
    this.#postDialSumMs -= attempt.postDialDelayMs
    attempt.postDialDelayMs = undefined
  }

  #hear(attempt: Attempt, status: number, afterMs: number): void {
    if (attempt.postDialDelayMs === undefined) {
      attempt.postDialDelayMs = afterMs
      this.#heard += 1
      this.#postDialSumMs += afterMs
      this.#postDialMaxMs = Math.max(this.#postDialMaxMs, afterMs)
    }
    if (status < 200) {
      if (!attempt.rang) this.#ringing += 1
      attempt.rang = true
      return
    }
    attempt.status = status
    if (status >= 300) return
    attempt.answerDelayMs = afterMs
    this.#answered += 1
    this.#answerSumMs += afterMs
  }
}
