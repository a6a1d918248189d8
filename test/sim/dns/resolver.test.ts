// Stories of a resolver and its servers, line by line.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { DnsCache } from '../../../sim/dns/cache.ts'
import { asking, records, zone } from './asking.ts'

const SIP = zone(
  'sip A 192.0.2.5',
  'sip A 192.0.2.6',
  'six AAAA 2001:db8::5',
  'www CNAME sip',
  'far CNAME elsewhere.example.org.',
  '_sip._udp SRV 10 60 5060 sip',
  '@ NAPTR 10 50 "s" "SIP+D2U" "" _sip._udp',
  '*.wild 5 A 192.0.2.7',
)

describe('a resolver with one answer', () => {
  test('gets records of each type, through aliases and wildcards', () => {
    const ask = ['0 A sip.example.com', '10 AAAA six.example.com', '20 SRV _sip._udp.example.com']
    const more = ['30 NAPTR example.com', '40 A WWW.Example.COM', '50 A x.y.wild.example.com']
    expect(asking({ zone: SIP, d1: {}, ask: [...ask, ...more] }).answers).toEqual([
      '2 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)',
      '12 AAAA six.example.com: 2001:db8::5 (60)',
      '22 SRV _sip._udp.example.com: 10 60 5060 sip.example.com (60)',
      '32 NAPTR example.com: 10 s SIP+D2U _sip._udp.example.com (60)',
      '42 A WWW.Example.COM: 192.0.2.5 (60), 192.0.2.6 (60)',
      '52 A x.y.wild.example.com: 192.0.2.7 (5)',
    ])
  })

  test('tells no such name from no such record; a name is there if one below it is', () => {
    const ask = ['0 A no.example.com', '10 AAAA sip.example.com', '20 A _udp.example.com', '30 A far.example.com']
    expect(asking({ zone: SIP, d1: {}, ask }).answers).toEqual([
      '2 A no.example.com: no such name',
      '12 AAAA sip.example.com: no such record',
      '22 A _udp.example.com: no such record',
      '40 A far.example.com: server failure',
    ])
  })

  test('knows what is no name without asking', () => {
    const { answers, sent } = asking({ zone: SIP, d1: {}, ask: ['0 A a..b'] })
    expect([answers, sent]).toEqual([['0.001 A a..b: no such name'], 0])
  })
})

describe('the cache', () => {
  test('answers for the TTL, what is left of it with it, and not a tick longer', () => {
    const ask = [
      '0 A sip.example.com',
      '20000 A sip.example.com',
      '60001.999 A sip.example.com',
      '60002 A sip.example.com',
    ]
    const { answers, sent } = asking({ zone: SIP, d1: {}, ask })
    expect(answers).toEqual([
      '2 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)',
      '20000.001 A sip.example.com: 192.0.2.5 (40), 192.0.2.6 (40)',
      '60002 A sip.example.com: 192.0.2.5 (0), 192.0.2.6 (0)',
      '60004 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)',
    ])
    expect(sent).toBe(2)
  })

  test('remembers that there is no such name for as long as the zone says (RFC 2308)', () => {
    const ask = ['0 A no.example.com', '30000 A no.example.com', '30003 A no.example.com']
    expect(asking({ zone: SIP, d1: {}, ask }).sent).toBe(2)
  })

  test('goes by the pace of its host, and by no step of the clock', () => {
    const ask = ['0 A sip.example.com', '30000 A sip.example.com', '41000 A sip.example.com']
    const faults = [{ atMs: 20_000, incident: { kind: 'clock', node: 'a', stepMs: 3_600_000, driftRatio: 1 } }] as const
    const { answers, sent } = asking({ zone: SIP, d1: {}, ask, faults })
    expect(answers).toEqual([
      '2 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)',
      '3640000.002 A sip.example.com: 192.0.2.5 (20), 192.0.2.6 (20)',
      '3662004 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)',
    ])
    expect(sent).toBe(2)
  })

  test('hides a change until the TTL is over', () => {
    const verbs = [{ atMs: 10_000, verb: 'change', parameters: { records: records('sip A 192.0.2.99') } }]
    const ask = ['0 A sip.example.com', '59000 A sip.example.com', '61000 A sip.example.com']
    expect(asking({ zone: SIP, d1: {}, ask, verbs }).answers.map((line) => line.split(': ')[1])).toEqual([
      '192.0.2.5 (60), 192.0.2.6 (60)',
      '192.0.2.5 (1), 192.0.2.6 (1)',
      '192.0.2.99 (60)',
    ])
  })

  test('can be off; what two want at the same time is asked once', () => {
    const ask = ['0 A sip.example.com', '0.5 A sip.example.com', '10 A sip.example.com']
    const { answers, sent } = asking({ zone: SIP, d1: {}, ask, resolver: { caches: false } })
    expect(answers.map((line) => line.split(' ')[0])).toEqual(['2', '2', '12'])
    expect(sent).toBe(2)
  })

  test('never answers beyond a TTL, whatever is kept and asked when (law)', () => {
    const step = fc.record({
      afterMs: fc.nat(5000),
      question: fc.constantFrom('a', 'b'),
      keepSeconds: fc.nat(6),
      asks: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let now = 0
        const cache = new DnsCache(() => now)
        const truth = new Map<string, number>()
        for (const { afterMs, question, keepSeconds, asks } of steps) {
          now += afterMs
          if (asks) {
            const dies = truth.get(question) ?? 0
            const found = cache.find(question)
            expect(found !== undefined).toBe(now < dies)
            const ttl = found?.ok ? found.records[0]!.ttlSeconds : 0
            if (found !== undefined) expect(now + ttl * 1000).toBeLessThanOrEqual(dies)
          } else {
            const record = { type: 'A', ttlSeconds: keepSeconds, address: '192.0.2.1' } as const
            cache.keep(question, { ok: true, records: [record] }, keepSeconds)
            truth.set(question, keepSeconds > 0 ? now + keepSeconds * 1000 : 0)
          }
        }
      }),
    )
  })
})

