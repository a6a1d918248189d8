// What a resolver remembers of answers, good and bad, for as long as they may be believed (RFC 1035 §7.4, RFC 2308 §5).

import type { DnsRecord, Resolution } from '../../platform/host.ts'

interface Entry {
  readonly resolution: Resolution
  readonly bornMs: number
  /** From here on it is not believed. */
  readonly diesMs: number
}

const MOST_ENTRIES = 10_000

/** Answers by question. `nowMs` is a clock that never steps. */
export class DnsCache {
  readonly #nowMs: () => number
  readonly #entries = new Map<string, Entry>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** What is known of a question, each TTL less by its age, in whole seconds; undefined if nothing is, any more. */
  find(question: string): Resolution | undefined {
    const entry = this.#entries.get(question)
    if (entry === undefined) return undefined
    const now = this.#nowMs()
    if (now >= entry.diesMs) {
      this.#entries.delete(question)
      return undefined
    }
    const ageSeconds = Math.ceil((now - entry.bornMs) / 1000)
    return entry.resolution.ok
      ? { ok: true, records: entry.resolution.records.map((record) => aged(record, ageSeconds)) }
      : entry.resolution
  }

  /** Remembers an answer for `seconds`; 0 or less: not at all. The oldest goes where there are too many. */
  keep(question: string, resolution: Resolution, seconds: number): void {
    this.#entries.delete(question)
    if (!(seconds > 0)) return
    const bornMs = this.#nowMs()
    this.#entries.set(question, { resolution, bornMs, diesMs: bornMs + seconds * 1000 })
    if (this.#entries.size <= MOST_ENTRIES) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }

  clear(): void {
    this.#entries.clear()
  }
}

function aged(record: DnsRecord, seconds: number): DnsRecord {
  return { ...record, ttlSeconds: Math.max(0, record.ttlSeconds - seconds) }
}
