// Parameters: `;name=value`, as URIs and headers have them. Names know no case; order and spelling are kept for printing.

import { isOf, TOKEN } from './characters.ts'
import { quote, type Scanner, unquote } from './scanner.ts'

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

/** A value as it can be written: itself if it is a token, a host or a quoted string already. */
function written(value: string): string {
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) return value
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (!isOf(TOKEN, code) && code !== COLON && code !== OPEN && code !== CLOSE && code !== SLASH) return quote(value)
  }
  return value === '' ? '""' : value
}

const COLON = 58
const SEMICOLON = 59
const EQUALS = 61
const OPEN = 91
const CLOSE = 93
const SLASH = 47
const QUOTE = 34

/** Reads `*(SEMI generic-param)` (§25.1) up to what is no more of them; undefined, and the scanner failed, if one is malformed. */
export function scanParameters(scanner: Scanner): Parameters | undefined {
  if (!scanner.separator(SEMICOLON)) return NO_PARAMETERS
  const list: Parameter[] = []
  do {
    const name = scanner.token()
    if (name === undefined) {
      scanner.fail("a parameter's name")
      return undefined
    }
    if (!scanner.separator(EQUALS)) list.push([name, undefined])
    else {
      const from = scanner.at
      if (!scanValue(scanner)) return undefined
      list.push([name, scanner.text.slice(from, scanner.at)])
    }
  } while (scanner.separator(SEMICOLON))
  return new Parameters(list)
}

/** `gen-value`: a token, a host, or a quoted string; and IPv6 addresses bare, as `received` has them (RFC 5118 §4.5). */
function scanValue(scanner: Scanner): boolean {
  if (scanner.peek() === QUOTE) return scanner.quoted()
  const from = scanner.at
  while (scanner.at < scanner.end) {
    const code = scanner.text.charCodeAt(scanner.at)
    if (!isOf(TOKEN, code) && code !== COLON && code !== OPEN && code !== CLOSE) break
    scanner.at++
  }
  return scanner.at > from || scanner.fail("a parameter's value")
}
