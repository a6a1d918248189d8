// TCP over a way that carries less than its links at either end: the routers' ICMP errors tell, and segments become smaller.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'

const BYTES = 50_000

test.each([
  ['10.0.0.1', '10.0.0.2', 1500, 1448],
  ['10.0.0.1', '10.0.0.2', 1400, 1348],
  ['10.0.0.1', '10.0.0.2', 576, 524],
  ['2001:db8::1', '2001:db8::2', 1280, 1208],
])('from %s to %s by way of an MTU of %d: %d bytes a segment', (from, to, mtuBytes, largest) => {
  const records: TraceRecord[] = []
  const network = new Network({ seed: '1', level: 'everything', classify, sinks: [(record) => records.push(record)] })
  const prefix = from.includes(':') ? 128 : 32
  network.host('a', { interfaces: [{ address: `${from}/${prefix}` }], gateway: 'r' })
  network.host('b', { interfaces: [{ address: `${to}/${prefix}` }], gateway: 's' })
  network.router('r')
  network.router('s')
  const direction = { delayNs: 1e6 }
  network.link({ between: ['a', 'r'], up: direction, down: direction })
  network.link({ between: ['r', 's'], up: { ...direction, mtuBytes }, down: { ...direction, mtuBytes } })
  network.link({ between: ['s', 'b'], up: direction, down: direction })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  const lengths: number[] = []
  const hears = {
    received: (_: Uint8Array, start: number, end: number) => void lengths.push(end - start),
    ended: () => {},
    closed: () => {},
  }
  b.tcp.listen({ port: 80 }, { accepted: () => hears })
  network.ask(0, 'a', () => {
    const opened = a.tcp.connect(a.endpoint(to, 80), {}, hears)
    if (opened.ok) opened.value.send(new Uint8Array(BYTES))
  })
  network.run(20e9)
  expect(lengths.reduce((sum, one) => sum + one, 0)).toBe(BYTES)
  expect(Math.max(...lengths)).toBe(largest)
  const fragments = records.filter((one) => 'packet' in one && one.packet.fragment !== undefined)
  expect(fragments).toEqual([])
  const timeouts = records.filter((one) => one.kind === 'transition' && one.timer === 'RTO')
  expect(timeouts).toEqual([])
})
