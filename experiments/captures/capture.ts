// Captures of a run as pcapng: one file per node and one for all, an interface per link end, and on each packet that was lost or sent
// again a comment that says by what.

import type { PacketRecord, TracedPacket, TraceRecord } from '../../platform/trace.ts'
import { type Hop, Journeys } from '../journey.ts'
import { Repetitions } from '../repetition.ts'
import { Addresses, ethernetFrame } from './frame.ts'
import { enhancedPacket, interfaceDescription, nameResolution, sectionHeader } from './pcapng.ts'

/** Where a capture goes: what is seen at `node`, or at all nodes. `write` gets the file's bytes in order, and may keep them. */
export interface CaptureOutput {
  readonly node?: string
  write(bytes: Uint8Array): void
}

export interface CaptureOptions {
  /** All link directions. */
  readonly directions: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  readonly nodes: readonly { readonly name: string; readonly addresses: readonly string[] }[]
  /** Such as `siptwin 0.1.0`. */
  readonly application: string
  readonly outputs: readonly CaptureOutput[]
}

/** A packet at an interface, until it is known what became of it on the link. */
interface Seen {
  readonly at: number
  readonly end: string
  readonly frame: Uint8Array
  readonly comments: string[]
  settled: boolean
  /** It never was on the wire: it left in fragments. */
  isHidden?: boolean
}

/** So many packets at most wait for their fate before they are written. */
const MOST_WAITING = 65_536
const LOOPBACK = 'loopback'
/** The number of an interface that is not in a file. */
const ELSEWHERE = -1

/** A fold over the trace. Packets are written in the order of their times; memory goes with what is in flight. */
export class Capture {
  readonly #files: readonly File[]
  readonly #directions = new Map<string, { readonly from: string; readonly to: string }>()
  readonly #macs = new Map<string, Uint8Array>()
  readonly #journeys = new Journeys()
  readonly #repetitions = new Repetitions()
  readonly #addresses = new Addresses()
  readonly #leaving = new Map<Hop['start'], Seen>()
  #waiting: Seen[] = []
  #written = 0

  constructor({ directions, nodes, application, outputs }: CaptureOptions) {
    for (const { name, from, to } of directions) {
      this.#directions.set(name, { from: endOf(from, name), to: endOf(to, name) })
    }
    const ends = [...new Set([...this.#directions.values()].flatMap(({ from, to }) => [from, to]))].sort()
    ends.forEach((end, index) => {
      this.#macs.set(end, Uint8Array.of(2, 0, 0, index >> 16, index >> 8, index))
    })
    const names = nodes.flatMap(({ name, addresses }) => addresses.map((address) => [address, name] as const))
    this.#files = outputs.map((output) => {
      output.write(sectionHeader(application))
      const file = new File(output)
      for (const end of ends) file.open(end, this.#macOf(end))
      // Behind the interfaces: editcap and mergecap take what a file has before any other block for all its interfaces.
      output.write(nameResolution(names))
      return file
    })
  }

  /** Takes the next record; a trace sink. */
  record(record: TraceRecord): void {
    this.#repetitions.record(record)
    if (!('packet' in record)) return
    const hop = this.#journeys.take(record)
    if (hop !== undefined) this.#end(hop, record)
    if (record.kind === 'sent' || record.kind === 'forwarded') this.#leave(record)
    this.#write(false)
  }

  /** Writes what is still waiting: call it once, at the end of the run. */
  end(): void {
    for (const seen of this.#waiting) if (!seen.settled) seen.comments.push('still under way when the run ended')
    this.#write(true)
  }

  #leave(record: PacketRecord & { readonly kind: 'sent' | 'forwarded' }): void {
    const { packet, link, at, ttl, id } = record
    const direction = this.#directions.get(link)
    const end = direction?.from ?? endOf(id.node, LOOPBACK)
    const frame = ethernetFrame(packet, ttl, this.#macOf(end), this.#macOf(direction?.to ?? end), this.#addresses.read)
    const seen: Seen = { at, end, frame, comments: this.#again(packet), settled: false }
    this.#leaving.set(record, seen)
    this.#waiting.push(seen)
  }

  #end(hop: Hop, record: PacketRecord): void {
    const left = this.#leaving.get(hop.start)
    this.#leaving.delete(hop.start)
    if (left !== undefined) left.settled = true
    if (left !== undefined && record.kind === 'fragmented' && hop.start.kind === 'sent' && hop.link === '') {
      left.isHidden = true
    }
    const direction = this.#directions.get(hop.link)
    const { kind, at, id, packet } = record
    if (kind === 'lost' && (direction === undefined || direction.from === endOf(id.node, hop.link))) {
      left?.comments.push(`lost: ${record.why}`)
      return
    }
    if (direction === undefined) return
    const comments = this.#again(packet)
    if (hop.start.kind === 'duplicated') comments.push('a copy that the network made')
    if (hop.corrupted) comments.push('bits were changed on the medium')
    if (kind === 'lost') comments.push(`lost: ${record.why}`)
    const shown = kind === 'translated' ? record.before : packet
    const frame = ethernetFrame(
      shown,
      hop.ttl,
      this.#macOf(direction.from),
      this.#macOf(direction.to),
      this.#addresses.read,
      hop.start.packet,
    )
    this.#waiting.push({ at, end: direction.to, frame, comments, settled: true })
  }

  #again(packet: TracedPacket): string[] {
    const timer = this.#repetitions.again(packet.id)
    return timer === undefined ? [] : [`sent again: ${timer}`]
  }

  /** Writes from the front what is settled, or all. */
  #write(all: boolean): void {
    const waiting = this.#waiting
    while (this.#written < waiting.length) {
      const seen = waiting[this.#written] as Seen
      if (!all && !seen.settled && waiting.length - this.#written <= MOST_WAITING) break
      if (seen.isHidden !== true) for (const file of this.#files) file.write(seen.end, this.#macOf(seen.end), seen)
      this.#written += 1
    }
    if (this.#written < 1024 && this.#written < waiting.length) return
    this.#waiting = waiting.slice(this.#written)
    this.#written = 0
  }

  #macOf(end: string): Uint8Array {
    return this.#macs.get(end) ?? new Uint8Array(6)
  }
}

/** One file: its interfaces are numbered as they come. */
class File {
  readonly #output: CaptureOutput
  readonly #numbers = new Map<string, number>()
  #count = 0

  constructor(output: CaptureOutput) {
    this.#output = output
  }

  /** Makes an interface of a link's end, if it belongs to this file. */
  open(end: string, mac: Uint8Array): void {
    const { node } = this.#output
    if (node !== undefined && nodeOf(end) !== node) {
      this.#numbers.set(end, ELSEWHERE)
      return
    }
    this.#numbers.set(end, this.#count)
    this.#count += 1
    this.#output.write(interfaceDescription(end, `${nodeOf(end)}'s end of ${end.slice(nodeOf(end).length + 1)}`, mac))
  }

  write(end: string, mac: Uint8Array, { at, frame, comments }: Seen): void {
    if (!this.#numbers.has(end)) this.open(end, mac)
    const number = this.#numbers.get(end)
    if (number !== undefined && number !== ELSEWHERE) this.#output.write(enhancedPacket(number, at, frame, comments))
  }
}

/** A link's end: `alice alice--proxy`. */
function endOf(node: string, direction: string): string {
  const link = direction.search(/ from /)
  return `${node} ${link < 0 ? direction : direction.slice(0, link)}`
}

function nodeOf(end: string): string {
  return end.split(' ')[0] as string
}
