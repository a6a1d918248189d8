// Symmetric signalling: a request goes where its target was last seen, in its dialog, in its REGISTER, or with its Contact.

import { expect, test } from 'vitest'
import type { Endpoint } from '../../../../platform/host.ts'
import { phone } from '../../../../stack/programs/phone.ts'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { Sources } from '../../../../stack/sip/proxy/sources.ts'
import { Agent } from '../agent.ts'
import { Stage } from '../stage.ts'
import { requestOf, responseOf } from '../written.ts'

const HOME: Endpoint = { address: '203.0.113.9', port: 1024 }
const OFFICE: Endpoint = { address: '198.51.100.3', port: 2048 }
const NEW: Endpoint = { address: '203.0.113.9', port: 1026 }
const BOB = 'To: <sip:bob@example.com>;tag=b'

test('each side of a dialog is where it was seen last, whatever its Contact says', () => {
  const sources = new Sources()
  const contact = 'Contact: <sip:10.0.0.2>'
  sources.note(requestOf('INVITE sip:bob@example.com', contact), HOME)
  sources.noteResponse(responseOf('180 INVITE', contact, BOB), OFFICE, true)
  expect(sources.findPeer(requestOf('BYE sip:10.0.0.2', BOB))).toBe(OFFICE)
  const fromBob = ['From: <sip:bob@example.com>;tag=b', 'To: <sip:alice@example.com>;tag=a'] as const
  expect(sources.findPeer(requestOf('INFO sip:10.0.0.2', ...fromBob))).toBe(HOME)
  sources.note(requestOf('INFO sip:10.0.0.2', BOB), NEW)
  expect(sources.findPeer(requestOf('BYE sip:10.0.0.2', ...fromBob))).toBe(NEW)
  expect(sources.findPeer(requestOf('BYE sip:10.0.0.2', 'Call-ID: 2', BOB))).toBeUndefined()
  sources.noteResponse(responseOf('401 BYE', BOB), OFFICE, false) // it comes again
  expect(sources.findPeer(requestOf('BYE sip:10.0.0.2', BOB))).toBe(OFFICE)
  sources.noteResponse(responseOf('200 BYE', BOB), OFFICE, false)
  expect(sources.findPeer(requestOf('BYE sip:10.0.0.2', BOB))).toBeUndefined()
})

test('of more than 200,000 Contacts the oldest are forgotten, and one that was seen again is not old', () => {
  const sources = new Sources()
  const named = (from: number, count: number): string =>
    Array.from({ length: count }, (_, n) => `<sip:${from + n}@10.0.0.2>`).join(', ')
  const note = (from: number, count: number): void =>
    sources.noteContacts(requestOf('REGISTER sip:example.com', `Contact: ${named(from, count)}`), HOME)
  const isKnown = (n: number): boolean => sources.find(requestOf(`OPTIONS sip:${n}@10.0.0.2`).uri) === HOME
  for (let from = 0; from < 200_000; from += 1000) note(from, 1000)
  expect([0, 1, 199_999].map(isKnown)).toEqual([true, true, true])
  note(0, 1)
  note(200_000, 3)
  expect([0, 1, 2, 3, 4, 200_002].map(isKnown)).toEqual([true, false, false, false, true, true])
})

test.each([
  ['a ping', 'OPTIONS sip:bob@example.com', false],
  ['a call that nobody took', 'INVITE sip:busy@example.com', false],
  ['a call for nobody', 'INVITE sip:nobody@example.com', false],
  ['a call that was answered', 'INVITE sip:bob@example.com', true],
])('%s: whether the caller’s place is remembered', (_what, start, isRemembered) => {
  const stage = new Stage({ alice: '10.0.0.1', bob: '10.0.0.2', proxy: '10.0.0.9' })
  const users = { bob: 'sip:bob@10.0.0.2', busy: 'sip:busy@10.0.0.2' }
  proxy.start(stage.host('proxy'), { domain: 'example.com', users, symmetric: true })
  const alice = new Agent(stage.host('alice'))
  const bob = new Agent(stage.host('bob'), start.includes('busy') ? { INVITE: [[0, 486]] } : {})
  stage.at(0, 'alice', () => void alice.send('10.0.0.9', start))
  const back = ['From: <sip:bob@example.com>;tag=bob', 'To: <sip:alice@example.com>;tag=a']
  stage.at(1000, 'bob', () => void bob.send('10.0.0.9', 'INFO sip:alice@10.0.0.99', ...back))
  stage.run()
  expect(alice.requests.map(({ method }) => method)).toEqual(isRemembered ? ['INFO'] : [])
})

