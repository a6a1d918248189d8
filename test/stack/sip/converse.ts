// Requests written by hand, sent to a phone from another host's socket, and all that comes back, as its text.

import { classify } from '../../../experiments/classify.ts'
import { latin1Decode, utf8Encode } from '../../../platform/text.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'

export const SDP = 'v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'

const NOTHING = new Uint8Array(0)

export interface Written {
  readonly uri?: string
  readonly branch?: string
  readonly to?: string
  readonly cseq?: number
  readonly call?: string
  /** What the top Via says; default an address and a branch. */
  readonly via?: string
  readonly contact?: string
  /** Further header lines. */
  readonly more?: readonly string[]
  readonly body?: string
}

/** One request; `to` is the tag of To. */
export function write(
  method: string,
  {
    uri = 'sip:bob@10.0.0.2',
    branch = '1',
    to = '',
    cseq = 1,
    call = 'c',
    more = [],
    body = '',
    via,
    contact,
  }: Written,
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: ${via ?? `SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK${branch}`}`,
    'Max-Forwards: 70',
    'From: <sip:tester@10.0.0.1>;tag=t',
    `To: <sip:bob@10.0.0.2>${to === '' ? '' : `;tag=${to}`}`,
    `Call-ID: ${call}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: ${contact ?? '<sip:tester@10.0.0.1>'}`,
    ...more,
    `Content-Length: ${utf8Encode(body).length}`,
    '',
    body,
  ].join('\r\n')
}

/** A response to a request of the phone's, with the tag `r` and these lines besides. */
export function reply(request: string, status: string, more: readonly string[] = [], body = ''): string {
  const copied = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq|Record-Route):/.test(line))
  const lines = copied.map((line) => (line.startsWith('To:') && !line.includes(';tag=') ? `${line};tag=r` : line))
  return [`SIP/2.0 ${status}`, ...lines, ...more, `Content-Length: ${body.length}`, '', body].join('\r\n')
}

/** What the tester says to a request of the phone's, at once. */
export type Tester = (request: string) => readonly string[]

/**
 * Sends each request half a second after the one before, and gives all that comes back, each as its text. `TAG` in a request is bob's last tag;
 * `do answer` and `do call sip:…` are for the phone.
 */
export function converse(
  requests: readonly string[],
  options: Partial<PhoneOptions> = {},
  tester: Tester = () => [],
): string[] {
  const network = new Network({ seed: 'reception', level: 'counters', classify, sinks: [] })
  network.host('bob', { interfaces: [{ address: '10.0.0.2/24' }] })
  network.host('tester', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.link({ between: ['bob', 'tester'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  const bob = phone.start(network.hostOf('bob'), { aor: 'sip:bob@b.example', talk: false, ...options })
  const host = network.hostOf('tester')
  const heard: string[] = []
  let tag = ''
  const socket = host.udp(
    { port: 5060 },
    {
      received: (datagram) => {
        const text = latin1Decode(datagram.bytes())
        heard.push(text)
        tag = /To:.*tag=(\S+)/.exec(text)?.[1] ?? tag
        for (const said of tester(text)) if (socket.ok) socket.value.send(datagram.from, NOTHING, utf8Encode(said))
      },
      failed: () => undefined,
    },
  )
  if (!socket.ok) throw new Error(socket.issue.expected)
  for (const [at, text] of requests.entries()) {
    network.ask(at * 5e8, 'tester', () => {
      const [, verb, to] = /^do (\w+(?: up)?)(?: (.*))?$/.exec(text) ?? []
      if (verb !== undefined) bob.do(verb, { to })
      else socket.value.send(host.endpoint('10.0.0.2', 5060), NOTHING, utf8Encode(text.replaceAll('TAG', tag)))
    })
  }
  network.run(requests.length * 5e8)
  return heard
}

/** `405 OPTIONS` of a response. */
export function line(text: string): string {
  return `${/^SIP\/2.0 (\d+)/.exec(text)?.[1]} ${/CSeq: \d+ (\S+)/.exec(text)?.[1]}`
}

/** The status and method of each response. */
export const lines = (...story: Parameters<typeof converse>): string =>
  converse(...story)
    .map(line)
    .join(', ')
export const INVITE = write('INVITE', { more: ['Content-Type: application/sdp'], body: SDP })
export const ACK = write('ACK', { to: 'TAG', branch: 'ack' })
