// Stories of packets that are larger than their way, line by line.

import { describe, expect, test } from 'vitest'
import { printRecordId } from '../../../platform/trace.ts'
import { way } from './way.ts'

describe('a datagram that is too large', () => {
  test('leaves in fragments where its own link is narrow', () => {
    const { network, send, story, heard } = way({ mtus: [1500, 0] })
    send(2000)
    network.run()
    expect(story()).toEqual([
      '0 a sent udp 2028',
      '0 a fragmented udp 2028 into 2 for 1500',
      '0 a sent udp 1500 @0+',
      '0 a sent udp 548 @1480',
      '1 r1 forwarded udp 1500 @0+',
      '1 r1 forwarded udp 548 @1480',
      '2 b delivered udp 1500 @0+',
      '2 b delivered udp 548 @1480',
      '2 b reassembled udp 2028 from 2',
      '2 b delivered udp 2028',
    ])
    expect(heard).toEqual(['2 b hears 2000'])
    expect(network.inFlight).toBe(0)
  })

  test('goes on in fragments behind a router, and each of these in smaller ones behind the next', () => {
    const { network, send, story } = way({ mtus: [0, 1000, 576] })
    send(1200)
    network.run()
    expect(story()).toEqual([
      '0 a sent udp 1228',
      '1 r1 fragmented udp 1228 into 2 for 1000',
      '1 r1 sent udp 996 @0+',
      '1 r1 sent udp 252 @976',
      '2 r2 fragmented udp 996 @0+ into 2 for 576',
      '2 r2 sent udp 572 @0+',
      '2 r2 sent udp 444 @552+',
      '2 r2 forwarded udp 252 @976',
      '3 b delivered udp 572 @0+',
      '3 b delivered udp 444 @552+',
      '3 b delivered udp 252 @976',
      '3 b reassembled udp 1228 from 3',
      '3 b delivered udp 1228',
    ])
  })

  test('of exactly the MTU stays whole; a byte more, and it is two', () => {
    for (const [bytes, packets] of [
      [1472, 1],
      [1473, 2],
    ] as const) {
      const { network, send, records } = way({ mtus: [1500] })
      send(bytes)
      network.run()
      const arrived = records.filter((record) => record.kind === 'delivered')
      expect(arrived).toHaveLength(packets === 1 ? 1 : 3)
    }
  })

  test('is lost as a whole where a box loses its fragments, and says so once', () => {
    const { network, send, story, heard } = way({ mtus: [1500, 0], router: { fragments: 'drop' } })
    send(2000)
    network.run()
    expect(story().slice(4)).toEqual([
      '1 r1 lost udp 1500 @0+: fragment dropped by policy',
      '1 r1 lost udp 2028: fragment missing',
      '1 r1 lost udp 548 @1480: fragment dropped by policy',
    ])
    expect(heard).toEqual([])
  })

  test('waits for its rest in vain: after 30 s the receiver gives it up, and tells the sender', () => {
    const { network, send, story, heard, records } = way({ mtus: [1500, 0], router: { fragments: 'first-only' } })
    send(2000)
    network.run()
    const causes = records.map(({ cause }) =>
      records.findIndex(({ id }) => printRecordId(id) === (cause && printRecordId(cause))),
    )
    expect(causes.slice(0, 9)).toEqual([-1, 0, 1, 1, 2, 3, 4, 6, 7])
    expect(story().slice(4)).toEqual([
      '1 r1 forwarded udp 1500 @0+',
      '1 r1 lost udp 548 @1480: fragment dropped by policy',
      '2 b delivered udp 1500 @0+',
      '30002 b lost udp 2028: fragment missing',
      '30002 b sent icmp 56',
      '30003 r1 forwarded icmp 56',
      '30004 a delivered icmp 56',
    ])
    expect(heard).toEqual(['30004 a learns reassembly time exceeded'])
  })

  test('by the receiver’s own clock', () => {
    const { network, send, heard } = way({
      ...{ mtus: [1500, 0], router: { fragments: 'first-only' }, b: { clock: { driftRatio: 1 } } },
    })
    send(2000)
    network.run()
    expect(heard).toEqual(['15004 a learns reassembly time exceeded'])
  })

  test('is cut up by who knows the path, for as long as its own clock says', () => {
    const known = (driftRatio: number): string[] => {
      const a = { sending: { discovery: 'on', lifetimeNs: 60e9 }, clock: { driftRatio } } as const
      const { network, send, story } = way({ mtus: [1500, 1000], a })
      for (const atMs of [0, 20_000, 40_000, 70_000]) send(1200, atMs)
      network.run()
      return story().filter((line) => line.includes('a fragmented'))
    }
    const at = (ms: number): string => `${ms} a fragmented udp 1228 into 2 for 1000`
    expect(known(0)).toEqual([at(20_000), at(40_000)])
    expect(known(1)).toEqual([at(20_000), at(70_000)])
  })

  test('whose TTL is used up brings one ICMP error, for its first fragment (RFC 1122 §3.2.2)', () => {
    const { network, send, story, records, heard } = way({ mtus: Array.from({ length: 70 }, () => 1500) })
    send(3000)
    network.run()
    expect(story().filter((line) => line.includes('lost'))).toEqual([
      '64 r64 lost udp 1500 @0+: TTL exceeded',
      '64 r64 lost udp 3028: fragment missing',
      '64 r64 lost udp 1500 @1480+: TTL exceeded',
      '64 r64 lost udp 68 @2960: TTL exceeded',
    ])
    expect(records.filter((one) => one.kind === 'sent' && one.packet.protocol === 'icmp')).toHaveLength(1)
    expect(heard).toEqual(['128 a learns time exceeded'])
  })

  test('in IPv6 is fragmented by its sender alone: a router says what would fit, and what is sent next fits', () => {
    const { network, send, story, heard } = way({ mtus: [1500, 1280], ipv6: true })
    send(1400)
    send(1400, 100)
    network.run()
    expect(story()).toEqual([
      '0 a sent udp 1448',
      '1 r1 lost udp 1448: too large to send unfragmented',
      '1 r1 sent icmp 96',
      '2 a delivered icmp 96',
      '100 a sent udp 1448',
      '100 a fragmented udp 1448 into 2 for 1280',
      '100 a sent udp 1280 @0+',
      '100 a sent udp 224 @1232',
      '101 r1 forwarded udp 1280 @0+',
      '101 r1 forwarded udp 224 @1232',
      '102 b delivered udp 1280 @0+',
      '102 b delivered udp 224 @1232',
      '102 b reassembled udp 1448 from 2',
      '102 b delivered udp 1448',
    ])
    expect(heard).toEqual(['102 b hears 1400'])
  })
})

