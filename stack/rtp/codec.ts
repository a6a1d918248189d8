// The voice codecs as the network sees them: a payload type, a clock, so many bytes in so many milliseconds (RFC 3551 table 4).
// Only G.711 is really coded (`g711.ts`); the others' payloads have the right size.

/** One codec's framing. */
export interface Codec {
  /** Its encoding name in SDP. Compared without regard to case. */
  readonly name: string
  /** 0–127; 96 and above are dynamic: SDP may give them any other such number. */
  readonly payloadType: number
  /** Ticks of the RTP timestamp per second. G.722 says 8,000, though it samples at 16,000 (RFC 3551 §4.5.2). */
  readonly clockHz: number
  readonly channels: number
  /** The shortest packet, ms; packets hold whole frames. */
  readonly frameMs: number
  /** Payload bytes of one frame; Opus: at 32 kb/s, constant rate. */
  readonly frameBytes: number
  /** How long a packet is where nobody asked for anything else, ms. */
  readonly packetMs: number
}

// biome-ignore format: a table
export const CODECS = {
  PCMU:  { name: 'PCMU',  payloadType: 0,   clockHz: 8000,  channels: 1, frameMs: 10, frameBytes: 80,  packetMs: 20 },
  G723:  { name: 'G723',  payloadType: 4,   clockHz: 8000,  channels: 1, frameMs: 30, frameBytes: 24,  packetMs: 30 },
  PCMA:  { name: 'PCMA',  payloadType: 8,   clockHz: 8000,  channels: 1, frameMs: 10, frameBytes: 80,  packetMs: 20 },
  G722:  { name: 'G722',  payloadType: 9,   clockHz: 8000,  channels: 1, frameMs: 10, frameBytes: 80,  packetMs: 20 },
  G729:  { name: 'G729',  payloadType: 18,  clockHz: 8000,  channels: 1, frameMs: 10, frameBytes: 10,  packetMs: 20 },
  iLBC:  { name: 'iLBC',  payloadType: 97,  clockHz: 8000,  channels: 1, frameMs: 20, frameBytes: 38,  packetMs: 20 },
  opus:  { name: 'opus',  payloadType: 111, clockHz: 48000, channels: 2, frameMs: 20, frameBytes: 80,  packetMs: 20 },
} as const satisfies Readonly<Record<string, Codec>>

/** The names that a topology may list, in the order of their payload types. */
export type CodecName = keyof typeof CODECS

/** The codec of that encoding name, whatever its case; undefined for one that we have not. */
export function codecNamed(name: string): Codec | undefined {
  const wanted = name.toLowerCase()
  return Object.values<Codec>(CODECS).find((codec) => codec.name.toLowerCase() === wanted)
}

/** Payload bytes of a packet of `packetMs`, rounded down to whole frames, at least one. */
export function payloadBytes(codec: Codec, packetMs: number = codec.packetMs): number {
  return codec.frameBytes * Math.max(1, Math.floor(packetMs / codec.frameMs))
}

/**
 * What one direction of a call takes, bits per second: payload, RTP 12, UDP 8, IP 20 (version 6: 40) bytes, and what the link adds to
 * each packet (`framingBytes`, default 0; Ethernet: 18, with preamble and gap 38). G.711 at 20 ms: 80,000.
 */
export function bandwidthBps(codec: Codec, packetMs = codec.packetMs, ipVersion: 4 | 6 = 4, framingBytes = 0): number {
  const bytes = payloadBytes(codec, packetMs) + 12 + 8 + (ipVersion === 4 ? 20 : 40) + framingBytes
  return (bytes * 8 * 1000) / packetMs
}
