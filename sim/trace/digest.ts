// The digests that a run ends with, one per ingredient of the record: where two runs have the same, the same happened.

import { hashBytes, hashText, NodeDigests } from '../../platform/digest.ts'
import type { LossCause, TraceLevel } from '../../platform/trace.ts'

/** 16 hex digits each. An ingredient that the run's trace level leaves out is absent; comparisons use what both runs have. */
export interface RunDigests {
  /** Every packet sent, forwarded, duplicated, lost and delivered: time, direction, length. From level `counters` on. */
  readonly packets: string
  /** Every step of every machine. From level `signalling` on. */
  readonly transitions?: string
  /** The payload of every packet sent, rewritten or corrupted. At level `everything`. */
  readonly contents?: string
}

/** The digests as they grow. The packet path allocates nothing. */
export class Digests {
  declare private readonly clock: { readonly now: number }
  declare private readonly packets: NodeDigests
  declare private readonly transitions: NodeDigests | undefined
  declare private readonly contents: NodeDigests | undefined
  private readonly words = new Map<string, number>()

  /** `clock`: the kernel, its `now` in ticks. `words`: where the packets' digests stand, see {@link NodeDigests}. */
  constructor(level: TraceLevel, nodes: number, clock: { readonly now: number }, words?: Int32Array) {
    this.clock = clock
    this.packets = new NodeDigests(nodes, words)
    this.transitions = level === 'counters' ? undefined : new NodeDigests(nodes)
    this.contents = level === 'everything' ? new NodeDigests(nodes) : undefined
  }

  /** What happens to a packet now; `link` is the hash of the direction's name. The time is no parameter, which might cost an object. */
  packet(node: number, kind: number, link: number, length: number): void {
    const at = this.clock.now
    this.packets.addPair(node, at | 0, length, (((at / 4294967296) | 0) << 3) + kind, link)
  }

  /** Why a packet was lost. */
  why(node: number, why: LossCause): void {
    this.packets.add(node, this.word(why), 0)
  }

  transition(
    node: number,
    at: number,
    machine: string,
    instance: string,
    from: string,
    event: string,
    to: string,
  ): void {
    const digest = this.transitions
    if (digest === undefined) return
    digest.add(node, at >>> 0, Math.floor(at / 4294967296))
    digest.add(node, this.word(machine), hashText(instance))
    digest.add(node, this.word(from), this.word(event))
    digest.add(node, this.word(to), 0)
  }

  content(node: number, payload: Uint8Array): void {
    this.contents?.add(node, hashBytes(payload), payload.length)
  }

  print(): RunDigests {
    return {
      packets: this.packets.print(),
      ...(this.transitions === undefined ? {} : { transitions: this.transitions.print() }),
      ...(this.contents === undefined ? {} : { contents: this.contents.print() }),
    }
  }

  /** The hash of one of the few words that tables use; remembered. */
  private word(text: string): number {
    let word = this.words.get(text)
    if (word === undefined) {
      word = hashText(text)
      this.words.set(text, word)
    }
    return word
  }
}
