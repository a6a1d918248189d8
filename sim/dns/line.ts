// A line of a zone file (RFC 1035 §5.1): `_sip._udp 60 IN SRV 10 60 5060 proxy1`.

import { parseAddress } from '../../platform/address.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import type { KnownType, Resource, ResourceData } from './message.ts'
import { labelsOf } from './name.ts'

/** What a line leaves unsaid. */
export interface LineContext {
  /** The zone's name: `@`, and what a name without a final dot ends with. */
  readonly origin: string
  readonly ttlSeconds: number
}

/** RFC 2181 §8, seconds. */
export const MOST_TTL = 0x7fffffff

/** The record, or what is wrong with the line. */
export function parseLine(line: string, { origin, ttlSeconds }: LineContext): Result<Resource> {
  const words = wordsOf(line)
  if (words === undefined) return failure('', 'a quote at the end of each quoted text')
  const [owner = '', ...rest] = words
  const skipClass = (): boolean => rest[0]?.toUpperCase() === 'IN' && rest.shift() !== undefined
  const isClassFirst = skipClass() // it and the TTL stand in either order (RFC 1035 §5.1)
  const ttl = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : ttlSeconds
  if (!isClassFirst) skipClass()
  if (ttl > MOST_TTL) return failure('', `a TTL of ${MOST_TTL} s at most, not ${ttl}`)
  const type = rest.shift()?.toUpperCase() ?? ''
  if (!Object.hasOwn(LINES, type)) {
    return failure('', `a line such as "www 60 A 192.0.2.1", of a type ${Object.keys(LINES).join(', ')}`)
  }
  const name = absolute(owner, origin)
  if (!name.ok) return name
  const data = LINES[type as KnownType](rest, origin)
  return typeof data === 'string'
    ? failure('', `${type} with ${data}, not "${rest.join(' ')}"`)
    : success({ name: name.value, ttlSeconds: ttl, ...data })
}

/** Each type's data, or what should stand there. */
const LINES: { readonly [Type in KnownType]: (words: readonly string[], origin: string) => ResourceData | string } = {
  A: (words) => addressOf('A', 4, words) ?? 'an IPv4 address',
  AAAA: (words) => addressOf('AAAA', 16, words) ?? 'an IPv6 address',
  NS: (words, origin) => targetOf('NS', words, origin) ?? 'a name and no address',
  CNAME: (words, origin) => targetOf('CNAME', words, origin) ?? 'a name and no address',
  PTR: (words, origin) => targetOf('PTR', words, origin) ?? 'a name and no address',
  TXT: (words) =>
    words.length > 0 && words.every(isText) ? { type: 'TXT', texts: words } : 'texts of 255 bytes at most',
  SOA: ([primary = '', mailbox = '', ...times], origin) => {
    const names = [primary, mailbox].map((one) => absolute(one, origin))
    const numbers = numbersOf(times, 5, 0xffffffff)
    const [first, second] = names
    if (numbers === undefined || !first?.ok || !second?.ok)
      return 'primary, mailbox, serial, refresh, retry, expire, minimum'
    const [serial, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds] = numbers as [
      number,
      number,
      number,
      number,
      number,
    ]
    const who = { primary: first.value, mailbox: second.value, serial }
    return { type: 'SOA', ...who, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds }
  },
  SRV: (words, origin) => {
    if (isAddress(words[3])) return 'a name for its target and no address (RFC 2782)'
    const numbers = numbersOf(words.slice(0, 3), 3, 65535)
    const target = absolute(words[3] ?? '', origin)
    if (numbers === undefined || !target.ok || words.length !== 4) return 'priority, weight, port and target'
    const [priority, weight, port] = numbers as [number, number, number]
    return { type: 'SRV', priority, weight, port, target: target.value }
  },
  NAPTR: (words, origin) => {
    const numbers = numbersOf(words.slice(0, 2), 2, 65535)
    const [flags = '', service = '', regexp = ''] = words.slice(2, 5)
    const replacement = absolute(words[5] ?? '', origin)
    if (numbers === undefined || !replacement.ok || words.length !== 6 || ![flags, service, regexp].every(isText)) {
      return 'order, preference, "flags", "service", "regexp" and replacement'
    }
    const [order, preference] = numbers as [number, number]
    return { type: 'NAPTR', order, preference, flags, service, regexp, replacement: replacement.value }
  },
}

/** The words of a line, quoted ones without their quotes; undefined where a quote is open. A comment begins with `;`. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = []
  for (let at = 0; at < line.length; ) {
    const char = line[at]!
    if (char === ';') break
    if (char === ' ' || char === '\t') at++
    else if (char === '"') {
      const end = line.indexOf('"', at + 1)
      if (end < 0) return undefined
      words.push(line.slice(at + 1, end))
      at = end + 1
    } else {
      const end = /[\s;]/.exec(line.slice(at))?.index
      words.push(end === undefined ? line.slice(at) : line.slice(at, at + end))
      at = end === undefined ? line.length : at + end
    }
  }
  return words
}

/** A name in full: `@` and what has no final dot stand in the zone. */
function absolute(text: string, origin: string): Result<string> {
  const name = text === '@' ? origin : text === '.' ? '.' : text.endsWith('.') ? text.slice(0, -1) : `${text}.${origin}`
  const labels = labelsOf(name)
  return labels.ok ? success(name) : labels
}

function addressOf(type: 'A' | 'AAAA', bytes: number, words: readonly string[]): ResourceData | undefined {
  const parsed = parseAddress(words[0] ?? '')
  return parsed.ok && parsed.value.length === bytes && words.length === 1 ? { type, address: words[0]! } : undefined
}

function targetOf(type: 'NS' | 'CNAME' | 'PTR', words: readonly string[], origin: string): ResourceData | undefined {
  const target = absolute(words[0] ?? '', origin)
  return target.ok && words.length === 1 && !isAddress(words[0]) ? { type, target: target.value } : undefined
}

/** What would be taken for a name in the zone, such as 192.0.2.1.example.com, and is meant for an address. */
function isAddress(word = ''): boolean {
  return parseAddress(word).ok
}

function numbersOf(words: readonly string[], count: number, most: number): readonly number[] | undefined {
  const numbers = words.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN))
  return numbers.length === count && numbers.every((one) => one <= most) ? numbers : undefined
}

function isText(text: string): boolean {
  return text.length <= 255 && Array.from(text).every((char) => char.charCodeAt(0) <= 255)
}
