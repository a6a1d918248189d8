import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Auditor } from '../../../experiments/auditor/auditor.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { ChanceLog } from '../../../sim/faults/freeze.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import type { Clock } from '../../../sim/network/clock.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'

const classify = () => ({ name: 'UDP', media: false })

/** Two hosts on one link; `a` sends `count` datagrams, 1 ms of its clock apart. */
function world(direction: Direction, count: number, options: Partial<NetworkOptions> = {}, clock?: Clock) {
  const records: TraceRecord[] = []
  const sinks = [(record: TraceRecord) => void records.push(record)]
  const network = new Network({ seed: '1', level: 'everything', classify, sinks, ...options })
  network.host('a', { interfaces: [{ address: '10.0.0.1/24' }], ...(clock && { clock }) })
  network.host('b', { interfaces: [{ address: '10.0.0.2/24' }] })
  network.link({ between: ['a', 'b'], up: direction, down: direction })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  b.udp({ port: 5 }, { received: () => {}, failed: () => {} })
  const socket = a.udp({ port: 5 }, { received: () => {}, failed: () => {} })
  if (!socket.ok) throw new Error('no socket')
  const send = (n: number): void => {
    socket.value.send(a.endpoint('10.0.0.2', 5), Uint8Array.of(n), new Uint8Array(0))
    if (n + 1 < count) a.after(1, () => send(n + 1))
  }
  network.ask(0, 'a', () => send(0))
  return { network, records, a }
}

describe('a clock that goes wrong', () => {
  test.each<[string, Clock, number, number]>([
    ['true', {}, 1e9, 1000],
    ['1 % fast: its second is over early', { driftRatio: 0.01 }, 990_099_010, 1000],
    ['1 % slow', { driftRatio: -0.01 }, 1_010_101_010, 1000],
    ['an hour ahead', { offsetMs: 3_600_000 }, 1e9, 3_601_000],
    ['a second behind, and fast', { offsetMs: -1000, driftRatio: 0.01 }, 990_099_010, 0],
  ])('%s', (_, clock, firesAt, shows) => {
    const { network, a } = world({ delayNs: 1000 }, 1, {}, clock)
    let fired = [0, 0]
    network.ask(0, 'a', () =>
      a.after(1000, () => {
        fired = [network.kernel.now, a.now()]
      }),
    )
    network.run()
    expect(fired[0]).toBe(firesAt)
    expect(fired[1]).toBeCloseTo(shows, 3)
  })

  law.prop([fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.nat({ max: 1e6 })])(
    'what a host waits is what its own clock shows',
    (driftRatio, delayMs) => {
      const { network, a } = world({ delayNs: 1000 }, 1, {}, { driftRatio })
      let waited = -1
      network.ask(0, 'a', () =>
        a.after(delayMs, () => {
          waited = a.now()
        }),
      )
      network.run()
      expect(Math.abs(waited - delayMs)).toBeLessThan(1e-5)
    },
  )

  law.prop([
    fc.array(
      fc.tuple(fc.nat(5000), fc.integer({ min: -9000, max: 9000 }), fc.double({ min: -0.5, max: 1, noNaN: true })),
      {
        maxLength: 4,
      },
    ),
    fc.nat(9000),
  ])('steps are in what it shows alone, and what it waits is what it has run', (changes, delayMs) => {
    const { network, a } = world({ delayNs: 1000 }, 1)
    for (const [atMs, stepMs, driftRatio] of changes) {
      network.strike(atMs * 1e6, { kind: 'clock', node: 'a', stepMs, driftRatio })
    }
    const ran: number[] = []
    const look = (): void => {
      ran.push(a.monotonic())
      if (ran.length < 20) a.after(delayMs, look)
    }
    network.ask(0, 'a', look)
    network.run(1e11)
    for (const [at, ms] of ran.entries()) expect(Math.abs(ms - at * delayMs)).toBeLessThan(1e-3)
    const steps = changes.reduce((sum, [, stepMs]) => sum + stepMs, 0)
    expect(a.now() - a.monotonic()).toBeCloseTo(steps, 3)
  })
})

describe('a link that makes copies', () => {
  const copying: Direction = { delayNs: 5e6, rateBps: 1e6, duplication: { ratio: 0.3, afterNs: 2_500_000 } }

  test('each copy is on record, arrives so much later, and the audit agrees', () => {
    const { network, records } = world(copying, 1000)
    network.run()
    const { sent, duplicated, delivered } = network.recorder.totals()
    expect([sent, delivered]).toEqual([1000, 1000 + duplicated])
    expect(duplicated).toBeGreaterThan(230)
    expect(duplicated).toBeLessThan(370)
    const link = { name: 'a--b from a', from: 'a', to: 'b', delayNs: 5e6, rateBps: 1e6 }
    const back = { ...link, name: 'a--b from b', from: 'b', to: 'a' }
    const facts = [link, back].map((one) => ({ ...one, queueKeepsOrder: true, arriveInOrder: false }))
    const auditor = new Auditor({ links: facts, complete: true })
    for (const record of records) auditor.record(record)
    expect(auditor.end(network.inFlight).violations).toEqual([])
  })

  test('a calm network makes none; a frozen run makes the same', () => {
    const calm = world(copying, 200, { calm: true })
    calm.network.run()
    expect(calm.network.recorder.totals().duplicated).toBe(0)
    const chance = new ChanceLog()
    const first = world({ ...copying, jitter: { mostNs: 3e6, reorders: true } }, 200, { chance })
    first.network.run()
    const faults: readonly FaultRule[] = chance.tape()
    const frozen = world({ ...copying, jitter: { mostNs: 3e6, reorders: true } }, 200, { calm: true, faults })
    frozen.network.run()
    expect(frozen.network.digests()).toEqual(first.network.digests())
  })
})
