// Fault tapes: a few packets, each named by its label and its place in line, that are dropped, delayed, doubled or overtaken.

import { type Arbitrary, constant, constantFrom, integer, oneof, record, uniqueArray } from 'fast-check'
import type { WrittenFault } from '../faults.ts'
import { duration } from './duration.ts'
import { TAPE_KINDS, type TapeKind } from './tapeKinds.ts'

/** A label and a direction on which such packets go. */
export interface Spot {
  readonly of: string
  readonly on: string
}

export interface FaultOptions {
  /** Shrinking goes towards the first. */
  readonly spots: readonly Spot[]
  /** The most faults in a tape, 0 or more. */
  readonly most: number
  /** The longest delay, and the longest way of a copy behind its original: whole seconds. */
  readonly mostSeconds: number
  /** What may happen to a packet; default all of it. */
  readonly kinds?: readonly TapeKind[]
}

/** No client sends an INVITE or a BYE more often in 64·T1: 7 by Timer A, 11 by Timer E. */
const SENDS = 11

/** Tapes of up to `most` faults, in any order; shrinking leaves out what is not needed. No packet is made late twice: see {@link spotOf}. */
export function faultTape({
  spots,
  most,
  mostSeconds,
  kinds = TAPE_KINDS,
}: FaultOptions): Arbitrary<readonly WrittenFault[]> {
  const fault = faultAt(constantFrom(...spots), mostSeconds, kinds)
  return uniqueArray(fault, { selector: spotOf, maxLength: most, size: 'max' })
}

/**
 * What a tape has at most once. Two delays of one packet would add up beyond T4, the longest that a message may live in the network
 * (RFC 3261 §17.1.2.2): an INVITE that comes after Timer I is a new call to its server, and no rule is broken when the phone rings again.
 */
function spotOf(fault: WrittenFault): string {
  const [kind, packet] = Object.entries(fault)[0]!
  const { nth, of, on } = packet as { readonly nth?: number; readonly of?: string; readonly on: string }
  return `${kind === 'delay' || kind === 'duplicate' ? 'late' : kind} ${nth} ${of} ${on}`
}

function faultAt(spot: Arbitrary<Spot>, mostSeconds: number, kinds: readonly TapeKind[]): Arbitrary<WrittenFault> {
  const nth = oneof(
    { withCrossShrink: true },
    { arbitrary: constant(1), weight: 3 },
    { arbitrary: integer({ min: 2, max: 3 }), weight: 2 },
    { arbitrary: integer({ min: 4, max: SENDS }), weight: 1 },
  )
  const packet = record({ spot, nth }).map(({ spot: { of, on }, nth }) => ({ nth, of, on }))
  const time = duration(mostSeconds)
  const all: readonly Weighted[] = [
    { kind: 'drop', arbitrary: packet.map((drop): WrittenFault => ({ drop })), weight: 4 },
    { kind: 'drop', arbitrary: spot.map((drop): WrittenFault => ({ drop })), weight: 1 },
    { kind: 'swap', arbitrary: packet.map((swap): WrittenFault => ({ swap })), weight: 1 },
    {
      kind: 'delay',
      arbitrary: record({ packet, by: time }).map(({ packet, by }): WrittenFault => ({ delay: { ...packet, by } })),
      weight: 2,
    },
    {
      kind: 'duplicate',
      arbitrary: record({ packet, after: oneof(constant(0), time) }).map(
        ({ packet, after }): WrittenFault => ({ duplicate: { ...packet, after } }),
      ),
      weight: 1,
    },
  ]
  const some = all.filter(({ kind }) => kinds.includes(kind)).map(({ arbitrary, weight }) => ({ arbitrary, weight }))
  return oneof({ withCrossShrink: true }, ...some)
}

interface Weighted {
  readonly kind: TapeKind
  readonly arbitrary: Arbitrary<WrittenFault>
  readonly weight: number
}
