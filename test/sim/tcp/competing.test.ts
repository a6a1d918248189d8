// Two uploads at once share a link: little of it stands idle, and none of them starves. Where the queue drops what comes when it is full, who is
// hit is a matter of phase (Floyd and Jacobson 1992: seven to two is usual), so that fair shares are asked only of queues that choose.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Connection } from '../../../platform/connection.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network } from '../../../sim/network/network.ts'
import type { TcpSettings } from '../../../sim/transport/tcp/settings.ts'

type Queue = NonNullable<Direction['queue']>

const RATE = 10e6
const SECONDS = 40

/** What each of two senders, so far from the router, brings to the other end of a link of 10 Mbps, in parts of that. */
function shares(tcps: readonly TcpSettings[], queue: Queue, delaysMs: readonly number[]): readonly number[] {
  const network = new Network({ seed: '1', level: 'counters', classify, sinks: [] })
  network.router('r')
  network.host('z', { interfaces: [{ address: '10.0.9.1/24' }], gateway: 'r' })
  network.link({ between: ['r', 'z'], up: { delayNs: 5e6, rateBps: RATE, queue }, down: { delayNs: 5e6 } })
  tcps.forEach((tcp, n) => {
    network.host(`s${n}`, { interfaces: [{ address: `10.0.${n}.1/24` }], gateway: 'r', tcp })
    const way = { delayNs: delaysMs[n]! * 1e6, rateBps: 100e6 }
    network.link({ between: ['r', `s${n}`], up: way, down: way })
  })
  network.seal()
  const received = tcps.map(() => 0)
  const nobody = { received: () => {}, ended: () => {}, closed: () => {} }
  const piece = new Uint8Array(65_536)
  tcps.forEach((_, n) => {
    const count = (_: Uint8Array, from: number, to: number): void => {
      received[n]! += to - from
    }
    network.hostOf('z').tcp.listen({ port: 80 + n }, { accepted: () => ({ ...nobody, received: count }) })
    const sender = network.hostOf(`s${n}`)
    let connection: Connection | undefined
    const fill = (): void => {
      while (connection!.send(piece));
    }
    network.ask(n * 1e9, `s${n}`, () => {
      const filling = { ...nobody, connected: fill, drained: fill }
      const opened = sender.tcp.connect(sender.endpoint('10.0.9.1', 80 + n), {}, filling)
      if (opened.ok) connection = opened.value
    })
  })
  network.run(SECONDS * 1e9)
  return received.map((bytes) => (bytes * 8) / SECONDS / RATE)
}

const PLAIN: TcpSettings = { selectiveAcknowledgments: false }
const RED = { discipline: 'red', unit: 'packets', min: 5, max: 30, ratio: 0.1, weight: 0.01, gentle: true } as const
const TIMES = { targetNs: 5e6, intervalNs: 100e6 }
const FAIR: Queue = { discipline: 'fq-codel', ...TIMES, flows: 1024, quantumBytes: 1514, limitPackets: 1000 }

test.each<[string, readonly TcpSettings[], Queue, readonly number[], number]>([
  ['a long queue', [{}, {}], { packets: 100 }, [5, 5], 0.5],
  ['a short queue', [{}, {}], { packets: 25 }, [5, 6], 0.2],
  ['without selective acknowledgments', [PLAIN, PLAIN], { packets: 50 }, [5, 6], 0.2],
  ['one with and one without', [{}, PLAIN], RED, [5, 6], 0.5],
  ['early drops', [{}, {}], RED, [5, 6], 0.7],
  ['a queue for each', [{}, {}], FAIR, [5, 25], 0.7],
])('%s', (_, tcps, queue, delays, fair) => {
  const [one = 0, other = 0] = shares(tcps, queue, delays)
  expect(one + other).toBeGreaterThan(0.85)
  expect(Math.min(one, other) / Math.max(one, other)).toBeGreaterThan(fair)
})
