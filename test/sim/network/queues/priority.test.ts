// Queues that choose: who goes first, and what share each class gets.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../../sim/network/direction.ts'
import { type Handed, runLink, told } from './bench.ts'

const EF = 46

/** 1 Mbit/s, so that 125 bytes are a millisecond, and 1 ms of way. */
const LINK: Direction = { delayNs: 1e6, rateBps: 1e6 }

/** `0 125 EF`: at 0 ms, 125 bytes, expedited. */
function handed(...lines: readonly string[]): Handed[] {
  return lines.map((line) => {
    const [at, bytes, dscp] = line.split(' ')
    return { atMs: Number(at), bytes: Number(bytes), dscp: dscp === 'EF' ? EF : Number(dscp ?? 0) }
  })
}

describe('strict priority', () => {
  const up: Direction = { ...LINK, queue: { discipline: 'priority', bands: [[EF]], limit: { packets: 2 } } }

  test('voice goes before all that waits, but does not stop what is being sent', () => {
    const run = runLink(up, handed('0 1250', '0 125', '1 125', '2 125 EF', '11 125 EF'))
    expect(told(run)).toEqual(['11', '13', '15', '12', '14'])
  })

  test('each band has its own room', () => {
    const run = runLink(up, handed('0 1250', '0 125', '0 125', '0 125', '1 125 EF', '1 125 EF', '1 125 EF'))
    expect(told(run)).toEqual(['11', '14', '15', 'queue full', '12', '13', 'queue full'])
  })

  test('what waits is lost in a cut, and the link works again afterwards', () => {
    const run = runLink(up, handed('0 1250', '0 125', '0 125 EF', '20 125'), { cutMs: [5, 15] })
    expect(told(run)).toEqual(['link cut', 'link cut', 'link cut', '22'])
    expect(run.network.inFlight).toBe(0)
  })
})

describe('weighted shares', () => {
  const queue = { discipline: 'weighted', classes: [{ dscp: [EF], weight: 3 }], rest: 1 } as const

  test('of two classes that always wait, one gets three times the bytes of the other', () => {
    const packets = Array.from({ length: 400 }, (_, n) => ({ atMs: 0, bytes: 500, dscp: n % 2 === 0 ? EF : 0 }))
    const { fates } = runLink({ ...LINK, queue }, packets)
    const sentBy = (dscp: number, ms: number): number =>
      packets.filter((packet, n) => packet.dscp === dscp && fates[n]!.arrivedMs[0]! < ms).length
    expect(sentBy(EF, 500) / sentBy(0, 500)).toBeCloseTo(3, 0)
  })

  test('a class alone gets all', () => {
    expect(told(runLink({ ...LINK, queue }, handed('0 125', '0 125', '0 125')))).toEqual(['2', '3', '4'])
  })
})

const packets = fc.array(
  fc.record({ atMs: fc.nat(20), bytes: fc.integer({ min: 28, max: 900 }), dscp: fc.constantFrom(0, EF, 34) }),
  { minLength: 1, maxLength: 40 },
)

law.prop([packets, fc.constantFrom('priority' as const, 'weighted' as const)])(
  'no queue discipline loses time: the last bit is out when it would be first come, first sent, and within a class none overtakes',
  (some, discipline) => {
    const sorted = [...some].sort((x, y) => x.atMs - y.atMs)
    const queue =
      discipline === 'priority'
        ? { discipline, bands: [[EF], [34]] }
        : { discipline, classes: [{ dscp: [EF], weight: 2 }], rest: 1 }
    const arrivals = (up: Direction): number[] => runLink(up, sorted).fates.map(({ arrivedMs }) => arrivedMs[0]!)
    const [plain, chosen] = [arrivals(LINK), arrivals({ ...LINK, queue })]
    expect(Math.max(...chosen)).toBeCloseTo(Math.max(...plain), 6)
    for (const dscp of [0, EF, 34]) {
      const own = chosen.filter((_, n) => sorted[n]!.dscp === dscp)
      expect(own).toEqual([...own].sort((x, y) => x - y))
    }
  },
)

describe('a link that changes', () => {
  test('sends what waits at the new rate, but what is under way at the old one', () => {
    const packets = handed('0 1250', '0 125', '0 125')
    expect(told(runLink(LINK, packets, { changes: [{ atMs: 5, change: { rateBps: 0.5e6 } }] }))).toEqual([
      '11',
      '13',
      '15',
    ])
  })

  test('takes another delay and another chance of loss', () => {
    const change = { delayNs: 50e6, loss: { model: 'random', ratio: 1 } } as const
    const packets = handed('0 125', '5 125', '10 125')
    const changes = [
      { atMs: 4, change: { delayNs: 50e6 } },
      { atMs: 9, change },
    ]
    expect(told(runLink(LINK, packets, { changes }))).toEqual(['2', '56', 'lost on the medium'])
  })
})
