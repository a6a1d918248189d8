// What the programs of a host put on record: the steps of their machines, remarks, and what goes over their connections.

import type { Classify, HostTrace, RecordId, StreamTrace, TraceRecord } from '../../platform/trace.ts'

/** What a host's programs write to. */
export interface ProgramRecords {
  /** Makes the next record of the host: the current cause from here on. */
  own(make: (id: RecordId, at: number, cause: RecordId | null) => TraceRecord): void
  /** Makes a record that nothing follows from. */
  aside(make: (id: RecordId, at: number, cause: RecordId | null) => TraceRecord): void
  /** Mixes a step into the digests. */
  step(machine: string, instance: string, from: string, event: string, to: string): void
}

const NOTHING = new Uint8Array(0)

/** What programs write to at level `counters`: nothing. */
export const SILENT: HostTrace = { on: false, transition: () => {}, remark: () => {} }

/** A host's trace above that level; `classify` says which streams are on record, without it none is. */
export function programTrace(records: ProgramRecords, classify: Classify | undefined): HostTrace {
  return {
    on: true,
    transition: (machine, instance, from, event, to, timer) => {
      records.step(machine, instance, from, event, to)
      records.own((id, at, cause) => ({
        ...{ kind: 'transition', id, at, cause, machine, instance, from, event, to },
        ...(timer === undefined ? {} : { timer }),
      }))
    },
    remark: (what, details = {}) => records.own((id, at, cause) => ({ kind: 'remark', id, at, cause, what, details })),
    ...(classify === undefined ? {} : { streams: streamTrace(records, classify) }),
  }
}

function streamTrace(records: ProgramRecords, classify: Classify): StreamTrace {
  const unknown = classify('udp', NOTHING).name
  return {
    concerns: (beginning) => {
      const { name, media } = classify('udp', beginning)
      return !media && name !== unknown
    },
    tell: (kind, piece) => records.aside((id, at, cause) => ({ kind, id, at, cause, ...piece })),
  }
}
