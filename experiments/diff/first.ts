// Where two runs part: the first of their records that differ.

import { printRecordId, type TraceLevel, type TraceRecord } from '../../platform/trace.ts'
import { Recent } from '../recent.ts'
import { TraceWriter } from '../trace/write.ts'

/** A run's records, and the level at which they were made. */
export interface RecordedTrace {
  readonly level: TraceLevel
  records(): Iterable<TraceRecord>
}

/** The first records that differ; one is undefined where its run had ended. */
export interface Parting {
  /** How many records were the same before. */
  readonly same: number
  readonly left: TraceRecord | undefined
  readonly right: TraceRecord | undefined
  /** When that is, and when the packet of it was sent, if it is of one, ns. */
  readonly at: number
  readonly from: number
}

/** Undefined where nothing differs. What only one of the two levels has is left out. Memory is bounded. */
export function findParting(left: RecordedTrace, right: RecordedTrace): Parting | undefined {
  const alike = left.level === right.level
  const [a, b] = [comparable(left, alike), comparable(right, alike)]
  for (let same = 0; ; same += 1) {
    const [x, y] = [a.next(), b.next()]
    if (x.done && y.done) return undefined
    if (x.done || y.done || x.value.line !== y.value.line) {
      const both = [x, y].flatMap((side) => (side.done ? [] : [side.value]))
      const [at, from] = [both.map(({ record }) => record.at), both.map(({ from }) => from)].map((times) =>
        Math.min(...times),
      ) as [number, number]
      return { same, left: x.done ? undefined : x.value.record, right: y.done ? undefined : y.value.record, at, from }
    }
  }
}

interface Comparable {
  readonly record: TraceRecord
  readonly line: string
  /** When its packet was sent, or its own time. */
  readonly from: number
}

function* comparable(trace: RecordedTrace, alike: boolean): Generator<Comparable, undefined> {
  const writer = new TraceWriter()
  const sentAt = new Recent<string, number>()
  for (const record of trace.records()) {
    const packet = 'packet' in record ? printRecordId(record.packet.id) : undefined
    if (record.kind === 'sent' && packet !== undefined) sentAt.set(packet, record.at)
    const from = (packet === undefined ? undefined : sentAt.get(packet)) ?? record.at
    if (alike) yield { record, from, line: writer.line(record) }
    else if (record.kind !== 'queued' && !('packet' in record && record.packet.label.media)) {
      yield { record, from, line: writer.line({ ...record, cause: null }) }
    }
  }
  return undefined
}
