// Fault tapes: a few packets, each named by its label and its place in line, that are dropped, delayed, doubled or overtaken.

import { type Arbitrary, array, constant, constantFrom, integer, oneof, record } from 'fast-check'
import type { WrittenFault } from '../faults.ts'
import { duration } from './duration.ts'

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
}

/** No client sends an INVITE or a BYE more often in 64·T1: 7 by Timer A, 11 by Timer E. */
const SENDS = 11

/** Tapes of up to `most` faults, in any order; shrinking leaves out what is not needed. */
export function faultTape({ spots, most, mostSeconds }: FaultOptions): Arbitrary<readonly WrittenFault[]> {
  return array(faultAt(constantFrom(...spots), mostSeconds), { maxLength: most, size: 'max' })
}

function faultAt(spot: Arbitrary<Spot>, mostSeconds: number): Arbitrary<WrittenFault> {
  const nth = oneof(
    { withCrossShrink: true },
    { arbitrary: constant(1), weight: 3 },
    { arbitrary: integer({ min: 2, max: 3 }), weight: 2 },
    { arbitrary: integer({ min: 4, max: SENDS }), weight: 1 },
  )
  const packet = record({ spot, nth }).map(({ spot: { of, on }, nth }) => ({ nth, of, on }))
  const time = duration(mostSeconds)
  return oneof(
    { withCrossShrink: true },
    { arbitrary: packet.map((drop): WrittenFault => ({ drop })), weight: 4 },
    { arbitrary: spot.map((drop): WrittenFault => ({ drop })), weight: 1 },
    { arbitrary: packet.map((swap): WrittenFault => ({ swap })), weight: 1 },
    {
      arbitrary: record({ packet, by: time }).map(({ packet, by }): WrittenFault => ({ delay: { ...packet, by } })),
      weight: 2,
    },
    {
      arbitrary: record({ packet, after: oneof(constant(0), time) }).map(
        ({ packet, after }): WrittenFault => ({ duplicate: { ...packet, after } }),
      ),
      weight: 1,
    },
  )
}
