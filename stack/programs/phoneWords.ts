// The words of a phone's options, read. Files were checked before they came here, so that a wrong word is a bug.

import { assert } from '../../platform/assert.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import { type Codec, codecNamed } from '../rtp/codec.ts'
import { type Header, headersIssue } from '../sip/message/build.ts'
import { parseUri, printUri, type Uri } from '../sip/message/uri.ts'
import type { Refusal } from '../sip/user-agent/inspection.ts'
import { readServerName, type ServerName } from '../stun/whereabouts.ts'

/** A SIP URI, written as such or without its scheme's `sip:`. */
export function sipUri(text: unknown): Result<Uri> {
  const parsed = parseUri(String(text))
  if (!parsed.ok || parsed.value.scheme === 'sip') return parsed
  if (parsed.value.scheme === 'sips')
    return failure('URI', `a sip: URI, not "${text}": that asks for TLS, over which no SIP is spoken here`)
  return failure('URI', `a SIP URI such as sip:bob@example.com, not "${text}"`)
}

/** The URI; a wrong one is a bug. */
export function checked(uri: Result<Uri>): Uri {
  assert(uri.ok, `a phone was started with a URI that is none: ${uri.ok ? '' : uri.issue.expected}`)
  return uri.value
}

/** The headers in the order of their names, each value a header of its own; what no INVITE can have is a bug. */
export function invitationHeaders(written: Readonly<Record<string, string | readonly string[]>>): readonly Header[] {
  const named = Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1))
  const headers = named.flatMap(([name, values]) => [values].flat().map((value): Header => [name, value]))
  const issue = headersIssue(headers)
  assert(
    issue === undefined,
    `a phone was started with inviteHeaders whose ${issue?.at} is wrong: expected ${issue?.expected}`,
  )
  return headers
}

/** The server of this name, with its port; a wrong one is a bug. */
export function serverNamed(text: string): ServerName {
  const name = readServerName(text)
  assert(name !== undefined, `a phone was started with the STUN server ${text}, which is none`)
  return name
}

/** The codec of this name; one that we have not is a bug. */
export function known(name: string): Codec {
  const codec = codecNamed(name)
  assert(codec !== undefined, `a phone was started with the codec ${name}, which is none`)
  return codec
}

/** A 3xx, 302 if nothing else is said, that names these SIP URIs; of several each has a `q` of its own, so that nobody tries them at once. A wrong one is a bug. */
export function forwarding(to: readonly string[], status = 302): Refusal {
  const contacts = to.map((text, nth) => {
    const q = Math.round((1000 * (to.length - nth)) / to.length) / 1000
    return `<${printUri(checked(sipUri(text)))}>${to.length > 1 ? `;q=${q}` : ''}`
  })
  return { status, headers: [['Contact', contacts.join(', ')]] }
}

/** How a call is rejected by these parameters: with `status`; where they say `to`, a 3xx that names it. Undefined: as it is without. */
export function refusalOf({ status, to }: Readonly<Record<string, unknown>>): Result<Refusal | undefined> {
  const said = typeof status === 'number' ? status : undefined
  if (to === undefined) return success(said === undefined ? undefined : { status: said, headers: [] })
  const read = sipUri(to)
  if (!read.ok) return read
  if (said !== undefined && said >= 400) return failure('status', `a 3xx, which alone names whom to call, not ${said}`)
  return success(forwarding([String(to)], said))
}