describe('servers that fail', () => {
  test('a dead one costs 5 s, then the next one answers', () => {
    const { answers, remarks } = asking({ zone: SIP, d1: { fails: 'timeout' }, d2: {}, ask: ['0 A sip.example.com'] })
    expect(answers).toEqual(['5002 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)'])
    expect(remarks).toEqual(['5000 DNS server failed, 203.0.113.1 no answer for 5 s'])
  })

  test('all dead: each is asked twice, and after 20 s the name is given up', () => {
    const { answers, remarks, sent } = asking({
      zone: SIP,
      d1: { fails: 'timeout' },
      dead: true,
      ask: ['0 A sip.example.com'],
    })
    expect(answers).toEqual(['20000 A sip.example.com: timeout'])
    expect(sent).toBe(4)
    expect(remarks.at(-1)).toBe('20000 name not resolved,  timeout')
  })

  test('as in resolv.conf: timeout 1 s, attempts 3', () => {
    const resolver = { servers: ['203.0.113.2'], timeoutMs: 1000, attempts: 3 }
    const { answers, sent } = asking({ zone: SIP, dead: true, resolver, ask: ['0 A sip.example.com'] })
    expect([answers, sent]).toEqual([['3000 A sip.example.com: timeout'], 3])
  })

  test('one that says SERVFAIL or REFUSED, or has no DNS at all, costs a round trip', () => {
    for (const fails of ['SERVFAIL', 'REFUSED'] as const) {
      const { answers } = asking({ zone: SIP, d1: { fails }, d2: {}, ask: ['0 A sip.example.com'] })
      expect(answers).toEqual(['4 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)'])
    }
    const closed = asking({ zone: SIP, d2: {}, ask: ['0 A sip.example.com'] })
    expect(closed.answers).toEqual(['4 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)'])
    expect(closed.remarks).toEqual(['2 DNS server failed, 203.0.113.1 port unreachable'])
  })

  test('all say that they cannot: that is a server failure, and is not remembered', () => {
    const ask = ['0 A sip.example.com', '100 A sip.example.com']
    const { answers } = asking({ zone: SIP, d1: { fails: 'SERVFAIL' }, d2: { fails: 'REFUSED' }, ask })
    expect(answers).toEqual(['8 A sip.example.com: server failure', '108 A sip.example.com: server failure'])
  })

  test('one that recovers is asked first again', () => {
    const verbs = [{ atMs: 6000, verb: 'recover' }]
    const ask = ['0 A sip.example.com', '7000 A www.example.com']
    const { answers } = asking({ zone: SIP, d1: { fails: 'timeout' }, d2: {}, ask, verbs })
    expect(answers.map((line) => line.split(' ')[0])).toEqual(['5002', '7002'])
  })

  test('a slow one is not late as long as its answer comes in time', () => {
    const { answers } = asking({ zone: SIP, d1: { delayMs: 4900 }, d2: {}, ask: ['0 A sip.example.com'] })
    expect(answers).toEqual(['4902 A sip.example.com: 192.0.2.5 (60), 192.0.2.6 (60)'])
  })
})

describe('long answers', () => {
  const many = zone(...Array.from({ length: 80 }, (_, i) => `many A 192.0.2.${i}`))

  test('fit into a datagram by EDNS up to its size, and are asked again over TCP beyond it', () => {
    const { answers, record } = asking({ zone: many, d1: {}, ask: ['0 A many.example.com'] })
    expect(answers).toHaveLength(1)
    expect(answers[0]?.split(',')).toHaveLength(80)
    expect(answers[0]).toMatch(/^6 A many/)
    expect(record.some((one) => one.kind === 'sent' && one.packet.protocol === 'tcp')).toBe(true)
  })

  test('without EDNS 512 bytes are the most', () => {
    const some = zone(...Array.from({ length: 40 }, (_, i) => `many A 192.0.2.${i}`))
    const tcp = (udpBytes: number): boolean => {
      const { record, answers } = asking({ zone: some, d1: {}, ask: ['0 A many.example.com'], resolver: { udpBytes } })
      expect(answers[0]?.split(',')).toHaveLength(40)
      return record.some((one) => one.kind === 'sent' && one.packet.protocol === 'tcp')
    }
    expect([tcp(0), tcp(1232)]).toEqual([true, false])
  })
})
