// Stories of single packets: what becomes of a datagram, line by line, as its record says.

import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../platform/address.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'

const EMPTY = new Uint8Array(0)
const SLOW: Direction = { delayNs: 1e6 }

/** `a` and `b` on two routers `r` and `s`, everything 1 ms, unless told otherwise. */
function chain(link: Direction = SLOW, options: Partial<NetworkOptions> = {}, power = true) {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: 'one', level: 'everything', sinks: [(record) => records.push(record)] },
    classify: (protocol) => ({ name: protocol, media: false }),
    ...options,
  })
  network.host('a', { interfaces: [{ address: '10.0.1.1/24' }] })
  network.host('b', { interfaces: [{ address: '10.0.2.1/24' }], power })
  network.router('r', { unreachable: [{ to: '10.9.0.0/16', why: 'administratively prohibited' }] })
  network.router('s', { interfaces: [{ address: '10.0.2.254/24' }] })
  network.link({ between: ['a', 'r'], up: link, down: SLOW })
  network.link({ between: ['r', 's'], up: SLOW, down: SLOW })
  network.link({ between: ['b', 's'], up: SLOW, down: SLOW })
  network.seal()
  const heard: string[] = []
  const listen = (name: string, port: number) => {
    const host = network.hostOf(name)
    const opened = host.udp(
      { port },
      {
        received: (datagram) =>
          heard.push(
            `${host.now()} ${name} hears ${String.fromCharCode(...datagram.bytes())} from ${datagram.from.address}:${datagram.from.port}`,
          ),
        failed: (to, why) => heard.push(`${host.now()} ${name} learns ${to.address}:${to.port} ${why}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  const story = (): string[] =>
    records.map((record) => {
      const ms = record.at / 1e6
      const { node } = record.id
      if (record.kind === 'faulted') return `${ms} ${node} ${record.what}`
      if (!('packet' in record)) return `${ms} ${node} ${record.kind}`
      const more =
        'why' in record
          ? ` ${record.why}`
          : 'waitNs' in record
            ? ` ${record.waitNs / 1e6}`
            : 'ttl' in record
              ? ` ttl ${record.ttl}`
              : ''
      return `${ms} ${node} ${record.packet.protocol} ${record.kind}${more}${'link' in record && record.link !== '' ? ` on ${record.link}` : ''}`
    })
  return { network, listen, heard, story, records }
}

const text = (word: string): Uint8Array => Uint8Array.from(word, (letter) => letter.charCodeAt(0))

describe('a datagram', () => {
  it('crosses two routers, each of which takes one from its TTL', () => {
    const { network, listen, heard, story } = chain()
    listen('b', 5060)
    const a = listen('a', 5060)
    a.send(network.hostOf('a').endpoint('10.0.2.1', 5060), text('he'), text('llo'))
    expect(network.run()).toBe('idle')
    expect(heard).toEqual(['3 b hears hello from 10.0.1.1:5060'])
    expect(story()).toEqual([
      '0 a udp sent ttl 64 on a--r from a',
      '1 r udp forwarded ttl 63 on r--s from r',
      '2 s udp forwarded ttl 62 on b--s from s',
      '3 b udp delivered ttl 62 on b--s from s',
    ])
    expect(network.inFlight).toBe(0)
  })

  it.each([
    ['10.0.2.1', 9, 'port unreachable', 6],
    ['10.0.2.77', 9, 'host unreachable', 4],
    ['172.16.0.1', 9, 'network unreachable', 2],
    ['10.9.1.2', 9, 'administratively prohibited', 2],
    ['10.0.2.254', 9, 'port unreachable', 4],
  ])('to %s:%i: %s after %i ms', (address, port, why, ms) => {
    const { network, listen, heard } = chain()
    const a = listen('a', 5060)
    a.send(network.hostOf('a').endpoint(address, port), EMPTY, text('x'))
    network.run()
    expect(heard).toEqual([`${ms} a learns ${address}:${port} ${why}`])
    expect(network.inFlight).toBe(0)
  })

  it('to a host without power is swallowed', () => {
    const { network, listen, heard, story } = chain(SLOW, {}, false)
    listen('a', 1).send(network.hostOf('a').endpoint('10.0.2.1', 9), EMPTY, text('x'))
    network.run()
    expect(heard).toEqual([])
    expect(story().at(-1)).toBe('3 b udp lost host without power')
  })

  it('to the host itself takes a microsecond, by any of its names', () => {
    const { network, listen, heard } = chain()
    const a = listen('a', 7)
    for (const address of ['127.0.0.1', '10.0.1.1']) a.send(network.hostOf('a').endpoint(address, 7), EMPTY, text('x'))
    network.run()
    expect(heard).toEqual(['0.001 a hears x from 10.0.1.1:7', '0.001 a hears x from 10.0.1.1:7'])
  })

  it('waits for the transmitter, and is dropped at the tail of a full queue', () => {
    // 10 bytes of data are 38 of IP and 40 on the wire: 1 ms at 320 kbit/s.
    const { network, listen, heard, story } = chain({
      delayNs: 1e6,
      rateBps: 320_000,
      framingBytes: 2,
      queue: { bytes: 80 },
    })
    listen('b', 9)
    const a = listen('a', 9)
    for (const letter of 'abcd') a.send(network.hostOf('a').endpoint('10.0.2.1', 9), EMPTY, text(letter.repeat(10)))
    network.run()
    expect(heard.map((line) => line.slice(0, 11))).toEqual(['4 b hears a', '5 b hears b', '6 b hears c'])
    expect(story().slice(0, 7)).toEqual([
      '0 a udp sent ttl 64 on a--r from a',
      '0 a udp sent ttl 64 on a--r from a',
      '0 a udp queued 1 on a--r from a',
      '0 a udp sent ttl 64 on a--r from a',
      '0 a udp queued 2 on a--r from a',
      '0 a udp sent ttl 64 on a--r from a',
      '0 a udp lost queue full on a--r from a',
    ])
  })

  it('is lost when its link is cut under it, at that moment', () => {
    const { network, listen, heard, story } = chain()
    listen('b', 9)
    const a = listen('a', 9)
    const to = network.hostOf('a').endpoint('10.0.2.1', 9)
    network.strike(500_000, { kind: 'cut', link: 'a--r' })
    network.strike(2e6, { kind: 'heal', link: 'a--r' })
    for (const ms of [0, 1, 2]) network.ask(ms * 1e6, 'a', () => a.send(to, EMPTY, text(`${ms}`)))
    network.run()
    expect(heard).toEqual(['5 b hears 2 from 10.0.1.1:9'])
    expect(story().filter((line) => / lost|cut|heal/.test(line))).toEqual([
      '0.5 a cut',
      '0.5 a udp lost link cut on a--r from a',
      '1 a udp lost link cut on a--r from a',
      '2 a heal',
    ])
    expect(network.inFlight).toBe(0)
  })

  it('that meets too many routers is stopped by its TTL', () => {
    const network = new Network({
      ...{ seed: '', level: 'signalling', sinks: [], classify: () => ({ name: 'UDP', media: false }) },
    })
    network.host('a', { interfaces: [{ address: '10.0.0.1' }] })
    network.host('b', { interfaces: [{ address: '10.0.0.2' }] })
    const path = ['a', ...Array.from({ length: 64 }, (_, n) => `r${n}`), 'b']
    for (const router of path.slice(1, -1)) network.router(router)
    for (let n = 1; n < path.length; n++) network.link({ between: [path[n - 1]!, path[n]!], up: SLOW, down: SLOW })
    network.seal()
    const host = network.hostOf('a')
    const heard: string[] = []
    const opened = host.udp({}, { received: () => {}, failed: (_, why) => heard.push(`${host.now()} ${why}`) })
    if (opened.ok) opened.value.send(host.endpoint('10.0.0.2', 9), EMPTY, text('x'))
    network.run()
    expect(heard).toEqual(['128 time exceeded'])
  })
})

describe('with both versions of IP', () => {
  /** `a` has two addresses of each version, `b` one of version 6; one router without any. */
  function both() {
    const heard: string[] = []
    const records: TraceRecord[] = []
    const network = new Network({
      ...{ seed: '6', level: 'everything', sinks: [(record) => records.push(record)] },
      classify: (protocol) => ({ name: protocol, media: false }),
    })
    const addresses = ['10.0.0.1/24', '2001:db8::1/64', '10.0.0.11/24', '2001:DB8::000b/64']
    network.host('a', { interfaces: addresses.map((address) => ({ address })) })
    network.host('b', { interfaces: [{ address: '2001:db8:0:1::2/64' }] })
    network.router('r')
    network.link({ between: ['a', 'r'], up: SLOW, down: SLOW })
    network.link({ between: ['b', 'r'], up: SLOW, down: SLOW })
    network.seal()
    const open = (name: string, options: { port: number; address?: string }) => {
      const host = network.hostOf(name)
      const opened = host.udp(options, {
        received: ({ from, to }) => heard.push(`${name} at ${to.address} hears ${from.address}`),
        failed: (to, why) => heard.push(`${name} learns ${to.address} ${why}`),
      })
      if (!opened.ok) throw new Error(opened.issue.expected)
      return { host, socket: opened.value }
    }
    return { network, heard, records, open }
  }

  it('a socket speaks from the address of the version that it speaks to, or from the one that it is told', () => {
    const { network, heard, open } = both()
    const a = open('a', { port: 5 })
    const b = open('b', { port: 5 })
    expect(a.host.addresses()).toEqual(['10.0.0.1', '2001:db8::1', '10.0.0.11', '2001:db8::b'])
    expect(a.socket.local.address).toBe('10.0.0.1')
    const there = a.host.endpoint('2001:DB8:0:1:0::2', 5)
    expect(there).toBe(b.host.endpoint('2001:db8:0:1::2', 5))
    a.socket.send(there, EMPTY, EMPTY)
    a.socket.send(there, EMPTY, EMPTY, 0, '2001:db8::b')
    b.socket.send(b.host.endpoint('2001:db8::b', 5), EMPTY, EMPTY)
    a.socket.send(a.host.endpoint('::1', 5), EMPTY, EMPTY)
    network.run()
    expect(heard).toEqual([
      'a at 2001:db8::1 hears 2001:db8::1',
      'a at 2001:db8::b hears 2001:db8:0:1::2',
      'b at 2001:db8:0:1::2 hears 2001:db8::1',
      'b at 2001:db8:0:1::2 hears 2001:db8::b',
    ])
  })

  it('a socket bound to one address leaves the port of the others free', () => {
    const { network, heard, open } = both()
    open('a', { port: 5, address: '2001:db8::b' })
    open('a', { port: 5, address: '10.0.0.1' })
    const b = open('b', { port: 5 })
    for (const address of ['2001:db8::b', '2001:db8::1']) b.socket.send(b.host.endpoint(address, 5), EMPTY, EMPTY)
    network.run()
    expect(heard).toEqual(['a at 2001:db8::b hears 2001:db8:0:1::2', 'b learns 2001:db8::1 port unreachable'])
  })

  it.each([
    ['2001:db8:0:1::2', 'port unreachable', [1, 4]],
    ['2001:db8:0:1::99', 'host unreachable', [1, 3]],
    ['2001:db8:7::1', 'network unreachable', [1, 0]],
    ['10.7.7.7', 'network unreachable', [3, 0]],
  ] as const)('to %s: %s, as ICMP says it in that version, with the right checksum', (address, why, codes) => {
    const { network, heard, records, open } = both()
    const { host, socket } = open('a', { port: 5 })
    socket.send(host.endpoint(address, 5), EMPTY, text('odd'))
    network.run()
    expect(heard).toEqual([`a learns ${address} ${why}`])
    const icmp = records.find((record) => record.kind === 'delivered' && record.packet.protocol === 'icmp')
    if (icmp?.kind !== 'delivered') throw new Error('no ICMP packet came')
    const { payload, source, destination, length } = icmp.packet
    expect([...payload.subarray(0, 2)]).toEqual(codes)
    expect(length).toBe(payload.length + (source.includes(':') ? 40 : 20))
    expect(onesSum(source.includes(':') ? pseudoHeader(source, destination, payload.length) : [], [...payload])).toBe(
      0xffff,
    )
    // The IP header that it quotes.
    if (!source.includes(':')) expect(onesSum([], [...payload.subarray(8, 28)])).toBe(0xffff)
  })
})

/** The ones' complement sum of 16-bit words: all ones where the checksum among them is right. */
function onesSum(before: readonly number[], bytes: readonly number[]): number {
  const all = [...before, ...bytes]
  let total = 0
  for (let n = 0; n < all.length; n += 2) {
    total += all[n]! * 256 + (all[n + 1] ?? 0)
    if (total > 0xffff) total -= 0xffff
  }
  return total
}

function pseudoHeader(source: string, destination: string, length: number): readonly number[] {
  const bytes = [source, destination].flatMap((address) => {
    const parsed = parseAddress(address)
    return parsed.ok ? [...parsed.value] : []
  })
  return [...bytes, 0, 0, length >> 8, length & 255, 0, 0, 0, 58]
}

describe('a socket', () => {
  it('has a port that nobody else has, or one of its own from 49152 on', () => {
    const { network } = chain()
    const host = network.hostOf('a')
    const receiver = { received: () => {}, failed: () => {} }
    const open = (port?: number, address?: string): string | number => {
      const opened = host.udp(
        { ...(port === undefined ? {} : { port }), ...(address === undefined ? {} : { address }) },
        receiver,
      )
      return opened.ok ? opened.value.local.port : opened.issue.expected
    }
    expect([open(5060), open(5060), open(), open(0), open(70000), open(1, '10.0.9.9')]).toEqual([
      5060,
      'a free port; a has 5060 in use',
      49152,
      49153,
      'a port from 1 to 65535, not 70000',
      'an address of a (10.0.1.1), not "10.0.9.9"',
    ])
  })

  it('is free again when it is closed, and what comes then finds no one', () => {
    const { network, listen, heard } = chain()
    const b = listen('b', 9)
    listen('a', 9).send(network.hostOf('a').endpoint('10.0.2.1', 9), EMPTY, text('x'))
    network.ask(2e6, 'b', () => b.close())
    network.run()
    expect(heard).toEqual(['6 a learns 10.0.2.1:9 port unreachable'])
    listen('b', 9)
  })
})

describe('a host', () => {
  it('resolves names of the topology, never at once', () => {
    const { network } = chain()
    const answers: string[] = []
    const host = network.hostOf('a')
    network.names.set('example.com', [{ type: 'SRV', ttlSeconds: 60, priority: 1, weight: 1, port: 5060, target: 'b' }])
    for (const [name, type] of [
      ['B', 'A'],
      ['b', 'AAAA'],
      ['nobody', 'A'],
      ['example.com', 'SRV'],
    ] as const) {
      host.resolve(name, type, (result) =>
        answers.push(`${host.now()} ${name} ${result.ok ? JSON.stringify(result.records[0]) : result.why}`),
      )
    }
    expect(answers).toEqual([])
    network.run()
    expect(answers).toEqual([
      '0.001 B {"type":"A","ttlSeconds":3600,"address":"10.0.2.1"}',
      '0.001 b no such record',
      '0.001 nobody no such name',
      '0.001 example.com {"type":"SRV","ttlSeconds":60,"priority":1,"weight":1,"port":5060,"target":"b"}',
    ])
  })

  it('that loses its power has no timers and no sockets any more, and can begin anew', () => {
    const { network, listen, heard, story } = chain()
    listen('a', 9)
    const host = network.hostOf('a')
    const ticks: number[] = []
    const tick = (): void => {
      ticks.push(host.now())
      host.after(1, tick)
    }
    tick()
    network.hostOf('b').after(2.5, () => ticks.push(2.5))
    network.strike(2.25e6, { kind: 'crash', node: 'a' })
    const b = listen('b', 9)
    for (const ms of [0, 6])
      network.ask(ms * 1e6, 'b', () => b.send(host.endpoint('10.0.1.1', 9), EMPTY, text(`${ms}`)))
    network.strike(7e6, { kind: 'restart', node: 'a' })
    network.ask(8e6, 'a', () => listen('a', 9))
    network.run()
    expect(ticks).toEqual([0, 1, 2, 2.5])
    expect(heard).toEqual(['9 a hears 6 from 10.0.2.1:9'])
    expect(story().filter((line) => / a (crash|restart|udp)/.test(line))).toEqual([
      '2.25 a crash',
      '3 a udp lost host without power',
      '7 a restart',
      '9 a udp delivered ttl 62 on a--r from r',
    ])
  })

  it('has timers that inherit the cause of their setting', () => {
    const { network, records } = chain()
    const { trace } = network.hostOf('a')
    trace.transition('call', '1', 'idle', 'go', 'calling')
    network.hostOf('a').after(5, () => trace.transition('call', '1', 'calling', 'B', 'ended', 'B'))
    network.run()
    expect(records.map(({ at, cause }) => [at, cause?.sequence ?? null])).toEqual([
      [0, null],
      [5e6, 1],
    ])
  })
})
