import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parseQuantity, printDuration, printQuantity, type QuantityKind } from '../../platform/units.ts'

/** One line: what is read, and what comes of it: the number, or the sentence that says what was expected. */
function read(kind: QuantityKind, text: string): number | string {
  const result = parseQuantity(kind, text)
  return result.ok ? result.value : result.issue.expected
}

describe('quantities as people write them', () => {
  test.each<[QuantityKind, string, number]>([
    ['duration', '20 ms', 20e6],
    ['duration', '0.5s', 0.5e9],
    ['duration', '1.1 µs', 1100],
    ['duration', '1 us', 1000],
    ['duration', '2 h', 7200e9],
    ['duration', '0', 0],
    ['duration', '-3 ms', -3e6],
    ['duration', '0.1 ms', 100_000],
    ['rate', '1.5 Mbps', 1.5e6],
    ['rate', '100 Mbit/s', 100e6],
    ['rate', '1 Gbps', 1e9],
    ['size', '64 kB', 64_000],
    ['size', '64 KiB', 65_536],
    ['size', '198 B', 198],
    ['ratio', '2 %', 0.02],
    ['ratio', '0.1 %', 0.001],
    ['ratio', '20 ppm', 0.00002],
    ['count', '50 packets', 50],
  ])('%s %s is %d', (kind, text, value) => {
    expect(read(kind, text)).toBe(value)
  })

  test.each<[QuantityKind, string, string]>([
    ['duration', '20', 'a duration such as 20 ms: "20" has no unit (d, h, min, s, ms, µs, ns)'],
    ['duration', '20 mz', 'a duration such as 20 ms: there is no unit "mz" (did you mean ms?)'],
    ['duration', '20 Mbps', 'a duration such as 20 ms: "20 Mbps" is a rate'],
    ['duration', 'soon', 'a duration such as 20 ms, not "soon"'],
    ['duration', '1 m', 'a duration such as 20 ms: there is no unit "m" (did you mean min?)'],
    ['duration', '292y', 'a duration such as 20 ms: there is no unit "y" (one of d, h, min, s, ms, µs, ns)'],
    ['duration', '30sec', 'a duration such as 20 ms: there is no unit "sec" (did you mean s?)'],
    ['duration', '2 hrs', 'a duration such as 20 ms: there is no unit "hrs" (did you mean h?)'],
    ['duration', '3 S', 'a duration such as 20 ms: there is no unit "S" (did you mean s?)'],
    ['duration', '1h30min', 'a duration such as 20 ms, not "1h30min": one number with one unit is expected'],
    ['duration', '1 h 30 min', 'a duration such as 20 ms, not "1 h 30 min": one number with one unit is expected'],
    ['duration', '1e3 s', 'a duration such as 20 ms, not "1e3 s": write the number out, without an exponent'],
    ['duration', '1e3s', 'a duration such as 20 ms, not "1e3s": write the number out, without an exponent'],
    [
      'duration',
      '99999999999999999999 s',
      'a duration such as 20 ms, not "99999999999999999999 s": at most 15 digits before the point; there are larger units (d)',
    ],
    [
      'rate',
      '1,5 Mbps',
      'a rate such as 1.5 Mbps, not "1,5 Mbps": the decimal sign is a point, and thousands stand together',
    ],
    ['ratio', '.5 %', 'a ratio such as 2 %, not ".5 %": a point has digits before and after it'],
    ['ratio', '2 percent', 'a ratio such as 2 %: there is no unit "percent" (did you mean %?)'],
    ['size', '64 K', 'a size such as 64 kB: there is no unit "K" (one of GiB, GB, MiB, MB, KiB, kB, B)'],
    ['rate', '1 mbps', 'a rate such as 1.5 Mbps: there is no unit "mbps" (did you mean Mbps?)'],
    ['rate', '10 MB', 'a rate such as 1.5 Mbps: "10 MB" is a size'],
    ['size', '64 KB', 'a size such as 64 kB: there is no unit "KB" (did you mean kB?)'],
    ['ratio', '0.02', 'a ratio such as 2 %: "0.02" has no unit (%, ppm)'],
    ['count', '5 frogs', 'a number of packets such as 50 packets: there is no unit "frogs" (one of packets)'],
  ])('%s %s: %s', (kind, text, expected) => {
    expect(read(kind, text)).toBe(expected)
  })

  test.each<[QuantityKind, number, string]>([
    ['duration', 1.5e9, '1.5 s'],
    ['duration', 7_919_001, '7.919001 ms'],
    ['duration', 0, '0 s'],
    ['rate', 2.048e6, '2.048 Mbps'],
    ['size', 65_536, '64 KiB'],
    ['ratio', 0.02, '2 %'],
    ['ratio', 0, '0 %'],
  ])('%s %d is written %s', (kind, value, text) => {
    expect(printQuantity(kind, value)).toBe(text)
  })

  test('for people a duration has three decimals at most', () => {
    expect([printDuration(32_040_123_456), printDuration(500_000), printDuration(12)]).toEqual([
      '32.04 s',
      '500 µs',
      '12 ns',
    ])
  })
})

describe('laws', () => {
  law.prop([fc.constantFrom<QuantityKind>('duration', 'rate', 'size', 'count'), fc.nat({ max: 2 ** 48 })])(
    'what is printed reads back as the same number',
    (kind, value) => {
      expect(read(kind, printQuantity(kind, value))).toBe(value)
    },
  )
  law.prop([fc.nat({ max: 1_000_000 })])('ratios in whole ppm read back', (ppm) => {
    expect(read('ratio', printQuantity('ratio', ppm / 1e6))).toBe(ppm / 1e6)
  })
  law.prop([
    fc.constantFrom<QuantityKind>('duration', 'rate', 'size', 'ratio', 'count'),
    fc.string({ unit: 'grapheme' }),
  ])('any text is a number or a sentence', (kind, text) => {
    expect(['number', 'string']).toContain(typeof read(kind, text))
  })
})
