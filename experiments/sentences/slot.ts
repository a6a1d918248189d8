// The blanks in a sentence form: what may stand there, and what it is read into.

import { nearest } from '../../platform/nearest.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import { parseQuantity } from '../../platform/units.ts'
import { LABEL_PATTERN, readLabel } from '../labels.ts'
import { MEASURES, type MeasureName } from '../measures/names.ts'
import type { Conditions } from '../oracles/oracle.ts'
import { ORACLES } from '../oracles/table.ts'
import type { Ability } from './abilities.ts'

/** What a sentence is read against. */
export interface Scope {
  /** The topology's nodes. */
  readonly nodes: readonly string[]
  /** The node that has this address; undefined if none has. */
  ownerOf(address: string): string | undefined
  /** True if packets of the node may come from this address: its own, or that of a NAT which hides it. Absent: only its own. */
  standsFor?(address: string, node: string): boolean
  /** The nodes with programs that are not ours: what they can be asked, they say themselves. Absent: none. */
  readonly own?: readonly string[]
  /** The nodes whose clocks run too fast or too slow from the start. Absent: none. */
  readonly drifting?: readonly string[]
  /** The base timers of a node's programs. Absent: RFC 3261's. */
  readonly timersOf?: Conditions['timersOf']
  /** The nodes whose programs can do what not every node can. Absent: all can, as far as is known. */
  readonly able?: Readonly<Record<Ability, readonly string[]>>
}

/** How often: both ends count; `most` is infinite for "at least". */
export interface Count {
  readonly least: number
  readonly most: number
}

interface Slot<T> {
  /** A regular expression for what can stand here. */
  readonly pattern: string
  /** A wider one, for anything that could be meant for it; absent: the pattern is that. */
  readonly meant?: string
  /** What may stand here, for `siptwin schema experiment`. */
  readonly says: string
  read(text: string, scope: Scope): Result<T>
}

/** A state of a call, by the words that people use for it, and the name in the `call` machine. */
export const CALL_STATES = {
  calling: 'calling',
  proceeding: 'proceeding',
  'hearing ringback': 'ringback',
  offered: 'offered',
  ringing: 'ringing',
  answered: 'answered',
  cancelling: 'cancelling',
  leaving: 'leaving',
  established: 'established',
  ending: 'ending',
  ended: 'ended',
} as const

const DURATION = '-?[\\d.]+ ?[^\\s,\\d]*'

const node: Slot<string> = {
  pattern: '[^\\s,]+',
  says: "a node's name",
  read: (text, { nodes }) => {
    if (nodes.includes(text)) return success(text)
    const close = nearest(text, nodes)
    const hint = close === undefined ? `one of ${nodes.join(', ')}` : `did you mean ${close}?`
    return failure('', `a node of the topology, not "${text}": ${hint}`)
  },
}

const duration: Slot<number> = {
  pattern: DURATION,
  says: 'a duration such as 500 ms',
  read: (text) => parseQuantity('duration', text),
}

const oracle: Slot<string> = {
  pattern: '"[^"]*"',
  says: 'a rule in quotes, such as "2xx core": siptwin list properties has them',
  read: (text) => {
    const name = text.slice(1, -1)
    const names = ORACLES.map((one) => one.name)
    if (names.includes(name)) return success(name)
    const close = nearest(name, names)
    const hint = close === undefined ? 'siptwin list properties has them' : `did you mean "${close}"?`
    return failure('', `a rule that shows on the wire, not ${text}: ${hint}`)
  },
}

