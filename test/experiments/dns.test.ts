// DNS as people see it: Wireshark reads the captures, labels and arrows say what was asked and answered.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { classify } from '../../experiments/classify.ts'
import { tellPacket } from '../../experiments/ladder/text.ts'
import { asking, records, zone } from '../sim/dns/asking.ts'
import { testWithTshark, tshark } from '../tshark.ts'

const SIP = zone(
  'sip A 192.0.2.5',
  'sip AAAA 2001:db8::5',
  '_sip._udp SRV 10 60 5060 sip',
  '@ NAPTR 10 50 "s" "SIP+D2U" "" _sip._udp',
  'www CNAME sip',
)
const MANY = zone(...Array.from({ length: 80 }, (_, i) => `many A 192.0.2.${i}`))

/** A run's capture at the asker. */
function capture({ record }: ReturnType<typeof asking>): string {
  const chunks: Uint8Array[] = []
  const directions = ['a', 'd1', 'd2'].flatMap((end) => [
    { name: `${end}--r from ${end}`, from: end, to: 'r' },
    { name: `${end}--r from r`, from: 'r', to: end },
  ])
  const made = new Capture({
    ...{ directions, nodes: [], application: 'siptwin' },
    outputs: [{ node: 'a', write: (bytes) => void chunks.push(bytes) }],
  })
  for (const one of record) made.record(one)
  made.end()
  const file = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'a.pcapng')
  writeFileSync(file, Buffer.concat(chunks))
  return file
}

const CHECKS = ['ip', 'udp', 'tcp', 'icmp'].map((name) => `${name}.checksum.status`)
const MARKS = ['_ws.malformed', 'tcp.analysis.flags', 'dns.unsolicited', 'dns.retransmission', ...CHECKS]

/** What Wireshark makes of a file, read once: the fields of each packet, and the numbers of those that it marks. */
function wireshark(file: string, ...fields: readonly string[]) {
  const all = [...fields, ...MARKS].flatMap((field) => ['-e', field])
  const rows = tshark(file, '-T', 'fields', ...all)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
  const isBad = (marks: readonly string[]): boolean =>
    marks.slice(0, 4).some((mark) => mark !== '') || marks.slice(4).some((status) => status.split(',').includes('0'))
  return {
    rows: rows.map((row) => row.slice(0, fields.length)),
    bad: rows.flatMap((row, at) => (isBad(row.slice(fields.length)) ? [at + 1] : [])),
  }
}
const check = testWithTshark()

check('Wireshark reads each kind of record as it was meant', () => {
  const ask = ['0 NAPTR example.com', '10 SRV _sip._udp.example.com', '20 A www.example.com', '30 AAAA sip.example.com']
  const file = capture(asking({ zone: SIP, d1: {}, ask: [...ask, '40 A no.example.com'] }))
  const fields = ['dns.flags.rcode', 'dns.naptr.service', 'dns.srv.target', 'dns.cname', 'dns.a', 'dns.aaaa']
  const { rows, bad } = wireshark(file, 'dns.flags.response', ...fields)
  expect(rows.filter(([isResponse]) => isResponse === '1' || isResponse === 'True').map((row) => row.slice(1))).toEqual(
    [
      ['0', 'SIP+D2U', 'sip.example.com', '', '', ''],
      ['0', '', 'sip.example.com', '', '192.0.2.5', '2001:db8::5'],
      ['0', '', '', 'sip.example.com', '192.0.2.5', ''],
      ['0', '', '', '', '', '2001:db8::5'],
      ['3', '', '', '', '', ''],
    ],
  )
  expect(bad).toEqual([])
})

check('Wireshark follows a truncated answer to TCP, with no flag', () => {
  const file = capture(asking({ zone: MANY, d1: {}, ask: ['0 A many.example.com'] }))
  const { rows, bad } = wireshark(file, 'udp.port', 'dns.flags.truncated', 'dns.count.answers')
  const dns = rows.filter(([, , answers]) => answers !== '')
  expect(
    dns.map(([udp, truncated, answers]) => [udp === '' ? 'TCP' : 'UDP', /1|True/.test(truncated ?? ''), answers]),
  ).toEqual([
    ['UDP', false, '0'],
    ['UDP', true, expect.any(String)],
    ['TCP', false, '0'],
    ['TCP', false, '80'],
  ])
  expect(bad).toEqual([])
})

check('a server that is not there brings what ICMP says, soundly', () => {
  const file = capture(asking({ zone: SIP, d2: {}, ask: ['0 A sip.example.com'] }))
  const { rows, bad } = wireshark(file, 'icmp.type', 'icmp.code')
  expect(rows.filter(([type]) => type !== '')).toEqual([['3', '3']])
  expect(bad).toEqual([])
})

test('labels and arrows say what is asked and answered', () => {
  const verbs = [
    {
      atMs: 5,
      verb: 'change',
      parameters: { records: records('sip A 192.0.2.5', 'sip A 192.0.2.6', 'sip A 192.0.2.7') },
    },
  ]
  const ask = ['0 SRV _sip._udp.example.com', '10 A sip.example.com', '20 A no.example.com', '30 AAAA www.example.com']
  const { record } = asking({ zone: zone('_sip._udp SRV 10 60 5060 sip', 'www A 192.0.2.1'), d1: {}, ask, verbs })
  const told = record.flatMap((one) => {
    if (one.kind !== 'sent') return []
    const label = classify(one.packet.protocol, one.packet.payload)
    return [`${label.name}: ${tellPacket({ ...one.packet, label }).text}`]
  })
  expect(told).toEqual([
    'DNS query SRV: SRV _sip._udp.example.com?',
    'DNS answer SRV: SRV _sip._udp.example.com: sip.example.com:5060',
    'DNS query A: A sip.example.com?',
    'DNS answer A: A sip.example.com: 192.0.2.5, 192.0.2.6, …',
    'DNS query A: A no.example.com?',
    'DNS answer A: NXDOMAIN no.example.com',
    'DNS query AAAA: AAAA www.example.com?',
    'DNS answer AAAA: no AAAA www.example.com',
  ])
})

test('RTP is never taken for DNS', () => {
  const header = fc.uint8Array({ minLength: 12, maxLength: 12 })
  fc.assert(
    fc.property(header, fc.uint8Array({ minLength: 160, maxLength: 160 }), (first, rest) => {
      const payload = Uint8Array.from([...first, ...rest])
      payload[0] = 0x80
      payload[1] = payload[1]! & 0x7f
      expect(classify('udp', payload).name).toBe('RTP')
    }),
  )
})
