// The voice that every endpoint speaks with: one track per codec and packet length, made once and shared by reference, so that twenty
// thousand talkers cost no memory. Talk spurts and pauses have the means of ITU-T P.59; each talker begins elsewhere in the track.

import { type RandomStream, RandomStreams } from '../../platform/random.ts'
import { CODECS, type Codec, payloadBytes } from './codec.ts'
import { A_LAW, MU_LAW } from './g711.ts'

/** A loop of payloads; its length is a power of two. */
export interface VoiceTrack {
  /** One packet's payload each, of equal length. Never changes. */
  readonly payloads: readonly Uint8Array[]
  /** For each payload 1 where somebody speaks, 0 in a pause: what silence suppression leaves out. */
  readonly speaking: Uint8Array
}

/** Payloads in a track: 20.48 s at 20 ms. */
export const TRACK_PACKETS = 1024

const SAMPLES_PER_MS = 8
/** P.59's conversational speech. */
const MEAN_SPURT_MS = 1004
const MEAN_PAUSE_MS = 1587

const tracks = new Map<string, VoiceTrack>()

/** The track of a codec in packets of `packetMs` (a multiple of its frame). The same object at each call. */
export function voiceTrack(codec: Codec, packetMs: number = codec.packetMs): VoiceTrack {
  const key = `${codec.name} ${packetMs}`
  let track = tracks.get(key)
  if (track === undefined) {
    track = makeTrack(codec, packetMs)
    tracks.set(key, track)
  }
  return track
}

function makeTrack(codec: Codec, packetMs: number): VoiceTrack {
  // The same voice in every run: what differs by seed is where each talker begins.
  const streams = new RandomStreams('voice')
  const speaking = makeSpurts(streams.take('spurts'), packetMs)
  const size = payloadBytes(codec, packetMs)
  const bytes = makeBytes(codec, size, packetMs, speaking, streams.take('breath'))
  const payloads = Array.from(speaking, (_, packet) => bytes.subarray(packet * size, (packet + 1) * size))
  return { payloads, speaking }
}

/** Spurts and pauses of geometric length; the track begins with a spurt and ends in a pause, so that the loop has no spurt across its end. */
function makeSpurts(random: RandomStream, packetMs: number): Uint8Array {
  const speaking = new Uint8Array(TRACK_PACKETS)
  let spurt = true
  for (let packet = 0; packet < TRACK_PACKETS - 1; packet++) {
    speaking[packet] = spurt ? 1 : 0
    if (random.chance(packetMs / (spurt ? MEAN_SPURT_MS : MEAN_PAUSE_MS))) spurt = !spurt
  }
  return speaking
}

function makeBytes(
  codec: Codec,
  size: number,
  packetMs: number,
  speaking: Uint8Array,
  random: RandomStream,
): Uint8Array {
  const law = codec === CODECS.PCMU ? MU_LAW : codec === CODECS.PCMA ? A_LAW : undefined
  if (law === undefined) return Uint8Array.from({ length: TRACK_PACKETS * size }, () => random.below(256))
  const samples = speak(speaking, packetMs * SAMPLES_PER_MS, random)
  return Uint8Array.from(samples, (sample) => law.encode[sample & 0xffff]!)
}

/** Pulses of the vocal cords and a little breath, through two resonances as of an open mouth (700 Hz and 1,200 Hz). */
function speak(speaking: Uint8Array, samplesPerPacket: number, random: RandomStream): Int16Array {
  const samples = new Int16Array(speaking.length * samplesPerPacket)
  const low = new Resonance(1.6, 0.9409)
  const high = new Resonance(1.092, 0.8836)
  let untilPulse = 0
  for (let at = 0; at < samples.length; at++) {
    const loud = speaking[Math.floor(at / samplesPerPacket)] === 1
    untilPulse--
    const pulse = loud && untilPulse <= 0
    if (pulse) untilPulse = 60 + random.below(12)
    const breath = (random.next() - 0.5) * (loud ? 60 : 8)
    samples[at] = Math.round(high.next(low.next((pulse ? 2400 : 0) + breath)))
  }
  return samples
}

/** A filter of two poles: y = x + a·y₁ − b·y₂. */
class Resonance {
  readonly #a: number
  readonly #b: number
  #last = 0
  #before = 0

  constructor(a: number, b: number) {
    this.#a = a
    this.#b = b
  }

  next(input: number): number {
    const output = input + this.#a * this.#last - this.#b * this.#before
    this.#before = this.#last
    this.#last = output
    return output
  }
}
