// How many packets did what, in a whole run.

/** Kinds of counts, each a row of the recorder's totals; digests mix in those of packets. */
export const SENT = 0
export const FORWARDED = 1
export const DUPLICATED = 2
export const DELIVERED = 3
export const LOST = 4
export const CORRUPTED = 5
export const TRANSLATED = 6
export const FRAGMENTED = 7
export const REASSEMBLED = 8
/** ICMP errors that a limit withheld: no packets, and in no digest. */
export const WITHHELD = 9
/** How many kinds there are. */
export const KINDS = 10

/** How many packets did what, in the whole run. `lost` is the sum of `losses`. */
export interface PacketTotals {
  readonly sent: number
  readonly forwarded: number
  readonly duplicated: number
  readonly delivered: number
  readonly lost: number
  readonly losses: Readonly<Record<string, number>>
  /** ICMP errors that were not sent, since their node's limits forbade them. */
  readonly withheld: number
}

/** The counts by {@link KINDS} in words; losses by their causes, sorted. */
export function readTotals(counts: Float64Array, losses: ReadonlyMap<string, number>): PacketTotals {
  const count = (kind: number): number => counts[kind] as number
  return {
    ...{ sent: count(SENT), forwarded: count(FORWARDED), duplicated: count(DUPLICATED) },
    ...{ delivered: count(DELIVERED), lost: count(LOST) },
    losses: Object.fromEntries([...losses].sort(([a], [b]) => (a < b ? -1 : 1))),
    withheld: count(WITHHELD),
  }
}
