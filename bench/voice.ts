// Workload V on the simulator itself: N two-way G.711 calls over one bottleneck, by real hosts, sockets and RTP endpoints.

import { Network } from '../sim/network/network.ts'
import { CODECS } from '../stack/rtp/codec.ts'
import { RtpSession } from '../stack/rtp/session.ts'

/** What workload V is made of, for whoever runs it. */
export const V = {
  packetNs: 20_000_000,
  phaseStepNs: 7_919_001,
  framingBytes: 2,
  access: { rateBps: 100_000_000, delayNs: 5_000_000 },
  bottleneck: { rateBps: 1_000_000_000, delayNs: 20_000_000, queueBytes: 1_000_000 },
  arrivalModulus: 1_000_003,
} as const

/** Where the NATs stand for those behind them. */
const OUTSIDE = { west: '192.0.2.1', east: '192.0.2.2' } as const

/** What came, and when: the sum of (arrival time in ns mod 1,000,003). */
export class Arrivals {
  delivered = 0
  arrivalSum = 0

  readonly #at = new Float64Array(1)

  /** In its one element, when the arrival came that is to be counted, ns: a parameter would cost an object each time. */
  get at(): Float64Array {
    return this.#at
  }

  /** Counts an arrival. Twenty times as fast as `%`, which is a call to C beyond 2³¹. */
  add(): void {
    const at = this.#at[0]!
    const rest = at - Math.floor(at / V.arrivalModulus) * V.arrivalModulus
    this.delivered++
    this.arrivalSum += rest < 0 ? rest + V.arrivalModulus : rest
  }
}

/**
 * Builds V: `calls` 1 and up, `seconds` of talking, `lossRatio` on the bottleneck. Nothing has run yet. With `nats` the two routers are
 * NATs: each call is translated twice, and `calls` is at most 20,000.
 */
export function voiceWorld(calls: number, seconds: number, lossRatio: number, nats = false): Network {
  const network = new Network({
    ...{ seed: 'V', level: 'counters', sinks: [] },
    classify: () => ({ name: 'RTP', media: true }),
  })
  if (nats)
    for (const side of ['west', 'east'] as const)
      network.nat(side, { inside: '10.255.255.254/8', outside: `${OUTSIDE[side]}/30` })
  else for (const side of ['west', 'east']) network.router(side)
  const { rateBps, delayNs, queueBytes } = V.bottleneck
  const bottleneck = {
    ...{ rateBps, delayNs, queue: { bytes: queueBytes }, framingBytes: V.framingBytes },
    ...(lossRatio > 0 ? { loss: { model: 'random', ratio: lossRatio } as const } : {}),
  }
  network.link({ between: ['west', 'east'], up: bottleneck, down: bottleneck })
  const access = { ...V.access, framingBytes: V.framingBytes }
  for (let endpoint = 0; endpoint < calls * 2; endpoint++) {
    const name = `h${endpoint}`
    network.host(name, { interfaces: [{ address: addressOf(endpoint) }] })
    network.link({ between: [name, endpoint % 2 === 0 ? 'west' : 'east'], up: access, down: access })
  }
  network.seal()
  // They open in the order in which they begin to talk, as they would if calls were set up.
  const endpoints = Array.from({ length: calls * 2 }, (_, endpoint) => endpoint)
  for (const endpoint of endpoints.sort((a, b) => phaseOf(a) - phaseOf(b))) talk(network, endpoint, seconds, nats)
  return network
}

/** Endpoint e talks to its partner from e × 7,919,001 ns mod 20 ms on; no packet at or after the end. */
function talk(network: Network, endpoint: number, seconds: number, nats: boolean): void {
  const host = network.hostOf(`h${endpoint}`)
  const portOf = (one: number): number => (nats ? 10_000 + one : 10_000)
  const opened = RtpSession.open(host, { port: portOf(endpoint) })
  if (!opened.ok) throw new Error(opened.issue.expected)
  const phaseMs = phaseOf(endpoint) / 1e6
  const partner = endpoint ^ 1
  const address = nats ? OUTSIDE[partner % 2 === 0 ? 'west' : 'east'] : addressOf(partner).slice(0, -3)
  const remote = host.endpoint(address, portOf(partner))
  opened.value.talk({ remote, codec: CODECS.PCMU, phaseMs, untilMs: seconds * 1000 })
}

/** Counts a V's arrivals: it listens to the recorder, which hears of each delivery before the socket does. Not while time is taken. */
export function listen({ kernel, recorder }: Network): Arrivals {
  const arrivals = new Arrivals()
  const { delivered } = recorder
  recorder.delivered = (node, link, packet, length, ttl) => {
    arrivals.at[0] = kernel.now
    arrivals.add()
    delivered.call(recorder, node, link, packet, length, ttl)
  }
  return arrivals
}

function phaseOf(endpoint: number): number {
  return (endpoint * V.phaseStepNs) % V.packetNs
}

function addressOf(endpoint: number): string {
  return `10.${endpoint >> 16}.${(endpoint >> 8) & 255}.${endpoint & 255}/32`
}
