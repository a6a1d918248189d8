// A response to a request, with what every response copies from it (RFC 3261 §8.2.6.2). What is copied has been checked with the request.

import { latin1FromUtf8 } from '../../../platform/text.ts'
import type { Header } from './build.ts'
import { Head, lineEnd, STRIDE, valueEnd } from './head.ts'
import { headerId, ID } from './headers.ts'
import { type Line, lineText, makeLine } from './line.ts'
import type { Request, Response } from './message.ts'
import { reasonPhrase } from './reasons.ts'
import { reply } from './stored.ts'

/** What a response has of its own. */
export interface Answer {
  /** Set on the To header where the request has no tag there; absent: none, as in a 100. */
  readonly toTag?: string | undefined
  /** Default: the status's own phrase. */
  readonly reason?: string
  /** After the copied ones. */
  readonly headers?: readonly Header[]
  readonly body?: Uint8Array
}

const EMPTY = new Uint8Array(0)
const TIMESTAMP = headerId('Timestamp')
const COPIED: ReadonlySet<number> = new Set([ID.via, ID.from, ID.to, ID.callId, ID.cseq])

/** The response with `status`, 100–699, to `request`: its Vias, From, To, Call-ID and CSeq, and in a 100 its Timestamp. */
export function answer(request: Request, status: number, own: Answer = {}): Response {
  const { toTag, reason = reasonPhrase(status), headers = [], body = EMPTY } = own
  const { head } = request
  const written = new Lines(`SIP/2.0 ${status} ${latin1FromUtf8(reason)}\r\n`, head.ascii)
  const tag = request.toTag === undefined ? toTag : undefined
  for (let line = 0; line < head.index.length; line += STRIDE) {
    const id = head.index[line]!
    if (id === ID.to && tag !== undefined) written.tagged(head, line, tag)
    else if (COPIED.has(id) || (id === TIMESTAMP && status === 100)) written.copied(head, line)
  }
  for (const [name, value] of headers) written.made(makeLine(name, value))
  written.made(makeLine('Content-Length', String(body.length)))
  return reply(request, status, written.head(), body, tag)
}

/** A head line by line. */
class Lines {
  #text: string
  #ascii: boolean
  readonly #index: number[] = []

  constructor(startLine: string, ascii: boolean) {
    this.#text = startLine
    this.#ascii = ascii
  }

  /** A line as another head has it, but for its folds. */
  copied(from: Head, line: number): void {
    this.#note(from, line)
    this.#text += from.text.slice(from.index[line + 1], lineEnd(from, line))
  }

  /** The same with a tag at its end. */
  tagged(from: Head, line: number, tag: string): void {
    this.#note(from, line)
    this.#text += `${from.text.slice(from.index[line + 1], valueEnd(from, line))};tag=${tag}\r\n`
  }

  made(line: Line): void {
    const at = this.#text.length
    this.#index.push(line.id, at, at + line.name.length)
    this.#text += lineText(line)
    this.#ascii &&= line.ascii
  }

  head(): Head {
    const text = this.#text
    return Head.written(text, text, text.length, this.#ascii, true, this.#index)
  }

  #note({ index }: Head, line: number): void {
    const at = this.#text.length
    this.#index.push(index[line]!, at, at + index[line + 2]! - index[line + 1]!)
  }
}
