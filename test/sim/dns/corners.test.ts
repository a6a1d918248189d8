// Corners of DNS: aliases into another server's zone, names of which there is nothing at all, changes beside a zone.

import { expect, test } from 'vitest'
import type { Zone } from '../../../sim/dns/zone.ts'
import { asking, records, zone } from './asking.ts'

const OTHER: Zone = { name: 'example.org', records: records('pbx.example.org. 20 A 192.0.2.9'), negativeSeconds: 30 }

test('an alias into the zone of another server is followed there, and believed for the shorter TTL', () => {
  const here = zone('sip 40 CNAME pbx.example.org.', 'gone CNAME no.example.org.', 'stray CNAME www.example.net.')
  const ask = ['0 A sip.example.com', '19000 A sip.example.com', '30000 A sip.example.com']
  const more = ['40000 A gone.example.com', '50000 A stray.example.com']
  const { answers } = asking({ zone: here, d1: {}, d2: { zones: [OTHER] }, ask: [...ask, ...more] })
  expect(answers).toEqual([
    '6 A sip.example.com: 192.0.2.9 (20)',
    '19000.001 A sip.example.com: 192.0.2.9 (1)',
    '30006 A sip.example.com: 192.0.2.9 (20)',
    '40006 A gone.example.com: no such name',
    '50010 A stray.example.com: server failure',
  ])
})

test('a name that does not exist has no record of any type (RFC 2308 §5); one that has none of a type may have others', () => {
  const here = zone('sip A 192.0.2.5', 'www CNAME no')
  const ask = ['0 AAAA no.example.com', '10 A no.example.com', '20 AAAA sip.example.com', '30 A sip.example.com']
  const { answers, sent } = asking({ zone: here, d1: {}, ask: [...ask, '31000 SRV no.example.com'] })
  expect(answers).toEqual([
    '2 AAAA no.example.com: no such name',
    '10.001 A no.example.com: no such name',
    '22 AAAA sip.example.com: no such record',
    '32 A sip.example.com: 192.0.2.5 (60)',
    '31002 SRV no.example.com: no such name',
  ])
  expect(sent).toBe(4)
})

test('aliases that go round end', () => {
  const back: Zone = {
    name: 'example.org',
    records: records('b.example.org. CNAME a.example.com.'),
    negativeSeconds: 30,
  }
  const { answers } = asking({
    zone: zone('a CNAME b.example.org.'),
    d1: {},
    d2: { zones: [back] },
    ask: ['0 A a.example.com'],
  })
  expect(answers.map((line) => line.replace(/^\d+ /, ''))).toEqual(['A a.example.com: server failure'])
})

test('a change is for the zone that its name is in, and for no other whose name ends alike', () => {
  const near: Zone = { name: 'notexample.com', records: [], negativeSeconds: 30 }
  const deep: Zone = { name: 'sub.example.com', records: [], negativeSeconds: 30 }
  const changed = records('www.notexample.com. A 192.0.2.1', 'a.sub.example.com. A 192.0.2.2')
  const { answers } = asking({
    zone: zone('sip A 192.0.2.5'),
    d1: { zones: [zone('sip A 192.0.2.5'), near, deep] },
    verbs: [{ atMs: 5, verb: 'change', parameters: { records: changed } }],
    ask: ['10 A www.notexample.com', '20 A a.sub.example.com'],
  })
  expect(answers).toEqual(['12 A www.notexample.com: 192.0.2.1 (60)', '22 A a.sub.example.com: 192.0.2.2 (60)'])
})
