// Domain names: as text (`sip.example.com`, without a final dot; the root is `.`) and on the wire, with compression (RFC 1035 §3.1, §4.1.4).

import { failure, type Result, success } from '../../platform/result.ts'

const LONGEST_LABEL = 63
const LONGEST_NAME = 255
/** A name's pointers lead backwards, through no more steps than it can have labels. */
const MOST_POINTERS = 127
const POINTER = 0xc0
const DOT = 46
const BACKSLASH = 92

/** The labels of a name as bytes, or what is wrong with the text. `\.` is a dot in a label, `\123` the byte of that number (RFC 1035 §5.1). */
export function labelsOf(text: string): Result<readonly Uint8Array[]> {
  if (text === '.') return success([])
  const labels: Uint8Array[] = []
  let label: number[] = []
  let total = 1
  const plain = text.endsWith('.') && !text.endsWith('\\.') ? text.slice(0, -1) : text
  for (let at = 0; at <= plain.length; at++) {
    const code = plain.charCodeAt(at)
    if (at === plain.length || code === DOT) {
      if (label.length === 0) return failure('', `a domain name such as sip.example.com, not "${text}"`)
      if (label.length > LONGEST_LABEL) return failure('', `labels of ${LONGEST_LABEL} bytes at most in "${text}"`)
      total += label.length + 1
      labels.push(Uint8Array.from(label))
      label = []
      continue
    }
    if (code > 255) return failure('', `a domain name in ASCII, not "${text}"`)
    const digits = code === BACKSLASH ? /^\d{3}/.exec(plain.slice(at + 1))?.[0] : undefined
    if (digits !== undefined && Number(digits) > 255) return failure('', `a byte up to 255 after each \\ in "${text}"`)
    if (code !== BACKSLASH) label.push(code)
    else if (digits !== undefined) label.push(Number(digits))
    else if (at + 1 < plain.length && plain.charCodeAt(at + 1) <= 255) label.push(plain.charCodeAt(at + 1))
    else return failure('', `something after each \\ in "${text}"`)
    at += code === BACKSLASH ? (digits?.length ?? 1) : 0
  }
  if (total > LONGEST_NAME) return failure('', `a domain name of ${LONGEST_NAME} bytes at most, not ${total}`)
  return success(labels)
}

/** The name as it is compared: letters in lower case (RFC 4343), without a final dot. */
export function canonicalName(text: string): string {
  const lower = text.toLowerCase()
  return lower.length > 1 && lower.endsWith('.') && !lower.endsWith('\\.') ? lower.slice(0, -1) : lower
}

/** True if `name` is `ancestor` or below it. Both canonical. */
export function isWithin(name: string, ancestor: string): boolean {
  return ancestor === '.' || name === ancestor || name.endsWith(`.${ancestor}`)
}

/** The name without its first label; undefined for the root. Of a canonical name. */
export function parentOf(name: string): string | undefined {
  if (name === '.') return undefined
  for (let at = 0; at < name.length; at++) {
    if (name.charCodeAt(at) === BACKSLASH) at++
    else if (name.charCodeAt(at) === DOT) return name.slice(at + 1)
  }
  return '.'
}

/** The text of labels. */
function printLabels(labels: readonly Uint8Array[]): string {
  if (labels.length === 0) return '.'
  return labels.map((label) => [...label].map(printByte).join('')).join('.')
}

function printByte(byte: number): string {
  if (byte === DOT || byte === BACKSLASH) return `\\${String.fromCharCode(byte)}`
  if (byte > 32 && byte < 127) return String.fromCharCode(byte)
  return `\\${String(byte).padStart(3, '0')}`
}

/** A name read from a message, and where what follows it begins. */
export interface ReadName {
  readonly name: string
  readonly next: number
}

/** Reads the name at `at` of a whole message; undefined where there is none. Linear in the name's length. */
export function readName(bytes: Uint8Array, at: number): ReadName | undefined {
  const labels: Uint8Array[] = []
  let total = 1
  let next = -1
  let pointers = 0
  for (let place = at; ; ) {
    const length = bytes[place]
    if (length === undefined) return undefined
    if ((length & POINTER) === POINTER) {
      const low = bytes[place + 1]
      const target = ((length & 0x3f) << 8) | (low ?? 0)
      if (low === undefined || target >= place || ++pointers > MOST_POINTERS) return undefined
      if (next < 0) next = place + 2
      place = target
      continue
    }
    if (length > LONGEST_LABEL) return undefined
    if (length === 0) return { name: printLabels(labels), next: next < 0 ? place + 1 : next }
    total += length + 1
    if (total > LONGEST_NAME || place + 1 + length > bytes.length) return undefined
    labels.push(bytes.slice(place + 1, place + 1 + length))
    place += 1 + length
  }
}

/** Where names stand in a message that is being written, by their canonical text. */
export type NamePlaces = Map<string, number>

/** Appends a name; parts that stand in `places` become pointers, and new ones are noted there. Without `places`: in full. */
export function writeName(bytes: number[], name: string, places?: NamePlaces): void {
  const labels = labelsOf(name)
  let rest: string | undefined = canonicalName(name)
  for (const label of labels.ok ? labels.value : []) {
    const known = rest === undefined ? undefined : places?.get(rest)
    if (known !== undefined) {
      bytes.push(POINTER | (known >> 8), known & 255)
      return
    }
    if (rest !== undefined && bytes.length < 0x4000) places?.set(rest, bytes.length)
    bytes.push(label.length, ...label)
    rest = rest === undefined ? undefined : parentOf(rest)
  }
  bytes.push(0)
}
