// The letters of a description: UTF-8, or one byte each where it says so itself (RFC 8866 §6.10).

import { asciiDecode, latin1Decode } from '../../platform/text.ts'

const LATIN_1 = /\na=charset:iso-8859-1\r?(?:\n|$)/i
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of the bytes; undefined where they claim to be UTF-8 and are not. Linear. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const plain = asciiDecode(bytes)
  if (plain !== undefined) return plain
  const letters = latin1Decode(bytes)
  if (LATIN_1.test(letters)) return letters
  try {
    return UTF_8.decode(bytes)
  } catch {
    return undefined
  }
}

/** The bytes of the text; the inverse of {@link decodeText}. */
export function encodeText(text: string): Uint8Array {
  if (!LATIN_1.test(text)) return new TextEncoder().encode(text)
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
