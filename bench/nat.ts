// The row nat: V with a NAT on each side beside V itself; and what a packet costs a NAT that knows many others.

import { Network } from '../sim/network/network.ts'
import { type BenchOptions, type BenchResult, type BenchRow, compare, cpuSeconds } from './row.ts'
import { voiceWorld } from './voice.ts'

const FEW = 100
const MANY = 1_000_000
const PACKETS = 200_000
/** The outside host's addresses; so many ports of each stand for the remote endpoints. */
const REMOTES = 20
const POOL = 20
const EMPTY = new Uint8Array(0)

/** V's delivered packets per CPU second behind two NATs, beside V; packets per CPU second through a NAT of 10⁶ mappings, beside one of 10². */
export const nat: BenchRow = {
  name: 'nat',
  what: 'V with a NAT on each side, beside V; and a NAT of a million mappings, beside one of a hundred',
  measure: (options) => [behindNats(options), many()],
}

function behindNats({ calls, seconds, lossRatio }: BenchOptions): BenchResult {
  const rate = (nats: boolean) => (): number => {
    const { network, arrivals } = voiceWorld(calls, seconds, lossRatio, nats)
    const cpu = cpuSeconds(() => network.run())
    return arrivals.delivered / cpu
  }
  return compare('nat V', 'packets/s of CPU', rate(true), rate(false), 3)
}

function many(): BenchResult {
  return compare('nat mappings', 'packets/s of CPU', throughNat(MANY), throughNat(FEW), 3)
}

/** One inside host speaks to `mappings` remote endpoints, each of which has a mapping of its own, to all in turn. */
function throughNat(mappings: number): () => number {
  const network = new Network({
    seed: 'nat',
    level: 'counters',
    sinks: [],
    classify: () => ({ name: 'UDP', media: true }),
  })
  const pool = Array.from({ length: POOL - 1 }, (_, n) => `203.0.113.${n + 10}`)
  const remotes = Array.from({ length: REMOTES }, (_, n) => `198.51.100.${n + 1}`)
  network.nat('nat', {
    ...{ inside: '10.0.0.1/24', outside: '203.0.113.9/24', pool, pooling: 'arbitrary', timers: { udpNs: 1e15 } },
    ...{ mapping: 'address-and-port-dependent', ports: { assignment: 'sequential', parity: false } },
  })
  network.host('inside', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'nat' })
  network.host('outside', { interfaces: remotes.map((address) => ({ address: `${address}/24` })), power: false })
  const direction = { delayNs: 1000 }
  network.link({ between: ['inside', 'nat'], up: direction, down: direction })
  network.link({ between: ['nat', 'outside'], up: direction, down: direction })
  network.seal()
  const host = network.hostOf('inside')
  const opened = host.udp({ port: 5060 }, { received: () => {}, failed: () => {} })
  if (!opened.ok) throw new Error(opened.issue.expected)
  const endpoints = Array.from({ length: mappings }, (_, n) =>
    host.endpoint(remotes[n % REMOTES]!, 1 + Math.floor(n / REMOTES)),
  )
  const payload = new Uint8Array(160)
  const send = (count: number, choose: (n: number) => number): void => {
    for (let n = 0; n < count; n++) {
      opened.value.send(endpoints[choose(n)]!, EMPTY, payload)
      if (n % 16 === 15) network.run()
    }
    network.run()
  }
  send(mappings, (n) => n)
  if (network.recorder.totals().losses['no mapping left'] !== undefined) throw new Error('too few ports')
  let turn = 0
  return () => {
    const start = turn
    turn += PACKETS
    return PACKETS / cpuSeconds(() => send(PACKETS, (n) => (start + n) % mappings))
  }
}
