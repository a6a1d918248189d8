// Chance on a link's medium, as data: how it loses packets, how their delay varies, what it copies, corrupts and lets be overtaken.

import type { RandomStream } from '../../platform/random.ts'
import type { DelayLaw } from './laws/delay.ts'
import { FourStates, GilbertElliott, RandomLoss, StateLoss } from './laws/loss.ts'

/** How a medium loses packets. All ratios are chances from 0 to 1. */
export type Loss =
  | {
      readonly model: 'random'
      readonly ratio: number
      /** How much each draw resembles the last, 0 (the default) to 1, in netem's way: the ratio is then no longer exact. */
      readonly correlation?: number
    }
  /** All in the bad state are lost, none in the good. */
  | {
      readonly model: 'gilbert-elliott'
      /** The part lost in the long run, 0 to less than 1. */
      readonly meanRatio: number
      /** The mean length of a burst, packets, 1 or more. */
      readonly burstPackets: number
    }
  /** netem's `gemodel`: both states lose some. */
  | {
      readonly model: 'states'
      /** From good to bad, and back, packet by packet: p and r. */
      readonly toBad: number
      readonly toGood: number
      /** What each loses: 1−h and 1−k. */
      readonly badRatio: number
      readonly goodRatio: number
    }
  /** netem's `state`: 1 good, 2 good within a burst, 3 lost within a burst, 4 lost alone. */
  | {
      readonly model: 'four-states'
      readonly p13: number
      readonly p31: number
      readonly p32: number
      readonly p23: number
      readonly p14: number
    }
  /** Each for its time, from `fromNs` until before `untilNs`; outside them none is lost. */
  | {
      readonly model: 'windows'
      readonly windows: readonly { readonly fromNs: number; readonly untilNs: number; readonly loss: Loss }[]
    }

/** How much longer than a link's delay a packet may travel: evenly from 0 to `mostNs`, or by a law. No packet comes in less than 1 µs. */
export type Jitter = Order &
  (
    | { readonly mostNs: number }
    | {
        readonly law: DelayLaw
        /** How much each draw resembles the last, 0 (the default) to 1. */
        readonly correlation?: number
      }
  )

interface Order {
  /** True where a packet may overtake another; by default none does. */
  readonly reorders?: boolean
}

/** A link that makes second copies of packets, as some do when they think that the first was lost. */
export interface Duplication {
  /** The chance of each packet, 0 to 1. */
  readonly ratio: number
  /** How much later the copy arrives, ns, 0 or more. */
  readonly afterNs: number
}

/** A link that turns over one bit of some packets, anywhere from the first of the IP header to the last of the payload. */
export interface Corruption {
  /** The chance of each packet, 0 to 1. */
  readonly ratio: number
}

/** A link that holds some packets back, so that those behind overtake them. */
export interface Reordering {
  /** The chance of each packet, 0 to 1. */
  readonly ratio: number
  /** How much each draw resembles the last, 0 (the default) to 1. */
  readonly correlation?: number
  /** Only every so many packets one may be held back; default 1. */
  readonly gap?: number
  /** For how long, ns. */
  readonly byNs: number
}

/** Says of one packet after another whether the medium loses it; `nowNs` matters only where time does. */
export interface LossModel {
  lost(nowNs?: number): boolean
}

/** The model of a `loss`, drawing from `stream`: for each packet, as often as the model needs. */
export function lossModel(loss: Loss, stream: RandomStream): LossModel {
  switch (loss.model) {
    case 'random':
      return new RandomLoss(loss.ratio, loss.correlation ?? 0, stream)
    case 'gilbert-elliott':
      return new GilbertElliott(loss.meanRatio, loss.burstPackets, stream)
    case 'states':
      return new StateLoss(loss, stream)
    case 'four-states':
      return new FourStates(loss, stream)
    case 'windows': {
      const windows = loss.windows.map((one) => ({ ...one, model: lossModel(one.loss, stream) }))
      return {
        lost: (nowNs = 0) =>
          windows.find((one) => one.fromNs <= nowNs && nowNs < one.untilNs)?.model.lost(nowNs) ?? false,
      }
    }
  }
}
