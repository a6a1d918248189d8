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

/** One character, U+0000 to U+00FF, for each byte. */
export function latin1Decode(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[])
  return text
}

/** As many arguments as every engine takes in one call. */
const CHUNK = 4096

/** The reverse of {@link latin1Decode}: one byte for each character, its low 8 bits. */
export function latin1Encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
