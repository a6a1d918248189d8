// A message changed in places: all else stays as it came, byte for byte.

import { bug } from '../../../platform/assert.ts'
import { isVisible } from './line.ts'
import type { Message } from './message.ts'
import { Revision } from './revision.ts'
import { derive } from './stored.ts'
import { printUri, type Uri } from './uri.ts'

/** One change. Names are header names or compact forms; values are as they are to stand. */
export type Edit =
  /** Replaces all lines of this header by one, in the place of the first; at the end where there is none. */
  | { readonly set: string; readonly value: string }
  /** Another first value of this header, in its place: all other values stay. At the end where there is none. */
  | { readonly setFirst: string; readonly value: string }
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

/** An edit read without asking which it is: what it does not have is undefined. */
interface AnyEdit {
  readonly set?: string
  readonly setFirst?: string
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
    if (isOfHeader(revision, edit)) continue
    const { uri } = edit
    if (uri === undefined) body = resized(revision, edit)
    else if (renamed || message.kind === 'response' || uri !== message.uri) {
      revision.start(startLineOf(message, uri))
      renamed = true
    }
  }
  return derive(message, revision.made(), body, !renamed, revision.touched)
}

/** Makes an edit of a header; false if it is of something else. Each kind is asked for once: asking an object for what it lacks is slow. */
function isOfHeader(revision: Revision, edit: AnyEdit): boolean {
  const { prepend } = edit
  if (prepend !== undefined) {
    revision.prepend(prepend, edit.value ?? '')
    return true
  }
  const { set } = edit
  if (set !== undefined) {
    revision.set(set, edit.value ?? '')
    return true
  }
  const { removeFirst } = edit
  if (removeFirst !== undefined) {
    revision.removeFirst(removeFirst)
    return true
  }
  const { setFirst } = edit
  if (setFirst !== undefined) {
    revision.setFirst(setFirst, edit.value ?? '')
    return true
  }
  const { append } = edit
  if (append !== undefined) {
    revision.append(append, edit.value ?? '')
    return true
  }
  const { remove } = edit
  if (remove !== undefined) revision.remove(remove)
  return remove !== undefined
}

/** Has the headers say what the body of this edit is, and gives it. */
function resized(revision: Revision, { body = bug('an edit that changes nothing'), contentType }: AnyEdit): Uint8Array {
  revision.set('Content-Length', String(body.length))
  if (contentType !== undefined) revision.set('Content-Type', contentType)
  else if (body.length === 0) revision.remove('Content-Type')
  return body
}

function startLineOf(message: Message, uri: Uri): string {
  if (message.kind === 'response') return bug('a response has no Request-URI to change')
  const written = printUri(uri)
  if (!isVisible(written) || written.includes(' ')) bug(`no Request-URI: ${JSON.stringify(written.slice(0, 40))}`)
  return `${message.method} ${written} SIP/2.0\r\n`
}
