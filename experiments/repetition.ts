// Which packets were sent again, and by which timer: known from the chain of causes. A proxy that forwards a repeat, and a phone that
// answers one, repeat by the timer that began it; one that hears a repeat for the first time repeats nothing.

import { hashBytes } from '../platform/digest.ts'
import {
  type Delivered,
  type Lost,
  printRecordId,
  type RecordId,
  type Sent,
  type TraceRecord,
} from '../platform/trace.ts'
import { ByRecord } from './byRecord.ts'
import { Recent } from './recent.ts'

/** What led to a record: a timer that makes its machine do again what it did, or a packet that came in. */
interface Origin {
  readonly timer?: string
  readonly heard?: Strand
}

/** All sendings of one message by one node are one strand. */
interface Strand {
  /** The first of them. */
  readonly first: string
  /** The timer by which this one was sent again. */
  readonly again: string | undefined
}

const NOTHING: Origin = {}

const REMEMBERED = 50_000

/** A fold over the trace, in its order. Media packets are never repeats. Memory is bounded: what is long past is no longer recognised. */
export class Repetitions {
  readonly #origins = new ByRecord<Origin>(REMEMBERED)
  readonly #strands = new Recent<string, string>(REMEMBERED)
  readonly #packets = new ByRecord<Strand>(REMEMBERED)

  /** Takes the next record. */
  record(record: TraceRecord): void {
    if ('packet' in record) {
      if (record.packet.label.media) return
      if (record.kind === 'sent') this.#sent(record)
      else if (record.kind === 'delivered' || record.kind === 'lost') this.#heard(record)
      return
    }
    if (record.kind === 'transition' && record.timer !== undefined) {
      const stays = record.from === record.to
      this.#note(record.id, stays ? { timer: record.timer } : NOTHING)
    } else if (record.kind !== 'asked' && record.kind !== 'faulted') this.#note(record.id, this.#origin(record.cause))
  }

  /** Why the packet that `id` names was sent again: `Timer A`, `2xx core`; undefined for what was sent for the first time. */
  again(id: RecordId): string | undefined {
    const timer = this.#packets.get(id)?.again
    return timer === undefined || timer.length > 1 ? timer : `Timer ${timer}`
  }

  #sent({ id, cause, packet }: Sent): void {
    const origin = this.#origin(cause)
    const to = `${id.node} ${packet.destination}:${packet.destinationPort}`
    const same = `${to} ${packet.payload.length} ${hashBytes(packet.payload)}`
    const because = origin.heard === undefined ? undefined : `${to} ${packet.label.name} of ${origin.heard.first}`
    const sameFirst = this.#strands.get(same)
    const first = sameFirst ?? (because === undefined ? undefined : this.#strands.get(because))
    const name = printRecordId(id)
    const again =
      first === undefined ? undefined : (origin.heard?.again ?? (sameFirst === undefined ? undefined : origin.timer))
    this.#packets.set(id, { first: first ?? name, again })
    this.#strands.set(same, first ?? name)
    if (because !== undefined) this.#strands.set(because, first ?? name)
  }

  #heard({ id, packet }: Delivered | Lost): void {
    const strand = this.#packets.get(packet.id)
    if (strand !== undefined) this.#note(id, { heard: strand })
  }

  #origin(cause: RecordId | null): Origin {
    return (cause === null ? undefined : this.#origins.get(cause)) ?? NOTHING
  }

  #note(id: RecordId, origin: Origin): void {
    if (origin !== NOTHING) this.#origins.set(id, origin)
  }
}
