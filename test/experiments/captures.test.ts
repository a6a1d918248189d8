import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { classify } from '../../experiments/classify.ts'
import type { Direction } from '../../sim/network/link.ts'
import { Network } from '../../sim/network/network.ts'
import { writeRtpHead } from '../../stack/rtp/packet.ts'
import { testWithTshark, tshark } from '../tshark.ts'

const EMPTY = new Uint8Array(0)
const NODES = [
  { name: 'alice', addresses: ['10.0.1.1', '2001:db8:1::1'] },
  { name: 'bob', addresses: ['10.0.2.1', '2001:db8:2::1'] },
  { name: 'router', addresses: ['10.0.1.254', '2001:db8:1::254'] },
]
const DIRECTIONS = ['alice--router', 'bob--router'].flatMap((link) => {
  const [a, b] = link.split('--') as [string, string]
  return [
    { name: `${link} from ${a}`, from: a, to: b },
    { name: `${link} from ${b}`, from: b, to: a },
  ]
})

/** Alice and bob on a router; each says what `say` has them say. The captures of alice, bob and all. */
function world(
  bobsLink: Direction,
  say: (network: Network) => void,
): { all: Uint8Array; alice: Uint8Array; bob: Uint8Array } {
  const chunks: Record<string, Uint8Array[]> = { all: [], alice: [], bob: [] }
  const output = (name: string, node?: string) => ({
    ...(node === undefined ? {} : { node }),
    write: (bytes: Uint8Array) => void chunks[name]?.push(bytes),
  })
  const outputs = [output('all'), output('alice', 'alice'), output('bob', 'bob')]
  const capture = new Capture({ directions: DIRECTIONS, nodes: NODES, application: 'siptwin test', outputs })
  const network = new Network({
    ...{ seed: 'captures', level: 'everything', classify, sinks: [(record) => capture.record(record)] },
    faults: [{ where: 'router -> bob', match: { label: 'MESSAGE', nth: 3 }, action: { corruptBit: 13 } }],
  })
  for (const { name, addresses } of NODES) {
    const interfaces = addresses.map((address) => ({ address: `${address}/${address.includes(':') ? 64 : 24}` }))
    if (name === 'router') network.router(name, { interfaces })
    else network.host(name, { interfaces })
  }
  network.link({ between: ['alice', 'router'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.link({ between: ['bob', 'router'], up: { delayNs: 2e6 }, down: bobsLink })
  network.seal()
  say(network)
  network.run()
  capture.end()
  const join = (name: string): Uint8Array => Uint8Array.from((chunks[name] ?? []).flatMap((chunk) => [...chunk]))
  return { all: join('all'), alice: join('alice'), bob: join('bob') }
}

const MESSAGE = [
  'MESSAGE sip:bob@10.0.2.1 SIP/2.0',
  'Via: SIP/2.0/UDP 10.0.1.1:5060;branch=z9hG4bK1',
  'From: <sip:alice@example.com>;tag=1',
  'To: <sip:bob@example.com>',
  'Call-ID: odd',
  'CSeq: 1 MESSAGE',
  'Max-Forwards: 70',
  'Content-Type: text/plain',
  'Content-Length: 5',
  '',
  'hello',
].join('\r\n')

/** Messages over both versions, to open and closed ports and to nowhere, and 100 RTP packets. */
function chatter(network: Network): void {
  const alice = network.hostOf('alice')
  const bob = network.hostOf('bob')
  const heard = { received: () => {}, failed: () => {} }
  const opened = alice.udp({ port: 5060 }, heard)
  const listening = bob.udp({ port: 5060 }, heard)
  bob.udp({ port: 10000 }, heard)
  if (!opened.ok || !listening.ok) throw new Error('no socket')
  const text = new TextEncoder().encode(MESSAGE)
  const to = (address: string, port = 5060) => bob.endpoint(address, port)
  network.ask(1e6, 'alice', () => {
    opened.value.send(to('10.0.2.1'), text, EMPTY, 46)
    opened.value.send(to('2001:db8:2::1'), text, EMPTY)
    opened.value.send(to('10.0.2.1'), EMPTY, text)
    opened.value.send(to('10.0.2.1', 9), text, EMPTY)
    opened.value.send(to('2001:db8:2::1', 9), text, EMPTY)
    opened.value.send(to('10.9.9.9'), text, EMPTY)
    opened.value.send(to('10.0.1.1'), text, EMPTY)
  })
  const media = alice.udp({ port: 10000 }, heard)
  if (!media.ok) throw new Error('no socket')
  for (let n = 0; n < 100; n += 1) {
    const head = new Uint8Array(12)
    writeRtpHead(head, n === 0, 0, n, n * 160, 0xabcdef)
    network.ask(1e9 + n * 20e6, 'alice', () =>
      media.value.send(to('10.0.2.1', 10000), head, new Uint8Array(160).fill(0xff), 46),
    )
  }
}

const CALM: Direction = { delayNs: 2e6 }

function file(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'capture.pcapng')
  writeFileSync(path, bytes)
  return path
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

describe('Wireshark', () => {
  const check = testWithTshark()
  const captures = world(CALM, chatter)

  check('finds nothing malformed, and no bad checksum but on the packet whose bits were changed', () => {
    const path = file(captures.all)
    expect(lines(tshark(path, '-Y', '_ws.malformed'))).toEqual([])
    const bad =
      'ip.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0'
    const found = lines(tshark(path, '-Y', bad, '-T', 'fields', '-e', 'frame.interface_name', '-e', 'frame.comment'))
    expect(found).toEqual(['bob bob--router\tbits were changed on the medium,lost: corrupted'])
    const right = lines(
      tshark(path, '-Y', 'udp.checksum.status == 1 || icmp.checksum.status == 1 || icmpv6.checksum.status == 1'),
    )
    expect(right.length).toBe(lines(tshark(path)).length - 1)
  })

  check('sees every packet at each interface, named, to the nanosecond', () => {
    const fields = [
      '-T',
      'fields',
      '-e',
      'frame.time_epoch',
      '-e',
      'frame.interface_name',
      '-e',
      'ip.ttl',
      '-e',
      'ip.dsfield.dscp',
    ]
    expect(lines(tshark(file(captures.all), '-Y', 'rtp.seq == 1 && ip', ...fields))).toEqual([
      '1.020000000\talice alice--router\t64\t46',
      '1.021000000\trouter alice--router\t64\t46',
      '1.021000000\trouter bob--router\t63\t46',
      '1.023000000\tbob bob--router\t63\t46',
    ])
    expect(lines(tshark(file(captures.bob), '-Y', 'rtp.seq == 1 && ip', ...fields))).toHaveLength(1)
  })

  check('reads the names of addresses, and SIP, ICMP and ICMPv6', () => {
    const path = file(captures.all)
    const column = (filter: string, field: string): string[] =>
      lines(tshark(path, '-N', 'nN', '-Y', filter, '-T', 'fields', '-e', field))
    expect(new Set(column('sip && !icmp && !icmpv6', 'sip.Call-ID'))).toEqual(new Set(['odd']))
    expect(new Set(column('ip', 'ip.src_host'))).toEqual(new Set(['alice', 'bob,alice', 'router,alice']))
    expect(column('icmp', 'icmp.code')).toHaveLength(6)
    expect(column('icmpv6', 'icmpv6.code')).toHaveLength(4)
  })

  check('says of each packet that was lost why it was', () => {
    const comments = lines(
      tshark(
        file(captures.all),
        '-Y',
        'frame.comment',
        '-T',
        'fields',
        '-e',
        'frame.interface_name',
        '-e',
        'frame.comment',
      ),
    )
    expect(comments.sort()).toMatchInlineSnapshot(`
      [
        "bob bob--router	bits were changed on the medium,lost: corrupted",
        "bob bob--router	lost: port closed",
        "bob bob--router	lost: port closed",
        "router alice--router	lost: no route",
      ]
    `)
    const lossy = world({ delayNs: 2e6, loss: { model: 'random', ratio: 0.3 } }, chatter)
    const lost = lines(
      tshark(
        file(lossy.all),
        '-Y',
        'frame.comment == "lost: lost on the medium"',
        '-T',
        'fields',
        '-e',
        'frame.interface_name',
      ),
    )
    expect(lost.length).toBeGreaterThan(20)
    expect(new Set(lost)).toEqual(new Set(['router bob--router']))
  })
})

test('a run that ends early says what was still under way', () => {
  const written: Uint8Array[] = []
  const output = { write: (bytes: Uint8Array) => void written.push(bytes) }
  const capture = new Capture({ directions: DIRECTIONS, nodes: NODES, application: 'siptwin', outputs: [output] })
  const packet = {
    ...{
      id: { node: 'alice', sequence: 1 },
      protocol: 'udp' as const,
      source: '10.0.1.1',
      sourcePort: 1,
      destination: '10.0.2.1',
    },
    ...{ destinationPort: 2, dscp: 0, length: 28, label: { name: 'UDP', media: false }, payload: EMPTY },
  }
  capture.record({ kind: 'sent', id: packet.id, at: 5, cause: null, packet, link: 'alice--router from alice', ttl: 64 })
  const before = written.length
  capture.end()
  expect(written).toHaveLength(before + 1)
  expect(new TextDecoder().decode(written.at(-1))).toContain('still under way when the run ended')
})
