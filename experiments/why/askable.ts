// What a run can be asked: the sentences that came true in it and are worth a question, those that went wrong first.

import type { TraceRecord } from '../../platform/trace.ts'
import type { Hindsight } from '../sentences/events.ts'
import { CALL_STATES } from '../sentences/slot.ts'

const LISTED = 12

/** A fold over a run's record; memory goes with the kinds of what happens. */
export class Askable {
  readonly #wrong = new Map<string, number>()
  readonly #right = new Map<string, number>()

  /** Takes the next record. */
  record(record: TraceRecord, hindsight: Hindsight): void {
    const { node } = record.id
    if (record.kind === 'lost') note(this.#wrong, `${record.packet.label.name} is lost`)
    else if (record.kind === 'sent') {
      const { name, media } = record.packet.label
      if (media) return
      const timer = hindsight.again(record.id)
      if (timer !== undefined) note(this.#wrong, `${name} is sent again by ${node} because of ${timer}`)
      else note(/^[3-6]\d\d /.test(name) ? this.#wrong : this.#right, `${name} is sent by ${node}`)
    } else if (record.kind === 'remark' && record.what === 'call failed') note(this.#wrong, `call of ${node} fails`)
    else if (record.kind === 'remark') note(this.#right, `${node} remarks "${record.what}"`)
    else if (record.kind === 'transition' && record.machine === 'call' && record.from !== record.to) {
      const words = STATE_WORDS.get(record.to)
      if (words !== undefined) note(this.#right, `${node} is ${words}`)
    }
  }

  /** Sentences that came true, in the order in which they first did: what went wrong, and what went as it should; a dozen each at the most. */
  told(): { readonly wrong: readonly string[]; readonly right: readonly string[] } {
    return { wrong: first(this.#wrong), right: first(this.#right) }
  }
}

const STATE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries(CALL_STATES).map(([words, state]) => [state, words]),
)

function note(counts: Map<string, number>, sentence: string): void {
  counts.set(sentence, (counts.get(sentence) ?? 0) + 1)
}

function first(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts.keys()].slice(0, LISTED)
}
