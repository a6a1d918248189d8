// A head revised: edits are gathered, each as hunks at lines, and made at one go, as long as no two are of the same header.

import { findLine, firstEnd, type Head, isList, nameAt, STRIDE, valueEnd } from './head.ts'
import { bitOf, headerId, UNKNOWN } from './headers.ts'
import { type Line, makeLine } from './line.ts'
import { type Hunk, spliced } from './splice.ts'

/** Edits of one head, made one after the other. Names are header names or compact forms. */
export class Revision {
  #head: Head
  #startLine: string | undefined = undefined
  /** The first in the order of the lines; no two are of one header but for those of one edit. */
  #hunks: Hunk | undefined = undefined
  #touched = 0

  constructor(head: Head) {
    this.#head = head
  }

  /** A bit for each header that was changed: see `bitOf`. */
  get touched(): number {
    return this.#touched
  }

  /** Another start line, with its CRLF. */
  start(line: string): void {
    this.#startLine = line
  }

  /** One line in the place of all lines of the header, where the first was; at the end where there is none. */
  set(name: string, value: string): void {
    const id = headerId(name)
    const first = this.#firstLine(id, name)
    if (first < 0) this.#put(this.#head.index.length, makeLine(name, value, id), name, true)
    else this.#strike(first, id, name, makeLine(nameAt(this.#head, first), value, id))
  }

  /** A line in the place of the header's first value; those that follow it in its line get a line of their own. */
  setFirst(name: string, value: string): void {
    const id = headerId(name)
    const first = this.#firstLine(id, name)
    if (first < 0) this.#put(this.#head.index.length, makeLine(name, value, id), name, true)
    else {
      const line = makeLine(nameAt(this.#head, first), value, id)
      const rest = withoutFirst(this.#head, first)
      if (rest !== undefined) this.#insert(first, false, line, keyOf(id, name), true)
      this.#insert(first, true, rest ?? line, keyOf(id, name), true)
    }
  }

  /** A line before the first of the header, or before all lines. */
  prepend(name: string, value: string): void {
    const id = headerId(name)
    const first = this.#firstLine(id, name)
    this.#put(Math.max(0, first), makeLine(name, value, id), name, first >= 0)
  }

  /** A line after the last of the header, or after all lines. */
  append(name: string, value: string): void {
    const id = headerId(name)
    const first = this.#firstLine(id, name)
    const at = first < 0 ? this.#head.index.length : lastLine(this.#head, id, name, first) + STRIDE
    this.#put(at, makeLine(name, value, id), name, first < 0)
  }

  /** The header's first value goes: its line, or its part of the line. */
  removeFirst(name: string): void {
    const id = headerId(name)
    const first = this.#firstLine(id, name)
    if (first < 0) return
    this.#insert(first, true, withoutFirst(this.#head, first), keyOf(id, name), true)
  }

  /** All lines of the header go. */
  remove(name: string): void {
    const id = headerId(name)
    this.#strike(this.#firstLine(id, name), id, name, undefined)
  }

  /** The head with everything done so far. */
  made(): Head {
    if (this.#hunks === undefined && this.#startLine === undefined) return this.#head
    this.#head = spliced(this.#head, this.#startLine, this.#hunks)
    this.#hunks = undefined
    this.#startLine = undefined
    return this.#head
  }

  /** The first line of the header, -1 if there is none. What was done to the same header before is made first. */
  #firstLine(id: number, name: string): number {
    const header = keyOf(id, name)
    for (let hunk = this.#hunks; hunk !== undefined; hunk = hunk.next)
      if (hunk.header === header) {
        this.made()
        break
      }
    return findLine(this.#head, id, name)
  }

  #put(at: number, line: Line, name: string, late: boolean): void {
    this.#insert(at, false, line, keyOf(line.id, name), late)
  }

  /** All lines of the header from the first on go; `line` takes the place of the first. */
  #strike(first: number, id: number, name: string, line: Line | undefined): void {
    const header = keyOf(id, name)
    let place = line
    for (let at = first; at >= 0; at = findLine(this.#head, id, name, at + STRIDE)) {
      this.#insert(at, true, place, header, true)
      place = undefined
    }
  }

  /**
   * Puts a hunk in the order of the lines. Where lines go before the same one, one that must stand next to it is `late`:
   * it goes after what is there; one that follows the line before it, or goes before all headers, is not.
   */
  #insert(at: number, gone: boolean, line: Line | undefined, header: number | string, late: boolean): void {
    this.#touched |= bitOf(typeof header === 'number' ? header : UNKNOWN)
    let before: Hunk | undefined
    let next = this.#hunks
    while (next !== undefined && !isAfter(next, at, late)) {
      before = next
      next = next.next
    }
    const hunk = { at, gone, line, header, next }
    if (before === undefined) this.#hunks = hunk
    else before.next = hunk
  }
}

/** Which header hunks touch: its id, or its name in lower case. */
function keyOf(id: number, name: string): number | string {
  return id === UNKNOWN ? name.toLowerCase() : id
}

/** True if `there` comes after the new hunk. What takes a line's place comes after all that goes before that line. */
function isAfter(there: Hunk, at: number, late: boolean): boolean {
  if (there.at !== at) return there.at > at
  return there.gone || !late
}

function lastLine(head: Head, id: number, name: string, first: number): number {
  let last = first
  for (let at = first; at >= 0; at = findLine(head, id, name, at + STRIDE)) last = at
  return last
}

/** The line without its first value; none if that is its only one. */
function withoutFirst(head: Head, at: number): Line | undefined {
  const from = head.index[at + 2]!
  const to = valueEnd(head, at)
  const comma = head.text.indexOf(',', from)
  if (comma < 0 || comma >= to || !isList(head.index[at]!)) return undefined
  const end = firstEnd(head.text, from, to)
  if (end === to) return undefined
  const name = head.source.slice(head.index[at + 1], from)
  const value = head.text.slice(end + 1, to).trimStart()
  const length = name.length + value.length + 2
  return { name, value, id: head.index[at]!, length, ascii: head.ascii, again: false, bytes: undefined }
}
