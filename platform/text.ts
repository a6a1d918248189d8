// Text and bytes without Node. The label `latin1` means windows-1252 to a TextDecoder, so bytes become characters one by one here.

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** What UTF-8 decoding leaves where the bytes are not UTF-8. */
const REPLACEMENT = '\ufffd'

/** The UTF-8 bytes of a string; a lone surrogate becomes U+FFFD. */
export function utf8Encode(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Bytes as text: UTF-8 where they are, else one character a byte (ISO 8859-1). Any bytes give a string; a byte order mark is kept. */
export function utf8Decode(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  return text.includes(REPLACEMENT) ? latin1Decode(bytes) : text
}

/** The text of bytes that are all below 128; undefined where one is not. */
export function asciiDecode(bytes: Uint8Array): string | undefined {
  // Every other UTF-8 sequence has fewer characters than bytes, and a wrong one leaves a replacement character.
  const text = decoder.decode(bytes)
  return text.length === bytes.length && !text.includes(REPLACEMENT) ? text : undefined
}

/** Writes a text of characters below 128 to the beginning of `bytes`, where there must be room for it. */
export function asciiEncodeInto(text: string, bytes: Uint8Array): void {
  encoder.encodeInto(text, bytes)
}

/** One character, U+0000 to U+00FF, for each byte. */
export function latin1Decode(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    // Engines take an array's elements in half the time of a typed array's.
    const codes: number[] = new Array(Math.min(CHUNK, bytes.length - at))
    for (let place = 0; place < codes.length; place++) codes[place] = bytes[at + place]!
    text += String.fromCharCode.apply(null, codes)
  }
  return text
}

/** As many arguments as every engine takes in one call. */
const CHUNK = 4096

/** Writes one byte for each character, its low 8 bits, to the beginning of `bytes`: the reverse of {@link latin1Decode}. Stops where there is no more room. */
export function latin1EncodeInto(text: string, bytes: Uint8Array): void {
  const length = Math.min(text.length, bytes.length)
  for (let at = 0; at < length; at++) bytes[at] = text.charCodeAt(at)
}

/** True if every character is below 128. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

/** Text of which each character stands for a byte, as {@link utf8Decode} would give it. */
export function utf8FromLatin1(text: string): string {
  if (isAscii(text)) return text
  return utf8Decode(latin1Encode(text))
}

/** The reverse of {@link utf8FromLatin1}: one character for each byte of the text's UTF-8. */
export function latin1FromUtf8(text: string): string {
  return isAscii(text) ? text : text.replace(/[^\0-\x7f]+/g, (run) => latin1Decode(encoder.encode(run)))
}

/** One byte for each character, its low 8 bits: the reverse of {@link latin1Decode}. */
export function latin1Encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  latin1EncodeInto(text, bytes)
  return bytes
}
