// Bytes as a person has them in a file, and as they would be on the wire; their lines, with where each begins.

import { latin1Decode, latin1Encode, utf8FromLatin1 } from '../../platform/text.ts'

/** One line of a message's head; folds belong to the line that they continue. */
export interface WireLine {
  /** From 1. */
  readonly number: number
  /** Where its first byte is. */
  readonly from: number
  /** Without its line end, one character a byte; folds are blanks. */
  readonly text: string
}

/** A message cut where its parts meet, without any judgement. */
export interface Wire {
  readonly bytes: Uint8Array
  /** True if the bytes had line feeds alone, as files have, and were given the CRLFs of the wire. */
  readonly fromFile: boolean
  readonly lines: readonly WireLine[]
  /** What follows the empty line; undefined if there is no empty line. */
  readonly body: Uint8Array | undefined
}

/** Cuts bytes into head lines and body. Text without a single CR is taken for a file, in which a line feed stands for CRLF. Linear. */
export function wireOf(given: Uint8Array): Wire {
  const fromFile = given.includes(10) && !given.includes(13)
  const bytes = fromFile ? latin1Encode(latin1Decode(given).replaceAll('\n', '\r\n')) : given
  const text = latin1Decode(bytes)
  const start = /[^\r\n]/.exec(text)?.index ?? text.length
  const empty = text.indexOf('\r\n\r\n', start)
  const lines: WireLine[] = []
  let from = start
  let number = 0
  for (const line of text.slice(start, empty < 0 ? text.length : empty).split('\r\n')) {
    const last = lines.at(-1)
    number++
    if (last !== undefined && lines.length > 1 && (line.startsWith(' ') || line.startsWith('\t')))
      lines[lines.length - 1] = { ...last, text: `${last.text}  ${line}` }
    else if (line !== '') lines.push({ number, from, text: line })
    from += line.length + 2
  }
  return { bytes, fromFile, lines, body: empty < 0 ? undefined : bytes.subarray(empty + 4) }
}

/** Text of bytes as it can be shown anywhere: decoded, control characters and what is longer than 400 characters made visible. */
export function shown(text: string): string {
  const whole = utf8FromLatin1(text)
  const cut = whole.length > MOST ? `${whole.slice(0, MOST)}… (${whole.length} characters)` : whole
  return cut.replace(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

const MOST = 400
