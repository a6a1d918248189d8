// From when on a failure could not be averted: the share of failures when all that is drawn is drawn anew from a time t on, against t.

import { sample } from 'fast-check'
import type { TraceRecord } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import { isIncident, type WrittenFault } from '../faults.ts'
import type { Court } from './court.ts'
import { fails } from './failing.ts'

/** One point of the curve. */
export interface Chance {
  /** From here on, everything was drawn anew; ns. */
  readonly at: number
  /** Of the worlds that were so made, 0 to 1. */
  readonly share: number
}

export interface Inevitability {
  /** In the order of time. */
  readonly curve: readonly Chance[]
  /** Such as `lost at 2.018 s, when 200 INVITE was lost on proxy--router from router`. */
  readonly sentence: string
}

export interface InevitabilityOptions {
  /** How many worlds are made for each point; default 12. */
  readonly each?: number
  /** How many points before the moment is looked for between them; default 6. */
  readonly points?: number
}

/** What is said to be certain. */
const CERTAIN = 0.95

/** The curve and its sentence. `cases` is what the case was drawn from. */
export function inevitabilityOf(
  court: Court,
  { cases }: Pick<Campaign, 'cases'>,
  some: Case,
  property: string,
  { each = 12, points = 6 }: InevitabilityOptions = {},
): Inevitability {
  const records = court.recordsOf(some).filter(({ kind }) => kind === 'sent' || kind === 'lost' || kind === 'faulted')
  const times = [...new Set(records.map(({ at }) => at))]
  const fresh = sample(cases, { seed: 1, numRuns: each })
  const known = new Map<number, number>()
  const shareAt = (index: number): number => {
    const share = known.get(index) ?? shareOf(court, some, fresh, times[index]!, property)
    known.set(index, share)
    return share
  }
  const last = times.length - 1
  if (last < 0) return { curve: [], sentence: 'nothing was sent' }
  for (let n = 0; n < points; n += 1) shareAt(Math.round((n * last) / Math.max(1, points - 1)))
  let certain = [...known]
    .filter(([, share]) => share >= CERTAIN)
    .reduce((least, [index]) => Math.min(least, index), last + 1)
  let open = [...known.keys()].filter((index) => index < certain).reduce((most, index) => Math.max(most, index), -1)
  while (certain <= last && certain - open > 1) {
    const middle = Math.floor((open + certain) / 2)
    if (middle < 0 || shareAt(middle) >= CERTAIN) certain = Math.max(0, middle)
    else open = middle
    if (certain === 0) break
  }
  const curve = [...known].sort(([a], [b]) => a - b).map(([index, share]) => ({ at: times[index]!, share }))
  return { curve, sentence: sentenceOf(certain, times, records) }
}

/**
 * Drawn anew from `t` on: what was before stays, by rules that end then; the rest is another case's, beginning then. So are the draws of
 * links and programs: where the case is frozen, its links are calm until then.
 */
function shareOf(court: Court, some: Case, fresh: readonly Case[], t: number, property: string): number {
  const before = some.faults.flatMap((fault) => within(fault, { before: t }))
  const failed = fresh.filter((other, n) => {
    const after = other.faults.flatMap((fault) => within(fault, { since: t }))
    const renewed = { atNs: t, seed: `anew ${n + 1}` }
    return fails(court, { ...some, faults: [...before, ...after] }, property, { renewed })
  })
  return failed.length / fresh.length
}

function within(
  fault: WrittenFault,
  window: { readonly before?: number; readonly since?: number },
): readonly WrittenFault[] {
  const { before = Number.POSITIVE_INFINITY, since = 0 } = window
  if (isIncident(fault)) {
    const { at } = fault
    return at === undefined || (at >= since && at < before) ? [fault] : []
  }
  return Object.entries(fault).map(([kind, rule]) => ({ [kind]: { ...(rule as object), ...window } }))
}

/** The record of the moment before which something could still be done: the last one that is not drawn anew there. */
function sentenceOf(certain: number, times: readonly number[], records: readonly TraceRecord[]): string {
  if (certain > times.length - 1) return 'never quite lost: whatever is drawn anew, it may still go well'
  if (certain === 0) return 'lost from the start: whatever is drawn, it fails'
  // What a link decides shows a little later, where the packet is lost.
  const then = [times[certain - 1]!, times[certain]!].map((at) => records.filter((record) => record.at === at))
  const [before = [], after = []] = then
  const moment = [...before, ...after].find(({ kind }) => kind === 'lost') ?? before[0]!
  return `lost at ${printDuration(moment.at)}, when ${told(moment, records)}`
}

function told(record: TraceRecord, records: readonly TraceRecord[]): string {
  if (record.kind === 'faulted') return `${record.id.node} met with: ${record.what}`
  if (record.kind !== 'lost' && record.kind !== 'sent') return record.kind
  const { name } = record.packet.label
  const alike = records.filter((one) => one.kind === record.kind && 'packet' in one && one.packet.label.name === name)
  const ordinal = alike.length > 1 ? `the ${printOrdinal(alike.indexOf(record) + 1)} ${name}` : name
  return record.kind === 'lost'
    ? `${ordinal} was lost on ${record.link || record.id.node}`
    : `${ordinal} was sent by ${record.id.node}`
}

function printOrdinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}

const BAR = 30

/** The curve as lines of text. */
export function drawCurve({ curve }: Inevitability): readonly string[] {
  const labels = curve.map(({ at }) => printDuration(at, 3))
  const width = Math.max(0, ...labels.map(({ length }) => length))
  return curve.map(({ share }, place) => {
    const bar = '█'.repeat(Math.round(share * BAR))
    return `  ${labels[place]!.padStart(width)}  ${String(Math.round(share * 100)).padStart(3)} % ${bar}`.trimEnd()
  })
}
