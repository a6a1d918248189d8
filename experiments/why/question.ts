// What `why` can be asked: a record by its name, or a sentence that did or did not come true.

import { failure, type Result, success } from '../../platform/result.ts'
import { printRecordId, type RecordId, type TraceRecord } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { EVENTS, type Watch } from '../sentences/events.ts'
import { EXPECTATIONS } from '../sentences/expectations.ts'
import { readSentence } from '../sentences/form.ts'
import type { Scope } from '../sentences/slot.ts'
import { parseRecordId } from '../trace/read.ts'
import { explainAbsence } from './absence.ts'
import { History, type HistoryNode } from './history.ts'
import { MediaWays } from './media.ts'
import { explain } from './why.ts'

const FORMS = EVENTS.map(({ text }) => `"${text}"`).join(', ')

/** One question to one run: give it all records, then ask for the answer. */
export class Question {
  readonly #history: History
  readonly #text: string
  readonly #about: About
  readonly #media = new MediaWays()
  #found: TraceRecord | undefined
  #count = 0

  private constructor(text: string, about: About, nodes: readonly HistoryNode[]) {
    this.#text = text
    this.#about = about
    this.#history = new History(nodes)
  }

  /** Reads `alice#12`, or an event as conditions have it: `200 INVITE is received by alice`. */
  static read(text: string, nodes: readonly HistoryNode[], scope: Scope): Result<Question> {
    const id = parseRecordId(text)
    if (id !== undefined) {
      if (scope.nodes.includes(id.node)) return success(new Question(text, { id }, nodes))
      return failure('', `a record of a node of the run: ${scope.nodes.join(', ')}`)
    }
    if (/^[\w-]+#\d+$/.test(text))
      return failure('', 'a record of the run: they are numbered from 1 on, as in alice#12')
    const read = readSentence(EVENTS, text, scope)
    if (!read.ok) {
      const isExpectation = readSentence(EXPECTATIONS, text, scope).ok
      const expected = isExpectation ? `what can happen, in one of these forms: ${FORMS}` : read.issue.expected
      return failure('', `the name of a record such as alice#12, or ${expected}`)
    }
    const { sentence, make } = read.value
    return success(new Question(text, { watch: make()(), slots: sentence.slots }, nodes))
  }

  /** Takes the next record; a trace sink. */
  record(record: TraceRecord): void {
    this.#history.record(record)
    if ('packet' in record && record.packet.label.media) this.#media.record(record)
    if (!this.#isAsked(record)) return
    this.#found ??= record
    this.#count += 1
  }

  /** After the last record: the answer, a line each, and whether what was asked about is in the run. */
  answer(): { readonly found: boolean; readonly lines: readonly string[] } {
    if (this.#found !== undefined) {
      const often = this.#count > 1 ? [`It happened ${this.#count} times; the first:`] : []
      return { found: true, lines: [...often, ...explain(this.#history, this.#found)] }
    }
    if ('id' in this.#about) return { found: false, lines: [`The run has no record ${this.#text}.`] }
    const until = printDuration(this.#history.endedAt)
    const { label, node, other } = this.#about.slots
    const missing = { ...(typeof label === 'string' ? { label } : {}), ...(typeof node === 'string' ? { node } : {}) }
    const lines = [
      ...(typeof node === 'string' && typeof other === 'string' ? this.#media.tell(this.#history, node, other) : []),
      ...explainAbsence(this.#history, missing),
    ]
    if (lines.length === 0) lines.push('Nobody waited for anything: nothing was asked for that could have led to it.')
    return { found: false, lines: [`"${this.#text}" never came true, up to ${until}.`, ...lines] }
  }

  #isAsked(record: TraceRecord): boolean {
    if ('id' in this.#about) return printRecordId(this.#about.id) === printRecordId(record.id)
    return this.#about.watch(record, this.#history)
  }
}

type About = { readonly id: RecordId } | { readonly watch: Watch; readonly slots: Readonly<Record<string, unknown>> }
