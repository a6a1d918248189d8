// Hosts with addresses of both versions: what a phone or a proxy writes into Via, Contact, Record-Route and descriptions is of the version that
// the other side speaks, so that it can be reached there.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import { latin1Decode } from '../../../platform/text.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import { proxy } from '../../../stack/programs/proxy.ts'
import { answer } from '../../../stack/sip/message/answer.ts'
import type { Request } from '../../../stack/sip/message/message.ts'
import { TransactionLayer } from '../../../stack/sip/transaction/layer.ts'
import { RFC_TIMERS } from '../../../stack/sip/transaction/timers.ts'
import { SipTransport } from '../../../stack/sip/transport/transport.ts'

const FOUR = '10.0.0'
const SIX = '2001:db8:'

/** Alice calls bob, who answers; after 2 s she hangs up. What was sent of SIP, and what both heard of each other. */
function call(alice: string, bob: string, options: { readonly to: string; readonly proxied?: boolean }) {
  const sent: string[] = []
  const heard: string[] = []
  const network = new Network({
    ...{ seed: 'versions', level: 'signalling', classify },
    sinks: [
      (record) => {
        if (record.kind === 'sent' && !record.packet.label.media)
          sent.push(`${record.id.node} ${record.packet.label.name}`)
        if (record.kind === 'remark' && record.what === 'media ended')
          heard.push(`${record.id.node} ${record.details.received}`)
      },
    ],
  })
  const interfaces = (versions: string, n: number) =>
    [...versions].map((version) => ({ address: version === '4' ? `${FOUR}.${n}/24` : `${SIX}:${n}/64` }))
  network.router('lan')
  for (const [n, [name, versions]] of [
    ['alice', alice],
    ['bob', bob],
    ['proxy', '46'],
  ].entries()) {
    network.host(name!, { interfaces: interfaces(versions!, n + 1), gateway: 'lan' })
    network.link({ between: [name!, 'lan'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  }
  network.names.set('six.example', [{ type: 'AAAA', ttlSeconds: 60, address: `${SIX}:2` }])
  network.names.set('proxy.example', [{ type: 'AAAA', ttlSeconds: 60, address: `${SIX}:3` }])
  network.seal()
  const users = { alice: [], bob: [] }
  proxy.start(network.hostOf('proxy'), { domain: 'example.com', users, recordRoute: true, registrar: {} })
  const way = options.proxied ? { proxy: 'proxy.example', register: true } : {}
  const caller = phone.start(network.hostOf('alice'), { aor: 'sip:alice@example.com', ...way })
  phone.start(network.hostOf('bob'), { aor: 'sip:bob@example.com', answerAfterMs: 0, ...way })
  network.ask(1e9, 'alice', () => caller.do('call', { to: options.to }))
  network.ask(3e9, 'alice', () => caller.do('hang up', {}))
  network.run(10e9)
  return { sent: sent.join(', '), heard: heard.sort() }
}

const DIRECT = 'alice INVITE, bob 180 INVITE, bob 200 INVITE, alice ACK, alice BYE, bob 200 BYE'

test.each([
  ['6', '46', `sip:bob@[${SIX}:2]`],
  ['46', '6', `sip:bob@[${SIX}:2]`],
  ['46', '46', `sip:bob@[${SIX}:2]`],
  ['64', '4', `sip:bob@${FOUR}.2`],
  ['4', '64', `sip:bob@${FOUR}.2`],
  ['64', '46', `sip:bob@example.net;maddr=${FOUR}.2`],
  ['46', '6', 'sip:bob@six.example'],
  ['46', '46', 'sip:bob@six.example'],
])('a caller of IPv%s, a callee of IPv%s, %s', (alice, bob, to) => {
  expect(call(alice, bob, { to })).toEqual({ sent: DIRECT, heard: ['alice 100', 'bob 100'] })
})

test.each([
  ['6', '6'],
  ['46', '6'],
  ['6', '46'],
])('a proxy of both stays on the path from IPv%s to IPv%s', (alice, bob) => {
  const { sent, heard } = call(alice, bob, { to: 'sip:bob@example.com', proxied: true })
  expect(sent).toMatch(/alice ACK, proxy ACK, .*alice BYE, proxy BYE, bob 200 BYE, proxy 200 BYE$/)
  expect(heard).toEqual(['alice 100', 'bob 100'])
})

/** Alice of both versions and a registrar of both by one name, which leads to the other version from 10 s on. What her REGISTERs said. */
function moved(from: string, to: string): readonly string[] {
  const contacts: string[] = []
  const network = new Network({ seed: 'versions', level: 'counters', classify, sinks: [] })
  network.host('alice', { interfaces: [{ address: `${FOUR}.1/24` }, { address: `${SIX}:1/64` }] })
  network.host('registrar', { interfaces: [{ address: `${FOUR}.2/24` }, { address: `${SIX}:2/64` }] })
  network.link({ between: ['alice', 'registrar'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  const leads = (version: string): unknown => {
    const record =
      version === '4'
        ? ({ type: 'A', address: `${FOUR}.2` } as const)
        : ({ type: 'AAAA', address: `${SIX}:2` } as const)
    return network.names.set('example.com', [{ ttlSeconds: 1, ...record }])
  }
  leads(from)
  network.seal()
  const host = network.hostOf('registrar')
  const layer = new TransactionLayer(host, new SipTransport(host), RFC_TIMERS, {
    request: (request, server) => {
      contacts.push(request.all('Contact').join(', '))
      server.respond(answer(request, 200, { toTag: 'r' }))
    },
    ack: () => undefined,
  })
  phone.start(network.hostOf('alice'), { aor: 'sip:alice@example.com', register: true, expiresSeconds: 60 })
  network.ask(10e9, 'registrar', () => leads(to))
  network.run(40e9)
  layer.close()
  return contacts
}

const CONTACT = { 4: `<sip:alice@${FOUR}.1:5060>`, 6: `<sip:alice@[${SIX}:1]:5060>` } as const

test.each([
  ['4', '6', [CONTACT[4], `${CONTACT[6]}, ${CONTACT[4]};expires=0`]],
  ['6', '4', [CONTACT[6], `${CONTACT[4]}, ${CONTACT[6]};expires=0`]],
  ['6', '6', [CONTACT[6], CONTACT[6]]],
])('a registrar whose name leads from IPv%s to IPv%s is told so by the refresh', (from, to, expected) => {
  expect(moved(from, to)).toEqual(expected)
})

test('a 302 to a host of the other version is followed as one of that version: Contact and description say so', () => {
  const invites: Request[] = []
  const network = new Network({ seed: 'versions', level: 'counters', classify, sinks: [] })
  network.router('lan')
  for (const [n, name] of ['alice', 'four', 'six'].entries()) {
    const addresses = [`${FOUR}.${n + 1}/24`, `${SIX}:${n + 1}/64`]
    const own = name === 'alice' ? addresses : [addresses[name === 'four' ? 0 : 1]!]
    network.host(name, { interfaces: own.map((address) => ({ address })), gateway: 'lan' })
    network.link({ between: [name, 'lan'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  }
  network.names.set('six.example', [{ type: 'AAAA', ttlSeconds: 60, address: `${SIX}:3` }])
  network.seal()
  const answers = { four: [302, '<sip:bob@six.example>'], six: [486, `<sip:bob@[${SIX}:3]>`] } as const
  for (const [name, [status, contact]] of Object.entries(answers)) {
    const host = network.hostOf(name)
    new TransactionLayer(host, new SipTransport(host), RFC_TIMERS, {
      request: (request, server) => {
        invites.push(request)
        server.respond(answer(request, status, { toTag: name, headers: [['Contact', contact]] }))
      },
      ack: () => undefined,
    })
  }
  const alice = phone.start(network.hostOf('alice'), { aor: 'sip:alice@example.com' })
  network.ask(0, 'alice', () => alice.do('call', { to: `sip:bob@${FOUR}.2` }))
  network.run()
  const said = invites.map((invite) => [invite.all('Contact').join(), latin1Decode(invite.body).match(/^c=.*$/m)?.[0]])
  expect(said).toEqual([
    [CONTACT[4], `c=IN IP4 ${FOUR}.1`],
    [CONTACT[6], `c=IN IP6 ${SIX}:1`],
  ])
})

test.each(['sip:alice@[2001:db8::1]', 'sip:alice@[2001:db8::1]:5070', 'sip:alice@10.0.0.1'])('a phone is %s', (aor) => {
  const network = new Network({ seed: 'literal', level: 'counters', classify, sinks: [] })
  network.host('alice', { interfaces: [{ address: '2001:db8::1/64' }] })
  network.seal()
  expect(phone.start(network.hostOf('alice'), { aor }).do('hang up', {})).toBeDefined()
})
