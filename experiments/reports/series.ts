// Numbers over the time of a run whose length is not known beforehand: bins of time that widen as the run goes on.

import type { TraceRecord } from '../../platform/trace.ts'

const FIRST_BIN_NS = 10e6
const MOST_BINS = 400

/** Sums and counts, by bins of time from 0 on; memory is bounded. */
export class Binned {
  #binNs = FIRST_BIN_NS
  #sums: number[] = []
  #counts: number[] = []

  /** How wide a bin is by now, ns. */
  get binNs(): number {
    return this.#binNs
  }

  add(at: number, value: number): void {
    while (at >= this.#binNs * MOST_BINS) this.#widen()
    const bin = Math.floor(at / this.#binNs)
    while (this.#sums.length <= bin) {
      this.#sums.push(0)
      this.#counts.push(0)
    }
    this.#sums[bin] = this.#sums[bin]! + value
    this.#counts[bin] = this.#counts[bin]! + 1
  }

  /** Each bin's middle (s) and sum per second. */
  rates(): readonly Point[] {
    return this.#sums.map((sum, i) => [((i + 0.5) * this.#binNs) / 1e9, (sum * 1e9) / this.#binNs])
  }

  /** Each bin's middle (s) and mean, without empty bins. */
  means(): readonly Point[] {
    return this.#sums.flatMap((sum, i): readonly Point[] => {
      const count = this.#counts[i]!
      return count === 0 ? [] : [[((i + 0.5) * this.#binNs) / 1e9, sum / count]]
    })
  }

  #widen(): void {
    const half = (list: readonly number[]): number[] =>
      Array.from({ length: Math.ceil(list.length / 2) }, (_, i) => list[2 * i]! + (list[2 * i + 1] ?? 0))
    this.#binNs *= 2
    this.#sums = half(this.#sums)
    this.#counts = half(this.#counts)
  }
}

/** A time in s and a number. */
export type Point = readonly [x: number, y: number]

/** One line of a plot. */
export interface Series {
  readonly name: string
  readonly points: readonly Point[]
}

/** A fold over a run's records: what links carry and how long media takes. Media is recorded at level `everything` only. */
export class Timelines {
  readonly #carried = new Map<string, Binned>()
  readonly #transit = new Map<string, Binned>()
  readonly #sentAt = new Map<string, number>()

  record(record: TraceRecord): void {
    if (record.kind === 'sent' || record.kind === 'forwarded') {
      if (record.link !== 'loopback') binnedIn(this.#carried, record.link).add(record.at, record.packet.length * 8)
    }
    if (!('packet' in record) || record.packet.label.stream === undefined) return
    const { packet } = record
    const name = `${packet.id.node}#${packet.id.sequence}`
    if (record.kind === 'sent') this.#sentAt.set(name, record.at)
    else if (record.kind === 'lost') this.#sentAt.delete(name)
    else if (record.kind === 'delivered') {
      const sentAt = this.#sentAt.get(name)
      this.#sentAt.delete(name)
      if (sentAt !== undefined)
        binnedIn(this.#transit, `${packet.id.node} → ${record.id.node}`).add(record.at, (record.at - sentAt) / 1e6)
    }
  }

  /** What each link direction carried, bit/s, IP headers included; the busiest first, at most eight. */
  carried(): readonly Series[] {
    const all = [...this.#carried].map(([name, bins]) => ({ name, points: bins.rates() }))
    const total = ({ points }: Series): number => points.reduce((sum, [, y]) => sum + y, 0)
    return all.sort((a, b) => total(b) - total(a) || (a.name < b.name ? -1 : 1)).slice(0, 8)
  }

  /** How long RTP took from end to end, ms; at most eight ways. */
  transit(): readonly Series[] {
    return [...this.#transit].map(([name, bins]) => ({ name, points: bins.means() })).slice(0, 8)
  }
}

function binnedIn(map: Map<string, Binned>, name: string): Binned {
  let bins = map.get(name)
  if (bins === undefined) {
    bins = new Binned()
    map.set(name, bins)
  }
  return bins
}
