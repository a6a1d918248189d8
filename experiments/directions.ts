// The two directions of each link, by name: what is folded over a trace must know them.

import type { Direction } from '../sim/network/link.ts'
import type { LinkOptions } from '../sim/network/network.ts'

/** One direction, as records name it. */
export interface LinkDirection {
  /** `alice--proxy from alice`. */
  readonly name: string
  readonly from: string
  readonly to: string
  readonly framingBytes: number
  readonly direction: Direction
}

/** Both directions of each link, in the links' order, the one from the first end first. */
export function directionsOf(links: readonly LinkOptions[]): readonly LinkDirection[] {
  return links.flatMap(({ between: [a, b], up, down }) => [
    { name: `${a}--${b} from ${a}`, from: a, to: b, framingBytes: up.framingBytes ?? 0, direction: up },
    { name: `${a}--${b} from ${b}`, from: b, to: a, framingBytes: down.framingBytes ?? 0, direction: down },
  ])
}
