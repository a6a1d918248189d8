// SIP over TCP: where messages end, what a call looks like on it, and what becomes of a large request whose other end has no TCP.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { classify } from '../../../../experiments/classify.ts'
import type { TraceRecord } from '../../../../platform/trace.ts'
import type { FaultRule } from '../../../../sim/faults/rule.ts'
import type { Direction } from '../../../../sim/network/direction.ts'
import { Network } from '../../../../sim/network/network.ts'
import { phone } from '../../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../../stack/programs/phoneOptions.ts'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { Framing } from '../../../../stack/sip/transport/framing.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What comes out of a stream that is cut at these places. */
function framed(stream: string, cuts: readonly number[], hears: 'pings' | 'pongs' = 'pings'): string[] {
  const out: string[] = []
  const text = (one: Uint8Array): string => new TextDecoder().decode(one)
  const framing = new Framing(
    {
      message: (one) => out.push(text(one)),
      keepAlive: () => out.push(hears === 'pings' ? 'ping' : 'pong'),
      broken: (one) => out.push(`broken: ${text(one)}`),
    },
    hears,
  )
  const all = bytes(stream)
  const places = [0, ...[...cuts].sort((a, b) => a - b).map((cut) => Math.min(cut, all.length)), all.length]
  for (let n = 1; n < places.length; n++) framing.take(all, places[n - 1]!, places[n]!)
  return out
}

const message = (body: string, name = 'Content-Length'): string =>
  `OPTIONS sip:a SIP/2.0\r\n${name}: ${body.length}\r\n\r\n${body}`

describe('messages in a stream', () => {
  law.prop([
    fc.array(fc.string({ unit: fc.constantFrom('x', '\r', '\n', ' ') }), { maxLength: 5 }),
    fc.array(fc.nat(400), { maxLength: 12 }),
  ])('come out whole, however the stream is cut', (bodies, cuts) => {
    const messages = bodies.map((body, n) => message(body, n % 2 === 0 ? 'Content-Length' : 'l'))
    expect(framed(messages.join(''), cuts)).toEqual(messages)
  })
  test('two line ends are a keep-alive', () => {
    expect(framed(`\r\n\r\n${message('hi')}\r\n\r\n`, [])).toEqual(['ping', message('hi'), 'ping'])
  })
  test('two line ends are a ping also where they come apart, and where pings go out each is a pong', () => {
    expect(framed('\r\n\r\n', [1, 2, 3])).toEqual(['ping'])
    expect(framed(`\r\n${message('a')}\r\n${message('b')}`, [])).toEqual([message('a'), message('b')])
    expect(framed(`\r\n\r\n${message('a')}\r\n`, [2], 'pongs')).toEqual(['pong', 'pong', message('a'), 'pong'])
  })
  test('the length may stand in a further line (§7.3.1)', () => {
    const folded = message('hello').replace('Content-Length: 5', 'Content-Length :\r\n\t5\r\n ')
    expect(framed(`${folded}${message('b')}`, [])).toEqual([folded, message('b')])
  })
  test('without a length nothing more can be told apart', () => {
    const stream = `${message('a')}OPTIONS sip:b SIP/2.0\r\n\r\n${message('c')}`
    expect(framed(stream, [])).toEqual([message('a'), `broken: ${stream.slice(message('a').length)}`])
  })
})

interface Scene {
  readonly alice?: Partial<PhoneOptions>
  readonly bob?: Partial<PhoneOptions>
  readonly proxyTransport?: 'udp' | 'tcp'
  /** Default true: all of the call goes by way of the proxy. */
  readonly recordRoute?: boolean
  readonly link?: Partial<Direction>
  readonly seed?: string
  readonly faults?: readonly FaultRule[]
}

/** Alice calls Bob by way of the proxy, Bob answers after a second, Alice hangs up at 20 s. */
function call({
  alice = {},
  bob = {},
  proxyTransport = 'tcp',
  recordRoute = true,
  link = {},
  seed = '1',
  faults = [],
}: Scene) {
  const records: TraceRecord[] = []
  const network = new Network({
    seed,
    faults,
    level: 'signalling',
    classify,
    sinks: [(record) => records.push(record)],
  })
  const addresses = { alice: '10.0.0.1', bob: '10.0.0.2', proxy: '10.0.0.3' }
  network.router('lan')
  for (const [name, address] of Object.entries(addresses)) {
    network.host(name, { interfaces: [{ address: `${address}/32` }], gateway: 'lan', tcp: { minimumRtoMs: 200 } })
    const direction = { delayNs: 1e6, ...link }
    network.link({ between: [name, 'lan'], up: direction, down: direction })
  }
  network.seal()
  const way = bob.transport === 'tcp' ? ';transport=tcp' : ''
  const users = { bob: `sip:bob@${addresses.bob}${way}` }
  proxy.start(network.hostOf('proxy'), { domain: 'example.com', users, transport: proxyTransport, recordRoute })
  const common = { proxy: addresses.proxy, talk: false }
  const caller = phone.start(network.hostOf('alice'), { aor: 'sip:alice@example.com', ...common, ...alice })
  phone.start(network.hostOf('bob'), { aor: 'sip:bob@example.com', answerAfterMs: 1000, ...common, ...bob })
  network.ask(0, 'alice', () => caller.do('call', { to: 'sip:bob@example.com' }))
  network.ask(20e9, 'alice', () => caller.do('hang up', {}))
  network.run(200e9)
  const ways = (name: string, label: string): string[] =>
    records.flatMap((one) =>
      one.kind === 'sent' && one.id.node === name && one.packet.label.name === label ? [one.packet.protocol] : [],
    )
  const states = records.flatMap((one) =>
    one.kind === 'transition' && one.machine === 'call' && one.id.node === 'alice' ? [one.to] : [],
  )
  const timers = records.flatMap((one) =>
    one.kind === 'transition' && one.timer !== undefined && one.machine.endsWith('lient') ? [one.timer] : [],
  )
  const times = (name: string, label: string): number[] =>
    records.flatMap((one) =>
      one.kind === 'sent' && one.id.node === name && one.packet.label.name === label ? [Math.round(one.at / 1e6)] : [],
    )
  return { ways, states, timers, times }
}

