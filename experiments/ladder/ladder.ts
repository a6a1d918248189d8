// The ladder of a run, as a fold over its trace: who said what to whom, what was lost where, what was sent again and by which timer.

import {
  type Delivered,
  ERROR_WITHHELD,
  type Lost,
  type PacketRecord,
  printRecordId,
  type RecordId,
  type Remark,
  type Sent,
  type TracedFragment,
  type TraceRecord,
} from '../../platform/trace.ts'
import { Recent } from '../recent.ts'
import { Repetitions } from '../repetition.ts'
import { placeColumns } from './columns.ts'
import { Crowd } from './crowd.ts'
import { tellFault } from './fault.ts'
import type { Arrow, Loss, Media, Note, Row } from './row.ts'
import { tellPacket, tellRemark } from './text.ts'

/** A node, as a ladder needs it. */
export interface LadderNode {
  readonly name: string
  readonly addresses: readonly string[]
}

export interface LadderOptions {
  readonly nodes: readonly LadderNode[]
  /** How many rows are kept from the start, and how many from the end; what is between is counted. Defaults 2000 and 200. */
  readonly first?: number
  readonly last?: number
  /** Rows of earlier times are left out without being counted, ns; default 0. */
  readonly from?: number
}

/** Pauses longer than this begin a new line of media, ns. */
const PAUSE_NS = 2e9

/** Takes each record of a run; its rows are drawn by `draw.ts`. */
export class Ladder {
  readonly #owners = new Map<string, string>()
  readonly #repetitions = new Repetitions()
  readonly #arrows = new Recent<string, Arrow>()
  readonly #media = new Map<string, Media>()
  readonly #crowd = new Crowd()
  readonly #rows: Row[] = []
  readonly #columns: string[] = []
  #tail: Row[] = []
  readonly #first: number
  readonly #last: number
  readonly #from: number
  #left = 0

  constructor({ nodes, first = 2000, last = 200, from = 0 }: LadderOptions) {
    for (const { name, addresses } of nodes) for (const address of addresses) this.#owners.set(address, name)
    this.#first = first
    this.#last = last
    this.#from = from
  }

  /** The rows kept from the start. */
  get rows(): readonly Row[] {
    return this.#rows
  }

  /** The rows kept from the end, after {@link Ladder.leftOut} that were not kept. */
  get tail(): readonly Row[] {
    return this.#tail.slice(Math.max(0, this.#tail.length - this.#last))
  }

  /** How many rows between the two were not kept. */
  get leftOut(): number {
    return this.#left + Math.max(0, this.#tail.length - this.#last)
  }

  /** The nodes that spoke, in the order of their columns. */
  get columns(): readonly string[] {
    return this.#columns
  }

  /** Takes the next record; a trace sink. */
  record(record: TraceRecord): void {
    this.#repetitions.record(record)
    if ('packet' in record && record.packet.fragment !== undefined) this.#fragment(record, record.packet.fragment)
    else if ('packet' in record && record.packet.label.media) this.#count(record)
    else if (record.kind === 'sent') this.#sent(record)
    else if (record.kind === 'delivered') this.#delivered(record)
    else if (record.kind === 'lost') this.#lost(record)
    else if (record.kind === 'asked') this.#note(record, tellAsked(record.verb, record.parameters), 'plain')
    else if (record.kind === 'faulted') this.#add({ kind: 'across', at: record.at, ...tellFault(record) })
    else if (record.kind === 'remark' && !isMute(record)) {
      const { text, tone } = tellRemark(record)
      this.#note(record, text, tone, record.what === ERROR_WITHHELD)
    }
  }

