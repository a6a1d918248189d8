// What became of media: each way from a sender to where it sent, with what arrived and what was lost on it.

import { printEndpoint } from '../../platform/endpoint.ts'
import {
  ERROR_WITHHELD,
  type LossCause,
  type Lost,
  printRecordId,
  type RecordId,
  type Sent,
  type TraceRecord,
} from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { ByRecord } from '../byRecord.ts'
import type { History } from './history.ts'
import { tellLossesOf } from './tell.ts'

/** Ways that are kept: the first. */
const WAYS = 1000
const TOLD = 5

interface Way {
  /** Its first packet. */
  readonly first: Sent
  /** ns. */
  last: number
  sent: number
  /** Where packets arrived, and how many. */
  readonly arrived: Map<string, number>
  /** By place and cause, see {@link whereOf}. */
  readonly lost: Map<string, Loss>
}

interface Loss {
  readonly first: RecordId
  readonly why: LossCause
  count: number
}

/** A fold over a run's record. */
export class MediaWays {
  readonly #ways = new Map<string, Way>()
  /** The way of a packet that is under way. */
  readonly #of = new ByRecord<Way>(50_000)

  /** Takes the next record of media. */
  record(record: TraceRecord): void {
    if (record.kind === 'sent') this.#sent(record)
    else if (record.kind === 'delivered') {
      const arrived = this.#of.get(record.packet.id)?.arrived
      arrived?.set(record.id.node, (arrived.get(record.id.node) ?? 0) + 1)
    } else if (record.kind === 'lost') {
      const lost = this.#of.get(record.packet.id)?.lost
      const where = whereOf(record)
      const known = lost?.get(where)
      if (known !== undefined) known.count += 1
      else lost?.set(where, { first: record.id, why: record.why, count: 1 })
    }
  }

  /** Why the node heard nothing of the other: where the other's media went, a line a way. */
  tell(history: History, node: string, other: string): readonly string[] {
    if (this.#ways.size === 0) {
      const talked = history.records.some((record) => record.kind === 'remark' && record.what === 'media started')
      return [talked ? `No RTP is on record: run it again with --trace everything.` : `No RTP was sent.`]
    }
    const ways = [...this.#ways.values()].filter(({ first }) => first.id.node === other)
    if (ways.length === 0) return [`${other} sent no RTP.`]
    const more = ways.length > TOLD ? [`… and to ${ways.length - TOLD} more places`] : []
    return [...ways.slice(0, TOLD).flatMap((way) => tellWay(history, way, node, this.#withheld(history, way))), ...more]
  }

  /** Of how many of the way's losses the ICMP error was withheld, by place and cause. */
  #withheld(history: History, way: Way): ReadonlyMap<string, number> {
    const withheld = new Map<string, number>()
    for (const record of history.records) {
      if (record.kind !== 'remark' || record.what !== ERROR_WITHHELD || record.cause === null) continue
      const loss = history.find(record.cause)
      if (loss?.kind !== 'lost' || this.#of.get(loss.packet.id) !== way) continue
      withheld.set(whereOf(loss), (withheld.get(whereOf(loss)) ?? 0) + 1)
    }
    return withheld
  }

  #sent(record: Sent): void {
    const { id, at, packet } = record
    if (packet.fragment !== undefined) return
    const key = `${id.node} ${packet.destination} ${packet.destinationPort}`
    let way = this.#ways.get(key)
    if (way === undefined) {
      if (this.#ways.size === WAYS) return
      way = { first: record, last: at, sent: 0, arrived: new Map(), lost: new Map() }
      this.#ways.set(key, way)
    }
    way.sent += 1
    way.last = at
    this.#of.set(id, way)
  }
}

/** `on bob--net from bob: port closed`. */
function whereOf({ id, link, why }: Lost): string {
  return `${link === '' ? `at ${id.node}` : `on ${link}`}: ${why}`
}

function tellWay(
  history: History,
  { first, last, sent, arrived, lost }: Way,
  node: string,
  withheld: ReadonlyMap<string, number>,
): readonly string[] {
  const { packet, id, at } = first
  const to = printEndpoint({ address: packet.destination, port: packet.destinationPort })
  const owner = history.destinationOf(packet)
  const whose = owner === packet.destination ? 'which is nobody’s address' : `an address of ${owner}`
  const since = `from ${printDuration(at)} to ${printDuration(last)}`
  return [
    `${id.node} sent RTP to ${to}, ${whose}: ${sent} packets, ${since}`,
    ...[...arrived].map(
      ([where, count]) => `  ${count} arrived at ${where}${where === node ? '' : `, not at ${node}`}`,
    ),
    ...[...lost].map(
      ([what, { first: one, why, count }]) =>
        `  ${count} were lost ${what} (${tellLossesOf(why, count, withheld.get(what) ?? 0)}); the first is ${printRecordId(one)}`,
    ),
  ]
}
