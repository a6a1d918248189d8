import { describe, expect, test } from 'vitest'
import { LiveHost } from '../../live/host.ts'
import type { Datagram, Resolution, UdpReceiver } from '../../platform/host.ts'
import type { TraceRecord } from '../../platform/trace.ts'

const LOOPBACK = ['127.0.0.1', '127.0.0.2']
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (datagram: Datagram): string => new TextDecoder().decode(datagram.bytes())
const deaf: UdpReceiver = { received: () => {}, failed: () => {} }

/** Runs `perform` on a host of its own, until it says that it is done. */
function live<T>(perform: (host: LiveHost, done: (value: T) => void) => void): Promise<T> {
  const host = new LiveHost({ name: 'alice', addresses: LOOPBACK })
  const ended = new Promise<T>((done) => perform(host, done))
  return ended.finally(() => host.close())
}

describe('sockets', () => {
  test('a datagram comes with who sent it, and to which address', async () => {
    const said = await live<string>((host, done) => {
      const bob = host.udp(
        {},
        { ...deaf, received: (one) => done(`${text(one)} ${one.from === alice.local} ${one.to.address}`) },
      )
      const opened = host.udp({ address: '127.0.0.1' }, deaf)
      if (!bob.ok || !opened.ok) throw new Error('no socket')
      const alice = opened.value
      const head = bytes('he')
      alice.send(host.endpoint('127.0.0.2', bob.value.local.port), head, bytes('llo'))
      head.fill(0)
    })
    expect(said).toBe('hello true 127.0.0.2')
  })

  test('the source can be chosen', async () => {
    const from = await live<string>((host, done) => {
      const opened = host.udp({}, { ...deaf, received: (one) => done(one.from.address) })
      if (opened.ok) opened.value.send(opened.value.local, bytes('x'), bytes(''), 0, '127.0.0.2')
    })
    expect(from).toBe('127.0.0.2')
  })

  test('a port that is taken and an address of others are issues, at once', async () => {
    const issues = await live<string[]>((host, done) => {
      const first = host.udp({}, deaf)
      if (!first.ok) throw new Error(first.issue.expected)
      const { port } = first.value.local
      const refused = [host.udp({ port }, deaf), host.udp({ address: '192.0.2.1' }, deaf)]
      done(refused.map((result) => (result.ok ? 'open' : result.issue.expected.replace(`${port}`, 'PORT'))))
    })
    expect(issues).toEqual(['a free port; 127.0.0.1:PORT is in use', 'one of 127.0.0.1, 127.0.0.2, not "192.0.2.1"'])
  })

  test('a port is free again once it is closed', async () => {
    const second = await live<boolean>((host, done) => {
      const first = host.udp({}, deaf)
      if (!first.ok) throw new Error(first.issue.expected)
      const { port } = first.value.local
      first.value.close()
      host.after(1, () => done(host.udp({ port }, deaf).ok))
    })
    expect(second).toBe(true)
  })

  test('what this machine cannot send is told, and why', async () => {
    const why = await live<string>((host, done) => {
      const opened = host.udp({}, { ...deaf, failed: (to, reason) => done(`${to.address}: ${reason}`) })
      if (opened.ok) opened.value.send(host.endpoint('2001:db8::1', 5060), bytes('x'), bytes(''))
    })
    expect(why).toBe('2001:db8::1: network unreachable')
  })
})

test('endpoints are the same object, however the address is written', () => {
  const host = new LiveHost({ name: 'alice', addresses: LOOPBACK })
  expect(host.endpoint('2001:db8::1', 5060)).toBe(host.endpoint('2001:DB8:0::1', 5060))
  expect(host.endpoint('127.0.0.1', 5060)).not.toBe(host.endpoint('127.0.0.1', 5061))
})

test('timers fire once, never early, and not when cancelled', async () => {
  const fired = await live<string[]>((host, done) => {
    const log: string[] = []
    const wait = (delayMs: number): number => {
      const dueMs = host.now() + delayMs
      return host.after(delayMs, () => {
        log.push(`${delayMs} ${host.now() < dueMs - 0.5 ? 'early' : 'in time'}`)
        if (log.length === 4) done(log.sort())
      })
    }
    const never = wait(3)
    for (const delayMs of [0, 4, 12.3, 12.4]) wait(delayMs)
    host.cancel(never)
  })
  expect(fired).toEqual(['0 in time', '12.3 in time', '12.4 in time', '4 in time'])
})

test('entropy: in range, and no two streams alike', () => {
  const host = new LiveHost({ name: 'alice', addresses: LOOPBACK })
  const draw = (name: string): number[] => Array.from({ length: 600 }, () => host.random(name).next())
  const drawn = draw('a')
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true)
  expect(new Set([...drawn, ...draw('b')]).size).toBeGreaterThan(1190)
  expect(host.random('a')).toBe(host.random('a'))
  expect(Array.from({ length: 100 }, () => host.random('c').below(3)).every((value) => [0, 1, 2].includes(value))).toBe(
    true,
  )
  expect(host.random('d').double() % 2 ** -53).toBe(0)
})

test('names of this machine are found, others not; the answer comes later', async () => {
  const answers = await live<string[]>((host, done) => {
    const log: string[] = []
    const heard = (result: Resolution): void => {
      log.push(result.ok ? result.records.map((one) => ('address' in one ? one.address : '')).join() : result.why)
      if (log.length === 2) done(log)
    }
    host.resolve('localhost', 'A', heard)
    log.push('asked')
  })
  expect(answers).toEqual(['asked', '127.0.0.1'])
})

test('programs’ words reach the sink, numbered', () => {
  const records: TraceRecord[] = []
  const host = new LiveHost({ name: 'alice', addresses: LOOPBACK, sink: (record) => records.push(record) })
  host.trace.transition('call', '1@a', 'calling', '180', 'ringback')
  host.trace.remark('call failed', { status: 486 })
  expect(records).toMatchObject([
    { kind: 'transition', id: { node: 'alice', sequence: 0 }, machine: 'call', to: 'ringback' },
    { kind: 'remark', id: { node: 'alice', sequence: 1 }, details: { status: 486 } },
  ])
  expect(new LiveHost({ name: 'bob', addresses: LOOPBACK }).trace.on).toBe(false)
})
