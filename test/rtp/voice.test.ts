import { describe, expect, test } from 'vitest'
import { bandwidthBps, CODECS, type Codec, codecNamed, payloadBytes } from '../../stack/rtp/codec.ts'
import { A_LAW, MU_LAW } from '../../stack/rtp/g711.ts'
import { TRACK_PACKETS, voiceTrack } from '../../stack/rtp/voice.ts'

describe('bandwidth, one way', () => {
  test.each([
    ['PCMU', 20, 4, 0, 80_000],
    ['PCMU', 20, 4, 18, 87_200],
    ['PCMU', 20, 4, 38, 95_200],
    ['PCMU', 20, 6, 0, 88_000],
    ['PCMA', 30, 4, 0, 74_667],
    ['G729', 20, 4, 0, 24_000],
    ['G729', 20, 4, 18, 31_200],
    ['G729', 20, 4, 38, 39_200],
    ['G722', 20, 4, 0, 80_000],
    ['G723', 30, 4, 0, 17_067],
  ] as const)('%s, %i ms, IPv%i, %i bytes of framing: %i b/s', (name, packetMs, version, framing, expected) => {
    expect(Math.round(bandwidthBps(CODECS[name], packetMs, version, framing))).toBe(expected)
  })

  test('whole frames only, one at least', () => {
    expect([5, 10, 19, 20, 60].map((packetMs) => payloadBytes(CODECS.G729, packetMs))).toEqual([10, 10, 10, 20, 60])
  })

  test('names are found whatever their case', () => {
    expect([codecNamed('pcmu'), codecNamed('OPUS'), codecNamed('L16')]).toEqual([CODECS.PCMU, CODECS.opus, undefined])
  })
})

describe('the voice', () => {
  test('is made once, in payloads of the right size', () => {
    for (const codec of Object.values<Codec>(CODECS)) {
      const track = voiceTrack(codec)
      expect(voiceTrack(codec)).toBe(track)
      expect(track.payloads.length).toBe(TRACK_PACKETS)
      expect(new Set(track.payloads.map((payload) => payload.length))).toEqual(new Set([payloadBytes(codec)]))
    }
  })

  test('speaks two fifths of the time, in spurts of about a second', () => {
    const { speaking } = voiceTrack(CODECS.PCMU)
    const spoken = speaking.reduce((sum, one) => sum + one, 0)
    const spurts = speaking.filter((one, at) => one === 1 && speaking[at - 1] !== 1).length
    expect(spoken / speaking.length).toBeGreaterThan(0.25)
    expect(spoken / speaking.length).toBeLessThan(0.55)
    expect((spoken * 20) / spurts).toBeGreaterThan(500)
    expect((spoken * 20) / spurts).toBeLessThan(2000)
    expect(speaking.at(-1)).toBe(0)
  })

  test.each([
    ['PCMU', MU_LAW],
    ['PCMA', A_LAW],
  ] as const)('%s is loud in spurts, quiet in pauses, and never clipped', (name, law) => {
    const { payloads, speaking } = voiceTrack(CODECS[name])
    const peak = (payload: Uint8Array): number =>
      Math.max(...Array.from(payload, (byte) => Math.abs(law.decode[byte]!)))
    const loudest = payloads.map(peak)
    const loud = loudest.filter((_, at) => speaking[at] === 1)
    // The first pause packets still ring; from the second on there is only breath.
    const quiet = loudest.filter((_, at) => speaking[at] === 0 && speaking[at - 1] === 0)
    expect(Math.min(...loud)).toBeGreaterThan(1500)
    expect(Math.max(...quiet)).toBeLessThan(500)
    expect(Math.max(...loud)).toBeLessThan(32000)
  })
})
