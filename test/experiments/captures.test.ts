import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import type { Direction } from '../../sim/network/direction.ts'
import { testWithTshark, tshark } from '../tshark.ts'
import { DIRECTIONS, NODES, network, sendMedia, sendMessages } from './world.ts'

/** What alice says: messages over both versions, to open and closed ports and to nowhere and to herself, and a hundred RTP packets. */
function captures(toBob: Direction): { all: Uint8Array; alice: Uint8Array; bob: Uint8Array } {
  const chunks: Record<string, Uint8Array[]> = { all: [], alice: [], bob: [] }
  const output = (name: string, node?: string) => ({
    ...(node === undefined ? {} : { node }),
    write: (bytes: Uint8Array) => void chunks[name]?.push(bytes),
  })
  const outputs = [output('all'), output('alice', 'alice'), output('bob', 'bob')]
  const capture = new Capture({ directions: DIRECTIONS, nodes: NODES, application: 'siptwin test', outputs })
  const faults = [{ where: 'router -> bob', match: { label: 'MESSAGE', nth: 3 }, action: { corruptBit: 13 } }]
  const world = network(toBob, [(record) => capture.record(record)], { faults })
  sendMessages(world, [
    ['10.0.2.1', 5060],
    ['2001:db8:2::1', 5060],
    ['10.0.2.1', 5060],
    ['10.0.2.1', 9],
    ['2001:db8:2::1', 9],
    ['10.9.9.9', 5060],
    ['10.0.1.1', 5060],
  ])
  sendMedia(
    world,
    Array.from({ length: 100 }, (_, n) => 1000 + n * 20),
  )
  world.run()
  capture.end()
  const join = (name: string): Uint8Array => Uint8Array.from((chunks[name] ?? []).flatMap((chunk) => [...chunk]))
  return { all: join('all'), alice: join('alice'), bob: join('bob') }
}

function file(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'capture.pcapng')
  writeFileSync(path, bytes)
  return path
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

describe('Wireshark', () => {
  const check = testWithTshark()
  const calm = captures({ delayNs: 2e6 })

  check('finds nothing malformed, and no bad checksum but on the packet whose bits were changed', () => {
    const path = file(calm.all)
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
    expect(lines(tshark(file(calm.all), '-Y', 'rtp.seq == 65501 && ip', ...fields))).toEqual([
      '1.020000000\talice alice--router\t64\t46',
      '1.021000000\trouter alice--router\t64\t46',
      '1.021000000\trouter bob--router\t63\t46',
      '1.023000000\tbob bob--router\t63\t46',
    ])
    expect(lines(tshark(file(calm.bob), '-Y', 'rtp.seq == 65501 && ip', ...fields))).toHaveLength(1)
  })

  check('reads the names of addresses, and SIP, ICMP and ICMPv6', () => {
    const path = file(calm.all)
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
        file(calm.all),
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
    const lossy = captures({ delayNs: 2e6, loss: { model: 'random', ratio: 0.3 } })
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

test('all interfaces stand before any other block, so that editcap and mergecap know them', () => {
  const { all } = captures({ delayNs: 2e6 })
  const view = new DataView(all.buffer, all.byteOffset, all.length)
  const types: number[] = []
  for (let at = 0; at < all.length; at += view.getUint32(at + 4, true)) types.push(view.getUint32(at, true))
  const [section, name, packet] = [0x0a0d0d0a, 4, 6]
  expect(types.slice(0, types.indexOf(packet))).toEqual([section, 1, 1, 1, 1, name])
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
    ...{ destinationPort: 2, dscp: 0, length: 28, label: { name: 'UDP', media: false }, payload: new Uint8Array(0) },
  }
  capture.record({ kind: 'sent', id: packet.id, at: 5, cause: null, packet, link: 'alice--router from alice', ttl: 64 })
  const before = written.length
  capture.end()
  expect(written).toHaveLength(before + 1)
  expect(new TextDecoder().decode(written.at(-1))).toContain('still under way when the run ended')
})
