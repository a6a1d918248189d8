// How long transfers take: closed forms where nothing is lost; and where something is, the well-known square root, for sanity alone.

import { describe, expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Connection } from '../../../platform/connection.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network } from '../../../sim/network/network.ts'
import type { TcpSettings } from '../../../sim/transport/tcp/settings.ts'

const MSS = 1448
const HEADERS = 52
const RTT_NS = 20e6

/** Sends `bytes` from a to b from 0 on; gives what came when, and the events. */
function transfer(bytes: number, link: Partial<Direction>, tcp: TcpSettings = {}, untilNs = 1e12) {
  const network = new Network({ seed: '1', level: 'counters', classify, sinks: [] })
  for (const [n, name] of ['a', 'b'].entries())
    network.host(name, { interfaces: [{ address: `10.0.0.${n + 1}/24` }], tcp })
  network.link({
    between: ['a', 'b'],
    up: { delayNs: RTT_NS / 2, ...link },
    down: { delayNs: RTT_NS / 2, ...link, loss: undefined! },
  })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  let received = 0
  let lastNs = 0
  b.tcp.listen(
    { port: 80 },
    {
      accepted: () => ({
        received: (_, start, end) => {
          received += end - start
          lastNs = network.kernel.now
        },
        ended: () => {},
        closed: () => {},
      }),
    },
  )
  const piece = new Uint8Array(MSS * 500)
  let left = bytes
  let connection: Connection | undefined
  const fill = (): void => {
    while (left > 0) {
      const next = Math.min(left, piece.length)
      left -= next
      if (!connection!.send(next === piece.length ? piece : piece.subarray(0, next))) return
    }
    connection!.close()
  }
  network.ask(0, 'a', () => {
    const opened = a.tcp.connect(
      a.endpoint('10.0.0.2', 80),
      {},
      {
        connected: fill,
        drained: fill,
        received: () => {},
        ended: () => {},
        closed: () => {},
      },
    )
    if (opened.ok) connection = opened.value
  })
  network.run(untilNs)
  return { received, lastNs, totals: network.recorder.totals(), events: network.kernel.executed }
}

describe('without loss', () => {
  test.each([1, 2, 3, 4, 5, 6])('slow start: 3, 6, 12, … segments: %d rounds', (rounds) => {
    const segments = 3 * ((1 << rounds) - 1)
    const { received, lastNs } = transfer(segments * MSS, {}, { delayedAckMs: 0 })
    // A round trip for the handshake, half a one for the last round.
    expect([received, lastNs]).toEqual([segments * MSS, RTT_NS + (rounds - 1) * RTT_NS + RTT_NS / 2])
  })

  test('a link that is full stays full', () => {
    const rateBps = 50e6
    const segments = 20_000
    const { received, lastNs, totals } = transfer(segments * MSS, { rateBps })
    const ideal = RTT_NS + ((segments * (MSS + HEADERS) * 8) / rateBps) * 1e9 + RTT_NS / 2
    expect(received).toBe(segments * MSS)
    expect(totals.lost).toBe(0)
    expect(lastNs - ideal).toBeGreaterThan(0)
    // What slow start left unused: less than a round trip for each of its rounds.
    expect(lastNs - ideal).toBeLessThan(8 * RTT_NS)
  })

  test('no more than the window in a round trip', () => {
    const tcp = { receiveBufferBytes: 10 * MSS, windowScale: false, delayedAckMs: 0, initialWindowSegments: 10 }
    const { lastNs } = transfer(100 * 10 * MSS, {}, tcp)
    expect(lastNs).toBe(RTT_NS + 99 * RTT_NS + RTT_NS / 2)
  })

  test('at most two events for each segment', () => {
    const { events, totals } = transfer(20_000 * MSS, { rateBps: 1e9 })
    expect(events / totals.sent).toBeLessThan(1.1)
    expect(events / 20_000).toBeLessThan(2)
  })
})

describe('with loss', () => {
  test.each([0.001, 0.004, 0.016])('a loss of %d leaves about MSS / RTT · √(3/2) / √p', (ratio) => {
    const seconds = 100
    const { received } = transfer(
      1e9,
      { loss: { model: 'random', ratio } },
      { delayedAckMs: 0, minimumRtoMs: 200 },
      seconds * 1e9,
    )
    const expected = ((MSS / (RTT_NS / 1e9)) * Math.sqrt(1.5)) / Math.sqrt(ratio)
    expect(received / seconds / expected).toBeGreaterThan(0.6)
    expect(received / seconds / expected).toBeLessThan(1.3)
  })
})