/** Every blank, by the name that it has in a form. */
export const SLOTS = {
  node,
  other: node,
  label: {
    pattern: LABEL_PATTERN,
    meant: '[^\\s,"]+(?: [^\\s,"]+){0,4}',
    says: 'a message such as INVITE, 200 INVITE, BYE, RTP, DNS query SRV, or ICMP',
    read: readLabel,
  },
  state: {
    pattern: '[a-z]+(?: [a-z]+)?',
    says: `a state: ${Object.keys(CALL_STATES).join(', ')}`,
    read: (text) => {
      const state = (CALL_STATES as Readonly<Record<string, string>>)[text]
      if (state !== undefined) return success(state)
      const close = nearest(text, Object.keys(CALL_STATES))
      const hint = close === undefined ? `one of ${Object.keys(CALL_STATES).join(', ')}` : `did you mean ${close}?`
      return failure('', `a state of a call, not "${text}": ${hint}`)
    },
  },
  ordinal: {
    pattern: '\\d+(?:st|nd|rd|th)',
    says: 'which one: 1st, 2nd, 3rd, …',
    read: readOrdinal,
  },
  count: {
    pattern: '(?:once|twice|\\d+ times|at least \\d+ times|at most \\d+ times|\\d+ to \\d+ times)',
    says: 'how often: once, twice, 7 times, at least 2 times, at most 3 times, 3 to 5 times',
    read: readCount,
  },
  number: { pattern: '\\d+', says: 'a number', read: (text) => success(Number(text)) },
  status: {
    pattern: '\\d{3}',
    says: 'a status such as 486',
    read: (text) => {
      const status = Number(text)
      return status >= 300 && status <= 699
        ? success(status)
        : failure('', `a status that a call can fail with, 300 to 699, not ${text}`)
    },
  },
  duration,
  time: duration,
  least: duration,
  most: duration,
  times: {
    pattern: `${DURATION}(?:, ${DURATION})*(?: and ${DURATION})?`,
    says: 'times such as 0 s, 500 ms and 1.5 s',
    read: readTimes,
  },
  timer: {
    pattern: 'Timer [A-Z]|2xx core',
    says: 'a timer: Timer A to Timer N, or 2xx core',
    read: (text) => (/[O-Z]$/.test(text) ? failure('', `a timer from Timer A to Timer N, not ${text}`) : success(text)),
  },
  measure: {
    pattern: Object.keys(MEASURES).join('|'),
    says: `a measure: ${Object.keys(MEASURES).join(', ')}`,
    read: (text) => success(text as MeasureName),
  },
  quantity: {
    pattern: '-?[\\d.]+ ?[^\\s,]*',
    says: 'a quantity such as 2 % or 100 kbps',
    read: (text) => success(text),
  },
  oracle,
  text: { pattern: '"[^"]*"', says: 'a text in quotes', read: (text) => success(text.slice(1, -1)) },
} as const satisfies Readonly<Record<string, Slot<unknown>>>

export type SlotName = keyof typeof SLOTS
type SlotValue<Name extends SlotName> = (typeof SLOTS)[Name]['read'] extends (...given: never[]) => Result<infer T>
  ? T
  : never

/** The blanks of a form's text, by name: `'{label} is sent by {node}'` has `label` and `node`. */
export type SlotsOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name & SlotName]: SlotValue<K> } & SlotsOf<Rest>
  : unknown

function readOrdinal(text: string): Result<number> {
  const number = Number.parseInt(text, 10)
  const teen = number % 100 > 10 && number % 100 < 14
  const right = `${number}${(!teen && ['', 'st', 'nd', 'rd'][number % 10]) || 'th'}`
  if (number < 1) return failure('', `which one, counted from the 1st, not the ${text}`)
  return text === right ? success(number) : failure('', `which one, such as the ${right}, not the ${text}`)
}

function readCount(text: string): Result<Count> {
  const count = countOf(text)
  if (count.least <= count.most) return success(count)
  return failure('', `how often, the smaller number first: ${count.most} to ${count.least} times, not ${text}`)
}

function countOf(text: string): Count {
  if (text === 'once') return { least: 1, most: 1 }
  if (text === 'twice') return { least: 2, most: 2 }
  const [first = 0, second] = text.match(/\d+/g)!.map(Number)
  if (text.startsWith('at least')) return { least: first, most: Number.POSITIVE_INFINITY }
  if (text.startsWith('at most')) return { least: 0, most: first }
  return { least: first, most: second ?? first }
}

function readTimes(text: string): Result<readonly number[]> {
  const times: number[] = []
  for (const part of text.split(/, | and /)) {
    const read = parseQuantity('duration', part)
    if (!read.ok) return read
    times.push(read.value)
  }
  return success(times)
}
