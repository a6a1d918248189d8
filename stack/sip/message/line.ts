// One header line that is written.

import { bug } from '../../../platform/assert.ts'
import { asciiEncodeInto, isAscii, latin1EncodeInto, latin1FromUtf8 } from '../../../platform/text.ts'
import { HEADERS, headerId, ID, UNKNOWN } from './headers.ts'

/** A header line, one character for each byte. Its parts are kept apart until they are written: joining them costs as much as writing them. */
export interface Line {
  /** Its name, the colon and a space. */
  readonly name: string
  readonly value: string
  readonly id: number
  /** With its CRLF. */
  readonly length: number
  /** True if every byte is below 128. */
  readonly ascii: boolean
  /** True if it was asked for again: then its bytes are kept when it is written. */
  again: boolean
  bytes: Uint8Array | undefined
}

/** The line `name: value` of the header `id`, the value in UTF-8. A line break in a value would be another header: a bug. */
export function makeLine(name: string, value: string, id = headerId(name)): Line {
  if (id === UNKNOWN || id === ID.via || value.length > SHORT) return newLine(name, value, id)
  const kept = latest[id]
  const line = kept !== undefined && kept.value === value && kept.name === name ? kept.line : newLine(name, value, id)
  if (kept?.line !== line) latest[id] = { name, value, line }
  else line.again = true
  return line
}

/** The line as text, with its CRLF. */
export function lineText({ name, value }: Line): string {
  return `${name}${value}\r\n`
}

/** Writes a line at `at`, where there must be room for it, and returns where it ends. */
export function writeLine(line: Line, room: Uint8Array, at: number): number {
  const { name, value, length, ascii, bytes } = line
  const end = at + length
  if (bytes !== undefined) room.set(bytes, at)
  else {
    const valueAt = at + name.length
    for (let letter = 0; letter < name.length; letter++) room[at + letter] = name.charCodeAt(letter)
    if (ascii) asciiEncodeInto(value, room.subarray(valueAt, end))
    else latin1EncodeInto(value, room.subarray(valueAt, end))
    room[end - 2] = 13
    room[end - 1] = 10
    if (line.again) line.bytes = room.slice(at, end)
  }
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
  const written = ascii ? value : latin1FromUtf8(value)
  const named = id !== UNKNOWN && HEADERS[id]!.name === name ? NAMES[id]! : `${name}: `
  return {
    name: named,
    value: written,
    id,
    length: named.length + written.length + 2,
    ascii,
    again: false,
    bytes: undefined,
  }
}

/** What a line of each header begins with. */
const NAMES: readonly string[] = HEADERS.map(({ name }) => `${name}: `)

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
