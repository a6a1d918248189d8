// Quantities as people write them: `20 ms`, `1.5 Mbps`, `2 %`, `64 kB`, `50 packets`. Parsed once, at the edge, into one base unit a kind.

import { nearest } from './nearest.ts'
import { failure, type Result, success } from './result.ts'

/** What can be measured, and its base unit: `duration` in ns, `rate` in bit/s, `size` in bytes, `ratio` as 0–1, `count` in packets. */
export type QuantityKind = 'duration' | 'rate' | 'size' | 'ratio' | 'count'

/** A unit's worth in base units, `multiply / divide`, so that both are integers and decimal fractions come out exact. */
interface Unit {
  readonly name: string
  readonly multiply: number
  readonly divide: number
  /** Other spellings that are read, never written. */
  readonly also: readonly string[]
}

/** Each kind's units, the largest first. */
const UNITS = {
  duration: [
    { name: 'd', multiply: 86_400e9, divide: 1, also: ['day', 'days'] },
    { name: 'h', multiply: 3_600e9, divide: 1, also: ['hour', 'hours'] },
    { name: 'min', multiply: 60e9, divide: 1, also: ['minute', 'minutes'] },
    { name: 's', multiply: 1e9, divide: 1, also: ['second', 'seconds'] },
    { name: 'ms', multiply: 1e6, divide: 1, also: [] },
    { name: 'µs', multiply: 1e3, divide: 1, also: ['us', 'μs'] },
    { name: 'ns', multiply: 1, divide: 1, also: [] },
  ],
  rate: [
    { name: 'Gbps', multiply: 1e9, divide: 1, also: ['Gb/s', 'Gbit/s'] },
    { name: 'Mbps', multiply: 1e6, divide: 1, also: ['Mb/s', 'Mbit/s'] },
    { name: 'kbps', multiply: 1e3, divide: 1, also: ['kb/s', 'kbit/s'] },
    { name: 'bps', multiply: 1, divide: 1, also: ['b/s', 'bit/s'] },
  ],
  size: [
    { name: 'GiB', multiply: 1_073_741_824, divide: 1, also: [] },
    { name: 'GB', multiply: 1e9, divide: 1, also: [] },
    { name: 'MiB', multiply: 1_048_576, divide: 1, also: [] },
    { name: 'MB', multiply: 1e6, divide: 1, also: [] },
    { name: 'KiB', multiply: 1024, divide: 1, also: [] },
    { name: 'kB', multiply: 1e3, divide: 1, also: [] },
    { name: 'B', multiply: 1, divide: 1, also: ['byte', 'bytes'] },
  ],
  ratio: [
    { name: '%', multiply: 1, divide: 100, also: [] },
    { name: 'ppm', multiply: 1, divide: 1e6, also: [] },
  ],
  count: [{ name: 'packets', multiply: 1, divide: 1, also: ['packet'] }],
} as const satisfies Record<QuantityKind, readonly Unit[]>

const EXAMPLES: Readonly<Record<QuantityKind, string>> = {
  duration: 'a duration such as 20 ms',
  rate: 'a rate such as 1.5 Mbps',
  size: 'a size such as 64 kB',
  ratio: 'a ratio such as 2 %',
  count: 'a number of packets such as 50 packets',
}

const ZERO: Readonly<Record<QuantityKind, string>> = {
  duration: '0 s',
  rate: '0 bps',
  size: '0 B',
  ratio: '0 %',
  count: '0 packets',
}

const FORM = /^([+-]?)(\d{1,15})(?:\.(\d{1,20}))?\s*(\S*)$/

/**
 * Reads a quantity of `kind` into its base unit. The number is decimal, at most 15 digits before and 20 after the point (exact up to 15 in all); `0` alone needs no unit.
 * Durations and sizes come out as the nearest whole nanosecond or byte. Fails with what was expected: the unit meant, or the kind that fits.
 */
export function parseQuantity(kind: QuantityKind, text: string): Result<number> {
  const match = FORM.exec(text.trim())
  if (match === null) return failure('', `${EXAMPLES[kind]}, not "${text}"${whyNoQuantity(kind, text.trim())}`)
  const [, sign = '', whole = '', fraction = '', word = ''] = match
  if (word === '' && Number(whole) === 0 && Number(fraction) === 0) return success(0)
  const unit = unitOf(kind, word)
  if (unit === undefined) return failure('', wrongUnit(kind, text.trim(), word))
  const fits = whole.length + fraction.length <= 15
  const size = fits
    ? (Number(whole + fraction) * unit.multiply) / (powerOfTen(fraction.length) * unit.divide)
    : (Number(`${whole}.${fraction}`) * unit.multiply) / unit.divide
  const exact = kind === 'duration' || kind === 'size' || kind === 'count' ? Math.round(size) : size
  return success(sign === '-' ? -exact : exact)
}

