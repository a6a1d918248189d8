// What a netem does, in its own terms: `tc qdisc … netem`.

import type { Loss } from '../medium.ts'

/** A chance for each packet, 0 to 1, each draw resembling the last by `correlation`, 0 to 1. */
export interface NetemChance {
  readonly ratio: number
  readonly correlation: number
}

/** A table from which delays are drawn: standard deviations in units of 1/8192, −32768 to 32767; or the name of one. */
export type NetemTable = 'normal' | 'pareto' | 'paretonormal' | readonly number[]

/** All that a netem can be told. */
export interface NetemOptions {
  /** Packets that it holds at most; netem's own default is 1000. */
  readonly limit: number
  readonly delayNs: number
  /** Evenly from −`jitterNs` to `jitterNs`, or that many times what the table gives. Packets overtake each other by it. */
  readonly jitterNs: number
  /** Of the delays. */
  readonly correlation: number
  /** Absent: evenly. */
  readonly distribution?: NetemTable
  readonly loss?: Extract<Loss, { model: 'random' | 'states' | 'four-states' }>
  readonly duplicate?: NetemChance
  readonly corrupt?: NetemChance
  /** What is sent at once instead of being delayed: of every `gap` packets (1 or more) the last, by this chance. */
  readonly reorder?: NetemChance & { readonly gap: number }
  readonly rate?: {
    /** Bits per second. */
    readonly bps: number
    /** Bytes added to each packet; may be negative. */
    readonly packetOverhead: number
    /** Bytes of payload in a cell, to whole ones of which packets are filled up; 0: no cells. */
    readonly cellSize: number
    /** Bytes added to each cell; may be negative. */
    readonly cellOverhead: number
  }
  /** Packets leave in slots: each opens some time after the last was used up. */
  readonly slot?: {
    /** Evenly from `minNs` to `maxNs`; what is drawn below zero opens at once. */
    readonly minNs: number
    readonly maxNs: number
    /** Instead: the mean, and what multiplies the table's values. */
    readonly table?: { readonly distribution: NetemTable; readonly delayNs: number; readonly jitterNs: number }
    /** What a slot takes at most; 0: without limit. */
    readonly packets: number
    readonly bytes: number
  }
}