describe('path MTU discovery', () => {
  test('on: what may not be fragmented is lost once, and the next is cut to what ICMP said', () => {
    const { network, send, story } = way({ mtus: [1500, 1400], a: { sending: { discovery: 'on' } } })
    send(1450)
    send(1450, 100)
    network.run()
    expect(story().filter((line) => !line.includes('forwarded'))).toEqual([
      '0 a sent udp 1478',
      '1 r1 lost udp 1478: too large to send unfragmented',
      '1 r1 sent icmp 56',
      '2 a delivered icmp 56',
      '100 a sent udp 1478',
      '100 a fragmented udp 1478 into 2 for 1400',
      '100 a sent udp 1396 @0+',
      '100 a sent udp 102 @1376',
      '102 b delivered udp 1396 @0+',
      '102 b delivered udp 102 @1376',
      '102 b reassembled udp 1478 from 2',
      '102 b delivered udp 1478',
    ])
  })

  test('what was learnt is forgotten after ten minutes, to the nanosecond', () => {
    const { network, send, records } = way({ mtus: [1500, 1400], a: { sending: { discovery: 'on' } } })
    send(1450)
    send(1450, 2 + 600_000 - 0.000001)
    send(1450, 2 + 600_000)
    network.run()
    const lost = records.filter((record) => record.kind === 'lost')
    expect(lost.map(({ at }) => at / 1e6)).toEqual([1, 600_003])
  })

  test('a host that hears no ICMP loses everything that is too large, for ever: a black hole', () => {
    const sending = { discovery: 'on', hearsIcmp: false } as const
    const { network, send, records, heard } = way({ mtus: [1500, 1400], a: { sending } })
    for (const at of [0, 500, 1500]) send(1450, at)
    send(1300, 2000)
    network.run()
    expect(records.filter((record) => record.kind === 'lost')).toHaveLength(3)
    expect(heard).toEqual(['2002 b hears 1300'])
  })

  test('strict: nothing goes out in fragments, and the program is told', () => {
    const { network, send, story, heard } = way({ mtus: [1500, 1400], a: { sending: { discovery: 'strict' } } })
    send(1473)
    send(1450, 100)
    send(1450, 200)
    network.run()
    expect(story().filter((line) => line.includes('lost'))).toEqual([
      '0 a lost udp 1501: too large to send unfragmented',
      '101 r1 lost udp 1478: too large to send unfragmented',
      '200 a lost udp 1478: too large to send unfragmented',
    ])
    expect(heard).toEqual([
      '0.001 a learns fragmentation needed',
      '102 a learns fragmentation needed',
      '200.001 a learns fragmentation needed',
    ])
  })
})

test('a datagram put together is on record as come over its last link, whatever had its place before', () => {
  const digests = [true, false].map((fused) => {
    const { network, send } = way({ mtus: [1500], link: { rateBps: 1e6 }, network: { fused, level: 'counters' } })
    for (let n = 0; n < 20; n++) send(n % 2 === 0 ? 50 : 2000, n)
    network.run()
    return network.digests()
  })
  expect(digests[1]).toEqual(digests[0])
})
