// A message changed in places: all else stays as it came, byte for byte.

import { bug } from '../../../platform/assert.ts'
import { latin1Decode, utf8Encode } from '../../../platform/text.ts'
import { line } from './build.ts'
import { findLine, type Head, indexHead, isList, lineEnd, nameAt, STRIDE, splitList, valueAt } from './head.ts'
import { headerId } from './headers.ts'
import { type Message, store } from './message.ts'
import { parseStartLine } from './parse.ts'
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

/** A new message with all the edits made, one after the other. */
export function change<M extends Message>(message: M, edits: readonly Edit[]): M {
  let head = message.head
  let body = message.body
  for (const edit of edits) {
    if ('body' in edit) {
      body = edit.body
      head = withBody(head, edit.body, edit.contentType)
    } else head = edited(head, edit)
  }
  const start = parseStartLine(head.text.slice(0, head.startEnd))
  if (!start.ok) return bug(`${start.issue.at}: expected ${start.issue.expected}`)
  return store(start.value, head, body) as M
}

function withBody(head: Head, body: Uint8Array, contentType: string | undefined): Head {
  const sized = edited(head, { set: 'Content-Length', value: String(body.length) })
  if (contentType !== undefined) return edited(sized, { set: 'Content-Type', value: contentType })
  return body.length === 0 ? edited(sized, { remove: 'Content-Type' }) : sized
}

function edited(head: Head, edit: Exclude<Edit, { readonly body: Uint8Array }>): Head {
  if ('uri' in edit) {
    const method = head.text.slice(0, head.text.indexOf(' '))
    return spliced(head, 0, head.startEnd, `${method} ${printUri(edit.uri)} SIP/2.0`)
  }
  if ('prepend' in edit) {
    const first = findLine(head, headerId(edit.prepend), edit.prepend)
    const at = first < 0 ? head.startEnd + 2 : head.index[first + 1]!
    return spliced(head, at, at, line(edit.prepend, edit.value))
  }
  if ('append' in edit) {
    const last = lastLine(head, edit.append)
    const at = last < 0 ? head.text.length : lineEnd(head, last)
    return spliced(head, at, at, line(edit.append, edit.value))
  }
  if ('set' in edit) {
    const first = findLine(head, headerId(edit.set), edit.set)
    if (first < 0) return spliced(head, head.text.length, head.text.length, line(edit.set, edit.value))
    const single = without(head, edit.set, first + STRIDE)
    return spliced(single, single.index[first + 1]!, lineEnd(single, first), line(nameAt(single, first), edit.value))
  }
  return 'remove' in edit ? without(head, edit.remove, 0) : withoutFirst(head, edit.removeFirst)
}

function withoutFirst(head: Head, name: string): Head {
  const id = headerId(name)
  const first = findLine(head, id, name)
  if (first < 0) return head
  const value = valueAt(head, first)
  const values = isList(id) ? splitList(value) : [value]
  if (values.length === 1) return spliced(head, head.index[first + 1]!, lineEnd(head, first), '')
  const rest = value.slice(value.indexOf(values[1]!, value.indexOf(',', values[0]!.length)))
  return spliced(head, head.index[first + 3]!, head.index[first + 4]!, rest)
}

function without(head: Head, name: string, from: number): Head {
  const found = findLine(head, headerId(name), name, from)
  if (found < 0) return head
  return without(spliced(head, head.index[found + 1]!, lineEnd(head, found), ''), name, found)
}

function lastLine(head: Head, name: string): number {
  const id = headerId(name)
  let last = -1
  for (let at = findLine(head, id, name); at >= 0; at = findLine(head, id, name, at + STRIDE)) last = at
  return last
}

/** The head with `text[from…to]` replaced. */
function spliced(head: Head, from: number, to: number, replacement: string): Head {
  const made = head.latin1 ? latin1Decode(utf8Encode(replacement)) : replacement
  const indexed = indexHead(head.text.slice(0, from) + made + head.text.slice(to), head.latin1)
  return indexed.ok ? indexed.value : bug(`${indexed.issue.at}: expected ${indexed.issue.expected}`)
}