  #sent({ id, at, packet }: Sent): void {
    const { text, tone } = tellPacket(packet)
    const arrow: Arrow = {
      ...{ kind: 'arrow', at, from: id.node, to: this.#ownerOf(packet.destination), text, tone },
      ...{ again: this.#repetitions.again(id), lost: undefined, fragments: [], arrived: 0, more: 0 },
    }
    if (this.#crowd.joins(arrow, packet.protocol === 'icmp')) return
    this.#arrows.set(printRecordId(id), arrow)
    this.#add(arrow)
  }

  #delivered({ packet }: Delivered): void {
    const arrow = this.#arrows.get(printRecordId(packet.id))
    if (arrow !== undefined) arrow.arrived += 1
  }

  /** A datagram in fragments is one arrow: it tells how many they are, and which of them was lost first. */
  #fragment(record: PacketRecord, { of, offset }: TracedFragment): void {
    const arrow = this.#arrows.get(printRecordId(of))
    if (arrow === undefined) return
    if (record.kind === 'sent' && !arrow.fragments.includes(offset)) {
      arrow.fragments = [...arrow.fragments, offset].sort((a, b) => a - b)
    }
    if (record.kind !== 'lost' || record.why === 'duplicate fragment' || arrow.lost !== undefined) return
    const which = `fragment ${arrow.fragments.indexOf(offset) + 1} of ${arrow.fragments.length}`
    this.#end(arrow, record, `${which}: ${record.why}`)
  }

  #lost(record: Lost): void {
    const arrow = this.#arrows.get(printRecordId(record.packet.id))
    if (arrow === undefined || (arrow.lost !== undefined && record.why === 'fragment missing')) return
    this.#end(arrow, record, record.why)
  }

  #end(arrow: Arrow, { id, link }: Lost, why: string): void {
    const place: Loss['place'] = id.node === arrow.to ? 'end' : id.node === arrow.from && link === '' ? 'start' : 'way'
    arrow.lost = { why, node: id.node, place }
  }

  #note(
    { id, at }: { readonly id: RecordId; readonly at: number },
    text: string,
    tone: Note['tone'],
    isError = false,
  ): void {
    const note: Note = { kind: 'note', at, node: id.node, text, tone, more: 0 }
    if (!this.#crowd.joins(note, isError)) this.#add(note)
  }

  #count({ kind, at, packet }: PacketRecord): void {
    if (kind !== 'sent' && kind !== 'delivered' && kind !== 'lost') return
    const from = packet.id.node
    const to = this.#ownerOf(packet.destination)
    const [left, right] = from < to ? [from, to] : [to, from]
    const what = packet.protocol === 'tcp' ? 'TCP' : 'RTP'
    const key = `${left} ${right} ${what}`
    let media = this.#media.get(key)
    if (kind === 'sent' && (media === undefined || at - media.lastAt > PAUSE_NS)) {
      media = { kind: 'media', what, at, left, right, lastAt: at, sent: [0, 0], delivered: [0, 0], lost: [0, 0] }
      this.#media.set(key, media)
      this.#add(media)
    }
    if (media === undefined) return
    media.lastAt = at
    media[kind][from === left ? 0 : 1] += 1
  }

  #add(row: Row): void {
    if (row.kind === 'arrow' && this.#rows.length < this.#first) placeColumns(this.#columns, row)
    if (row.at < this.#from) return
    if (this.#rows.length < this.#first) {
      this.#rows.push(row)
      return
    }
    this.#tail.push(row)
    if (this.#tail.length < 2 * this.#last + 1000) return
    this.#left += this.#tail.length - this.#last
    this.#tail = this.#tail.slice(this.#tail.length - this.#last)
  }

  #ownerOf(address: string): string {
    return this.#owners.get(address) ?? address
  }
}

function tellAsked(verb: string, parameters: Readonly<Record<string, unknown>>): string {
  const details = Object.entries(parameters).map(([name, value]) => `${name} ${tellParameter(value)}`)
  return details.length === 0 ? `asked to ${verb}` : `asked to ${verb} (${details.join(', ')})`
}

/** Of a text of several lines the first one. */
function tellParameter(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  const [first = '', second] = value.split('\n')
  return second === undefined ? first : `${first}…`
}

/** Media that ended before there was any. */
function isMute({ what, details }: Remark): boolean {
  return what === 'media ended' && details.sent === 0 && details.received === 0
}
