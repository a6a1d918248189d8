// Fragments at a box that must know ports: it puts datagrams together, treats them as one, and cuts them up again for the next link
// (RFC 4787 §11); or it lets none through.

import type { DirectionId } from '../network/direction.ts'
import type { Node, World } from '../network/node.ts'
import type { Packet } from '../network/packet.ts'
import { Reassembly } from '../network/reassembly.ts'
import { NO_LINK } from '../trace/recorder.ts'

/** `out-of-order`: in whatever order they come, as RFC 4787 REQ-14 wants; `in-order`: in their order only; `drop`: not at all. */
export const FRAGMENT_POLICIES = ['out-of-order', 'in-order', 'drop'] as const

export type FragmentPolicy = (typeof FRAGMENT_POLICIES)[number]

/** What one box does with fragments. */
export class BoxFragments {
  readonly #world: World
  readonly #node: Node
  readonly #policy: FragmentPolicy
  readonly #done: (packet: Packet, direction: DirectionId) => void
  #reassembly: Reassembly | undefined

  /** `done` gets each datagram that is whole again, as if it had come so. */
  constructor(
    world: World,
    node: Node,
    policy: FragmentPolicy,
    done: (packet: Packet, direction: DirectionId) => void,
  ) {
    this.#world = world
    this.#node = node
    this.#policy = policy
    this.#done = done
  }

  take(packet: Packet, direction: DirectionId): void {
    const { pool, recorder } = this.#world
    if (this.#policy === 'drop') {
      recorder.lost(this.#node.rank, NO_LINK, packet, pool.length(packet), 'fragment dropped by policy')
      pool.free(packet)
      return
    }
    this.#reassembly ??= new Reassembly(this.#world, this.#node, { inOrder: this.#policy === 'in-order' }, this.#done)
    this.#reassembly.take(packet, direction)
  }

  /** A reboot: what was kept is gone. */
  forget(): void {
    this.#reassembly?.forget()
  }
}
