// What a user agent server looks at before it takes a request (RFC 3261 §8.2.1 to §8.2.3), in the RFC's order.

import { isSession } from '../dialog/description.ts'
import type { Header } from '../message/build.ts'
import { parseDisposition, parseMediaType } from '../message/mediaType.ts'
import type { Request } from '../message/message.ts'
import { qualityOf } from '../message/quality.ts'
import { unescapeUri } from '../message/uri.ts'
import { ACCEPT, SUPPORTED } from './capabilities.ts'
import { ALLOW, METHODS } from './methods.ts'

/** Why a request is not taken: the status to answer with, and the headers that the status wants. */
export interface Refusal {
  readonly status: number
  readonly headers: readonly Header[]
}

/**
 * Undefined if the request may be processed. `user`: the user part that Request-URIs have when they mean this user agent; one without
 * a user part means it as well. `merged`: whether the same request came on another way (§8.2.2.2).
 */
export function inspect(request: Request, user: string | undefined, merged: boolean): Refusal | undefined {
  return (
    inspectMethod(request) ??
    inspectTarget(request, user, merged) ??
    inspectExtensions(request) ??
    inspectBody(request) ??
    inspectAccept(request)
  )
}

/** §8.2.1 and §21.5.2: 405 for a method that is known but not allowed, 501 for one that nobody knows. */
function inspectMethod({ method }: Request): Refusal | undefined {
  const row = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined
  if (row === undefined) return { status: 501, headers: [['Allow', ALLOW]] }
  if (row.outside === 'not allowed' && row.within === 'not allowed') {
    return { status: 405, headers: [['Allow', ALLOW]] }
  }
  return undefined
}

/** §8.2.2.1 and §8.2.2.2. */
function inspectTarget({ uri }: Request, user: string | undefined, merged: boolean): Refusal | undefined {
  if (uri.scheme !== 'sip') return { status: 416, headers: [] }
  if (user !== undefined && uri.user !== undefined && unescapeUri(uri.user) !== user)
    return { status: 404, headers: [] }
  return merged ? { status: 482, headers: [] } : undefined
}

/** §8.2.2.3: in a CANCEL, Require is ignored. */
function inspectExtensions(request: Request): Refusal | undefined {
  if (request.method === 'CANCEL') return undefined
  const unknown = request.all('Require').filter((option) => !SUPPORTED.includes(option.toLowerCase()))
  return unknown.length > 0 ? { status: 420, headers: [['Unsupported', unknown.join(', ')]] } : undefined
}

/** §8.2.3: a body may be of a strange type, or for a strange use, if its Content-Disposition says that it is optional. */
function inspectBody(request: Request): Refusal | undefined {
  if (request.body.length === 0) return undefined
  const disposition = parseDisposition(request.first('Content-Disposition') ?? '')
  if (disposition?.parameters.get('handling')?.toLowerCase() === 'optional') return undefined
  const encodings = request.all('Content-Encoding').filter((encoding) => encoding.toLowerCase() !== 'identity')
  if (encodings.length > 0) return { status: 415, headers: [['Accept-Encoding', 'identity']] }
  const type = parseMediaType(request.contentType ?? '')?.value
  return type === ACCEPT && isSession(request) ? undefined : { status: 415, headers: [['Accept', ACCEPT]] }
}

/** §21.4.7: who calls must bear with a session description in the answer. */
function inspectAccept(request: Request): Refusal | undefined {
  return request.method !== 'INVITE' || acceptsSession(request) ? undefined : { status: 406, headers: [] }
}

/**
 * Whether a session description may be in the answer (§20.1, §11.2). Without the header it may; an empty one takes nothing. Of several ranges
 * that it is in, the narrowest counts (RFC 9110 §12.5.1).
 */
export function acceptsSession(request: Request): boolean {
  if (request.first('Accept') === undefined) return true
  const ranges = request.all('Accept').flatMap((range) => parseMediaType(range) ?? [])
  const counts = WIDER.map((range) => ranges.find(({ value }) => value === range)).find((one) => one !== undefined)
  return counts !== undefined && qualityOf(counts.parameters) > 0
}

/** The ranges that a session description is in, the narrowest first. */
const WIDER: readonly string[] = [ACCEPT, 'application/*', '*/*']
