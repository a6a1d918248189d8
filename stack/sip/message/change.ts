// A message changed in places: all else stays as it came, byte for byte.

import { bug } from '../../../platform/assert.ts'
import { findLine, firstEnd, Head, isList, lineEnd, nameAt, STRIDE, valueEnd } from './head.ts'
import { headerId, ID, UNKNOWN } from './headers.ts'
import { isVisible, type Line, makeLine } from './line.ts'
import type { Message } from './message.ts'
import { derive } from './stored.ts'
import { printUri, type Uri } from './uri.ts'

/** One change. Names are header names or compact forms; values are as they are to stand. */
export type Edit =
  /** Replaces all lines of this header by one, in the place of the first; at the end where there is none. */
  | { readonly set: string; readonly value: string }
  /** A line before the first of this header; before all headers where there is none. */
  | { readonly prepend: string; readonly value: string }
  /** A line after the last of this header; after all headers where there is none. */
  | { readonly append: string; readonly value: string }
  /** Takes away this header's first value: its line, or the part of it up to the first comma of a list. */
  | { readonly removeFirst: string }
  /** Takes away all lines of this header. */
  | { readonly remove: string }
  /** Another Request-URI. */
  | { readonly uri: Uri }
  /** Another body: Content-Length and, where a type is given, Content-Type follow. Without a type an empty body takes Content-Type away. */
  | { readonly body: Uint8Array; readonly contentType?: string | undefined }

/** What is done at one line: another line, if there is one, goes before it, and it itself goes if `gone`. */
interface Stroke {
  /** The line, as in `Head.index`; its length for the end. */
  readonly at: number
  readonly gone: boolean
  readonly line: Line | undefined
  /** Which header is touched: its id, or its name in lower case. */
  readonly header: number | string
}

/** An edit read without asking which it is: what it does not have is undefined. */
interface AnyEdit {
  readonly set?: string
  readonly prepend?: string
  readonly append?: string
  readonly removeFirst?: string
  readonly remove?: string
  readonly value?: string
  readonly uri?: Uri
  readonly body?: Uint8Array
  readonly contentType?: string | undefined
}

/** A new message with all the edits made, one after the other. A malformed value is not looked for here, but for line breaks, which are a bug. */
export function change<M extends Message>(message: M, edits: readonly Edit[]): M {
  const revision = new Revision(message.head)
  let body: Uint8Array | undefined
  let renamed = false
  for (const edit of edits as readonly AnyEdit[]) {
    if (edit.uri !== undefined) {
      revision.start(startLineOf(message, edit.uri))
      renamed = true
    } else if (edit.body === undefined) revision.make(edit)
    else {
      body = edit.body
      revision.make({ set: 'Content-Length', value: String(body.length) })
      if (edit.contentType !== undefined) revision.make({ set: 'Content-Type', value: edit.contentType })
      else if (body.length === 0) revision.make({ remove: 'Content-Type' })
    }
  }
  return derive(message, revision.made(), body, !renamed)
}

function startLineOf(message: Message, uri: Uri): string {
  if (message.kind === 'response') return bug('a response has no Request-URI to change')
  const written = printUri(uri)
  if (!isVisible(written) || written.includes(' ')) bug(`no Request-URI: ${JSON.stringify(written.slice(0, 40))}`)
  return `${message.method} ${written} SIP/2.0\r\n`
}

/** Edits gathered to be made at once, as long as none depends on another. */
class Revision {
  #head: Head
  #startLine: string | undefined
  /** In the order of the lines; no two of one header but for those of one edit. */
  #strokes: Stroke[] = []

  constructor(head: Head) {
    this.#head = head
  }

  start(line: string): void {
    this.#startLine = line
  }

  make(edit: AnyEdit): void {
    const name = edit.prepend ?? edit.set ?? edit.removeFirst ?? edit.append ?? edit.remove ?? ''
    const id = headerId(name)
    const header = id === UNKNOWN ? name.toLowerCase() : id
    for (const stroke of this.#strokes) if (stroke.header === header) this.made()
    this.#add(edit, name, id, header)
  }

  /** The head with everything done so far. */
  made(): Head {
    if (this.#strokes.length === 0 && this.#startLine === undefined) return this.#head
    this.#head = struck(this.#head, this.#startLine, this.#strokes)
    this.#strokes = []
    this.#startLine = undefined
    return this.#head
  }

  /** Adds the strokes of an edit of a header that no other stroke touches. */
  #add(
    { append, prepend, removeFirst, set, value = '' }: AnyEdit,
    name: string,
    id: number,
    header: number | string,
  ): void {
    const head = this.#head
    const first = findLine(head, id, name)
    if (prepend !== undefined) {
      const line = makeLine(name, value, id)
      this.#insert({ at: Math.max(0, first), gone: false, line, header }, first >= 0)
    } else if (append !== undefined || (set !== undefined && first < 0)) {
      const line = makeLine(name, value, id)
      const at = first < 0 ? head.index.length : lastLine(head, id, name, first) + STRIDE
      this.#insert({ at, gone: false, line, header }, first < 0)
    } else if (removeFirst !== undefined) {
      if (first >= 0) this.#insert({ at: first, gone: true, line: withoutFirst(head, first), header }, true)
    } else {
      let line = set === undefined || first < 0 ? undefined : makeLine(nameAt(head, first), value, id)
      for (let at = first; at >= 0; at = findLine(head, id, name, at + STRIDE)) {
        this.#insert({ at, gone: true, line, header }, true)
        line = undefined
      }
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
