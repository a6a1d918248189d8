// Parameters: `;name=value`, as URIs and headers have them. Names know no case; order and spelling are kept for printing.

import { CLASS, CODE, isAll } from './characters.ts'
import { scanner } from './scanner.ts'

const { VALUE } = CLASS
const { HTAB, SP, QUOTE, SEMICOLON, EQUALS, BACKSLASH } = CODE

/** One parameter as it stands in a message: a value keeps its quotes and escapes; undefined is a parameter without `=`. */
export type Parameter = readonly [name: string, value: string | undefined]

/** Immutable parameters, read by name. What came in a message is parted only when more than one value is wanted, and printed as it came. */
export class Parameters implements Iterable<Parameter> {
  private readonly text: string
  private list: readonly Parameter[] | undefined

  /** `text` is what was recognised as parameters, with their semicolons; the `list` is the same, if it is known. */
  constructor(text = '', list?: readonly Parameter[]) {
    this.text = text
    this.list = text === '' ? NONE : list
  }

  get size(): number {
    return this.parted().length
  }

  has(name: string): boolean {
    return placeOf(this.text, name) >= 0
  }

  /** The value of the first parameter of this name, without quotes; empty for one that has no value; undefined if there is none. */
  get(name: string): string | undefined {
    return parameterOf(this.text, name)
  }

  /** The same parameters with this one set: in its place, or at the end. A value that is no token becomes a quoted string. */
  with(name: string, value?: string): Parameters {
    const made: Parameter = [name, value === undefined ? undefined : written(value)]
    const list = this.parted()
    return parameters(this.has(name) ? list.map((old) => (sameName(old[0], name) ? made : old)) : [...list, made])
  }

  without(name: string): Parameters {
    return this.has(name) ? parameters(this.parted().filter(([other]) => !sameName(other, name))) : this
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.parted()[Symbol.iterator]()
  }

  /** As a message has them, each with its semicolon. */
  toString(): string {
    return this.text
  }

  private parted(): readonly Parameter[] {
    this.list ??= part(this.text)
    return this.list
  }
}

const NONE: readonly Parameter[] = []

/** Parameters made from a list of them. */
function parameters(list: readonly Parameter[]): Parameters {
  let text = ''
  for (const [name, value] of list) text += value === undefined ? `;${name}` : `;${name}=${value}`
  return new Parameters(text, list)
}

/** No parameters. */
export const NO_PARAMETERS = new Parameters()

function sameName(one: string, other: string): boolean {
  return one === other || (one.length === other.length && one.toLowerCase() === other.toLowerCase())
}

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

/** Parts text that was recognised as parameters, of a header or of a URI. */
function part(text: string): readonly Parameter[] {
  const list: Parameter[] = []
  for (let at = 0; at < text.length; ) {
    const name = skipBlanks(text, skipBlanks(text, at) + 1)
    const nameEnd = partEnd(text, name)
    const equals = skipBlanks(text, nameEnd)
    at = nameEnd
    if (text.charCodeAt(equals) !== EQUALS) list.push([text.slice(name, nameEnd), undefined])
    else {
      const value = skipBlanks(text, equals + 1)
      at = text.charCodeAt(value) === QUOTE ? quotedEnd(text, value) : partEnd(text, value)
      list.push([text.slice(name, nameEnd), text.slice(value, at)])
    }
  }
  return list
}

function skipBlanks(text: string, at: number): number {
  while (text.charCodeAt(at) === SP || text.charCodeAt(at) === HTAB) at++
  return at
}

function partEnd(text: string, at: number): number {
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === SEMICOLON || code === EQUALS || code <= SP) break
  }
  return at
}

function quotedEnd(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}

/** The value of a parameter, as {@link Parameters.get} gives it, in text that was recognised as parameters. */
export function parameterOf(text: string, name: string): string | undefined {
  const first = name.length + 2
  if (text.charCodeAt(first - 1) === EQUALS && text.startsWith(name, 1) && text.charCodeAt(first) > QUOTE) {
    const semicolon = text.indexOf(';', first)
    const end = semicolon < 0 ? text.length : semicolon
    return text.slice(first, text.charCodeAt(end - 1) > SP ? end : partEnd(text, first))
  }
  const place = placeOf(text, name)
  if (place < 0) return undefined
  const equals = skipBlanks(text, place + name.length)
  if (text.charCodeAt(equals) !== EQUALS) return ''
  const value = skipBlanks(text, equals + 1)
  return text.charCodeAt(value) === QUOTE
    ? unquote(text.slice(value, quotedEnd(text, value)))
    : text.slice(value, partEnd(text, value))
}

/** Where the first parameter of this name begins; -1 if there is none. */
function placeOf(text: string, name: string): number {
  for (let at = 0; at < text.length; ) {
    const from = skipBlanks(text, skipBlanks(text, at) + 1)
    at = partEnd(text, from)
    if (at - from === name.length && isNamed(text, from, name)) return from
    const equals = skipBlanks(text, at)
    if (text.charCodeAt(equals) !== EQUALS) continue
    const value = skipBlanks(text, equals + 1)
    at = text.charCodeAt(value) === QUOTE ? quotedEnd(text, value) : partEnd(text, value)
  }
  return -1
}

function isNamed(text: string, from: number, name: string): boolean {
  return text.startsWith(name, from) || text.slice(from, from + name.length).toLowerCase() === name.toLowerCase()
}

/** The parameters that were recognised at `from…to`. */
export function readParameters(from: number, to: number): Parameters {
  return from < to ? new Parameters(scanner.slice(from, to)) : NO_PARAMETERS
}
