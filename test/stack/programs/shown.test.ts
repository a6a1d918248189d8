// Phones behind NATs that ask a STUN server how they are seen: what their Contact and their description say, how they keep their flow
// alive, and what they do when it changes.

import { describe, expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import { utf8Decode } from '../../../platform/text.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { NatOptions } from '../../../sim/boxes/nat/options.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'
import { proxy } from '../../../stack/programs/proxy.ts'
import { stunServer } from '../../../stack/programs/stunServer.ts'

interface Given {
  readonly nat?: Partial<NatOptions>
  readonly alice?: Partial<PhoneOptions>
  readonly stunPower?: boolean
  readonly proxyPower?: boolean
  /** When the NAT forgets everything, s. */
  readonly rebootAt?: number
  readonly until?: number
  /** When alice calls or hangs up, or bob does, s. */
  readonly callsAt?: number
  readonly hangsUpAt?: number
  readonly bobCallsAt?: number
  readonly bobHangsUpAt?: number
}

/** Alice behind a NAT, bob outside; at 1 s alice calls, unless she is not to. */
function play(
  { nat = {}, alice = {}, stunPower = true, proxyPower = true, rebootAt, until = 10, ...when }: Given,
  calls = true,
) {
  const { hangsUpAt, bobCallsAt, bobHangsUpAt, callsAt = calls ? 1 : undefined } = when
  const records: TraceRecord[] = []
  const network = new Network({
    seed: 'shown',
    level: 'everything',
    classify,
    sinks: [(record) => records.push(record)],
  })
  network.host('alice', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'box' })
  network.nat('box', { inside: '10.0.0.1/24', outside: '203.0.113.9/24', ports: { assignment: 'sequential' }, ...nat })
  network.router('internet')
  const outside = { bob: '198.51.100.2', proxy: '198.51.100.5', stun: '198.51.100.7' }
  for (const [name, address] of Object.entries(outside)) {
    const power = name === 'stun' ? stunPower : name === 'proxy' ? proxyPower : true
    network.host(name, { interfaces: [{ address: `${address}/24` }], gateway: 'internet', power })
  }
  const direction = { delayNs: 5e6 }
  for (const [a, b] of [
    ['alice', 'box'],
    ['box', 'internet'],
    ...Object.keys(outside).map((name) => [name, 'internet']),
  ]) {
    network.link({ between: [a!, b!], up: direction, down: direction })
  }
  network.seal()
  stunServer.start(network.hostOf('stun'), {})
  const users = { alice: [], bob: 'sip:bob@198.51.100.2' }
  proxy.start(network.hostOf('proxy'), {
    domain: 'example.com',
    users,
    registrar: {},
    symmetric: true,
    recordRoute: true,
  })
  const common = { proxy: outside.proxy, registrar: 'example.com' }
  const bob = phone.start(network.hostOf('bob'), { ...common, aor: 'sip:bob@example.com', answerAfterMs: 100 })
  const running = phone.start(network.hostOf('alice'), {
    ...{ ...common, aor: 'sip:alice@example.com', stun: outside.stun, register: true },
    ...alice,
  })
  if (callsAt !== undefined)
    network.ask(callsAt * 1e9, 'alice', () => running.do('call', { to: 'sip:bob@example.com' }))
  if (hangsUpAt !== undefined) network.ask(hangsUpAt * 1e9, 'alice', () => void running.do('hang up', {}))
  if (bobCallsAt !== undefined) {
    network.ask(bobCallsAt * 1e9, 'bob', () => void bob.do('call', { to: 'sip:alice@example.com' }))
  }
  if (bobHangsUpAt !== undefined) network.ask(bobHangsUpAt * 1e9, 'bob', () => void bob.do('hang up', {}))
  if (rebootAt !== undefined) network.strike(rebootAt * 1e9, { kind: 'reboot', node: 'box' })
  network.run(until * 1e9)
  return records
}

/** What alice sends of this label: the time in s, and the lines that match. */
function said(records: readonly TraceRecord[], label: string, lines: RegExp): string[] {
  return records.flatMap((record) => {
    if (record.kind !== 'sent' || record.id.node !== 'alice' || record.packet.label.name !== label) return []
    const found = utf8Decode(record.packet.payload)
      .split('\r\n')
      .filter((line) => lines.test(line))
    return [`${Math.round(record.at / 1e6) / 1000} ${found.join(' ')}`]
  })
}

function times(records: readonly TraceRecord[], label: string, to: string): number[] {
  return records.flatMap((record) =>
    record.kind === 'sent' &&
    record.id.node === 'alice' &&
    record.packet.label.name === label &&
    record.packet.destination === to
      ? [record.at / 1e9]
      : [],
  )
}

const remarks = (records: readonly TraceRecord[]): string[] =>
  records.flatMap((record) => (record.kind === 'remark' && record.id.node === 'alice' ? [record.what] : []))

