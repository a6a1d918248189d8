// The row nat: V with a NAT on each side beside V itself; and what a packet costs a NAT that knows many others.

import { Network } from '../sim/network/network.ts'
import { inTurn, type Order, scattered } from './order.ts'
import { type BenchOptions, type BenchResult, type BenchRow, compare, cpuSeconds } from './row.ts'
import { voiceWorld } from './voice.ts'

/** So many inside sockets speak to as many remote endpoints: 10² and 10⁶ mappings. */
const FEW = 10
const MANY = 1000
const PACKETS = 200_000
/** The NAT's outside addresses. */
const POOL = 20
const EMPTY = new Uint8Array(0)

/** V's delivered packets per CPU second behind two NATs, beside V; packets per CPU second through a NAT of 10⁶ mappings, beside one of 10². */
export const nat: BenchRow = {
  name: 'nat',
  what: 'V with a NAT on each side, beside V; and a NAT of a million mappings, beside one of a hundred',
  measure: (options) => [behindNats(options), ...many()],
}

function behindNats({ calls, seconds, lossRatio }: BenchOptions): BenchResult {
  const rate = (nats: boolean) => (): number => {
    const { network, arrivals } = voiceWorld(calls, seconds, lossRatio, nats)
    const cpu = cpuSeconds(() => network.run())
    return arrivals.delivered / cpu
  }
  return compare('nat V', 'packets/s of CPU', rate(true), rate(false), 3)
}

function many(): readonly BenchResult[] {
  const [much, little] = [throughNat(MANY), throughNat(FEW)]
  return [
    compare(
      'nat mappings',
      'packets/s of CPU',
      () => much(inTurn),
      () => little(inTurn),
      3,
    ),
    compare(
      'nat scattered',
      'packets/s of CPU',
      () => much(scattered),
      () => little(scattered),
      3,
    ),
  ]
}

/** Inside sockets speak to remote endpoints, each pair by a mapping of its own: `side`² of them. */
function throughNat(side: number): (order: Order) => number {
  const network = new Network({
    seed: 'nat',
    level: 'counters',
    sinks: [],
    classify: () => ({ name: 'UDP', media: true }),
  })
  const pool = Array.from({ length: POOL - 1 }, (_, n) => `203.0.113.${n + 10}`)
  network.nat('nat', {
    ...{ inside: '10.0.0.1/24', outside: '203.0.113.9/24', pool, pooling: 'arbitrary', timers: { udpNs: 1e15 } },
    ...{ mapping: 'address-and-port-dependent', ports: { assignment: 'sequential', parity: false } },
  })
  network.host('inside', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'nat' })
  network.host('outside', { interfaces: [{ address: '198.51.100.1/24' }], power: false })
  const direction = { delayNs: 1000 }
  network.link({ between: ['inside', 'nat'], up: direction, down: direction })
  network.link({ between: ['nat', 'outside'], up: direction, down: direction })
  network.seal()
  const host = network.hostOf('inside')
  const sockets = Array.from({ length: side }, (_, n) => {
    const opened = host.udp({ port: 10_000 + n }, { received: () => {}, failed: () => {} })
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  })
  const endpoints = Array.from({ length: side }, (_, n) => host.endpoint('198.51.100.1', 1 + n))
  const payload = new Uint8Array(160)
  const send = (count: number, choose: (n: number) => number): void => {
    for (let n = 0; n < count; n++) {
      const pair = choose(n)
      sockets[Math.floor(pair / side)]!.send(endpoints[pair % side]!, EMPTY, payload)
      if (n % 16 === 15) network.run()
    }
    network.run()
  }
  const mappings = side * side
  send(mappings, (n) => n)
  if (network.recorder.totals().losses['no mapping left'] !== undefined) throw new Error('too few ports')
  let turn = 0
  return (order) => {
    const start = turn
    turn += PACKETS
    return PACKETS / cpuSeconds(() => send(PACKETS, (n) => order(start + n, mappings)))
  }
}
