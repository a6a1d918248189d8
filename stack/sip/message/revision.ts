// A head revised: edits are gathered, each as strokes at lines, and made at one go, as long as no two are of the same header.

import { findLine, firstEnd, Head, isList, lineEnd, nameAt, STRIDE, valueEnd } from './head.ts'
import { headerId, ID, UNKNOWN } from './headers.ts'
import { type Line, makeLine } from './line.ts'

/** What is done at one line: another line, if there is one, goes before it, and it itself goes if `gone`. */
interface Stroke {
  /** The line, as in `Head.index`; its length for the end. */
  readonly at: number
  readonly gone: boolean
  readonly line: Line | undefined
  /** Which header is touched: its id, or its name in lower case. */
  readonly header: number | string
}

/** Edits of one head, made one after the other. Names are header names or compact forms. */
export class Revision {
  #head: Head
  #startLine: string | undefined = undefined
  /** In the order of the lines; no two of one header but for those of one edit. */
  #strokes: Stroke[] = []

  constructor(head: Head) {
    this.#head = head
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
    this.#insert({ at: first, gone: true, line: withoutFirst(this.#head, first), header: keyOf(id, name) }, true)
  }

  /** All lines of the header go. */
  remove(name: string): void {
    const id = headerId(name)
    this.#strike(this.#firstLine(id, name), id, name, undefined)
  }

  /** The head with everything done so far. */
  made(): Head {
    if (this.#strokes.length === 0 && this.#startLine === undefined) return this.#head
    this.#head = struck(this.#head, this.#startLine, this.#strokes)
    this.#strokes = []
    this.#startLine = undefined
    return this.#head
  }

  /** The first line of the header, -1 if there is none. What was done to the same header before is made first. */
  #firstLine(id: number, name: string): number {
    const header = keyOf(id, name)
    for (const stroke of this.#strokes) if (stroke.header === header) this.made()
    return findLine(this.#head, id, name)
  }

  #put(at: number, line: Line, name: string, late: boolean): void {
    this.#insert({ at, gone: false, line, header: keyOf(line.id, name) }, late)
  }

  /** All lines of the header from the first on go; `line` takes the place of the first. */
  #strike(first: number, id: number, name: string, line: Line | undefined): void {
    const header = keyOf(id, name)
    let place = line
    for (let at = first; at >= 0; at = findLine(this.#head, id, name, at + STRIDE)) {
      this.#insert({ at, gone: true, line: place, header }, true)
      place = undefined
    }
  }

  /**
   * Puts a stroke in the order of the lines. Where lines go before the same one, one that must stand next to it is `late`:
   * it goes after what is there; one that follows the line before it, or goes before all headers, is not.
   */
  #insert(stroke: Stroke, late: boolean): void {
    const strokes = this.#strokes
    let place = strokes.length
    while (place > 0 && isAfter(strokes[place - 1]!, stroke, late)) place--
    for (let later = strokes.length; later > place; later--) strokes[later] = strokes[later - 1]!
    strokes[place] = stroke
  }
}

/** Which header strokes touch: its id, or its name in lower case. */
function keyOf(id: number, name: string): number | string {
  return id === UNKNOWN ? name.toLowerCase() : id
}

/** True if `there` comes after the new stroke. What takes a line's place comes after all that goes before that line. */
function isAfter(there: Stroke, stroke: Stroke, late: boolean): boolean {
  if (there.at !== stroke.at) return there.at > stroke.at
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
  return { text: `${name}${value}\r\n`, id: head.index[at]!, value: name.length, ascii: head.ascii }
}

/** The head with the strokes made, which are in their order. */
function struck(head: Head, startLine: string | undefined, strokes: readonly Stroke[]): Head {
  const source = respelled(head, head.source, startLine, strokes)
  const text = head.text === head.source ? source : respelled(head, head.text, startLine, strokes)
  let { ascii, sized } = head
  for (const { at, gone, line } of strokes) {
    if (line !== undefined) ascii = ascii && line.ascii
    if ((gone ? head.index[at] : line?.id) === CONTENT_LENGTH) sized = line !== undefined
  }
  const startLength = startLine?.length ?? head.index[1]!
  return new Head(source, text, source.length, ascii, sized, () => renumbered(head, startLength, strokes))
}

const { contentLength: CONTENT_LENGTH } = ID

/** One of the head's texts with the strokes made. */
function respelled(head: Head, old: string, start: string | undefined, strokes: readonly Stroke[]): string {
  let copied = start === undefined ? 0 : head.index[1]!
  let text = start ?? ''
  for (const { at, gone, line } of strokes) {
    const upTo = startOf(head, at)
    if (upTo > copied) text += old.slice(copied, upTo)
    if (line !== undefined) text += line.text
    copied = gone ? lineEnd(head, at) : upTo
  }
  return text + old.slice(copied, head.end)
}

/** Where the lines of the head stand with the strokes made. */
function renumbered(head: Head, startLength: number, strokes: readonly Stroke[]): readonly number[] {
  const { index } = head
  const numbers: number[] = []
  let shift = startLength - index[1]!
  let line = 0
  for (const stroke of strokes) {
    for (; line < stroke.at; line += STRIDE)
      numbers.push(index[line]!, index[line + 1]! + shift, index[line + 2]! + shift)
    if (stroke.line !== undefined) {
      const from = startOf(head, stroke.at) + shift
      numbers.push(stroke.line.id, from, from + stroke.line.value)
      shift += stroke.line.text.length
    }
    if (stroke.gone) {
      shift -= lineEnd(head, line) - index[line + 1]!
      line += STRIDE
    }
  }
  for (; line < index.length; line += STRIDE)
    numbers.push(index[line]!, index[line + 1]! + shift, index[line + 2]! + shift)
  return numbers
}

/** Where the line begins; the head's end for the place after the last. */
function startOf(head: Head, line: number): number {
  return line < head.index.length ? head.index[line + 1]! : head.end
}
