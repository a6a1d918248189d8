// Timer N: who accepts a subscription says at once how things stand; who hears nothing for 64·T1 has no subscription.

import { Recent } from '../recent.ts'
import { type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial, Watch } from './oracle.ts'

const REMEMBERED = 10_000

export const SUBSCRIBING: readonly Oracle[] = [
  {
    name: 'Timer N',
    section: 'RFC 6665 §4.1.2.4, §4.2.2',
    says: 'a SUBSCRIBE that is accepted is followed by a NOTIFY within 64·T1; a NOTIFY that comes later than that to its subscriber is refused',
    watch: (trial) => (trial.conditions.exact ? new Notified(trial) : { see: () => {} }),
  },
]

/** What one of a subscription's ends has asked for or accepted, and has heard of or said since. */
class Notified implements Watch {
  readonly #trial: Trial
  /** By party and Call-ID: accepted, and no NOTIFY sent yet. */
  readonly #owed = new Map<string, Sighting>()
  /** By party and Call-ID: asked for, and no NOTIFY come yet. */
  readonly #awaited = new Recent<string, { readonly subscribe: Sighting; heard: boolean }>(REMEMBERED)
  /** By party, Call-ID and CSeq: those that came too late. */
  readonly #late = new Recent<string, { readonly subscribe: Sighting; readonly notify: Sighting }>(REMEMBERED)

  constructor(trial: Trial) {
    this.#trial = trial
  }

  see(sighting: Sighting): void {
    const { message, out, party } = sighting
    if (message.vias.length > 1) return
    const key = `${party} ${message.callId}`
    const { method } = message.cseq
    const isRequest = message.kind === 'request'
    if (method === 'SUBSCRIBE' && out) {
      if (isRequest) this.#asks(key, sighting)
      else this.#accepts(key, sighting)
    } else if (method === 'NOTIFY') {
      if (!isRequest) this.#answers(key, sighting)
      else if (out) this.#tells(key, sighting)
      else this.#hears(key, sighting)
    }
  }

  excused(party: string): void {
    for (const key of this.#owed.keys()) if (key.startsWith(`${party} `)) this.#owed.delete(key)
  }

  end(until: number): void {
    for (const accepted of this.#owed.values()) {
      const due = accepted.at + this.#longest(accepted)
      if (due < until) this.#trial.violated(due, [accepted], 'accepted, and no NOTIFY in 64·T1')
    }
  }

  #asks(key: string, subscribe: Sighting): void {
    if (subscribe.message.toTag === undefined && this.#awaited.get(key) === undefined)
      this.#awaited.set(key, { subscribe, heard: false })
  }

  #accepts(key: string, response: Sighting): void {
    const status = statusOf(response)
    if (status >= 200 && status < 300 && !this.#owed.has(key)) this.#owed.set(key, response)
  }

  #tells(key: string, notify: Sighting): void {
    const accepted = this.#owed.get(key)
    if (accepted === undefined) return
    this.#owed.delete(key)
    this.#trial.exercised()
    if (notify.at > accepted.at + this.#longest(accepted))
      this.#trial.violated(notify.at, [accepted, notify], 'the first NOTIFY comes after 64·T1')
  }

  #hears(key: string, notify: Sighting): void {
    const waiting = this.#awaited.get(key)
    if (waiting === undefined || waiting.heard) return
    if (notify.at <= waiting.subscribe.at + this.#longest(notify)) waiting.heard = true
    else this.#late.set(`${key} ${notify.message.cseq.number}`, { subscribe: waiting.subscribe, notify })
  }

  #answers(key: string, response: Sighting): void {
    const refusable = this.#late.get(`${key} ${response.message.cseq.number}`)
    const status = statusOf(response)
    if (refusable === undefined || status < 200) return
    this.#trial.exercised()
    if (status >= 300) return
    const why = `${status} to a NOTIFY of a subscription that was given up`
    this.#trial.violated(response.at, [refusable.subscribe, refusable.notify, response], why)
  }

  #longest({ party }: Sighting): number {
    return 64 * this.#trial.conditions.timersOf(party).t1Ns
  }
}
