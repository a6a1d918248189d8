// Declared links become numbered directions: in the order of the links' ids, each link's up before its down.

import type { Issue } from '../../platform/result.ts'
import type { FaultTape } from '../faults/tape.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Direction, PlacedDirection } from './direction.ts'

export interface LinkOptions {
  /** The names of its two ends: up is from the first to the second. Its id is `first--second`. */
  readonly between: readonly [string, string]
  readonly up: Direction
  readonly down: Direction
}

/** All directions of a network. */
export interface PlacedLinks {
  /** The links' ids in order: the two directions of the n-th have the numbers 2n and 2n + 1. */
  readonly ids: readonly string[]
  readonly placed: readonly PlacedDirection[]
  /** The fault rules whose place is not among them. */
  readonly issues: readonly Issue[]
}

/** Numbers the directions and finds their faults. The nodes have been ranked. */
export function placeLinks(links: ReadonlyMap<string, LinkOptions>, tape: FaultTape, kernel: Kernel): PlacedLinks {
  const ids = [...links.keys()].sort((x, y) => (x < y ? -1 : 1))
  const ends = ids.flatMap((id) => {
    const { between, up, down } = links.get(id)!
    const [a, b] = between
    return [
      { name: `${id} from ${a}`, path: `link/${id}/up`, from: a, to: b, direction: up },
      { name: `${id} from ${b}`, path: `link/${id}/down`, from: b, to: a, direction: down },
    ]
  })
  const { judges, issues } = tape.place(ends)
  const placed = ends.map(({ name, path, from, to, direction }) => ({
    name,
    path,
    direction,
    faults: judges.get(name),
    sender: kernel.rankOf(from),
    receiver: kernel.rankOf(to),
  }))
  return { ids, placed, issues }
}
