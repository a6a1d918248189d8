// The head of a message: its start line and header lines as text, and where each line and its value begin.

import { utf8FromLatin1 } from '../../../platform/text.ts'
import { HEADERS, UNKNOWN } from './headers.ts'
import type { Splice } from './splice.ts'

/** A head that was found to be right, or made by a change to one. Immutable. One character of its texts stands for one byte. */
export class Head {
  /** Where the last line has ended and the empty line is to follow. */
  readonly end: number
  /** True if every byte is below 128. */
  readonly ascii: boolean
  /** True if there is a Content-Length. */
  readonly sized: boolean
  /** What begins with its bytes, for a head that came as bytes. */
  readonly bytes: Uint8Array | undefined
  /** How it was made of another head; its texts and its index are made when somebody asks. */
  readonly splice: Splice | undefined
  #source: string | undefined
  #text: string | undefined
  #index: readonly number[] | undefined

  private constructor(
    end: number,
    ascii: boolean,
    sized: boolean,
    bytes: Uint8Array | undefined,
    splice: Splice | undefined,
    source: string | undefined,
    text: string | undefined,
    index: readonly number[] | undefined,
  ) {
    this.end = end
    this.ascii = ascii
    this.sized = sized
    this.bytes = bytes
    this.splice = splice
    this.#source = source
    this.#text = text
    this.#index = index
  }

  /** A head that is all there. `end`: its source may go on after it; `bytes`: what it was read from, if it was. */
  static written(
    source: string,
    text: string,
    end: number,
    ascii: boolean,
    sized: boolean,
    index: readonly number[],
    bytes?: Uint8Array,
  ): Head {
    return new Head(end, ascii, sized, bytes, undefined, source, text, index)
  }

  /** A head that is made of another. */
  static spliced(splice: Splice, end: number, ascii: boolean, sized: boolean): Head {
    return new Head(end, ascii, sized, undefined, splice, undefined, undefined, undefined)
  }

  /** As it is sent: all lines with their CRLF, and perhaps more after `end`. */
  get source(): string {
    this.#source ??= this.isFolded ? this.splice!.spelled(this.splice!.base.source) : this.text
    return this.#source
  }

  /** The same with tabs for the CRLFs within values (§7.3.1), so that each line is one header: the same string where there are none. */
  get text(): string {
    this.#text ??= this.splice!.spelled(this.splice!.base.text)
    return this.#text
  }

  /** Three numbers for each line after the first: the header's id, where the line begins, where its value does. */
  get index(): readonly number[] {
    this.#index ??= this.splice!.numbered()
    return this.#index
  }

  /** True if some value goes on, or went on before a change, in a further line. */
  get isFolded(): boolean {
    return this.splice === undefined ? this.#source !== this.#text : this.splice.base.isFolded
  }
}

/** Numbers a line in {@link Head.index}. */
export const STRIDE = 3

/** Where the line whose numbers begin at `line` ends, after its CRLF. */
export function lineEnd(head: Head, line: number): number {
  return line + STRIDE < head.index.length ? head.index[line + STRIDE + 1]! : head.end
}

/** Where the value of the line ends, before any white space. */
export function valueEnd(head: Head, line: number): number {
  const from = head.index[line + 2]!
  let to = lineEnd(head, line) - 2
  while (to > from && isBlank(head.text.charCodeAt(to - 1))) to--
  return to
}

/** The value of the line: without white space about it, folds made one space, decoded. */
export function valueAt(head: Head, line: number): string {
  const from = head.index[line + 2]!
  const to = valueEnd(head, line)
  const value = head.isFolded ? unfolded(head.source.slice(from, to)) : head.text.slice(from, to)
  return head.ascii ? value : utf8FromLatin1(value)
}

function unfolded(value: string): string {
  return value.includes('\r')
    ? value
        .split('\r\n')
        .map((part) => part.replace(/^[ \t]+/, '').trimEnd())
        .join(' ')
        .trim()
    : value
}

/** The name of the line, as it is written. */
export function nameAt(head: Head, line: number): string {
  const { index, text } = head
  const from = index[line + 1]!
  const id = index[line]!
  if (id !== UNKNOWN && text.startsWith(HEADERS[id]!.name, from)) return HEADERS[id]!.name
  return text.slice(from, text.indexOf(':', from)).trimEnd()
}

/** The first line of this header, at or after `line`; -1 if there is none. The name counts where the id is unknown. */
export function findLine(head: Head, id: number, name: string, line = 0): number {
  const { index } = head
  for (let at = line; at < index.length; at += STRIDE)
    if (index[at] === id && (id !== UNKNOWN || nameAt(head, at).toLowerCase() === name.toLowerCase())) return at
  return -1
}

/** True where one line can hold several values, parted by commas. */
export function isList(id: number): boolean {
  return id !== UNKNOWN && HEADERS[id]!.multiplicity === 'list'
}

/** Where the first value ends in a list of them: at a comma that is in no quoted string and in no brackets, or at `to`. */
export function firstEnd(text: string, from: number, to: number): number {
  let quoted = false
  let bracketed = false
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === 92) at++
      else if (code === 34) quoted = false
    } else if (code === 34) quoted = true
    else if (code === 60) bracketed = true
    else if (code === 62) bracketed = false
    else if (code === 44 && !bracketed) return at
  }
  return to
}

/** Parts a value at its commas. */
export function splitList(value: string): string[] {
  if (!value.includes(',')) return [value]
  const parts: string[] = []
  for (let from = 0; from <= value.length; ) {
    const to = firstEnd(value, from, value.length)
    parts.push(value.slice(from, to).trim())
    from = to + 1
  }
  return parts
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
