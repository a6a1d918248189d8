// The row tcp: one bulk transfer over a link of 1 Gb/s, by real hosts and their TCP: segments per CPU second, and what each costs.

import type { Connection } from '../platform/connection.ts'
import { Network } from '../sim/network/network.ts'
import { type BenchOptions, type BenchResult, type BenchRow, cpuSeconds } from './row.ts'
import { heldBytes } from './v.ts'

const RATE_BPS = 1e9
const DELAY_NS = 1e6
/** What Ethernet adds to a packet, preamble and gap included. */
const FRAMING_BYTES = 38
const PIECE = new Uint8Array(1_048_576)
const ROUNDS = 3

/** Segments with data that are delivered per CPU second; beside it the goodput and the events for each segment. */
export const tcp: BenchRow = {
  name: 'tcp',
  what: 'a bulk transfer over a link of 1 Gb/s, by real hosts and their TCP',
  measure: (options) => [measure(options)],
}

function measure({ seconds }: BenchOptions): BenchResult {
  run(Math.min(seconds, 1))
  const rounds = Array.from({ length: ROUNDS }, () => run(seconds))
  rounds.sort((a, b) => a.rate - b.rate)
  const { rate, ...counts } = rounds[ROUNDS >> 1]!
  return { row: 'tcp', value: rate, unit: 'segments/s of CPU', baseline: null, ratio: null, ...counts }
}

function run(seconds: number) {
  const world = bulkWorld()
  const { network } = world
  network.run(1e8)
  const [eventsBefore, bytesBefore] = [network.kernel.executed, world.received()]
  const held = heldBytes()
  const cpu = cpuSeconds(() => network.run(1e8 + seconds * 1e9))
  const grown = heldBytes() - held
  const bytes = world.received() - bytesBefore
  const segments = bytes / world.segmentBytes
  return {
    rate: segments / cpu,
    goodputMbps: Math.round((bytes * 8) / seconds / 1e4) / 100,
    eventsPerSegment: Number(((network.kernel.executed - eventsBefore) / segments).toFixed(3)),
    grownBytesPerSegment: Number((grown / segments).toFixed(3)),
    lost: network.recorder.totals().lost,
  }
}

/** Two hosts, and a flow that never ends; nothing has run yet. */
function bulkWorld() {
  const network = new Network({
    ...{ seed: 'tcp', level: 'counters', sinks: [] },
    classify: () => ({ name: 'TCP', media: true }),
  })
  for (const [n, name] of ['sender', 'receiver'].entries()) {
    network.host(name, { interfaces: [{ address: `10.0.0.${n + 1}/24` }] })
  }
  const direction = { rateBps: RATE_BPS, delayNs: DELAY_NS, framingBytes: FRAMING_BYTES }
  network.link({ between: ['sender', 'receiver'], up: direction, down: direction })
  network.seal()
  const [sender, receiver] = [network.hostOf('sender'), network.hostOf('receiver')]
  let received = 0
  receiver.tcp.listen(
    { port: 5001 },
    {
      accepted: () => ({
        received: (_, start, end) => {
          received += end - start
        },
        ended: () => {},
        closed: () => {},
      }),
    },
  )
  let connection: Connection
  const fill = (): void => {
    while (connection.send(PIECE));
  }
  network.ask(0, 'sender', () => {
    const opened = sender.tcp.connect(
      sender.endpoint('10.0.0.2', 5001),
      {},
      {
        connected: fill,
        received: () => {},
        drained: fill,
        ended: () => {},
        closed: () => {},
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    connection = opened.value
  })
  return { network, received: () => received, segmentBytes: 1448 }
}
