// One header line that is written.

import { bug } from '../../../platform/assert.ts'
import { asciiEncodeInto, isAscii, latin1Encode, latin1EncodeInto, latin1FromUtf8 } from '../../../platform/text.ts'
import { HEADERS, headerId, ID, UNKNOWN } from './headers.ts'

/** A header line with its CRLF, one character for each byte. */
export interface Line {
  readonly text: string
  readonly id: number
  /** Where its value begins in it. */
  readonly value: number
  /** True if every byte is below 128. */
  readonly ascii: boolean
  /** Its bytes, where it is written again and again. */
  readonly bytes: Uint8Array | undefined
}

/** The line `name: value` of the header `id`, the value in UTF-8. A line break in a value would be another header: a bug. */
export function makeLine(name: string, value: string, id = headerId(name)): Line {
  if (id === UNKNOWN || id === ID.via || value.length > SHORT) return newLine(name, value, id)
  const kept = latest[id]
  const again = kept !== undefined && kept.value === value && kept.name === name
  if (again && kept.line.bytes !== undefined) return kept.line
  const made = newLine(name, value, id)
  const line = again ? { ...made, bytes: latin1Encode(made.text) } : made
  latest[id] = { name, value, line }
  return line
}

/** Writes a line at `at`, where there must be room for it, and returns where it ends. */
export function writeLine({ text, ascii, bytes }: Line, room: Uint8Array, at: number): number {
  const end = at + text.length
  if (bytes !== undefined) room.set(bytes, at)
  else if (ascii) asciiEncodeInto(text, room.subarray(at, end))
  else latin1EncodeInto(text, room.subarray(at, end))
  return end
}

/** The line made last of each header, by id: whoever writes a Max-Forwards or a Record-Route mostly writes the same again. A Via is always new. */
const latest: ({ readonly name: string; readonly value: string; readonly line: Line } | undefined)[] = HEADERS.map(
  () => undefined,
)

/** Longer values are not kept. */
const SHORT = 100

function newLine(name: string, value: string, id: number): Line {
  const visible = isVisible(value)
  if (!visible && /[\r\n]/.test(value))
    bug(`a value of ${name} holds a line break: ${JSON.stringify(value.slice(0, 40))}`)
  const ascii = visible || isAscii(value)
  const text = `${name}: ${ascii ? value : latin1FromUtf8(value)}\r\n`
  return { text, id, value: name.length + 2, ascii, bytes: undefined }
}

/** True for what most values are: visible ASCII and spaces. */
export function isVisible(value: string): boolean {
  if (value.length >= LONG) return VISIBLE.test(value)
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code < 32 || code > 126) return false
  }
  return true
}

/** From here on the expression is faster. */
const LONG = 24
const VISIBLE = /^[ -~]*$/
