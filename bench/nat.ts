// The row nat: V with a NAT on each side beside V itself; and what a packet costs a NAT that knows many others.

import { Network } from '../sim/network/network.ts'
import { inTurn, type Order, scattered } from './order.ts'
import { type BenchOptions, type BenchResult, type BenchRow, compareBest, cpuSeconds } from './row.ts'
import { voiceWorld } from './voice.ts'

const FEW = 100
const MANY = 1_000_000
/** Few at a time, many times: the machine's other work comes and goes. */
const PACKETS = 20_000
const ROUNDS = 40
/** Of V's time. */
const SLICE_NS = 200_000_000
/** The NAT's outside addresses; and the far host's, where one inside socket speaks to all remotes. */
const POOL = 20
const EMPTY = new Uint8Array(0)

/** V's delivered packets per CPU second behind two NATs, beside V; packets per CPU second through a NAT of 10⁶ mappings, beside one of 10². */
export const nat: BenchRow = {
  name: 'nat',
  what: 'V with a NAT on each side, beside V; and a NAT of a million mappings or permissions, beside one of a hundred',
  measure: (options) => [behindNats(options), ...many()],
}

function behindNats({ calls, seconds, lossRatio }: BenchOptions): BenchResult {
  const rate = (nats: boolean): (() => number) => {
    const network = voiceWorld(calls, seconds, lossRatio, nats)
    const delivered = (): number => network.recorder.totals().delivered
    let untilNs = 0
    return () => {
      const before = delivered()
      untilNs += SLICE_NS
      const cpu = cpuSeconds(() => network.run(untilNs))
      return (delivered() - before) / cpu
    }
  }
  const rounds = Math.max(1, Math.floor((seconds * 1e9) / SLICE_NS) - 1)
  return compareBest('nat V', 'packets/s of CPU', rate(true), rate(false), rounds)
}

/** What the mappings are made of. */
interface Kind {
  readonly mapping: 'endpoint-independent' | 'address-and-port-dependent'
  /** Inside sockets, of so many mappings. */
  sockets(count: number): number
}

/** As many sockets as remotes: each pair has a mapping. */
const PAIRS: Kind = { mapping: 'address-and-port-dependent', sockets: (count) => Math.sqrt(count) }
/** One socket speaks to all remotes, by a mapping for each. */
const REMOTES: Kind = { mapping: 'address-and-port-dependent', sockets: () => 1 }
/** One socket speaks to all remotes by one mapping, and each is permitted to answer. */
const PERMITTED: Kind = { mapping: 'endpoint-independent', sockets: () => 1 }

function many(): readonly BenchResult[] {
  const row = (name: string, kind: Kind, orders: readonly (readonly [string, Order])[]): BenchResult[] => {
    const [much, little] = [throughNat(MANY, kind), throughNat(FEW, kind)]
    return orders.map(([what, order]) => {
      const [value, baseline] = [() => much(order), () => little(order)]
      return compareBest(`nat ${name}${what}`, 'packets/s of CPU', value, baseline, ROUNDS)
    })
  }
  const noOrder = [['', scattered]] as const
  return [
    ...row('', PAIRS, [
      ['in turn', inTurn],
      ['scattered', scattered],
    ]),
    ...row('remotes', REMOTES, noOrder),
    ...row('permitted', PERMITTED, noOrder),
  ]
}

/** Inside sockets speak to remote endpoints: `count` pairs. Gives packets per CPU second. */
function throughNat(count: number, kind: Kind): (order: Order) => number {
  const network = new Network({
    seed: 'nat',
    level: 'counters',
    sinks: [],
    classify: () => ({ name: 'UDP', media: true }),
  })
  const pool = Array.from({ length: POOL - 1 }, (_, n) => `203.0.113.${n + 10}`)
  network.nat('nat', {
    ...{ inside: '10.0.0.1/24', outside: '203.0.113.9/24', pool, pooling: 'arbitrary', timers: { udpNs: 1e15 } },
    ...{ mapping: kind.mapping, ports: { assignment: 'sequential', parity: false } },
  })
  network.host('inside', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'nat' })
  const remotes = Array.from({ length: POOL }, (_, n) => `198.51.100.${n + 1}`)
  network.host('outside', { interfaces: remotes.map((address) => ({ address: `${address}/24` })), power: false })
  const direction = { delayNs: 1000 }
  network.link({ between: ['inside', 'nat'], up: direction, down: direction })
  network.link({ between: ['nat', 'outside'], up: direction, down: direction })
  network.seal()
  const host = network.hostOf('inside')
  const from = Array.from({ length: kind.sockets(count) }, (_, n) => {
    const opened = host.udp({ port: 10_000 + n }, { received: () => {}, failed: () => {} })
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  })
  const side = count / from.length
  const endpoints = Array.from({ length: side }, (_, n) => host.endpoint(remotes[n % POOL]!, 1 + Math.floor(n / POOL)))
  // Named one after the other, they are numbered so.
  const first = endpoints[0]!.id
  if (endpoints.some(({ id }, n) => id !== first + n)) throw new Error('the endpoints are not numbered in order')
  const payload = new Uint8Array(160)
  let turn = 0
  const send = (packets: number, order: Order): number => {
    const end = turn + packets
    return cpuSeconds(() => {
      for (; turn < end; turn++) {
        const pair = order(turn, count)
        from[Math.floor(pair / side)]!.sendTo(first + (pair % side), EMPTY, payload)
        if (turn % 16 === 15) network.run()
      }
      network.run()
    })
  }
  send(count, inTurn)
  if (network.recorder.totals().losses['no mapping left'] !== undefined) throw new Error('too few ports')
  return (order) => PACKETS / send(PACKETS, order)
}
