// What stands in a checked head, read as it is asked for: values of headers, tags, decoded text.

import { bug } from '../../../platform/assert.ts'
import { utf8FromLatin1 } from '../../../platform/text.ts'
import { CODE } from './characters.ts'
import { findLine, type Head, lineEnd, STRIDE, valueAt } from './head.ts'
import { HEADERS } from './headers.ts'
import { parameterOf } from './parameters.ts'
import { scanner, separator } from './scanner.ts'

const { FAIL, QUOTE, COMMA, SEMICOLON } = CODE

/** All values of a header, or only its first: `pass` recognises one, `read` makes it of the scanner's marks. */
export function valuesOf<T>(
  head: Head,
  id: number,
  pass: (at: number) => number,
  read: () => T,
  firstOnly = false,
): readonly T[] {
  const found: T[] = []
  for (let line = findLine(head, id, ''); line >= 0; line = findLine(head, id, '', line + STRIDE)) {
    scanHead(head, head.index[line + 2]!, lineEnd(head, line))
    for (let at = 0; at !== FAIL; at = separator(at, COMMA)) {
      at = pass(at)
      if (at === FAIL) bug(`${HEADERS[id]!.name} was checked and cannot be read: ${valueAt(head, line)}`)
      found.push(read())
      if (firstOnly) return found
    }
  }
  return found
}

/** Points the scanner at a part of a head. */
export function scanHead(head: Head, from: number, to: number): void {
  scanner.scanPart(head.text.slice(from, to), head.ascii, !head.isFolded)
}

/** The tag among the parameters that were found at `from…to`. */
export function tagAt(head: Head, from: number, to: number): string | undefined {
  if (from === to) return undefined
  const { text } = head
  if (!head.ascii || !text.startsWith(TAG, from)) return parameterOf(textAt(head, from, to), 'tag')
  // A tag that stands first, as most do, is cut out at once. Quotes are left to those who know them.
  const value = from + TAG.length
  let end = value
  for (; end < to; end++) {
    const code = text.charCodeAt(end)
    if (code === SEMICOLON) break
    if (code <= QUOTE) return parameterOf(textAt(head, from, to), 'tag')
  }
  return text.slice(value, end)
}

const TAG = ';tag='

/** A part of a head, decoded. */
export function textAt(head: Head, from: number, to: number): string {
  const text = head.text.slice(from, to)
  return head.ascii ? text : utf8FromLatin1(text)
}
