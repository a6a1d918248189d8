// How MD5 and SHA-2 cut their input into blocks: the message, one bit, zeros, and the message's length in bits.

/**
 * Gives `bytes` to `compress` block by block, the last ones padded (RFC 1321 §3.1–3.2, FIPS 180-4 §5.1). `compress` is given an
 * array and the place in it where the block begins. `blockBytes` is 64 or 128; the length is written with its low byte last if
 * `bigEndian`, else first.
 */
export function eachBlock(
  bytes: Uint8Array,
  blockBytes: number,
  bigEndian: boolean,
  compress: (from: Uint8Array, at: number) => void,
): void {
  const whole = bytes.length - (bytes.length % blockBytes)
  for (let at = 0; at < whole; at += blockBytes) compress(bytes, at)
  const left = bytes.length - whole
  const lengthBytes = blockBytes / 8
  const tail = new Uint8Array(left + 1 + lengthBytes > blockBytes ? 2 * blockBytes : blockBytes)
  tail.set(bytes.subarray(whole))
  tail[left] = 0x80
  let value = bytes.length * 8
  for (let place = 0; place < 8; place++) {
    tail[bigEndian ? tail.length - 1 - place : tail.length - lengthBytes + place] = value % 256
    value = Math.floor(value / 256)
  }
  for (let at = 0; at < tail.length; at += blockBytes) compress(tail, at)
}