test.each(['alice', 'bob'] as const)(
  'a call that a proxy sends to itself on its way is ended by %s at the first attempt',
  (who) => {
    const stage = new Stage(
      { alice: '10.0.0.1', bob: '10.0.0.2', proxy: '10.0.0.9' },
      { names: { 'example.com': '10.0.0.9' } },
    )
    const users = { all: 'sip:bob@example.com', bob: 'sip:bob@10.0.0.2' }
    proxy.start(stage.host('proxy'), { domain: 'example.com', users, symmetric: true, recordRoute: true })
    const calls = { proxy: '10.0.0.9', talk: false }
    const alice = phone.start(stage.host('alice'), { ...calls, aor: 'sip:alice@example.com' })
    const bob = phone.start(stage.host('bob'), { ...calls, aor: 'sip:bob@example.com', answerAfterMs: 0 })
    stage.at(0, 'alice', () => void alice.do('call', { to: 'sip:all@example.com' }))
    stage.at(1000, who, () => void { alice, bob }[who].do('hang up', {}))
    const ladder = stage.run()
    const times = (label: string): number => ladder.filter((line) => line.includes(label)).length
    // Each crosses two links, and goes from the proxy to itself once.
    expect([': ACK', ': BYE', ': 200 BYE'].map(times)).toEqual([3, 3, 3])
    expect([alice, bob].flatMap(({ holdings }) => holdings!.held())).toEqual([])
  },
)

test('a registrar’s binding has its source; without `symmetric` the Contact counts', () => {
  const callees = (symmetric: boolean): string[] => {
    const stage = new Stage({ alice: '10.0.0.1', bob: '10.0.0.2', carol: '10.0.0.3', proxy: '10.0.0.9' })
    const options = { domain: 'example.com', users: { bob: [] }, registrar: {} }
    proxy.start(stage.host('proxy'), { ...options, symmetric })
    const [bob, carol] = [new Agent(stage.host('bob')), new Agent(stage.host('carol'))]
    const alice = phone.start(stage.host('alice'), { aor: 'sip:alice@example.com', proxy: '10.0.0.9' })
    const identity = ['To: <sip:bob@example.com>', 'From: <sip:bob@example.com>;tag=r', 'Contact: <sip:bob@10.0.0.3>']
    stage.at(0, 'bob', () => void bob.send('10.0.0.9', 'REGISTER sip:example.com', ...identity))
    stage.at(100, 'alice', () => void alice.do('options', { to: 'sip:bob@example.com' }))
    stage.run()
    return [
      ...bob.requests.map(({ method }) => `bob ${method}`),
      ...carol.requests.map(({ method }) => `carol ${method}`),
    ]
  }
  // Bob's agent writes its own Contact besides.
  expect(callees(true)).toEqual(['bob OPTIONS', 'bob OPTIONS'])
  expect(callees(false)).toEqual(['bob OPTIONS', 'carol OPTIONS'])
})

test.each([
  ['', 'bob OPTIONS', '200 OPTIONS'],
  [';transport=udp', 'bob OPTIONS', '200 OPTIONS'],
  // What the URI asks for goes before where it was seen: over UDP there is no TLS, nor TCP.
  [';transport=tls', '', '500 OPTIONS'],
  [';transport=tcp', '', '500 OPTIONS'],
])('a Contact with “%s” that was seen over UDP: %s, %s', (transport, requests, answer) => {
  const stage = new Stage({ alice: '10.0.0.1', bob: '10.0.0.2', proxy: '10.0.0.9' })
  const users = { bob: `sip:bob@192.168.0.2${transport}` }
  proxy.start(stage.host('proxy'), { domain: 'example.com', users, symmetric: true })
  const [alice, bob] = [new Agent(stage.host('alice')), new Agent(stage.host('bob'))]
  const contact = `Contact: <sip:bob@192.168.0.2${transport}>`
  stage.at(0, 'bob', () => void bob.send('10.0.0.9', 'OPTIONS sip:example.com', contact))
  stage.at(100, 'alice', () => void alice.send('10.0.0.9', 'OPTIONS sip:bob@example.com'))
  stage.run()
  expect([bob.requests.map(({ method }) => `bob ${method}`).join(), alice.heard.at(-1)?.replace(/^\S+ /, '')]).toEqual([
    requests,
    answer,
  ])
})
