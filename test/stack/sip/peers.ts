// Peers that say anything: requests and responses that are legal, odd or damaged, to a phone and a proxy in the middle of their calls.

import { readdirSync, readFileSync } from 'node:fs'
import { classify } from '../../../experiments/classify.ts'
import type { Host } from '../../../platform/host.ts'
import { type RandomStream, RandomStreams } from '../../../platform/random.ts'
import { latin1Decode, latin1Encode } from '../../../platform/text.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import { proxy } from '../../../stack/programs/proxy.ts'
import { reply, SDP, write } from './converse.ts'

const CORPUS = readdirSync('bench/corpus').map((name) =>
  latin1Decode(new Uint8Array(readFileSync(`bench/corpus/${name}`))),
)
const NOTHING = new Uint8Array(0)

// biome-ignore format: a table
const URIS = [
  'sip:bob@10.0.0.2', 'sip:bob@example.com', 'sip:example.com', 'sip:10.0.0.9;lr', 'sip:tester@10.0.0.1', 'sip:bob@10.0.0.9:5060',
  'sip:bob@example.com;maddr=10.0.0.9', 'sip:bob@10.0.0.2;maddr=foo', 'sip:x@[2001:db8::1]:5061;transport=tcp', 'sip:x@[::1]', 'sip:bob@10.0.0.1:0',
  'sip:bob@255.255.255.255', 'sip:bob@224.0.0.1', 'sip:bob@0.0.0.0', 'sip:x@nowhere.example', 'sip:%00%ff@example.com', 'sip:__proto__@example.com',
  'sip:b:pw@10.0.0.2;ttl=1;method=BYE?x=y', 'sips:bob@example.com', 'sip:bob@example.com;transport=tls', 'tel:+123', 'urn:x:y', 'mailto:a@b',
]
const NUMBERS = ['0', '1', '60', '2147483647', '4294967295', '99999999999999999999', '-1', 'x']
const METHODS = ['INVITE', 'INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'UPDATE', 'FOO']
// biome-ignore format: a table
const STATUSES = [
  '100 T', '180 R', '183 P', '200 OK', '200 OK', '302 M', '401 U', '407 P', '423 I', '486 B', '503 U', '603 D', '999 X',
]
// biome-ignore format: a table
const BODIES = [
  SDP, '', 'v=0', SDP.replace('4000', '65535'), SDP.replace('AVP 0', 'AVP 0\r\na=ptime:99999999\r\na=maxptime:-1'), `${SDP}m=audio 0 RTP/AVP 0\r\n`,
  ...['4 255.255.255.255', '4 host.example', '6 ::', '6 2001:db8::7'].map((place) => SDP.replace('c=IN IP4 10.0.0.1', `c=IN IP${place}`)),
]

/** Draws what a peer may say. */
class Peer {
  readonly #random: RandomStream

  constructor(random: RandomStream) {
    this.#random = random
  }

  one<T>(of: readonly T[]): T {
    return of[this.#random.below(of.length)]!
  }

  chance(ratio: number): boolean {
    return this.#random.chance(ratio)
  }

  via(): string {
    const host = this.one(['x.example', '[::1]', '10.0.0.1:0', '10.0.0.2:5060', '10.0.0.1'])
    const parameters = ['', ';rport', ';maddr=foo', ';maddr=[::1]', ';maddr=10.0.0.1', ';received=z;rport=1']
    return `SIP/2.0/${this.one(['UDP', 'TCP'])} ${host};branch=${this.one(['z9hG4bK1', 'old'])}${this.one(parameters)}`
  }

  header(): string {
    const uri = this.one(URIS)
    const number = this.one(NUMBERS)
    // biome-ignore format: a table
    return this.one([
      `Contact: <${uri}>`, `Contact: <${uri}>;expires=${number};q=${number}`, 'Contact: *', `Route: <${uri}>`, `Route: <sip:10.0.0.9;lr>, <${uri};lr>`,
      `Record-Route: <${uri}>`, `Record-Route: <${uri};lr>`, `Path: <${uri}>`, `To: <${uri}>;tag=1`, `From: <${uri}>;tag=2`,
`Via: ${this.via()}`,
      `Expires: ${number}`, `Max-Forwards: ${number}`, `Max-Breadth: ${number}`, `Min-Expires: ${number}`, `Retry-After: ${number}`, `CSeq: ${number} INVITE`,
      'Require: 100rel', 'Proxy-Require: x', 'Content-Disposition: x;handling=optional', `Content-Type: ${this.one(['text/plain', 'application/sdp;x=y'])}`,
      `WWW-Authenticate: Digest realm="r", nonce="n", qop="auth,auth-int", stale=${this.chance(0.5)}, algorithm=${this.one(['MD5', 'SHA-256-sess', 'x'])}`,
      `Authorization: Digest username="bob", realm="example.com", nonce="${this.one(['', '0.0.x', 'zz'])}", uri="${uri}", response="0", qop=auth, nc=00000001, cnonce="q"`,
    ])
  }

  headers(): string[] {
    return Array.from({ length: this.#random.below(4) }, () => this.header())
  }

  request(tag: string): string {
    const body = this.one(BODIES)
    const type = body === '' ? [] : ['Content-Type: application/sdp']
    const known = {
      call: this.one(['c', 'd']),
      branch: this.one(['1', '2', '3']),
      to: this.one(['', tag]),
      cseq: this.one([1, 1, 2, 3]),
    }
    const message = write(this.one(METHODS), {
      ...{ ...known, body, more: [...type, ...this.headers()] },
      ...{ uri: this.one(this.chance(0.5) ? URIS.slice(0, 3) : URIS), contact: `<${this.one(URIS)}>` },
      ...(this.chance(0.2) ? { via: this.via() } : {}),
    })
    return this.chance(0.4) ? this.damaged(message) : message
  }

  response(request: string): string {
    const message = reply(
      request,
      this.one(STATUSES),
      ['Content-Type: application/sdp', ...this.headers()],
      this.one(BODIES),
    )
    return this.chance(0.3) ? this.damaged(message) : message
  }

  /** Lines gone, doubled, and other letters, numbers and URIs in their places. */
  damaged(message = this.one(CORPUS)): string {
    const lines = message.split('\r\n')
    for (let count = 1 + this.#random.below(4); count > 0; count--) {
      const at = this.#random.below(lines.length)
      const line = lines[at]!
      const letter = this.#random.below(line.length + 1)
      // biome-ignore format: a table
      lines.splice(at, 1, ...this.one([
        [], [line, line], [this.header(), line], [line.replace(/sip:[^>;\s]*/, this.one(URIS))], [line.replace(/\d+/, this.one(NUMBERS))],
        [line.slice(0, letter) + String.fromCharCode(this.#random.below(256)) + line.slice(letter + this.#random.below(3))],
      ]))
    }
    return lines.join('\r\n')
  }
}

/** A phone and a proxy, and a peer that speaks to both for 5 s; then two more minutes. What stops the run is thrown. */
export function hear(world: number): void {
  const network = new Network({ seed: `peers ${world}`, level: 'counters', classify, sinks: [] })
  network.router('net')
  for (const [name, address] of [
    ['bob', '10.0.0.2'],
    ['tester', '10.0.0.1'],
    ['proxy', '10.0.0.9'],
  ] as const) {
    network.host(name, { interfaces: [{ address: `${address}/24` }], gateway: 'net' })
    network.link({ between: [name, 'net'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  }
  network.names.set('example.com', [{ type: 'A', ttlSeconds: 60, address: '10.0.0.9' }])
  network.seal()
  const is = (divisor: number): boolean => world % divisor === 0
  const transport = is(3) ? 'tcp' : 'udp'
  const own = is(2) ? { password: 'p', proxy: '10.0.0.9' } : { register: true, registrar: 'sip:10.0.0.1' }
  const bob = phone.start(network.hostOf('bob'), {
    ...{ aor: 'sip:bob@example.com', lines: 3, transport, talk: is(5), answerAfterMs: is(7) ? 1e9 : 500, ...own },
  })
  proxy.start(network.hostOf('proxy'), {
    ...{ domain: 'example.com', users: { bob: URIS[0]!, odd: ['sip:t@10.0.0.1', 'sip:x@nowhere.example'] }, transport },
    ...{ recordRoute: is(3), recurse: is(2), symmetric: is(4), ...(is(2) ? { registrar: {} } : {}) },
    ...(is(8) ? { passwords: { bob: 'p' }, challengeRequests: true } : {}),
  })
  const tester: Host = network.hostOf('tester')
  const peer = new Peer(new RandomStreams(`peers ${world}`).take('peer'))
  let tag = 'x'
  const socket = tester.udp(
    { port: 5060 },
    {
      received: (datagram) => {
        const { from } = datagram
        const text = latin1Decode(datagram.bytes())
        tag = /To:.*tag=([^\s;]+)/.exec(text)?.[1] ?? tag
        if (text.startsWith('SIP') || text.startsWith('ACK')) return
        for (let count = peer.one([0, 1, 2]); count > 0; count--) {
          const said = latin1Encode(peer.response(text))
          tester.after(peer.one([0, 300]), () => socket.ok && socket.value.send(from, NOTHING, said))
        }
      },
      failed: () => undefined,
    },
  )
  if (!socket.ok) throw new Error(socket.issue.expected)
  for (let turn = 0; turn < 25; turn++) {
    network.ask(turn * 2e8, 'tester', () => {
      const wish = peer.one(['call', 'other', 'say', 'say', 'say', 'say', 'say', 'say', 'say', 'say'])
      if (wish === 'call') bob.do('call', { to: peer.one(['sip:t@10.0.0.1', 'sip:odd@example.com', 'sip:x@[::1]']) })
      else if (wish === 'other')
        bob.do(peer.one(['answer', 'hang up', 'cancel', 'reject', 'register', 'unregister']), {})
      else {
        const said = peer.chance(0.25) ? peer.damaged() : peer.request(tag)
        socket.value.send(tester.endpoint(peer.one(['10.0.0.2', '10.0.0.9']), 5060), NOTHING, latin1Encode(said))
      }
    })
  }
  network.run(120e9)
}
