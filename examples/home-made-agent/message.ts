// As much of SIP's syntax as this agent needs: a message in parts, and what is answered to a request.

import type { Datagram } from 'siptwin/platform'

export interface Message {
  /** `INVITE` or `200`. */
  readonly what: string
  readonly isRequest: boolean
  /** In their order, names in small letters. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** Reads a datagram; undefined where it is no SIP message. */
export function read(datagram: Datagram): Message | undefined {
  const text = new TextDecoder().decode(datagram.bytes())
  const [head = '', ...body] = text.split('\r\n\r\n')
  const [start = '', ...lines] = head.split('\r\n')
  const request = /^(\S+) \S+ SIP\/2\.0$/.exec(start)
  const response = /^SIP\/2\.0 (\d{3}) /.exec(start)
  const what = request?.[1] ?? response?.[1]
  if (what === undefined) return undefined
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { what, isRequest: request !== null, headers, body: body.join('\r\n\r\n') }
}

/** The first header of that name; empty where there is none. */
export function header({ headers }: Message, name: string): string {
  return headers.find(([one]) => one === name)?.[1] ?? ''
}

export function branchOf(message: Message): string {
  return /branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? ''
}

/** A response to a request that came from there: its Vias, the top one with where it really came from (RFC 3581), and its own To tag. */
export function answerTo(
  request: Message,
  { from }: Pick<Datagram, 'from'>,
  status: string,
  toTag: string,
  more: readonly string[] = [],
  body = '',
): string {
  let isTop = true
  const copied = request.headers.flatMap(([name, value]) => {
    if (name === 'via') {
      const via = isTop ? value.replace(/;rport(?=;|$)/, `;received=${from.address};rport=${from.port}`) : value
      isTop = false
      return [`Via: ${via}`]
    }
    if (name === 'to') return [`To: ${/;tag=/.test(value) ? value : `${value};tag=${toTag}`}`]
    if (name === 'record-route') return [`Record-Route: ${value}`]
    const kept = { from: 'From', 'call-id': 'Call-ID', cseq: 'CSeq' }[name]
    return kept === undefined ? [] : [`${kept}: ${value}`]
  })
  return [`SIP/2.0 ${status}`, ...copied, ...more, `Content-Length: ${body.length}`, '', body].join('\r\n')
}

/** What is said to an offer of audio: its first codec, at port 10000. */
export function sdp(address: string, offer: string): string {
  const codec = /^m=audio \d+ RTP\/AVP (\d+)/m.exec(offer)?.[1] ?? '0'
  const lines = [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio 10000 RTP/AVP ${codec}`,
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}
