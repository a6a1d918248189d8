// Fault tapes for any topology: a few packets, each named by its label, its direction and its place in line.

import type { Arbitrary } from 'fast-check'
import { z } from 'zod'
import { nearest } from '../../platform/nearest.ts'
import { fault } from '../faults.ts'
import { readLabel } from '../labels.ts'
import { faultTape, type Spot } from './faults.ts'
import type { WrittenTopology } from './topology.ts'

/** One fault as a file writes it: `{ drop: { nth: 1, of: '200 INVITE', on: 'proxy -> alice' } }`. */
export type WrittenTapeEntry = z.input<typeof fault>

export interface FaultTapeOptions {
  /** On whose links; default those of `two-phones-one-proxy`. */
  readonly topology?: Pick<WrittenTopology, 'links'>
  /** What may be hit, the first most simply; default the messages of a call, a registration and OPTIONS. */
  readonly labels?: readonly string[]
  /** The most faults, 0 or more; default 4. */
  readonly most?: number
  /** The longest that a packet or its copy is late, whole seconds; default 4, below which RFC 3261's T4 lets a message live. */
  readonly mostSeconds?: number
}

const LABELS: readonly string[] = [
  ...['INVITE', '100 INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE', 'CANCEL', '200 CANCEL'],
  ...['487 INVITE', '486 INVITE', 'REGISTER', '200 REGISTER', 'OPTIONS', '200 OPTIONS'],
]
const STAR = ['alice', 'proxy', 'bob'].map((name) => ({ between: [name, 'router'] }))

/**
 * Shrinking leaves out what is not needed, and goes towards the first of its kind, at once. Throws where an option is wrong, such as a
 * label that no packet has.
 */
export function faultTapes(options: FaultTapeOptions = {}): Arbitrary<readonly WrittenTapeEntry[]> {
  checkOptions(options)
  const { topology, labels = LABELS, most = 4, mostSeconds = 4 } = options
  const directions = (topology?.links ?? STAR).flatMap(({ between }) => {
    const [a, b] = between as readonly [string, string]
    return [`${a} -> ${b}`, `${b} -> ${a}`]
  })
  const spots = labels.flatMap((of) => directions.map((on): Spot => ({ of, on })))
  return faultTape({ spots, most, mostSeconds }).map((tape) => tape.map((one) => z.encode(fault, one)))
}

/** What types cannot see to. */
function checkOptions(options: FaultTapeOptions): void {
  const refuse = (sentence: string): never => {
    throw new Error(`faultTapes: ${sentence}`)
  }
  const { topology, labels = LABELS, most = 0, mostSeconds = 0 } = options
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) {
    const close = nearest(unknown, OPTIONS)
    refuse(`no option "${unknown}": ${close === undefined ? `one of ${OPTIONS.join(', ')}` : `did you mean ${close}?`}`)
  }
  if (topology !== undefined && !(Array.isArray(topology.links) && topology.links.length > 0))
    refuse("topology: an object with links, such as { links: [{ between: ['alice', 'router'] }] }")
  if (!Array.isArray(labels)) refuse(`labels: a list such as ['INVITE'], not ${String(labels)}`)
  if (labels.length === 0) refuse('labels: at least one, such as INVITE')
  for (const [index, label] of labels.entries()) {
    const reading = readLabel(label)
    if (!reading.ok) refuse(`labels[${index}]: ${reading.issue.expected}`)
  }
  for (const [name, value] of Object.entries({ most, mostSeconds })) {
    if (!Number.isInteger(value) || value < 0) refuse(`${name}: a whole number, 0 or more, not ${value}`)
  }
}

const OPTIONS: readonly string[] = Object.keys({
  ...{ topology: true, labels: true, most: true, mostSeconds: true },
} satisfies Record<keyof FaultTapeOptions, true>)
