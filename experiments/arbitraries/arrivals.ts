// RTP as it arrives: a talker's packets after a network has had its way with them.

import { type Arbitrary, array, boolean, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { checkOptions, positive, whole } from './options.ts'

/** One packet at its arrival. */
export interface Arrival {
  /** ms since the first packet was sent; never less than the packet's before it in the list. */
  readonly atMs: number
  /** 0–65535. */
  readonly sequence: number
  /** 0 to 2³²−1. */
  readonly timestamp: number
  /** The first packet of a talkspurt. */
  readonly marker: boolean
}

export interface ArrivalOptions {
  /** The most packets that are sent, 1 or more; default 200. */
  readonly most?: number
  /** Hz; default 8000. */
  readonly clockHz?: number
  /** ms; default 20. */
  readonly packetMs?: number
}

/** What the network does to one packet, in the terms of its sending. */
interface Fate {
  readonly lost: boolean
  /** ms beyond the least delay; larger ones let later packets overtake. */
  readonly lateMs: number
  readonly copies: number
  /** Silence before it, in packets. */
  readonly pause: number
}

/**
 * Arrivals of one stream: lost singly or in bursts, late, overtaken, doubled, after pauses, and with sequence numbers and timestamps that
 * begin anywhere, so that they wrap. Shrinking goes towards one packet on time, numbered from 0. Throws where an option is
 * wrong.
 */
export function rtpArrivals(options: ArrivalOptions = {}): Arbitrary<readonly Arrival[]> {
  checkOptions<ArrivalOptions>('rtpArrivals', options, { most: whole(1), clockHz: positive, packetMs: positive })
  const { most = 200, clockHz = 8000, packetMs = 20 } = options
  const rarely = <T>(calm: T, some: Arbitrary<T>): Arbitrary<T> =>
    oneof({ withCrossShrink: true }, { arbitrary: constant(calm), weight: 9 }, { arbitrary: some, weight: 1 })
  const fate = record({
    lost: rarely(false, boolean()),
    lateMs: oneof(
      { withCrossShrink: true },
      constant(0),
      integer({ min: 0, max: packetMs }),
      integer({ min: 0, max: 10 * packetMs }),
    ),
    copies: rarely(0, integer({ min: 1, max: 2 })),
    pause: rarely(0, integer({ min: 1, max: 100 })),
  })
  const run = record({ fate, times: oneof({ withCrossShrink: true }, constant(1), integer({ min: 1, max: 12 })) })
  return record({
    runs: array(run, { minLength: 1, maxLength: most, size: 'max' }),
    first: oneof(
      { withCrossShrink: true },
      constant(0),
      constantFrom(65_530, 65_535),
      integer({ min: 0, max: 65_535 }),
    ),
    stamp: oneof(
      { withCrossShrink: true },
      constant(0),
      constantFrom(4_294_967_000),
      integer({ min: 0, max: 2_147_483_647 }),
    ),
  }).map(({ runs, first, stamp }) => {
    const fates = runs.flatMap(({ fate, times }) => Array.from({ length: times }, () => fate)).slice(0, most)
    return arrivalsOf(fates, { first, stamp, step: (clockHz * packetMs) / 1000, packetMs })
  })
}

interface Start {
  readonly first: number
  readonly stamp: number
  readonly step: number
  readonly packetMs: number
}

function arrivalsOf(fates: readonly Fate[], { first, stamp, step, packetMs }: Start): readonly Arrival[] {
  let slot = 0
  const arrivals = fates.flatMap(({ lost, lateMs, copies, pause }, index) => {
    const marker = index === 0 || pause > 0
    slot += pause
    const packet = { sequence: (first + index) % 65_536, timestamp: (stamp + slot * step) % 4_294_967_296, marker }
    const atMs = slot * packetMs + lateMs
    slot += 1
    return lost ? [] : Array.from({ length: 1 + copies }, (_, copy) => ({ atMs: atMs + copy, ...packet }))
  })
  return arrivals
    .map((one, place) => ({ one, place }))
    .sort((a, b) => a.one.atMs - b.one.atMs || a.place - b.place)
    .map(({ one }) => one)
}
