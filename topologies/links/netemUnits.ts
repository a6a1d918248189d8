// The units of `tc`, which are not those of the rest of a topology: `kbps` is kilobytes, `k` is 1024. A bare time is microseconds, as tc(8)
// says and as all of iproute2 read it until 6.8; 6.9 and later read a bare delay as nanoseconds. A slot's bare time was always nanoseconds.

import { LEAST_BPS } from './rate.ts'

const LONGEST_NS = 86_400e9

/** What a word of a netem line can be, and how it is written. */
export type NetemQuantity = 'time' | 'slot time' | 'percent' | 'rate' | 'size' | 'number'

const EXAMPLES: Readonly<Record<NetemQuantity, string>> = {
  time: 'a time such as 100ms',
  'slot time': 'a time such as 10ms',
  percent: 'a share such as 1%',
  rate: 'a rate such as 10mbit',
  size: 'a size such as 1500 or 32k',
  number: 'a whole number',
}

const TIMES: ReadonlyMap<string, number> = new Map([
  ...['s', 'sec', 'secs'].map((unit): [string, number] => [unit, 1e9]),
  ...['ms', 'msec', 'msecs'].map((unit): [string, number] => [unit, 1e6]),
  ...['us', 'usec', 'usecs', ''].map((unit): [string, number] => [unit, 1e3]),
  ...['ns', 'nsec', 'nsecs'].map((unit): [string, number] => [unit, 1]),
])

const STEPS = ['', 'k', 'm', 'g', 't']
/** Bits by a decimal or binary step; `bps` are bytes. */
const RATES: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ...STEPS.flatMap((step, n): [string, number][] => [
    [`${step}bit`, power(1000, n)],
    [`${step}bps`, power(1000, n) * 8],
    ...(step === ''
      ? []
      : ([
          [`${step}ibit`, power(1024, n)],
          [`${step}ibps`, power(1024, n) * 8],
        ] as [string, number][])),
  ]),
])
const SIZES: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ...STEPS.slice(1, 4).flatMap((step, n): [string, number][] => [
    [step, power(1024, n + 1)],
    [`${step}b`, power(1024, n + 1)],
    [`${step}bit`, power(1024, n + 1) / 8],
  ]),
])

const UNITS: Readonly<Record<NetemQuantity, ReadonlyMap<string, number>>> = {
  time: TIMES,
  'slot time': new Map([...TIMES, ['', 1]]),
  percent: new Map([
    ['%', 0.01],
    ['', 0.01],
  ]),
  rate: RATES,
  size: SIZES,
  number: new Map([['', 1]]),
}

/** The word as ns, a ratio, bit/s, bytes or a number; or what was expected. `signed`: it may be below zero. */
export function netemQuantity(kind: NetemQuantity, word: string, signed = false): number | string {
  const match = /^([+-]?)(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})([a-z%]*)$/i.exec(word)
  if (match === null) return `${EXAMPLES[kind]}, not "${word}"`
  const [, sign, digits, suffix] = match
  const unit = UNITS[kind].get(suffix!.toLowerCase())
  if (unit === undefined) {
    const units = [...UNITS[kind].keys()].filter((one) => one !== '')
    return units.length === 0
      ? `${EXAMPLES[kind]}, not "${word}"`
      : `${EXAMPLES[kind]}: tc has no "${suffix}" there (${units.join(', ')})`
  }
  const value = kind === 'percent' ? Number(digits) / 100 : Number(digits) * unit
  if (sign === '-' && value !== 0 && !signed) return `${EXAMPLES[kind]} of zero or more, not "${word}"`
  if (kind === 'percent' && value > 1) return `a share from 0% to 100%, not "${word}"`
  if (kind === 'rate' && value < LEAST_BPS) return `a rate of at least ${LEAST_BPS}bit, not "${word}"`
  const isTime = kind === 'time' || kind === 'slot time'
  if (isTime && value > LONGEST_NS) return `a time of at most a day, not "${word}"`
  const whole = isTime || kind === 'size' ? Math.round(value) : value
  if (kind === 'number' && Math.floor(value) !== value) return `a whole number, not "${word}"`
  return sign === '-' ? -whole : whole
}

function power(base: number, exponent: number): number {
  return exponent === 0 ? 1 : base * power(base, exponent - 1)
}
