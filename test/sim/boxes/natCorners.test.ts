// Where two behaviours of a NAT meet: ranges and preservation, exhaustion and connections that end.

import { describe, expect, test } from 'vitest'
import type { ConnectionReceiver } from '../../../platform/connection.ts'
import { boxWorld, tell } from './story.ts'

const MINUTE = 60e9

describe('a range of ports', () => {
  test('holds those that are preserved as well', () => {
    const { told, happened } = tell(
      `
      1 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:30000 → 198.51.100.7:80
      2 s  10.0.0.2:30003 → 198.51.100.7:80  203.0.113.9:30003 → 198.51.100.7:80
      `,
      { nat: { ports: { first: 30_000, last: 30_003 } } },
    )
    expect(happened).toBe(told)
  })

  test('ends where it ends for the port beside another as well', () => {
    const { told, happened } = tell(
      `
      1 s  10.0.0.2:30002 → 198.51.100.7:80  203.0.113.9:30002 → 198.51.100.7:80
      2 s  10.0.0.2:30003 → 198.51.100.7:80  203.0.113.9:30001 → 198.51.100.7:80
      `,
      { nat: { ports: { first: 30_000, last: 30_002, contiguity: true } } },
    )
    expect(happened).toBe(told)
  })
})

test('a host with several blocks of ports has them of one address, unless pooling is arbitrary', () => {
  const lines = (third: string, fourth: string): string => `
      1 s  10.0.0.2:1000 → 198.51.100.7:80  203.0.113.9:40000 → 198.51.100.7:80
      2 s  10.0.0.3:1000 → 198.51.100.7:80  203.0.113.9:40001 → 198.51.100.7:80
      3 s  10.0.0.3:1001 → 198.51.100.7:80  ${third}
      4 s  10.0.0.4:1000 → 198.51.100.7:80  ${fourth} → 198.51.100.7:80
      `
  const ports = { parity: false, first: 40_000, last: 40_001 }
  const nat = { pool: ['203.0.113.10'], blocks: { ports: 1, most: 2 }, ports }
  const none = 'no mapping left, host unreachable (198.51.100.7:80)'
  const paired = tell(lines(none, '203.0.113.10:40000'), { nat })
  expect(paired.happened).toBe(paired.told)
  const mixed = tell(lines('203.0.113.10:40000 → 198.51.100.7:80', '203.0.113.10:40001'), {
    nat: { ...nat, pooling: 'arbitrary' },
  })
  expect(mixed.happened).toBe(mixed.told)
})

test('ports of connections that have ended are given again 4 min later, though none was left while they were open', () => {
  const { network } = boxWorld({ nat: { ports: { assignment: 'sequential', first: 40_000, last: 40_001 } } })
  const heard: string[] = []
  const receiver = (name: string): ConnectionReceiver => ({
    connected: () => void heard.push(`${Math.floor(network.kernel.now / MINUTE)} min: ${name} connected`),
    received: () => {},
    ended: () => {},
    closed: ({ how }) => void heard.push(`${Math.floor(network.kernel.now / MINUTE)} min: ${name} ${how}`),
  })
  network.hostOf('out0').tcp.listen({ port: 80 }, { accepted: () => receiver('server') })
  const connect = (atNs: number, name: string, port: number): void => {
    network.ask(atNs, 'in0', () => {
      const host = network.hostOf('in0')
      const opened = host.tcp.connect(host.endpoint('198.51.100.7', 80), { port }, receiver(name))
      if (opened.ok && name === 'first') host.after(120_000, () => opened.value.abort())
    })
  }
  connect(0, 'first', 5000)
  connect(0, 'second', 5001)
  connect(1 * MINUTE, 'third', 5002)
  connect(6.5 * MINUTE, 'fourth', 5003)
  network.run(10 * MINUTE)
  expect(heard).toEqual([
    '0 min: first connected',
    '0 min: second connected',
    '2 min: server reset',
    '4 min: third timed out',
    '6 min: fourth connected',
  ])
})
