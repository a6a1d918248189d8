// RTP packets as a party sent or received them.

import type { Place, RtpObservation } from './observation.ts'

/** One packet at one party. */
export interface RtpSighting {
  /** ns. */
  readonly at: number
  readonly out: boolean
  readonly party: string
  readonly proof: string
  readonly seen: RtpObservation
}

/** The sightings of an observation: one at a node, or in a capture one at each end. */
export function rtpSightingsOf(seen: RtpObservation): readonly RtpSighting[] {
  const { at, proof, side, where } = seen
  if (side !== 'passing') return [{ at, proof, seen, out: side === 'sent', party: where }]
  return [
    { at, proof, seen, out: true, party: seen.from.address },
    { at, proof, seen, out: false, party: seen.to.address },
  ]
}

/** The party's own end of a packet's way. */
export function ownEnd({ out, seen }: RtpSighting): Place {
  return out ? seen.from : seen.to
}
