// A description's lines, read one after the other; the first mistake is kept, and from then on nothing more is found.

import { failure, type Issue } from '../../platform/result.ts'

/** What a field must be: its pattern, and the words for it in an issue. */
export interface Field {
  readonly type: string
  readonly pattern: RegExp
  readonly expected: string
}

export class Lines {
  readonly #lines: readonly string[]
  readonly #lineEnd: '\r\n' | '\n'
  #at = 0
  #issue: Issue | undefined

  constructor(text: string, lineEnd: '\r\n' | '\n') {
    this.#lines = text.split('\n')
    this.#lineEnd = lineEnd
  }

  get issue(): Issue | undefined {
    return this.#issue
  }

  /** The next line's parts by the field's pattern, if it is of the field's type. */
  maybe(field: Field): RegExpExecArray | undefined {
    const line = this.#lines[this.#at]
    if (this.#issue !== undefined || line === undefined || !isOfType(line, field.type)) return undefined
    const value = this.#value(line)
    if (value === undefined) return undefined
    const parts = field.pattern.exec(value)
    if (parts === null) {
      this.fail(`${field.expected}, not "${abbreviate(value)}"`)
      return undefined
    }
    this.#at++
    return parts
  }

  /** As {@link maybe}, where the line must be there. */
  one(field: Field): RegExpExecArray | undefined {
    const parts = this.maybe(field)
    if (parts === undefined) this.fail(`${field.expected}${this.#found()}`)
    return parts
  }

  /** All lines of the field's type that come next. */
  many(field: Field): RegExpExecArray[] {
    const found: RegExpExecArray[] = []
    for (let parts = this.maybe(field); parts !== undefined; parts = this.maybe(field)) found.push(parts)
    return found
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#at === this.#lines.length - 1 && this.#lines[this.#at] === '') return
    this.fail(`another line or the end${this.#found()}`)
  }

  /** Keeps the first mistake: `expected` at the line that would come next. */
  fail(expected: string): void {
    this.#issue ??= failure(`line ${this.#at + 1}`, expected).issue
  }

  /** The line without its type and its end; an issue where it does not end as the first line does. */
  #value(line: string): string | undefined {
    const last = this.#at === this.#lines.length - 1
    if (last || line.endsWith('\r') !== (this.#lineEnd === '\r\n')) {
      this.fail(`a line that ends in ${this.#lineEnd === '\n' ? 'LF, as the first does' : 'CRLF'}`)
      return undefined
    }
    return line.slice(2, this.#lineEnd === '\n' ? undefined : -1)
  }

  #found(): string {
    const line = this.#lines[this.#at] ?? ''
    return line === '' ? ', not the end' : `, not "${abbreviate(line)}"`
  }
}

function isOfType(line: string, type: string): boolean {
  return line.charCodeAt(0) === type.charCodeAt(0) && line.charCodeAt(1) === EQUALS
}

const EQUALS = 61

function abbreviate(text: string): string {
  const line = text.replace(/\r$/, '')
  return line.length > 40 ? `${line.slice(0, 40)}…` : line
}
