// How a head was made of another: which lines went, which came, and what follows from it for its text, its index and its bytes.

import { asciiEncodeInto } from '../../../platform/text.ts'
import { Head, lineEnd, STRIDE } from './head.ts'
import { ID } from './headers.ts'
import { type Line, lineText, writeLine } from './line.ts'

/** What is done at one line: another line, if there is one, goes before it, and it itself goes if `gone`. */
export interface Hunk {
  /** The line, as in `Head.index`; its length for the end. */
  readonly at: number
  readonly gone: boolean
  readonly line: Line | undefined
  /** Which header is touched: its id, or its name in lower case. */
  readonly header: number | string
  /** The next in the order of the lines. For a revision alone to change. */
  next: Hunk | undefined
}

const { contentLength: CONTENT_LENGTH } = ID

/** The head with the hunks made, of which this is the first, and with another start line, if one is given. */
export function spliced(base: Head, startLine: string | undefined, first: Hunk | undefined): Head {
  let { ascii, sized } = base
  let incoming = 0
  let outgoing = 0
  if (startLine !== undefined) {
    incoming = startLine.length
    outgoing = base.index[1]!
  }
  for (let hunk = first; hunk !== undefined; hunk = hunk.next) {
    const { at, gone, line } = hunk
    if (line !== undefined) {
      ascii = ascii && line.ascii
      incoming += line.length
    }
    if (gone) outgoing += lineEnd(base, at) - base.index[at + 1]!
    if ((gone ? base.index[at] : line?.id) === CONTENT_LENGTH) sized = line !== undefined
  }
  return Head.spliced(new Splice(base, startLine, first, incoming), base.end + incoming - outgoing, ascii, sized)
}

/** Hunks of a head. */
export class Splice {
  readonly base: Head
  /** How many bytes come in. */
  readonly incoming: number
  readonly #startLine: string | undefined
  readonly #first: Hunk | undefined

  constructor(base: Head, startLine: string | undefined, first: Hunk | undefined, incoming: number) {
    this.base = base
    this.incoming = incoming
    this.#startLine = startLine
    this.#first = first
  }

  /** One of the base's texts with the hunks made. */
  spelled(old: string): string {
    const { base } = this
    let copied = this.#startLine === undefined ? 0 : base.index[1]!
    let text = this.#startLine ?? ''
    for (let hunk = this.#first; hunk !== undefined; hunk = hunk.next) {
      const { at, gone, line } = hunk
      const upTo = startOf(base, at)
      if (upTo > copied) text += old.slice(copied, upTo)
      if (line !== undefined) text += lineText(line)
      copied = gone ? lineEnd(base, at) : upTo
    }
    return text + old.slice(copied, base.end)
  }

  /** The index with the hunks made. */
  numbered(): readonly number[] {
    const { index } = this.base
    const numbers: number[] = []
    let shift = (this.#startLine?.length ?? index[1]!) - index[1]!
    let line = 0
    for (let hunk = this.#first; hunk !== undefined; hunk = hunk.next) {
      for (; line < hunk.at; line += STRIDE)
        numbers.push(index[line]!, index[line + 1]! + shift, index[line + 2]! + shift)
      if (hunk.line !== undefined) {
        const from = startOf(this.base, hunk.at) + shift
        numbers.push(hunk.line.id, from, from + hunk.line.name.length)
        shift += hunk.line.length
      }
      if (hunk.gone) {
        shift -= lineEnd(this.base, line) - index[line + 1]!
        line += STRIDE
      }
    }
    for (; line < index.length; line += STRIDE)
      numbers.push(index[line]!, index[line + 1]! + shift, index[line + 2]! + shift)
    return numbers
  }

  /**
   * Makes the hunks at bytes, in place: the base's begin at `from` of `room`, and what follows them ends at `to`; the result begins at
   * `into`, at least {@link incoming} before `from`, so that everything moves to the left. Returns where it ends.
   */
  moveInto(room: Uint8Array, into: number, from: number, to: number): number {
    const { base } = this
    let at = into
    let copied = 0
    if (this.#startLine !== undefined) {
      asciiEncodeInto(this.#startLine, room.subarray(at, from))
      at += this.#startLine.length
      copied = base.index[1]!
    }
    for (let hunk = this.#first; hunk !== undefined; hunk = hunk.next) {
      const upTo = startOf(base, hunk.at)
      if (upTo > copied) {
        room.copyWithin(at, from + copied, from + upTo)
        at += upTo - copied
      }
      if (hunk.line !== undefined) at = writeLine(hunk.line, room, at)
      copied = hunk.gone ? lineEnd(base, hunk.at) : upTo
    }
    room.copyWithin(at, from + copied, to)
    return at + to - from - copied
  }
}

/** Where the line begins; the head's end for the place after the last. */
function startOf(head: Head, line: number): number {
  return line < head.index.length ? head.index[line + 1]! : head.end
}
