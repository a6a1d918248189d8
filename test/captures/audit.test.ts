// The audit of real captures, and its agreement with Wireshark.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { main } from '../../experiments/cli/main.ts'
import { data, testWith } from '../data.ts'
import { testWithTshark, tshark } from '../tshark.ts'
import { inspectFile } from './inspect.ts'

const OLD_CALLS = 'pcap/zeek_zeek/testing__btest__Traces__sip__wireshark.pcap'
const folder = mkdtempSync(join(tmpdir(), 'siptwin-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command; what it said, and its exit code. */
async function audit(...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const terminal = { out: say, err: say, columns: 100, color: false, live: false, code: 0 } as const
  return { code: await main(['node', 'siptwin', 'audit', ...words], { ...terminal }), said }
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
  test('what is no capture ends with 2 and the packet', async () => {
    const file = join(folder, 'text.pcap')
    writeFileSync(file, 'This is a text, and no capture at all.')
    const { code, said } = await audit(file)
    expect(code).toBe(2)
    expect(said).toContain('packet 1: expected a capture file: pcap or pcapng')
    expect(said).toContain('No rule was exercised')
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
    expect(found.schedules.map(({ timer, gapsMs }) => [timer, gapsMs])).toContainEqual(['2xx core', [500]])
    expect(found.callRows).toMatchObject([{ state: 'COMPLETED', messages: found.messages - found.seenAgain }])
  })
})
