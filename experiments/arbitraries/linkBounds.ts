// What a drawn link may be like: bounds by the name of its kind, from the plainest to the worst.

import { type Arbitrary, constant, integer, oneof, record } from 'fast-check'
import { ranked } from './ranked.ts'

/** Least and most of each; what is absent is not drawn. Delays are one way. */
export interface LinkBounds {
  readonly delayMs: readonly [number, number]
  readonly rateKbps?: readonly [number, number]
  /** The most that a packet is late beyond the delay. */
  readonly jitterMs?: readonly [number, number]
  /** Hundredths of a per cent. */
  readonly lossBasisPoints?: readonly [number, number]
  /** The mean length of a burst of losses, packets. */
  readonly burst?: readonly [number, number]
  readonly queuePackets?: readonly [number, number]
  readonly duplicationBasisPoints?: readonly [number, number]
}

/** By name. */
export const LINK_BOUNDS = {
  plain: { delayMs: [1, 10] },
  local: { delayMs: [1, 2], rateKbps: [100_000, 1_000_000] },
  broadband: {
    ...{ delayMs: [5, 40], rateKbps: [1000, 100_000], jitterMs: [0, 5] },
    ...{ lossBasisPoints: [0, 50], queuePackets: [20, 500] },
  },
  mobile: {
    ...{ delayMs: [30, 150], rateKbps: [300, 20_000], jitterMs: [0, 60] },
    ...{ lossBasisPoints: [0, 300], queuePackets: [50, 1000] },
  },
  satellite: { delayMs: [240, 300], rateKbps: [1000, 25_000], lossBasisPoints: [0, 100] },
  poor: {
    ...{ delayMs: [20, 400], rateKbps: [64, 512], jitterMs: [0, 200], lossBasisPoints: [0, 2000], burst: [1, 8] },
    ...{ queuePackets: [5, 50], duplicationBasisPoints: [0, 500] },
  },
} as const satisfies Readonly<Record<string, LinkBounds>>

export type LinkKind = keyof typeof LINK_BOUNDS

/** A link's numbers, as a topology file writes them. */
export type WrittenLink = Readonly<Record<string, unknown>>

/** Links of these kinds; shrinking goes towards the first kind, and towards no loss, no jitter, no limit of rate. */
export function linkNumbers(kinds: readonly LinkKind[]): Arbitrary<WrittenLink> {
  return ranked(kinds).chain((kind) => numbersWithin(LINK_BOUNDS[kind]))
}

function numbersWithin(bounds: LinkBounds): Arbitrary<WrittenLink> {
  const { delayMs, rateKbps, jitterMs, lossBasisPoints, burst, queuePackets, duplicationBasisPoints } = bounds
  return record({
    delay: within(delayMs).map((ms) => `${ms} ms`),
    rate: maybe(rateKbps, (kbps) => `${kbps} kbps`),
    jitter: maybe(jitterMs, (ms) => (ms === 0 ? undefined : `${ms} ms`)),
    loss: maybe(lossBasisPoints, (points) => (points === 0 ? undefined : percent(points))),
    burst: burst === undefined ? constant(1) : within(burst),
    queue: maybe(queuePackets, (packets) => `${packets} packets`),
    duplication: maybe(duplicationBasisPoints, (points) => (points === 0 ? undefined : percent(points))),
  }).map(({ loss, burst, queue, ...rest }) => {
    const inBursts = loss !== undefined && burst > 1
    const law = inBursts ? { 'gilbert-elliott': { mean: loss, burst } } : loss
    const waits = rest.rate === undefined ? undefined : queue
    return Object.fromEntries(
      Object.entries({ ...rest, queue: waits, loss: law }).filter(([, value]) => value !== undefined),
    )
  })
}

function within([min, max]: readonly [number, number]): Arbitrary<number> {
  return integer({ min, max })
}

/** Nothing at all, or a number of these bounds. */
function maybe(
  bounds: readonly [number, number] | undefined,
  write: (value: number) => string | undefined,
): Arbitrary<string | undefined> {
  return bounds === undefined
    ? constant(undefined)
    : oneof({ withCrossShrink: true }, constant(undefined), within(bounds).map(write))
}

function percent(basisPoints: number): string {
  return `${basisPoints / 100} %`
}
