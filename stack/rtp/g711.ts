// G.711: sixteen-bit samples to eight bits and back, µ-law and A-law, by tables that follow the recommendation's segments.
// Decision values belong to the outer interval, and a negative sample mirrors its one's complement, as in ITU-T G.191's reference.

/** One companding law as two tables. */
export interface CompandingLaw {
  /** The byte for each 16-bit sample, indexed by the sample's unsigned bits (`sample & 0xffff`): 65,536 entries. */
  readonly encode: Uint8Array
  /** The sample for each byte: 256 entries, at µ-law ±32,124, at A-law ±32,256. */
  readonly decode: Int16Array
}

/** µ-law (G.711 table 2), RTP's PCMU. */
export const MU_LAW: CompandingLaw = tables(muLawByte, muLawSample)
/** A-law (G.711 table 1), RTP's PCMA: every second bit inverted. */
export const A_LAW: CompandingLaw = tables(aLawByte, aLawSample)

function tables(toByte: (sample: number) => number, toSample: (byte: number) => number): CompandingLaw {
  const encode = new Uint8Array(65536)
  const decode = new Int16Array(256)
  for (let bits = 0; bits < 65536; bits++) encode[bits] = toByte((bits << 16) >> 16)
  for (let byte = 0; byte < 256; byte++) decode[byte] = toSample(byte)
  return { encode, decode }
}

/** 14 bits, biased by 33 so that each of the eight segments begins at a power of two; all bits inverted on the line. */
function muLawByte(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff)
  const segment = 26 - Math.clz32(magnitude)
  const step = (magnitude >> (segment + 1)) & 0x0f
  return ~(sign | (segment << 4) | step) & 0xff
}

function muLawSample(byte: number): number {
  const bits = ~byte & 0xff
  const segment = (bits >> 4) & 7
  const magnitude = ((2 * (bits & 0x0f) + 33) << segment) - 33
  return (bits & 0x80) === 0 ? magnitude * 4 : -magnitude * 4
}

/** 13 bits: segments 0 and 1 have the same step, each further one twice the last's. */
function aLawByte(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80
  const magnitude = (sample < 0 ? ~sample : sample) >> 4
  const segment = Math.max(0, 28 - Math.clz32(magnitude))
  const step = (segment === 0 ? magnitude : magnitude >> (segment - 1)) & 0x0f
  return (sign | (segment << 4) | step) ^ 0x55
}

function aLawSample(byte: number): number {
  const bits = byte ^ 0x55
  const segment = (bits >> 4) & 7
  const step = bits & 0x0f
  const magnitude = segment === 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1)
  return (bits & 0x80) === 0 ? -magnitude * 8 : magnitude * 8
}
