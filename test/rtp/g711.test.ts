import { describe, expect, test } from 'vitest'
import { A_LAW, type CompandingLaw, MU_LAW } from '../../stack/rtp/g711.ts'

// G.711 tables 1a and 2a, positive values: [the byte on the line, the decoded value in the table's own scale].
const TABLE_1A: [number, number][] = [
  [0b1010_1010, 4032],
  [0b1010_0101, 2112],
  [0b1011_0101, 1056],
  [0b1000_0101, 528],
  [0b1001_0101, 264],
  [0b1110_0101, 132],
  [0b1111_0101, 66],
  [0b1101_0101, 1],
]
const TABLE_2A: [number, number][] = [
  [0b1000_0000, 8031],
  [0b1000_1111, 4191],
  [0b1001_1111, 2079],
  [0b1010_1111, 1023],
  [0b1011_1111, 495],
  [0b1100_1111, 231],
  [0b1101_1111, 99],
  [0b1110_1111, 33],
  [0b1111_1110, 2],
  [0b1111_1111, 0],
]

describe.each([
  { name: 'A-law', law: A_LAW, table: TABLE_1A, scale: 8, ceiling: 32768, values: 128 },
  { name: 'µ-law', law: MU_LAW, table: TABLE_2A, scale: 4, ceiling: 8159 * 4, values: 127 },
])('$name', ({ law, table, scale, ceiling, values }) => {
  test.each(table)('byte %i is worth %i, and its mirror as much below zero', (byte, value) => {
    expect(law.decode[byte]).toBe(value * scale)
    expect(law.decode[byte ^ 0x80]).toBe(value === 0 ? 0 : -value * scale)
  })

  test('every byte that a sample can have survives decoding and encoding', () => {
    const again = everyByte().map((byte) => encode(law, law.decode[byte]!))
    const expected = everyByte().map((byte) => (law.decode[byte] === 0 ? encode(law, 0) : byte))
    expect(again).toEqual(expected)
  })

  test('each value is the middle of the samples that go to it', () => {
    const positive = everySample().filter((sample) => sample >= 0 && sample < ceiling)
    const interval = new Map<number, number[]>()
    for (const sample of positive) {
      const value = law.decode[encode(law, sample)]!
      interval.set(value, [...(interval.get(value) ?? []), sample])
    }
    interval.delete(0)
    const middles = [...interval.values()].map((samples) => (samples[0]! + samples.at(-1)! + 1) / 2)
    expect(middles).toEqual([...interval.keys()])
    expect(middles.length).toBe(values)
  })

  test('a louder sample never gets a quieter byte', () => {
    const decoded = everySample().map((sample) => law.decode[encode(law, sample)]!)
    expect(decoded.filter((value, at) => at > 0 && value < decoded[at - 1]!)).toEqual([])
  })

  test('a sample and its one’s complement differ in the sign bit alone', () => {
    const samples = everySample().filter((sample) => encode(law, sample) !== (encode(law, ~sample) ^ 0x80))
    expect(samples).toEqual([])
  })
})

function encode(law: CompandingLaw, sample: number): number {
  return law.encode[sample & 0xffff]!
}

function everyByte(): number[] {
  return Array.from({ length: 256 }, (_, byte) => byte)
}

function everySample(): number[] {
  return Array.from({ length: 65536 }, (_, at) => at - 32768)
}
