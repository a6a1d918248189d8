// Fault tapes for any topology: a few packets, each named by its label, its direction and its place in line.

import type { Arbitrary } from 'fast-check'
import { z } from 'zod'
import { fault } from '../faults.ts'
import { readLabel } from '../labels.ts'
import { faultTape, type Spot } from './faults.ts'
import { checkOptions, having, listOf, type Rule, whole } from './options.ts'
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

const RULES: Readonly<Record<keyof FaultTapeOptions, Rule>> = {
  topology: having(['links'], "{ links: [{ between: ['alice', 'router'] }] }"),
  labels: listOf('INVITE', (label) => {
    const reading = readLabel(String(label))
    return reading.ok ? undefined : reading.issue.expected
  }),
  most: whole(0),
  mostSeconds: whole(0),
}

/**
 * Shrinking leaves out what is not needed, and goes towards the first of its kind, at once. Throws where an option is wrong, such as a
 * label that no packet has.
 */
export function faultTapes(options: FaultTapeOptions = {}): Arbitrary<readonly WrittenTapeEntry[]> {
  checkOptions<FaultTapeOptions>('faultTapes', options, RULES)
  const { topology, labels = LABELS, most = 4, mostSeconds = 4 } = options
  const directions = (topology?.links ?? STAR).flatMap(({ between }) => {
    const [a, b] = between as readonly [string, string]
    return [`${a} -> ${b}`, `${b} -> ${a}`]
  })
  const spots = labels.flatMap((of) => directions.map((on): Spot => ({ of, on })))
  return faultTape({ spots, most, mostSeconds }).map((tape) => tape.map((one) => z.encode(fault, one)))
}
