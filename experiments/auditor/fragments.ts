// The audit's account of datagrams in fragments: what is cut up goes on in all its bytes, and only what has all arrived is put together.

import { type Delivered, type Fragmented, printRecordId, type Reassembled, type Sent } from '../../platform/trace.ts'
import { Recent } from '../recent.ts'

/** Bytes of a datagram's IP payload, from the first to the one after the last. */
interface Range {
  readonly from: number
  readonly to: number
}

/** A cutting up, as far as its fragments have left. */
interface Cutting {
  readonly node: string
  readonly whole: string
  readonly left: number
  readonly at: number
}

/** What has arrived of one datagram, or of one copy of it, at one node. */
interface Heap {
  readonly ranges: Range[]
  /** Where it ends, once that is known. */
  length: number | undefined
}

/** How many datagrams in fragments are remembered at least. */
const REMEMBERED = 10_000

/** Memory is bounded. */
export class AuditedFragments {
  readonly #cuttings = new Map<string, Cutting>()
  /** By node and datagram: its copies, which are cut up apart, by their identifications. */
  readonly #heaps = new Recent<string, Map<number, Heap>>(REMEMBERED)
  readonly #torn = new Recent<string, true>(REMEMBERED)

  /** A node cuts a packet up, whose name is `key`. */
  cut(key: string, { id, packet, into }: Fragmented): void {
    const whole = printRecordId(packet.fragment?.of ?? packet.id)
    this.#torn.set(whole, true)
    this.#cuttings.set(key, { node: id.node, whole, left: into, at: packet.fragment?.offset ?? 0 })
  }

  /** A fragment leaves; what is wrong with that, if anything is. `from`: its cause. */
  leave(from: string, { id, packet }: Sent): string | undefined {
    const cutting = this.#cuttings.get(from)
    const { of, offset } = packet.fragment!
    if (cutting === undefined || cutting.node !== id.node || cutting.whole !== printRecordId(of)) {
      return 'a fragment of nothing that was cut up here'
    }
    if (offset !== cutting.at) return `a fragment at byte ${offset}, where byte ${cutting.at} comes next`
    if (cutting.left > 1) {
      this.#cuttings.set(from, { ...cutting, left: cutting.left - 1, at: offset + packet.payload.length })
    } else this.#cuttings.delete(from)
    return undefined
  }

  /** A fragment has come to a node that gathers them. */
  arrive({ id, packet }: Delivered): void {
    const { of, offset, more, identification } = packet.fragment!
    const key = `${id.node} ${printRecordId(of)}`
    const heaps = this.#heaps.get(key) ?? new Map<number, Heap>()
    const heap = heaps.get(identification) ?? { ranges: [], length: undefined }
    heaps.set(identification, heap)
    this.#heaps.set(key, heaps)
    const to = offset + packet.payload.length
    heap.ranges.push({ from: offset, to })
    if (!more) heap.length = to
  }

  /** A datagram is whole again; what is missing, if anything is. */
  join({ id, packet }: Reassembled): string | undefined {
    const heaps = this.#heaps.get(`${id.node} ${printRecordId(packet.id)}`)
    let wrong = 'put together without its end'
    for (const [identification, heap] of heaps ?? []) {
      const missing = missingFrom(heap)
      if (missing === undefined) {
        heaps!.delete(identification)
        return undefined
      }
      wrong = missing
    }
    return wrong
  }

  /** True if the packet has travelled in fragments, so that it can be lost without being anywhere. */
  isTorn(packet: string): boolean {
    return this.#torn.get(packet) === true
  }
}

/** What a heap lacks of the whole; undefined if nothing. */
function missingFrom({ ranges, length }: Heap): string | undefined {
  if (length === undefined) return 'put together without its end'
  let at = 0
  for (const { from, to } of ranges.sort((a, b) => a.from - b.from)) if (from <= at) at = Math.max(at, to)
  return at < length ? `put together without its bytes from ${at} on` : undefined
}