const TCP = { transport: 'tcp' } as const
const LARGE = { inviteHeaders: { 'X-Large': 'x'.repeat(1200) } }

describe('a call', () => {
  test('over TCP all the way', () => {
    const { ways, states } = call({ alice: TCP, bob: TCP })
    for (const label of ['INVITE', 'ACK', 'BYE']) {
      expect([label, ways('alice', label), ways('proxy', label)]).toEqual([label, ['tcp'], ['tcp']])
    }
    expect(ways('bob', '200 INVITE')).toEqual(['tcp'])
    expect(states.slice(-2)).toEqual(['ending', 'ended'])
  })
  test('over TCP to the proxy, which goes on over UDP', () => {
    const { ways, states } = call({ alice: TCP })
    expect([ways('alice', 'INVITE'), ways('proxy', 'INVITE'), ways('proxy', '200 INVITE')]).toEqual([
      ['tcp'],
      ['udp'],
      ['tcp'],
    ])
    expect(states.at(-1)).toBe('ended')
  })
  test('from one who prefers TCP straight to one who does not: what is said without the proxy goes over UDP (RFC 3263 §4.1)', () => {
    const { ways, states } = call({ alice: TCP, recordRoute: false })
    expect(['INVITE', 'ACK', 'BYE'].map((label) => ways('alice', label))).toEqual([['tcp'], ['udp'], ['udp']])
    expect(states.slice(-2)).toEqual(['ending', 'ended'])
  })
  test('and the other way round: a Contact that says TCP gets it', () => {
    const { ways, states } = call({ bob: TCP, recordRoute: false })
    expect(['INVITE', 'ACK', 'BYE'].map((label) => ways('alice', label))).toEqual([['udp'], ['tcp'], ['tcp']])
    expect(states.slice(-2)).toEqual(['ending', 'ended'])
  })
  test('without a proxy, over what the caller prefers', () => {
    const { ways, states } = call({ alice: { ...TCP, proxy: '10.0.0.2' }, bob: TCP })
    expect(['INVITE', 'ACK', 'BYE'].map((label) => ways('alice', label))).toEqual([['tcp'], ['tcp'], ['tcp']])
    expect(states.at(-1)).toBe('ended')
  })
  test('over UDP to the proxy, which goes on over TCP', () => {
    const { ways, states } = call({ bob: TCP })
    expect([ways('alice', 'INVITE'), ways('proxy', 'INVITE'), ways('proxy', '200 INVITE')]).toEqual([
      ['udp'],
      ['tcp'],
      ['udp'],
    ])
    expect(states.at(-1)).toBe('ended')
  })
  test('the proxy has no TCP: the call fails at once', () => {
    const { states } = call({ alice: TCP, proxyTransport: 'udp' })
    expect(states.at(-1)).toBe('ended')
  })
  law.prop([fc.nat(1000)], { numRuns: 10 })(
    'over TCP a network that loses costs time, and SIP repeats no request',
    (seed) => {
      const loss = { model: 'random', ratio: 0.1 } as const
      const { states, timers } = call({ alice: TCP, bob: TCP, link: { loss }, seed: String(seed) })
      expect(states).toContain('established')
      expect(timers.filter((timer) => timer === 'A' || timer === 'E')).toEqual([])
    },
  )
})

describe('a request of more than 1300 bytes (RFC 3261 §18.1.1)', () => {
  test('goes over TCP where there is TCP', () => {
    const { ways } = call({ alice: LARGE, bob: TCP })
    expect(ways('proxy', 'INVITE')).toEqual(['tcp'])
  })
  test('goes over UDP after all where the other end has none', () => {
    const { ways, states } = call({ alice: LARGE })
    expect(ways('proxy', 'INVITE').at(-1)).toBe('udp')
    expect(states).toContain('established')
  })
  test('and is sent again there after T1, 2·T1, … from then on', () => {
    const faults = [1, 2].map(
      (nth) => ({ where: 'bob--lan from lan', match: { label: 'INVITE', nth }, action: { drop: true } }) as const,
    )
    const { times } = call({ alice: LARGE, faults })
    expect(times('proxy', 'INVITE')).toEqual([6, 506, 1506])
  })
})
