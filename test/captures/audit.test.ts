// The audit of real captures, and its agreement with Wireshark.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { main } from '../../experiments/cli/main.ts'
import { data, testWith } from '../data.ts'
import { testWithTshark, tshark } from '../tshark.ts'
import { inspectFile, pcapOf } from './inspect.ts'

const OLD_CALLS = 'pcap/zeek_zeek/testing__btest__Traces__sip__wireshark.pcap'
const folder = mkdtempSync(join(tmpdir(), 'siptwin-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Said {
  readonly code: number
  readonly said: string
}

function audit(...words: readonly string[]): Promise<Said> {
  return siptwin('audit', ...words)
}

/** Runs a command; what it said, and its exit code. */
async function siptwin(...words: readonly string[]): Promise<Said> {
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const terminal = { out: say, err: say, columns: 100, color: false, live: false, code: 0 } as const
  return { code: await main(['node', 'siptwin', ...words], { ...terminal }), said }
}

testWith(OLD_CALLS)(
  'a CANCEL eleven times by Timer E, an INVITE thrice by Timer A, and the 408 that RFC 4320 forbids',
  async () => {
    const { schedules, verdicts } = inspectFile(data(OLD_CALLS))
    expect(schedules.map(({ timer, what, packets, end }) => `${timer} ${what} ${packets.length}, ${end}`)).toEqual([
      'Timer A INVITE 3, answered 408 (packet 26)',
      'Timer E CANCEL 11, answered 408 (packet 36)',
      'Timer A INVITE 3, answered 407 (packet 40)',
    ])
    const state = (name: string): string | undefined => verdicts.find((verdict) => verdict.name === name)?.state
    expect(['Timer A', 'Timer E', 'Timer F', 'no 408 to non-INVITE'].map(state)).toEqual([
      'holds',
      'holds',
      'holds',
      'violated',
    ])
    const { code, said } = await audit(data(OLD_CALLS))
    expect(code).toBe(1)
    expect(said).toContain('✗ no 408 to non-INVITE (RFC 4320 §4.2): 200.68.120.81')
    expect(said).toMatch(/CANCEL is answered 408; see packet 23, packet 36/)
  },
)

describe('numbers as tshark counts them', () => {
  const check = testWithTshark()
  const names = [
    'zeek_zeek/testing__btest__Traces__sip__wireshark.pcap',
    'sipcapture_heplify/rtp_rtcp_sip.pcap',
    'sipcapture_heplify/sip_tcp_websocket.pcap',
    'irontec_sngrep/tests__ipv6frag.pcap',
  ]
  const there = testWith('pcap') === test ? names : []
  check.each(there)('%s', (name) => {
    const file = data(join('pcap', name))
    const { messages, calls, streams, streamRows } = inspectFile(file)
    // In the TCP capture some checksums are left to the network card.
    const options = ['-o', 'tcp.check_checksum:FALSE', '-Y', 'sip.Method==INVITE', '-T', 'fields', '-e', 'sip.Call-ID']
    const said = tshark(file, ...options, '-z', 'sip,stat', '-z', 'rtp,streams')
    const [invites = '', ...tables] = said.split(/^(?===)/m)
    const statistics = tables.join('')
    const callIds = new Set(invites.split(/[\n,]/).filter((line) => line.trim() !== ''))
    const rows = statistics.split('\n').filter((line) => /0x[0-9A-F]{8}/.test(line))
    expect({ messages, calls, streams }).toEqual({
      messages: Number(/Number of SIP messages: (\d+)/.exec(statistics)?.[1] ?? 0),
      calls: callIds.size,
      streams: rows.length,
    })
    for (const row of rows) {
      const [, ssrc, packets, lost] = /(0x[0-9A-F]{8})\s+.*?\s(\d+)\s+(-?\d+) \(/.exec(row)!
      const ours = streamRows.filter((one) => one.stream === Number(ssrc))
      expect(ours.map((one) => [one.packets, one.lost])).toContainEqual([Number(packets), Number(lost)])
    }
  })
})

describe('the command', () => {
  test.each<[what: string, bytes: string | readonly number[], says: string]>([
    ['a text', 'This is a text, and no capture at all.', 'is a text, no capture: expected pcap or pcapng'],
    ['nothing', '', 'is empty: even a capture without packets begins with a head'],
    ['a gzip', [0x1f, 0x8b, 8, 0], 'is compressed: gunzip -k'],
    ['a zstd', [0x28, 0xb5, 0x2f, 0xfd, 0], 'is compressed: unzstd'],
    ['a snoop capture', 'snoop\0\0\0', 'editcap -F pcapng'],
    ['a message', 'OPTIONS sip:a@b SIP/2.0\r\n\r\n', 'is a SIP message, no capture: siptwin explain'],
    ['a record', '{"at":0,"id":"a#1","cause":null}', 'audit capture.pcapng beside it'],
    ['noise', [1, 2, 3, 4, 5], 'is no capture: expected pcap or pcapng'],
    [
      'a capture that ends in its head',
      [0xd4, 0xc3, 0xb2, 0xa1, 2],
      'head.pcap: expected a capture file: pcap or pcapng, and not cut off in its head, after 5 bytes',
    ],
  ])('%s ends with 2 and what to do', async (what, bytes, says) => {
    const file = join(folder, `${what.replaceAll(' ', '-')}.pcap`)
    writeFileSync(file, typeof bytes === 'string' ? bytes : Uint8Array.from(bytes))
    const { code, said } = await audit(file)
    expect(code).toBe(2)
    expect(said).toContain(says)
    expect(said).not.toContain('No rule')
  })

  test('a capture without SIP is read, and judged by no rule', async () => {
    const file = join(folder, 'silent.pcap')
    writeFileSync(file, pcapOf(1, []))
    const { code, said } = await audit(file)
    expect(code).toBe(0)
    expect(said).toContain('No rule was exercised')
  })

  test('a folder: that of a run has its capture of all interfaces, any other is told what is in it', async () => {
    const inside = join(folder, 'some')
    mkdirSync(join(inside, 'capture'), { recursive: true })
    expect(await audit(inside)).toEqual({ code: 2, said: `${inside} is a folder, and has no capture in it\n` })
    writeFileSync(join(inside, 'capture', 'bob.pcapng'), '')
    expect((await audit(inside)).said).toContain(
      `name a capture in it, such as ${join(inside, 'capture', 'bob.pcapng')}`,
    )
    writeFileSync(join(inside, 'capture.pcapng'), '')
    expect((await audit(inside)).said).toContain(`${join(inside, 'capture.pcapng')} is empty`)
  })

  test('packets of a link type that is not read end with 2, and --quiet shows what is wrong alone', async () => {
    const file = join(folder, 'wireless.pcap')
    writeFileSync(file, pcapOf(105, [new Uint8Array(60), new Uint8Array(60)]))
    const says = 'nothing in it could be read: 2 packets, from packet 1 on, are of link type 105 (IEEE 802.11)'
    expect(await audit(file)).toEqual({ code: 2, said: expect.stringContaining(says) })
    writeFileSync(file, pcapOf(1, []))
    expect(await audit(file, '--quiet')).toEqual({ code: 0, said: '' })
  })

  test('validate and run say of a capture who reads it', async () => {
    const file = join(folder, 'calls.pcapng')
    writeFileSync(file, Uint8Array.from([0x0a, 0x0d, 0x0d, 0x0a, 0, 0]))
    for (const command of ['validate', 'run']) {
      const { code, said } = await siptwin(command, file)
      expect(code).toBe(2)
      expect(said).toMatch(/calls\.pcapng is a capture of packets, no document: siptwin audit \S*calls\.pcapng\n$/)
    }
  })

  test('a file that is not there ends with 2', async () => {
    expect(await audit(join(folder, 'none.pcap'))).toMatchObject({
      code: 2,
      said: expect.stringContaining('there is no such file'),
    })
    expect(await audit('--t1', 'soon', join(folder, 'text.pcap'))).toMatchObject({ code: 2 })
  })

  test('our own captures are sound, as the run was, and --json says so', async () => {
    let quiet = ''
    const out = (text: string): void => {
      quiet += text
    }
    await main(['node', 'siptwin', 'run', 'lost-200', '--out', join(folder, 'run')], {
      out,
      err: out,
      columns: 100,
      color: false,
      live: false,
      code: 0,
    })
    expect(quiet).toContain('✓')
    const { code, said } = await audit(join(folder, 'run/capture.pcapng'), '--json')
    const found = JSON.parse(said) as ReturnType<typeof inspectFile>
    expect(code).toBe(0)
    expect((await audit('--exact', join(folder, 'run'))).said).toContain('0 are violated')
    expect(found.schedules.map(({ timer, gapsMs }) => [timer, gapsMs])).toContainEqual(['2xx core', [500]])
    expect(found.callRows).toMatchObject([{ state: 'COMPLETED', messages: found.messages - found.seenAgain }])
  })
})