/** Writes a quantity given in its base unit, in the largest unit that reads back as the same number: `1.5 s`, `20 ms`, `7.919001 ms`. */
export function printQuantity(kind: QuantityKind, value: number): string {
  if (value === 0) return ZERO[kind]
  const units: readonly Unit[] = UNITS[kind]
  const smallest = units[units.length - 1]!
  for (const unit of units) {
    const text = `${Number(((value * unit.divide) / unit.multiply).toPrecision(15))} ${unit.name}`
    const fits = Math.abs(value) * unit.divide >= unit.multiply || unit === smallest || kind === 'ratio'
    if (!fits || text.includes('e')) continue
    const again = parseQuantity(kind, text)
    if (again.ok && again.value === value) return text
  }
  return `${value} ${smallest.name}`
}

/** Writes a duration given in ns with at most `digits` decimals (default 3), for people: `32.04 s`, `0.5 ms`. */
export function printDuration(ns: number, digits = 3): string {
  if (ns === 0) return '0 s'
  const unit = UNITS.duration.find(
    (one) => one.name !== 'd' && one.name !== 'h' && one.name !== 'min' && Math.abs(ns) >= one.multiply,
  )
  if (unit === undefined) return `${ns} ns`
  return `${Number((ns / unit.multiply).toFixed(digits))} ${unit.name}`
}

function unitOf(kind: QuantityKind, word: string): Unit | undefined {
  return UNITS[kind].find((unit) => unit.name === word || (unit.also as readonly string[]).includes(word))
}

/** What is wrong with the number, where something can be said about it: the end of a sentence. */
function whyNoQuantity(kind: QuantityKind, text: string): string {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d/.test(text)) return ': write the number out, without an exponent'
  if (/^[+-]?\d{16}/.test(text))
    return `: at most 15 digits before the point; there are larger units (${UNITS[kind][0].name})`
  if (/^[+-]?\d+\.\d{21}/.test(text)) return ': at most 20 digits after the point'
  if (/^[+-]?\d+,\d/.test(text)) return ': the decimal sign is a point, and thousands stand together'
  if (/^[+-]?(?:\.\d|\d+\.(?!\d))/.test(text)) return ': a point has digits before and after it'
  if (/^[+-]?\d+(?:\.\d+)?\s*\S+\s/.test(text)) return ONE_UNIT
  return ''
}

const ONE_UNIT = ': one number with one unit is expected'

/** What people write for units, and what is meant. */
const MEANT: Readonly<Record<string, string>> = {
  ...{ m: 'min', mn: 'min', mins: 'min', hr: 'h', hrs: 'h', sec: 's', secs: 's' },
  ...{ msec: 'ms', msecs: 'ms', millis: 'ms', millisecond: 'ms', milliseconds: 'ms' },
  ...{ usec: 'µs', microsecond: 'µs', microseconds: 'µs', nsec: 'ns', nanosecond: 'ns', nanoseconds: 'ns' },
  ...{ G: 'Gbps', M: 'Mbps', k: 'kbps', K: 'kbps', percent: '%', pct: '%' },
}

function wrongUnit(kind: QuantityKind, text: string, word: string): string {
  const names = UNITS[kind].map((unit) => unit.name)
  if (word === '') return `${EXAMPLES[kind]}: "${text}" has no unit (${names.join(', ')})`
  const other = (Object.keys(UNITS) as QuantityKind[]).find((one) => unitOf(one, word) !== undefined)
  if (other !== undefined) return `${EXAMPLES[kind]}: "${text}" is a ${other}`
  if (/\d/.test(word)) return `${EXAMPLES[kind]}, not "${text}"${whyNoQuantity(kind, text) || ONE_UNIT}`
  const close = meant(word, names)
  const hint = close === undefined ? `one of ${names.join(', ')}` : `did you mean ${close}?`
  return `${EXAMPLES[kind]}: there is no unit "${word}" (${hint})`
}

/** The unit that a misspelt one stands for; a single letter stands for another only where people write it so. */
function meant(word: string, names: readonly string[]): string | undefined {
  const known = [MEANT[word], MEANT[word.toLowerCase()]].find((one) => one !== undefined && names.includes(one))
  if (known !== undefined) return known
  return [...word].length === 1 ? names.find((name) => name.toLowerCase() === word.toLowerCase()) : nearest(word, names)
}

function powerOfTen(exponent: number): number {
  let power = 1
  for (let i = 0; i < exponent; i++) power *= 10
  return power
}