describe('what a phone says of itself', () => {
  test('Contact and SDP have what the STUN server showed, for each port its own', () => {
    const records = play({})
    expect(said(records, 'REGISTER', /^Contact/)).toEqual(['0.03 Contact: <sip:alice@203.0.113.9:1024>'])
    expect(said(records, 'INVITE', /^Contact|^[cm]=/)).toEqual([
      '1.03 Contact: <sip:alice@203.0.113.9:1024> c=IN IP4 203.0.113.9 m=audio 1026 RTP/AVP 0 8',
    ])
    expect(remarks(records)).toContain('media received')
  })

  test('without STUN they have what stands inside', () => {
    const records = play({ alice: { stun: undefined } })
    expect(said(records, 'REGISTER', /^Contact/)).toEqual(['0 Contact: <sip:alice@10.0.0.2:5060>'])
    expect(said(records, 'INVITE', /^c=/)).toEqual(['1 c=IN IP4 10.0.0.2'])
  })

  test('where the STUN server is silent the call goes on after 4.5 s, with what stands inside', () => {
    const records = play({ stunPower: false, alice: { register: false } }, true)
    expect(said(records, 'INVITE', /^c=/)).toEqual(['5.5 c=IN IP4 10.0.0.2'])
    expect(times(records, 'STUN', '198.51.100.7')).toEqual([1, 1, 1.5, 1.5, 2.5, 2.5, 4.5, 4.5])
    expect(remarks(records).filter((what) => what === 'STUN server silent')).toHaveLength(2)
  })
})

describe('while a phone does not know yet how it is seen', () => {
  test('its user can give up: no INVITE goes out', () => {
    const records = play({ stunPower: false, hangsUpAt: 2 })
    expect(said(records, 'INVITE', /^c=/)).toEqual([])
    expect(remarks(records)).toContain('call given up before it went out')
  })

  test('it is busy for whoever calls', () => {
    const records = play({ stunPower: false, bobCallsAt: 5 })
    expect(said(records, '486 INVITE', /^CSeq/)).toHaveLength(1)
    expect(said(records, 'INVITE', /^c=/)).toHaveLength(1)
  })
})

test('a call that is cancelled while the phone asks how it is seen leaves no port open', () => {
  const records = play(
    { stunPower: false, alice: { rtpPorts: '10000-10001' }, bobCallsAt: 6, bobHangsUpAt: 8, callsAt: 12, until: 30 },
    false,
  )
  expect(said(records, 'INVITE', /^m=/)).toEqual(['16.5 m=audio 10000 RTP/AVP 0 8'])
  expect(said(records, '487 INVITE', /^CSeq/)).toHaveLength(1)
})

describe('keep-alives by STUN', () => {
  const alice = { keepAlive: { by: 'stun' } } as const

  test('every 24 to 29 s, to the proxy, which answers', () => {
    const asked = times(play({ alice, until: 300 }, false), 'STUN', '198.51.100.5')
    const gaps = asked.slice(1).map((at, i) => at - asked[i]!)
    expect(gaps.length).toBeGreaterThan(9)
    expect(gaps.every((gap) => gap >= 24 && gap <= 29.1)).toBe(true)
    expect(new Set(gaps.map((gap) => Math.round(gap * 1000))).size).toBeGreaterThan(5)
  })

  test('a fixed time is kept, and a NAT that forgets after 30 s never does', () => {
    const records = play(
      { alice: { keepAlive: { by: 'stun', everyMs: 20_000 } }, nat: { timers: { udpNs: 30e9 } }, until: 100 },
      false,
    )
    expect(times(records, 'STUN', '198.51.100.5').map(Math.round)).toEqual([0, 20, 40, 60, 80, 100].slice(0, 5))
    expect(said(records, 'REGISTER', /^Contact/)).toHaveLength(1)
  })

  test('a NAT that was rebooted is noticed by the next one: the phone asks again, registers where it is now and leaves where it was', () => {
    const records = play(
      {
        alice: { keepAlive: { by: 'stun', everyMs: 20_000 } },
        rebootAt: 30,
        nat: { ports: { assignment: 'random' } },
        until: 60,
      },
      false,
    )
    const [before, after] = said(records, 'REGISTER', /^Contact/)
    const [, contact] = /<(.*)>/.exec(before!)!
    expect(Number(after!.split(' ')[0])).toBeCloseTo(40, 0)
    expect(after).toMatch(/Contact: <sip:alice@203\.0\.113\.9:\d+> Contact: <[^>]*>;expires=0$/)
    expect(after).toContain(`Contact: <${contact}>;expires=0`)
    expect(
      records
        .filter((one) => one.kind === 'remark' && one.what === 'bindings')
        .map((one) => ('details' in one ? one.details.now : 0)),
    ).toEqual([1, 1])
  })

  test('a proxy that is silent has failed the flow after 39.5 s', () => {
    const records = play({ alice, proxyPower: false, until: 41 }, false)
    expect(remarks(records)).toContain('flow failed')
    expect(times(records, 'STUN', '198.51.100.5')).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5])
  })
})
