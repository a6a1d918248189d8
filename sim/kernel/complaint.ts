// What the kernel says of events that cannot be: sentences with the numbers in them.

import { bug } from '../../platform/assert.ts'
import type { EventKind, Rank, Ticks } from './event.ts'
import type { Ranks } from './ranks.ts'

/** The keys of an event but its time: class and destination in one number, source, sequence. */
export interface EventKey {
  readonly key: number
  readonly source: Rank
  readonly sequence: number
}

/** Two events of one time that are equal, or come in the wrong order. */
export function refuseOrder(ranks: Ranks, atMs: string, key: EventKey, last: EventKey): never {
  const isEqual = key.key === last.key && key.source === last.source && key.sequence === last.sequence
  const event = `event at ${atMs} (${printKey(ranks, key)})`
  bug(isEqual ? `${event} equals another` : `${event} comes before the one handled last (${printKey(ranks, last)})`)
}

/** An event to or from a node that there is not, of an unknown kind, or with numbers that are no 32-bit integers. */
export function refuseNumbers(
  { count }: Ranks,
  { source, sequence }: Omit<EventKey, 'key'>,
  destination: Rank,
  what: { readonly kind: EventKind; readonly kinds: number; readonly a: number; readonly b: number },
): never {
  const event = `to node ${destination} from ${source} of ${count}, number ${sequence}`
  bug(`no such event: ${event}, kind ${what.kind} of ${what.kinds}, a ${what.a}, b ${what.b}`)
}

/** Events to or from a node that there is not. */
export function refuseNodes(destination: Rank, source: Rank, count: number): never {
  bug(`no such events: to node ${destination} from ${source} of ${count}`)
}

/** A held record that is planned as of a kind that is not its carrier's: those are below 0. */
export function refuseKind(record: number, kind: EventKind): never {
  bug(`no such event: record ${record} is carried, of kind ${kind}`)
}

/** A time as complaints have it, in ms. */
export function printTicks(ticks: Ticks, tickNs: number): string {
  return `${(ticks * tickNs) / 1e6} ms`
}

function printKey(ranks: Ranks, { key, source, sequence }: EventKey): string {
  const order = ['fault', 'scenario', 'delivery', 'timer'][key >>> 28]
  return `${order}, to ${ranks.name(key & 0xfffffff)} from ${ranks.name(source)}, number ${sequence}`
}
