// Faults of DNS servers in lines such as `5 SERVFAIL *.example.com for 20`: from 5 ms on, for 20 ms; and what a host that asks then learns.

import { describe, expect, test } from 'vitest'
import { DnsImpairments } from '../../../sim/dns/impairment.ts'
import type { DnsFailure } from '../../../sim/dns/server.ts'
import { type Incident, printIncident } from '../../../sim/faults/incident.ts'
import { asking, zone } from './asking.ts'

const SIP = zone('sip A 192.0.2.5', 'www A 192.0.2.6', '_sip._udp SRV 1 2 5060 sip')

/** `5 SERVFAIL`, `5 late 30`, each with more of `of sip.example.com`, `type SRV`, `for 20`. */
function faultOf(line: string): { readonly atMs: number; readonly incident: Incident } {
  const [at, how, ...rest] = line.split(' ')
  const words = new Map<string, string>()
  if (how === 'late') words.set('late', rest.shift()!)
  for (let i = 0; i < rest.length; i += 2) words.set(rest[i]!, rest[i + 1]!)
  const [late, name, type, lasting] = ['late', 'of', 'type', 'for'].map((key) => words.get(key))
  return {
    atMs: Number(at),
    incident: {
      ...{ kind: 'dns', node: 'd1' },
      ...(how !== 'late' && { fails: how as DnsFailure }),
      ...(late !== undefined && { delayNs: Number(late) * 1e6 }),
      ...(name !== undefined && { name }),
      ...(type !== undefined && { type }),
      ...(lasting !== undefined && { forNs: Number(lasting) * 1e6 }),
    },
  }
}

/** Asks `d1` alone, without a cache: the answers. */
function told(faults: readonly string[], ask: readonly string[], more: Partial<Parameters<typeof asking>[0]> = {}) {
  const resolver = { servers: ['203.0.113.1'], timeoutMs: 100, attempts: 1, caches: false }
  return asking({ zone: SIP, d1: {}, resolver, ask, faults: faults.map(faultOf), ...more }).answers
}

describe('a fault of a DNS server', () => {
  test('lasts as long as it says', () => {
    const ask = ['0 A sip.example.com', '10 A sip.example.com', '40 A sip.example.com']
    expect(told(['5 SERVFAIL for 20'], ask)).toEqual([
      '2 A sip.example.com: 192.0.2.5 (60)',
      '12 A sip.example.com: server failure',
      '42 A sip.example.com: 192.0.2.5 (60)',
    ])
  })
  test('is silence, a refusal, or a lie', () => {
    const ask = ['10 A sip.example.com']
    expect(told(['5 timeout'], ask)).toEqual(['110 A sip.example.com: timeout'])
    expect(told(['5 REFUSED'], ask)).toEqual(['12 A sip.example.com: server failure'])
    expect(told(['5 NXDOMAIN'], ask)).toEqual(['12 A sip.example.com: no such name'])
  })
  test('makes answers late', () => {
    expect(told(['5 late 30 for 20'], ['10 A sip.example.com', '30 A www.example.com'])).toEqual([
      '32 A www.example.com: 192.0.2.6 (60)',
      '42 A sip.example.com: 192.0.2.5 (60)',
    ])
  })
  test('concerns one name, what is below one, or one type', () => {
    const ask = ['10 A SIP.example.com', '20 A www.example.com', '30 SRV _sip._udp.example.com']
    const [sip, www, srv] = ['SIP.example.com: 192.0.2.5 (60)', 'www.example.com: 192.0.2.6 (60)', '1 2 5060']
    const states = (fault: string): boolean[] =>
      told([fault], ask).map((one) => [sip, www, srv].some((good) => one.includes(good!)))
    expect(states('5 NXDOMAIN of sip.example.com')).toEqual([false, true, true])
    expect(states('5 NXDOMAIN of *.example.com')).toEqual([false, false, false])
    expect(states('5 NXDOMAIN of *.sip.example.com')).toEqual([true, true, true])
    expect(states('5 SERVFAIL type SRV')).toEqual([true, true, false])
  })
  test('yields to the next, and comes back when that has ended', () => {
    const ask = ['10 A sip.example.com', '20 A sip.example.com', '40 A sip.example.com']
    expect(told(['5 SERVFAIL', '15 NXDOMAIN for 10'], ask)).toEqual([
      '12 A sip.example.com: server failure',
      '22 A sip.example.com: no such name',
      '42 A sip.example.com: server failure',
    ])
  })
  test('is on record with its beginning and its end', () => {
    const { record } = asking({ zone: SIP, d1: {}, ask: [], faults: [faultOf('5 SERVFAIL type SRV for 20')] })
    const faults = record.flatMap((one) => (one.kind === 'faulted' ? [`${one.at / 1e6} ${one.what}`] : []))
    expect(faults).toEqual(['5 dns', '25 answers again'])
  })
  test('in words', () => {
    expect(printIncident(faultOf('5 SERVFAIL of a.example type SRV for 20').incident)).toBe(
      'dns d1: SERVFAIL for SRV of a.example for 20 ms',
    )
    expect(printIncident(faultOf('5 late 3000').incident)).toBe('dns d1: 3 s late')
    expect(printIncident(faultOf('5 timeout').incident)).toBe('dns d1: no answer')
  })
})

test('a question that nobody can read has no name', () => {
  const impairments = new DnsImpairments()
  expect(impairments.of({ name: 'a', type: 'A' })).toBeUndefined()
  const [one, all] = [{ fails: 'SERVFAIL', name: 'a' }, { fails: 'REFUSED' }] as const
  impairments.begin(one)
  expect(impairments.of(undefined)).toBeUndefined()
  impairments.begin(all)
  expect(impairments.of(undefined)).toBe(all)
  impairments.end({ ...all }) // not begun
  expect(impairments.of({ name: 'a', type: 'A' })).toBe(all)
  impairments.end(all)
  expect(impairments.of({ name: 'a', type: 'A' })).toBe(one)
})
