// The head of a message as text, with an index of where each header line, name and value begins and ends in it.

import { failure, type Result, success } from '../../../platform/result.ts'
import { isOf, TOKEN } from './characters.ts'
import { HEADERS, headerId, ID, UNKNOWN } from './headers.ts'

/** A start line and header lines, without the empty line that ends them. Immutable. */
export interface Head {
  /** The lines, each with its CRLF. Characters are Unicode if the bytes are UTF-8, else one for each byte (`latin1`). */
  readonly text: string
  readonly latin1: boolean
  /** Where the start line ends, before its CRLF. */
  readonly startEnd: number
  /** Five numbers a line: the header's id, where the line begins, where its name ends, where its value begins and ends. */
  readonly index: readonly number[]
  /** True where some value goes on in a further line (§7.3.1). */
  readonly folded: boolean
}

/** Numbers a line in {@link Head.index}. */
export const STRIDE = 5

const COLON = 58
const CR = 13
const LF = 10
const SP = 32
const HTAB = 9

/** Finds the lines of a head; the text must end with a CRLF. */
export function indexHead(text: string, latin1: boolean): Result<Head> {
  const startEnd = text.indexOf('\r\n')
  const index: number[] = []
  let folded = false
  let at = startEnd + 2
  while (at < text.length) {
    let end = text.indexOf('\r\n', at)
    while (isBlank(text.charCodeAt(end + 2))) {
      folded = true
      end = text.indexOf('\r\n', end + 2)
    }
    let nameEnd = at
    while (isOf(TOKEN, text.charCodeAt(nameEnd))) nameEnd++
    let from = nameEnd
    while (isBlank(text.charCodeAt(from))) from++
    if (nameEnd === at || text.charCodeAt(from) !== COLON)
      return failure(`line ${index.length / STRIDE + 2}`, `a header, Name: value, not ${excerpt(text, at, end)}`)
    from++
    while (from < end && isSpace(text.charCodeAt(from))) from++
    let to = end
    while (to > from && isSpace(text.charCodeAt(to - 1))) to--
    index.push(headerId(text.slice(at, nameEnd)), at, nameEnd, from, to)
    at = end + 2
  }
  return success({ text, latin1, startEnd, index, folded })
}

function isBlank(code: number): boolean {
  return code === SP || code === HTAB
}

function isSpace(code: number): boolean {
  return code === SP || code === HTAB || code === CR || code === LF
}

/** The first characters of `text[from…to]`, quoted, for a sentence. */
export function excerpt(text: string, from: number, to: number): string {
  return JSON.stringify(text.slice(from, Math.min(to, from + 24)))
}

/** The value of the line whose five numbers begin at `line`: without white space about it, folds made one space. */
export function valueAt(head: Head, line: number): string {
  const value = head.text.slice(head.index[line + 3]!, head.index[line + 4]!)
  return head.folded && value.includes('\r') ? value.replace(/[ \t]*\r\n[ \t]+/g, ' ') : value
}

/** The name of the line whose five numbers begin at `line`, as it is written. */
export function nameAt(head: Head, line: number): string {
  return head.text.slice(head.index[line + 1]!, head.index[line + 2]!)
}

/** Where the next line of the header begins in the index at or after `line`; -1 if there is none. `name` counts where the id is unknown. */
export function findLine(head: Head, id: number, name: string, line = 0): number {
  const { index } = head
  for (let at = line; at < index.length; at += STRIDE) {
    if (index[at] !== id) continue
    if (id !== UNKNOWN || nameAt(head, at).toLowerCase() === name.toLowerCase()) return at
  }
  return -1
}

/** Where the line after the one at `line` begins in the text. */
export function lineEnd(head: Head, line: number): number {
  return line + STRIDE < head.index.length ? head.index[line + STRIDE + 1]! : head.text.length
}

/** True where one line can hold several values, parted by commas. */
export function isList(id: number): boolean {
  return id !== UNKNOWN && HEADERS[id]!.multiplicity === 'list'
}

/** Parts a value at its commas, but for those in quoted strings and in brackets. */
export function splitList(value: string): string[] {
  if (!value.includes(',')) return [value]
  const parts: string[] = []
  let from = 0
  let quoted = false
  let bracketed = false
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (quoted) {
      if (code === 92) at++
      else if (code === 34) quoted = false
    } else if (bracketed) {
      if (code === 62) bracketed = false
    } else if (code === 34) quoted = true
    else if (code === 60) bracketed = true
    else if (code === 44) {
      parts.push(value.slice(from, at).trim())
      from = at + 1
    }
  }
  parts.push(value.slice(from).trim())
  return parts
}

/** True where the head has a Content-Length. */
export function hasContentLength(head: Head): boolean {
  return findLine(head, ID.contentLength, '') >= 0
}
