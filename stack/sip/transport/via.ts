// What the transport reads and writes in Vias: who sent a request, and where its responses go (RFC 3261 §18.2, RFC 3581).

import type { Endpoint } from '../../../platform/host.ts'
import { change } from '../message/change.ts'
import { literalAddress } from '../message/host.ts'
import type { Request } from '../message/message.ts'
import { printVia, type Via } from '../message/via.ts'

/** Where SIP listens if nothing else is said (RFC 3261 §19.1.2). */
export const SIP_PORT = 5060

/** The request with its top Via as its server completes it: `received` where the sent-by is not the source, and both where `rport` asks. */
export function stamped(request: Request, source: Endpoint): Request {
  const { via } = request
  if (!via.parameters.has('rport') && via.host === source.address) return request
  return change(request, [{ setFirst: 'Via', value: stampedText(request.first('Via') ?? '', via, source) }])
}

/** In most Vias `rport` stands empty and `received` not at all: then the text is completed as it stands. */
function stampedText(text: string, via: Via, source: Endpoint): string {
  const asked = via.parameters.get('rport')
  const plain = asked === undefined ? text : text.replace(EMPTY_RPORT, `;rport=${source.port}`)
  const isPlain = asked === undefined || (asked === '' && plain !== text)
  if (isPlain && !via.parameters.has('received')) return `${plain};received=${source.address}`
  return printVia(stampedVia(via, source))
}

const EMPTY_RPORT = /;rport(?=;|$)/

/** One Via with `received`, and `rport` filled in where it is asked for (§18.2.1, RFC 3581 §4). */
export function stampedVia(via: Via, source: Endpoint): Via {
  const { parameters } = via
  const filled = parameters.has('rport') ? parameters.with('rport', String(source.port)) : parameters
  return { ...via, parameters: filled.with('received', source.address) }
}

/**
 * The address and port to which the response to a request with this top Via goes over UDP (§18.2.2, RFC 3581 §4):
 * maddr, if that is an address, or where it came from; the source port if `rport` asked for it, else the sent-by's, or 5060.
 */
export function replyTo(via: Via, source: Endpoint): readonly [address: string, port: number] {
  const maddr = literalAddress(via.parameters.get('maddr') ?? '')
  if (maddr !== undefined) return [maddr, via.port ?? SIP_PORT]
  return [source.address, via.parameters.has('rport') ? source.port : (via.port ?? SIP_PORT)]
}
