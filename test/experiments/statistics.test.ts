import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { Measurement } from '../../experiments/measures/measurement.ts'
import { Statistics } from '../../experiments/statistics/statistics.ts'
import type { Direction } from '../../sim/network/direction.ts'
import type { NetworkOptions } from '../../sim/network/network.ts'
import { testWithTshark, tshark } from '../tshark.ts'
import { story } from './story.ts'
import { DIRECTIONS, NODES, network, sendMedia } from './world.ts'

/** Alice talks to bob at these times, ms; bob's statistics, and the path of his capture. */
function talk(toBob: Direction, timesMs: readonly number[], more: Partial<NetworkOptions> = {}, first?: number) {
  const chunks: Uint8Array[] = []
  const outputs = [{ node: 'bob', write: (bytes: Uint8Array) => void chunks.push(bytes) }]
  const capture = new Capture({ directions: DIRECTIONS, nodes: NODES, application: 'siptwin', outputs })
  const statistics = new Statistics(DIRECTIONS.map(({ name }) => ({ name, framingBytes: 14 })))
  const world = network(toBob, [(record) => capture.record(record), (record) => statistics.record(record)], more)
  world.hostOf('bob').udp({ port: 10000 }, { received: () => {}, failed: () => {} })
  sendMedia(world, timesMs, first)
  world.run()
  capture.end()
  const path = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'bob.pcapng')
  writeFileSync(path, Uint8Array.from(chunks.flatMap((chunk) => [...chunk])))
  return { ...statistics.statistics, path }
}

/** 500 packets in spurts of 60 with pauses of 300 ms. */
const SPURTS = Array.from({ length: 500 }, (_, n) => 1000 + n * 20 + Math.floor(n / 60) * 300)
const ROUGH: Direction = {
  delayNs: 2e6,
  jitter: { mostNs: 15e6 },
  loss: { model: 'gilbert-elliott', meanRatio: 0.05, burstPackets: 3 },
}

test('a calm stream has no loss, no jitter and one delay', () => {
  const { streams } = talk({ delayNs: 2e6 }, [1000, 1020, 1040])
  expect(streams).toEqual([
    {
      ...{ stream: 0xabcdef, from: '10.0.1.1:10000', to: '10.0.2.1:10000', node: 'bob', payloadType: 0, packets: 3 },
      ...{ expected: 3, lost: 0, lossRatio: 0, meanJitterMs: 0, maxJitterMs: 0, maxGapMs: 20 },
      ...{ minDelayMs: 3, meanDelayMs: 3, maxDelayMs: 3, firstMs: 1003, lastMs: 1043 },
    },
  ])
})

testWithTshark()('Wireshark counts the same packets, loss and jitter over spurts, a wrap, losses and jitter', () => {
  const cases: readonly (readonly [Direction, number])[] = [
    [ROUGH, 65_500],
    [{ ...ROUGH, jitter: { mostNs: 50e6, reorders: true } }, 1],
    [{ delayNs: 2e6 }, 1],
  ]
  for (const [toBob, first] of cases) {
    const { streams, path } = talk(toBob, SPURTS, {}, first)
    const [ours] = streams
    // Wireshark miscounts a wrap that is reordered, so that one has none. After the payload its columns are packets, lost (of
    // expected), three deltas and three jitters.
    const line =
      tshark(path, '-q', '-z', 'rtp,streams')
        .split('\n')
        .find((text) => text.includes('0x00ABCDEF')) ?? ''
    const [packets, lost, ratio, ...numbers] =
      line
        .trim()
        .split(/g711U\s+/)[1]
        ?.split(/\s+/) ?? []
    const [, , , , meanJitter, maxJitter] = numbers
    expect([packets, lost]).toEqual([String(ours?.packets), String(ours?.lost)])
    expect(ratio).toBe(`(${((ours?.lossRatio ?? 0) * 100).toFixed(1)}%)`)
    if (toBob.jitter?.reorders === true) continue // its jitter of reordered packets is its own
    expect(Math.abs(Number(meanJitter) - (ours?.meanJitterMs ?? 0))).toBeLessThan(0.002)
    expect(Math.abs(Number(maxJitter) - (ours?.maxJitterMs ?? 0))).toBeLessThan(0.002)
  }
})

test('a link’s load counts what went out, with and without its framing', () => {
  const queue = { delayNs: 2e6, rateBps: 80_000, queue: { packets: 2 } } as Direction
  const { loads, streams } = talk(
    queue,
    Array.from({ length: 100 }, (_, n) => n * 10),
  )
  const [up, down] = loads
  expect(up).toMatchObject({ direction: 'alice--router from alice', packets: 100, ipBytes: 20_000, wireBytes: 21_400 })
  expect(up).toMatchObject({ mediaBytes: 20_000, ipBps: 160_000, wireBps: 171_200 })
  expect(down?.direction).toBe('bob--router from router')
  expect(down?.packets).toBe(streams[0]?.packets)
})

