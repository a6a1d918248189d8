// How a session talks: voice, codec and packet length. One object for all that talk alike, so that twenty thousand talkers find it in the cache.

import type { Codec } from './codec.ts'
import { type VoiceTrack, voiceTrack } from './voice.ts'

/** What a talker's packets have in common. */
export interface Manner {
  readonly track: VoiceTrack
  /** 0–127. */
  readonly payloadType: number
  /** True: nothing is sent in pauses, and each spurt's first packet has the marker. */
  readonly silenceSuppression: boolean
  /** 0–63. */
  readonly dscp: number
  readonly packetMs: number
  /** By how much the timestamp grows from packet to packet. */
  readonly ticksPerPacket: number
  /** The length of one tick of the timestamp, ms. */
  readonly msPerTick: number
}

const manners = new Map<string, Manner>()

/** The manner of talking so; the same object at each call. */
export function mannerOf(
  codec: Codec,
  packetMs: number,
  payloadType: number,
  silenceSuppression: boolean,
  dscp: number,
): Manner {
  const key = `${codec.name} ${codec.clockHz} ${payloadType} ${packetMs} ${silenceSuppression} ${dscp}`
  const known = manners.get(key)
  if (known !== undefined) return known
  const made: Manner = {
    ...{ track: voiceTrack(codec, packetMs), payloadType, silenceSuppression, dscp, packetMs },
    ticksPerPacket: (packetMs * codec.clockHz) / 1000,
    msPerTick: 1000 / codec.clockHz,
  }
  manners.set(key, made)
  return made
}
