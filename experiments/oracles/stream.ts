// RTP packets as a party sent or received them, and the streams that they are of.

import { Oldest } from '../../platform/oldest.ts'
import { printPlace } from './exchange.ts'
import type { Place, RtpObservation } from './observation.ts'

/** One stream at one party. The same object for all its packets, so that folds can keep what they know by it. */
export interface Stream {
  readonly party: string
  readonly out: boolean
  readonly ssrc: number
  readonly from: Place
  readonly to: Place
  /** The party with its own end, and with the far one: `alice 10.0.0.1:10000`. */
  readonly own: string
  readonly far: string
}

/** One packet at one party. */
export interface RtpSighting {
  /** ns. */
  readonly at: number
  readonly party: string
  readonly proof: string
  readonly stream: Stream
  readonly seen: RtpObservation
}

/** So many streams of one SSRC are known apart. */
const MOST_ALIKE = 64
const MOST_SSRCS = 20_000

/** Finds the streams of packets. Memory is bounded: the oldest SSRCs are forgotten. */
export class Streams {
  readonly #bySsrc = new Map<number, Stream[]>()
  readonly #oldest = new Oldest(this.#bySsrc)

  /** The sightings of an observation: one at a node, or in a capture one at each end. */
  sightingsOf(seen: RtpObservation): readonly RtpSighting[] {
    if (seen.side !== 'passing') return [this.#sighting(seen, seen.side === 'sent', seen.where)]
    return [this.#sighting(seen, true, seen.from.address), this.#sighting(seen, false, seen.to.address)]
  }

  #sighting(seen: RtpObservation, out: boolean, party: string): RtpSighting {
    return { at: seen.at, party, proof: seen.proof, stream: this.#streamOf(seen, out, party), seen }
  }

  #streamOf({ ssrc, from, to }: RtpObservation, out: boolean, party: string): Stream {
    let alike = this.#bySsrc.get(ssrc)
    if (alike === undefined) {
      alike = []
      this.#bySsrc.set(ssrc, alike)
      if (this.#bySsrc.size > MOST_SSRCS) this.#bySsrc.delete(this.#oldest.next())
    }
    for (const one of alike)
      if (one.out === out && one.party === party && isSame(one.from, from) && isSame(one.to, to)) return one
    const [own, far] = out ? [from, to] : [to, from]
    const made = { party, out, ssrc, from, to, own: `${party} ${printPlace(own)}`, far: `${party} ${printPlace(far)}` }
    if (alike.length >= MOST_ALIKE) alike.shift()
    alike.push(made)
    return made
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.port === other.port && one.address === other.address
}
