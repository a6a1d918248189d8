// A response to a request, with what every response copies from it (RFC 3261 §8.2.6.2).

import { type Header, response } from './build.ts'
import type { Request, Response } from './message.ts'

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

/** The response with `status`, 100–699, to `request`: its Vias, From, To, Call-ID and CSeq, and in a 100 its Timestamp. */
export function answer(request: Request, status: number, { toTag, reason, headers = [], body }: Answer = {}): Response {
  const to = request.first('To') ?? ''
  const tagged = toTag === undefined || request.to.parameters.has('tag') ? to : `${to};tag=${toTag}`
  const copied: Header[] = request.all('Via').map((via): Header => ['Via', via])
  copied.push(['From', request.first('From') ?? ''], ['To', tagged], ['Call-ID', request.callId])
  copied.push(['CSeq', `${request.cseq.number} ${request.cseq.method}`])
  const timestamp = status === 100 ? request.first('Timestamp') : undefined
  if (timestamp !== undefined) copied.push(['Timestamp', timestamp])
  return response({ status, ...(reason === undefined ? {} : { reason }), headers: [...copied, ...headers], body })
}