test('a copy that the network made is no loss', () => {
  const faults = [{ where: 'router -> bob', match: { nth: 2 }, action: { duplicateAfterNs: 1e6 } }]
  const { streams } = talk({ delayNs: 2e6 }, [0.001, 20, 40], { faults })
  expect(streams[0]).toMatchObject({ packets: 4, expected: 3, lost: -1, minDelayMs: 3, maxDelayMs: 4 })
})

const CALL = `
  0   alice#1 sent INVITE+sdp to proxy
  5   proxy#1 delivered alice#1
  5   proxy#2 sent INVITE+sdp to bob as p <- proxy#1
  5   proxy#3 sent 100_INVITE to alice <- proxy#1
  10  alice#2 delivered proxy#3
  10  bob#1 delivered proxy#2
  210 bob#2 sent 180_INVITE to proxy
  220 proxy#4 delivered bob#2
  220 proxy#5 sent 180_INVITE to alice <- proxy#4
  230 alice#3 delivered proxy#5
  900 bob#3 sent 200_INVITE to alice
  910 alice#4 delivered bob#3
  999 bob#4 sent 200_INVITE to alice
  1000 alice#5 delivered bob#4`

test('callers’ waiting is counted from their first INVITE, where nothing else is known', () => {
  const statistics = new Statistics([])
  for (const record of story(CALL)) statistics.record(record)
  expect(statistics.statistics.dialling).toEqual({
    ...{
      attempts: 1,
      ringing: 1,
      answered: 1,
      meanPostDialDelayMs: 230,
      maxPostDialDelayMs: 230,
      meanAnswerDelayMs: 910,
    },
    calls: [{ call: 'c1', caller: 'alice', postDialDelayMs: 230, answerDelayMs: 910, status: 200 }],
  })
})

test('or from the moment in which they had dialled, where that is known: what comes before the INVITE is waited for, too', () => {
  const later = CALL.replace(/^( +)(\d+)/gm, (_, space: string, ms: string) => `${space}${Number(ms) + 40}`)
  const dialled = `0 alice#0 transition call idle call calling${later}`
  const statistics = new Statistics([])
  const measurement = new Measurement()
  for (const record of story(dialled)) {
    statistics.record(record)
    measurement.see(record)
  }
  const { dialling } = statistics.statistics
  expect([dialling.attempts, dialling.meanPostDialDelayMs, dialling.meanAnswerDelayMs]).toEqual([1, 270, 950])
  expect(measurement.measured()).toEqual({ 'post-dial delay': 270e6, 'session request delay': 230e6 })
})

test('a 302 that is followed, and a 503 after which the next server is tried, are no sign yet; the one that ends the call is', () => {
  const tries = (end: string) => `0 alice#0 transition call idle call calling
    20  alice#1 sent INVITE+sdp to proxy
    40  proxy#1 sent 302_INVITE to alice
    50  alice#2 delivered proxy#1
    50  alice#3 sent INVITE+sdp to bob as second
    60  bob#1 sent 503_INVITE to alice
    70  alice#4 delivered bob#1
    70  alice#5 sent INVITE+sdp to bob as third${end}`
  const told = (text: string) => {
    const statistics = new Statistics([])
    const measurement = new Measurement()
    for (const record of story(text)) {
      statistics.record(record)
      measurement.see(record)
    }
    const { ringing, answered, meanPostDialDelayMs, meanAnswerDelayMs, calls } = statistics.statistics.dialling
    const status = calls[0]?.status
    return { ringing, answered, meanPostDialDelayMs, meanAnswerDelayMs, status, ...measurement.measured() }
  }
  const rings = `
    80  bob#2 sent 180_INVITE to alice
    90  alice#6 delivered bob#2`
  const ringing = { 'post-dial delay': 90e6, 'session request delay': 70e6, ringing: 1, meanPostDialDelayMs: 90 }
  const answered = { answered: 1, meanAnswerDelayMs: 120, status: 200 }
  const answers = `
    110 bob#3 sent 200_INVITE to alice
    120 alice#7 delivered bob#3`
  expect(told(tries(rings + answers))).toEqual({ ...ringing, ...answered })
  const deflected = `
    110 bob#3 sent 302_INVITE to alice
    120 alice#7 delivered bob#3`
  const unanswered = { answered: 0, meanAnswerDelayMs: 0 }
  expect(told(tries(rings + deflected))).toEqual({ ...ringing, ...unanswered, status: 302 })
  const refused = { 'post-dial delay': 120e6, 'session request delay': 100e6, meanPostDialDelayMs: 120, ringing: 0 }
  expect(told(tries(deflected))).toEqual({ ...refused, ...unanswered, status: 302 })
  expect(told(tries(''))).toEqual({ ringing: 0, ...unanswered, meanPostDialDelayMs: 0, status: undefined })
})
