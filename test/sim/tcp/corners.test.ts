// Corners where a loss meets something else: a lost SYN, a closed window, an abort, the very first segment.

import { describe, expect, test } from 'vitest'
import { type Played, play } from './stage.ts'

const OPEN = ['0 b listen', '0 a connect']

/** When the n-th byte from the end had come, ms. */
function lastHeardMs({ heard }: Played, name: string): number {
  const all = heard.filter((line) => line.includes(` ${name} got`))
  return Number(all[all.length - 1]!.split(' ')[0])
}

/** Bytes that a host's program has had. */
function bytes({ heard }: Played, name: string): number {
  return heard.reduce((sum, line) => sum + (line.includes(` ${name} got`) ? Number(line.split(' ')[3]) : 0), 0)
}

describe('a lost SYN', () => {
  test('costs the first window, but not slow start: 600 segments go in 10 rounds', () => {
    const lines = [...OPEN, '2000 a send 868800']
    const played = play(lines, { faults: ['drop 1 TCP SYN a'], tcp: { delayedAckMs: 0 } })
    expect(bytes(played, 'b')).toBe(868_800)
    expect(lastHeardMs(played, 'b')).toBe(2000 + 9 * 20 + 10)
  })

  test('a SYN ACK that is asked for is not said twice at once', () => {
    const { records } = play(OPEN, { faults: ['drop 1 TCP SYN ACK b'] })
    const said = records.flatMap((one) =>
      one.kind === 'sent' && one.packet.label.name === 'TCP SYN ACK' ? [Math.round(one.at / 1e6)] : [],
    )
    expect(said).toEqual([10, 1010])
  })
})

describe('a closed window', () => {
  const tcp = { receiveBufferBytes: 14_480, windowScale: false, delayedAckMs: 0 }
  test('has a back-off of its own: a loss after it opens is noticed as fast as ever', () => {
    // 10 segments fill the window; probes at 1, 3, 7, 15, 31 s and so on; b reads on at 100 s.
    const lines = [...OPEN, '50 b pause', '60 a send 28960', '100000 b resume']
    const probes = play(lines, { tcp, untilMs: 200_000 })
    const at = probes.steps.filter((step) => step.includes('persist')).map((step) => Number(step.split(' ')[0]))
    expect(at.length).toBe(6)
    expect(bytes(probes, 'b')).toBe(28_960)
    // What is sent when the window opens is lost altogether.
    const lost = play(lines, {
      tcp,
      untilMs: 200_000,
      faults: [
        {
          where: 'a--b from a',
          match: { label: 'TCP data', sinceNs: 100e9, beforeNs: 100.1e9 },
          action: { drop: true },
        },
      ],
    })
    expect(bytes(lost, 'b')).toBe(28_960)
    expect(lastHeardMs(lost, 'b')).toBeLessThan(102_000)
  })
})

test('an abort after a timeout is taken, though the other side has heard more than the numbers that were said again', () => {
  const acksLost = { where: 'a--b from b', match: { label: 'TCP ACK', sinceNs: 40e6 }, action: { drop: true } } as const
  const { heard } = play([...OPEN, '50 a send 4344', '1500 a abort'], { faults: [acksLost] })
  expect(heard[heard.length - 1]).toBe('1510 b reset')
})

test('the first segment of all is sent again after three duplicates as well', () => {
  const { steps, heard } = play([...OPEN, '50 a send 14480'], {
    tcp: { initialWindowSegments: 10, delayedAckMs: 0 },
    faults: ['drop 1 TCP data a'],
  })
  expect(steps.filter((step) => step.includes('RTO'))).toEqual([])
  expect(heard).toContain('80 b got 1448')
})

describe('the largest segment', () => {
  const lost = ({ records }: Played) => records.filter((one) => one.kind === 'lost')
  test('fits the link of whoever offers it: nothing too large is ever tried', () => {
    const played = play([...OPEN, '50 a send 20000'], { link: { mtuBytes: 1400 } })
    expect(bytes(played, 'b')).toBe(20_000)
    expect(lost(played)).toEqual([])
    const lengths = played.records.flatMap((one) => (one.kind === 'sent' ? [one.packet.length] : []))
    expect(Math.max(...lengths)).toBe(1400)
  })

  test('is no larger on a link that would bear more, unless the host is told to offer more', () => {
    const lengths = (mss?: number) =>
      play([...OPEN, '50 a send 20000'], {
        link: { mtuBytes: 9000 },
        tcp: mss === undefined ? {} : { mss },
      }).records.flatMap((one) => (one.kind === 'sent' ? [one.packet.length] : []))
    expect([Math.max(...lengths()), Math.max(...lengths(8960)), Math.max(...lengths(20_000))]).toEqual([
      1500, 9000, 9000,
    ])
  })
})
