// Parameters: `;name=value`, as URIs and headers have them. Names know no case; order and spelling are kept for printing.

import { utf8FromLatin1 } from '../../../platform/text.ts'
import { isAll, VALUE } from './characters.ts'
import { blanks, CR, EQUALS, type Scanner, SEMICOLON } from './scanner.ts'

/** One parameter as it stands in a message: a value keeps its quotes and escapes; undefined is a parameter without `=`. */
export type Parameter = readonly [name: string, value: string | undefined]

/** An immutable list of parameters, read by name. */
export class Parameters implements Iterable<Parameter> {
  private readonly list: readonly Parameter[]

  constructor(list: readonly Parameter[] = []) {
    this.list = list
  }

  get size(): number {
    return this.list.length
  }

  has(name: string): boolean {
    return this.find(name) !== undefined
  }

  /** The value of the first parameter of this name, without quotes; empty for one that has no value; undefined if there is none. */
  get(name: string): string | undefined {
    const found = this.find(name)
    return found === undefined ? undefined : unquote(found[1] ?? '')
  }

  /** The same parameters with this one set: in its place, or at the end. A value that is no token becomes a quoted string. */
  with(name: string, value?: string): Parameters {
    const made: Parameter = [name, value === undefined ? undefined : written(value)]
    if (!this.has(name)) return new Parameters([...this.list, made])
    return new Parameters(this.list.map((old) => (sameName(old[0], name) ? made : old)))
  }

  without(name: string): Parameters {
    return this.has(name) ? new Parameters(this.list.filter(([other]) => !sameName(other, name))) : this
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.list[Symbol.iterator]()
  }

  /** As a message has them, each with its semicolon. */
  toString(): string {
    let text = ''
    for (const [name, value] of this.list) text += value === undefined ? `;${name}` : `;${name}=${value}`
    return text
  }

  private find(name: string): Parameter | undefined {
    for (const parameter of this.list) if (sameName(parameter[0], name)) return parameter
    return undefined
  }
}

/** No parameters. */
export const NO_PARAMETERS = new Parameters()

function sameName(one: string, other: string): boolean {
  return one === other || (one.length === other.length && one.toLowerCase() === other.toLowerCase())
}

const QUOTE = 34

/** A value as it can be written: itself if it is a token, a host or a quoted string already. */
function written(value: string): string {
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) return value
  return value !== '' && isAll(value, VALUE) ? value : quote(value)
}

/** A quoted string's content, without its quotes and backslashes; any other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text
  const inside = text.slice(1, -1)
  return inside.includes('\\') ? inside.replace(/\\([\s\S])/g, '$1') : inside
}

/** A text as a quoted string, with backslashes where they are needed. */
export function quote(text: string): string {
  return `"${text.replace(/["\\\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\\$&')}"`
}

/** Reads the parameters that stand at `from…to` of what was recognised, of a header or of a URI. */
export function readParameters(scanner: Scanner, from: number, to: number): Parameters {
  if (from >= to) return NO_PARAMETERS
  const { bytes, text } = scanner
  const list: Parameter[] = []
  let at = from
  while (at < to) {
    const name = blanks(bytes, blanks(bytes, at) + 1)
    at = partEnd(bytes, name, to)
    const equals = blanks(bytes, at)
    const nameText = text.slice(name, at)
    if (bytes[equals] !== EQUALS) list.push([nameText, undefined])
    else {
      const value = blanks(bytes, equals + 1)
      at = bytes[value] === QUOTE ? quotedEnd(bytes, value) : partEnd(bytes, value, to)
      list.push([nameText, utf8FromLatin1(text.slice(value, at))])
    }
  }
  return new Parameters(list)
}

function partEnd(bytes: Uint8Array, at: number, to: number): number {
  while (at < to) {
    const byte = bytes[at]!
    if (byte === SEMICOLON || byte === EQUALS || byte <= 32) break
    at++
  }
  return at
}

function quotedEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1
  while (bytes[at] !== QUOTE && bytes[at] !== CR) at += bytes[at] === 92 ? 2 : 1
  return at + 1
}

/** The first parameter of this lower-case name at `from…to`, as it is written; empty if it has no value, undefined if there is none. */
export function findParameter(scanner: Scanner, from: number, to: number, name: string): string | undefined {
  if (from >= to) return undefined
  const { bytes, text } = scanner
  if (
    text.charCodeAt(from) === SEMICOLON &&
    text.startsWith(name, from + 1) &&
    bytes[from + 1 + name.length] === EQUALS
  ) {
    const value = from + 2 + name.length
    const byte = bytes[value]!
    if (byte !== QUOTE && byte > 32) return text.slice(value, partEnd(bytes, value, to))
  }
  return readParameters(scanner, from, to).get(name)
}
