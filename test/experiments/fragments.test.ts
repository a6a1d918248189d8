// Fragments as people see them: Wireshark reads the captures, the ladder shows one arrow, the audit finds what is wrong, `why` says it.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Auditor } from '../../experiments/auditor/auditor.ts'
import { Capture } from '../../experiments/captures/capture.ts'
import { Ladder } from '../../experiments/ladder/ladder.ts'
import { tellFate, textOf } from '../../experiments/ladder/words.ts'
import { TraceReader } from '../../experiments/trace/read.ts'
import { TraceWriter } from '../../experiments/trace/write.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { pattern, way } from '../sim/network/way.ts'
import { testWithTshark, tshark } from '../tshark.ts'

/** A run over two links of these MTUs, and its capture at `node`. */
function capture(
  node: string,
  mtus: readonly number[],
  sizes: readonly number[],
  more: Partial<Parameters<typeof way>[0]>,
) {
  const one = way({ mtus, ...more })
  sizes.forEach((size, i) => {
    one.send(size, i * 40_000)
  })
  one.network.run()
  const chunks: Uint8Array[] = []
  const nodes = ['a', ...mtus.slice(1).map((_, i) => `r${i + 1}`), 'b']
  const directions = mtus.flatMap((_, i) => {
    const [x, y] = [nodes[i]!, nodes[i + 1]!]
    return [
      { name: `${x}--${y} from ${x}`, from: x, to: y },
      { name: `${x}--${y} from ${y}`, from: y, to: x },
    ]
  })
  const made = new Capture({
    ...{ directions, nodes: [], application: 'siptwin' },
    outputs: [{ node, write: (bytes) => void chunks.push(bytes) }],
  })
  for (const record of one.records) made.record(record)
  made.end()
  const file = join(mkdtempSync(join(tmpdir(), 'siptwin-')), `${node}.pcapng`)
  writeFileSync(file, Buffer.concat(chunks))
  return { ...one, file, directions }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const CHECKS = ['ip', 'udp', 'icmp', 'icmpv6'].map((name) => `${name}.checksum.status`)

/** What Wireshark makes of a file, read once: the fields of each packet, and the numbers of those that it marks. */
function wireshark(file: string, ...fields: readonly string[]) {
  const all = [...fields, '_ws.malformed', '_ws.expert.severity', ...CHECKS]
  const options = ['-d', 'udp.port==5060,data', '-T', 'fields', ...all.flatMap((field) => ['-e', field])]
  const rows = tshark(file, ...options)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
  const isBad = (marks: readonly string[]): boolean => {
    const [malformed = '', expert = '', ...checks] = marks
    return malformed !== '' || expert !== '' || checks.some((status) => status.split(',').includes('0'))
  }
  return {
    rows: rows.map((row) => row.slice(0, fields.length)).filter((row) => row.some((value) => value !== '')),
    bad: rows.flatMap((row, at) => (isBad(row.slice(fields.length)) ? [at + 1] : [])),
  }
}

describe.each([
  ['IPv4', false, 'ip'],
  ['IPv6', true, 'ipv6'],
] as const)('%s in Wireshark', (_, ipv6, family) => {
  const check = testWithTshark()

  check('each datagram in fragments is put together again, to the byte', () => {
    const { file } = capture('b', [1500, 0], [1400, 2000, 9000, 3], { ipv6 })
    const { rows, bad } = wireshark(file, 'udp.length', 'data.data', `${family}.fragment.count`)
    const whole = rows.filter(([length]) => length !== '')
    expect(whole.map(([length, data]) => [length, data])).toEqual(
      [1400, 2000, 9000, 3].map((size) => [String(size + 8), hex(pattern(size))]),
    )
    expect(whole.map(([, , count]) => count)).toEqual(['', '2', '7', ''])
    expect(bad).toEqual([])
  })

  check('a datagram of which a fragment is missing brings an ICMP error that is sound', () => {
    const { file } = capture('a', [1500, 0], [2000], { ipv6, router: { fragments: 'first-only' } })
    const icmp = ipv6 ? 'icmpv6' : 'icmp'
    const { rows, bad } = wireshark(file, `${icmp}.type`, `${icmp}.code`)
    expect([rows, bad]).toEqual([[[ipv6 ? '3' : '11', '1']], []])
  })

  check('a packet that is too big brings the MTU of the next hop', () => {
    const { file } = capture('a', [1500, 1300], [1400, 1400], { ipv6, a: { sending: { discovery: 'on' } } })
    const part = ipv6 ? 'ipv6.fraghdr.ident' : 'ip.flags.mf'
    const { rows, bad } = wireshark(file, ipv6 ? 'icmpv6.mtu' : 'icmp.mtu', part, `${family}.fragment.count`)
    expect(rows.map(([mtu]) => mtu).filter((mtu) => mtu !== '')).toEqual(['1300'])
    expect(rows.map(([, , count]) => count).filter((count) => count !== '')).toEqual(['2'])
    expect(bad).toEqual([])
  })
})

test('IPv4 says DF only where the sender forbids fragments, and gives each datagram an identification otherwise', () => {
  const story = (discovery: 'off' | 'on') => {
    const { records } = capture('b', [1500], [100], { a: { sending: { discovery } } })
    return records.flatMap((record) => (record.kind === 'sent' ? [record.packet.dontFragment] : []))
  }
  expect(story('off')).toEqual([undefined])
  expect(story('on')).toEqual([true])
})

test('a trace with fragments reads back as it was written', () => {
  const { records } = capture('b', [1500, 600], [2000], { a: { sending: { discovery: 'on' } } })
  const [writer, reader] = [new TraceWriter(), new TraceReader()]
  const read = records.map((record) => {
    const made = reader.read(writer.line(record))
    return made.ok ? made.value : made.issue
  })
  expect(read).toEqual(records)
})

describe('the audit', () => {
  /** The audit of a run of two fragments whose records were changed on the way. */
  const audit = (change: (records: readonly TraceRecord[]) => readonly TraceRecord[]) => {
    const { records, directions, network } = capture('b', [1500], [2000], {})
    const facts = { delayNs: 1e6, queueKeepsOrder: true, arriveInOrder: true }
    const auditor = new Auditor({ links: directions.map((one) => ({ ...one, ...facts })), complete: true })
    for (const record of change(records)) auditor.record(record)
    return auditor.end(network.inFlight).violations.map(({ law, sentence }) => `${law}: ${sentence}`)
  }

  test('has nothing against a datagram that is all its fragments', () => {
    expect(audit((records) => records)).toEqual([])
  })

  test('notices one that is put together without a fragment', () => {
    const without = audit((records) =>
      records.filter((one) => !(one.kind === 'delivered' && one.packet.fragment?.more)),
    )
    expect(without).toContain('a datagram is all its fragments: put together without its bytes from 0 on')
  })

  test('notices a fragment that leaves bytes out', () => {
    const gap = audit((records) =>
      records.map((one) =>
        one.kind === 'sent' && one.packet.fragment?.offset === 1480
          ? { ...one, packet: { ...one.packet, fragment: { ...one.packet.fragment, offset: 1488 } } }
          : one,
      ),
    )
    expect(gap).toContain('a datagram is all its fragments: a fragment at byte 1488, where byte 1480 comes next')
  })
})

describe('the ladder', () => {
  const draw = (router: { readonly fragments?: 'first-only' }) => {
    const { records } = capture('b', [1500, 0], [2000], { router })
    const nodes = [
      { name: 'a', addresses: ['10.0.1.1'] },
      { name: 'b', addresses: ['10.0.2.1'] },
    ]
    const ladder = new Ladder({ nodes })
    for (const record of records) ladder.record(record)
    return ladder.rows.flatMap((row) => (row.kind === 'arrow' ? [[textOf(row), ...tellFate(row)]] : []))
  }

  test('shows a datagram in fragments as one arrow', () => {
    expect(draw({})).toEqual([['data', 'in 2 fragments']])
  })

  test('says which fragment was lost, why and where', () => {
    expect(draw({ fragments: 'first-only' })).toEqual([
      ['data', 'fragment 2 of 2: fragment dropped by policy, at r1'],
      ['ICMP reassembly time exceeded'],
    ])
  })
})
