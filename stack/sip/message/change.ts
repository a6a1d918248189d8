// A message changed in places: all else stays as it came, byte for byte.

import { isAscii, latin1FromUtf8 } from '../../../platform/text.ts'
import { line } from './build.ts'
import { findLine, firstEnd, type Head, isList, lineEnd, nameAt, STRIDE, valueEnd } from './head.ts'
import { headerId } from './headers.ts'
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

/** What is done at one line: `text`, if any, goes before it, and the line itself goes if `gone`. */
interface Stroke {
  /** The line, as in `Head.index`; its length for the end. */
  readonly at: number
  readonly gone: boolean
  readonly text: string
}

/** A new message with all the edits made, one after the other. A malformed value is not looked for here, but for line breaks, which are a bug. */
export function change<M extends Message>(message: M, edits: readonly Edit[]): M {
  let head = message.head
  let body: Uint8Array | undefined
  let startLine: string | undefined
  let strokes: Stroke[] = []
  const flush = (): void => {
    if (strokes.length > 0 || startLine !== undefined) head = struck(head, startLine, strokes)
    strokes = []
    startLine = undefined
  }
  const make = (edit: HeaderEdit): void => {
    let made = strokesOf(head, edit)
    if (strokes.some(({ at }) => made.some((stroke) => stroke.at === at))) {
      flush()
      made = strokesOf(head, edit)
    }
    strokes.push(...made)
  }
  for (const edit of edits) {
    if ('uri' in edit) startLine = `${message.kind === 'request' ? message.method : ''} ${printUri(edit.uri)} SIP/2.0`
    else if ('body' in edit) {
      body = edit.body
      make({ set: 'Content-Length', value: String(body.length) })
      if (edit.contentType !== undefined) make({ set: 'Content-Type', value: edit.contentType })
      else if (body.length === 0) make({ remove: 'Content-Type' })
    } else make(edit)
  }
  flush()
  return derive(message, head, body)
}

type HeaderEdit = Exclude<Edit, { readonly body: Uint8Array } | { readonly uri: Uri }>

function strokesOf(head: Head, edit: HeaderEdit): Stroke[] {
  if ('prepend' in edit) {
    const first = findLine(head, headerId(edit.prepend), edit.prepend)
    return [{ at: Math.max(first, 0), gone: false, text: line(edit.prepend, edit.value) }]
  }
  if ('append' in edit) {
    const last = linesOf(head, edit.append).at(-1)
    return [
      {
        at: last === undefined ? head.index.length : last + STRIDE,
        gone: false,
        text: line(edit.append, edit.value),
      },
    ]
  }
  if ('set' in edit) {
    const [first, ...others] = linesOf(head, edit.set)
    if (first === undefined) return [{ at: head.index.length, gone: false, text: line(edit.set, edit.value) }]
    return [
      { at: first, gone: true, text: line(nameAt(head, first), edit.value) },
      ...others.map((at) => ({ at, gone: true, text: '' })),
    ]
  }
  if ('remove' in edit) return linesOf(head, edit.remove).map((at) => ({ at, gone: true, text: '' }))
  const first = findLine(head, headerId(edit.removeFirst), edit.removeFirst)
  return first < 0 ? [] : [{ at: first, gone: true, text: withoutFirst(head, first) }]
}

/** The line without its first value: empty if that is its only one. */
function withoutFirst(head: Head, at: number): string {
  const from = head.index[at + 2]!
  const to = valueEnd(head, at)
  const end = isList(head.index[at]!) ? firstEnd(head.text, from, to) : to
  if (end === to) return ''
  return `${head.source.slice(head.index[at + 1], from)}${head.text.slice(end + 1, to).trimStart()}\r\n`
}

function linesOf(head: Head, name: string): number[] {
  const id = headerId(name)
  const lines: number[] = []
  for (let at = findLine(head, id, name); at >= 0; at = findLine(head, id, name, at + STRIDE)) lines.push(at)
  return lines
}

/** The head with the strokes made, no two of which are at one line. */
function struck(head: Head, startLine: string | undefined, strokes: readonly Stroke[]): Head {
  const sorted = strokes.length > 1 ? [...strokes].sort((one, other) => one.at - other.at) : strokes
  const start = startLine === undefined ? undefined : `${latin1FromUtf8(startLine)}\r\n`
  const index: number[] = []
  const source = respelled(head, head.source, start, sorted, index)
  const text = head.text === head.source ? source : respelled(head, head.text, start, sorted, [])
  const ascii = head.ascii && strokes.every((stroke) => isAscii(stroke.text))
  return { source, text, end: source.length, ascii, index }
}

/** One of the head's texts with the strokes made; where its lines then are goes into `index`. */
function respelled(
  head: Head,
  old: string,
  start: string | undefined,
  strokes: readonly Stroke[],
  index: number[],
): string {
  let copied = head.index[1]!
  let text = start ?? old.slice(0, copied)
  let next = 0
  for (let at = 0; at <= head.index.length; at += STRIDE) {
    const from = at < head.index.length ? head.index[at + 1]! : head.end
    const stroke = strokes[next]
    if (stroke?.at === at) {
      next++
      text += old.slice(copied, from)
      copied = stroke.gone ? lineEnd(head, at) : from
      if (stroke.text !== '') {
        const colon = stroke.text.indexOf(':')
        const value = stroke.text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1
        index.push(headerId(stroke.text.slice(0, colon).trimEnd()), text.length, text.length + value)
        text += stroke.text
      }
      if (stroke.gone) continue
    }
    if (at < head.index.length) {
      const shift = text.length - copied
      index.push(head.index[at]!, from + shift, head.index[at + 2]! + shift)
    }
  }
  return text + old.slice(copied, head.end)
}
