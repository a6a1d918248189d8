// Why something did not happen: who waited for what, until when, by which timer, and what was lost meanwhile.

import { ERROR_WITHHELD, type Sent } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { History } from './history.ts'
import { tell } from './tell.ts'
import { tellEfforts, tellFates, tellMissed, tellWait, type Wait, waitsOf } from './wait.ts'

/** What is asked about, as far as it is known. */
export interface Missing {
  /** The message that did not come, such as `200 INVITE`. */
  readonly label?: string
  /** The node that did not send or get it. */
  readonly node?: string
}

const LISTED = 20
/** Remarks of what went as it should. */
const ORDINARY = /^(media|registered|bindings)/

/** The answer, a line each; none where nobody waited for anything. */
export function explainAbsence(history: History, { label, node }: Missing): readonly string[] {
  const lines: string[] = []
  if (label !== undefined) lines.push(...tellSendings(history, label))
  const waits = [...history.lives].flatMap(waitsOf).filter(({ end, life, state }) => {
    return (end === undefined || end.timer !== undefined) && isUnwanted(end?.timer) && !isAtRest(life.machine, state)
  })
  const mine = waits.filter(({ life }) => node === undefined || life.node === node)
  const told = mine.length > 0 ? mine : waits
  if (told.length > 0) lines.push('Who waited, and for what:')
  for (const wait of told.slice(0, LISTED)) lines.push(...tellOne(history, wait))
  if (told.length > LISTED) lines.push(`  … and ${told.length - LISTED} more`)
  const said = tellRemarks(history)
  if (said.length > 0) lines.push('What the programs said:', ...said.slice(0, LISTED))
  return lines
}

function tellOne(history: History, wait: Wait): readonly string[] {
  return [
    `  ${tellWait(wait, history.endedAt)}`,
    ...[...tellEfforts(history, wait), ...tellMissed(history, wait)].map((line) => `    ${line}`),
  ]
}

/** Remarks of what went wrong; of ICMP errors that were withheld for the same reason the first, and how many. */
function tellRemarks(history: History): readonly string[] {
  const withheld = new Map<string, { readonly line: number; count: number }>()
  const lines: string[] = []
  for (const record of history.records) {
    if (record.kind !== 'remark' || ORDINARY.test(record.what)) continue
    const key = record.what === ERROR_WITHHELD ? `${record.id.node} ${JSON.stringify(record.details)}` : undefined
    const known = key === undefined ? undefined : withheld.get(key)
    if (known === undefined) {
      if (key !== undefined) withheld.set(key, { line: lines.length, count: 0 })
      lines.push(`  ${tell(history, record)}`)
    } else known.count += 1
  }
  for (const { line, count } of withheld.values()) if (count > 0) lines[line] += `, and ${count} more`
  return lines
}

/** Timers that only let a finished transaction fade away are no disappointment. */
function isUnwanted(timer: string | undefined): boolean {
  return timer === undefined || !['D', 'I', 'J', 'K', 'L', 'M'].includes(timer)
}

/** A phone that is registered waits for nobody. */
function isAtRest(machine: string, state: string): boolean {
  return machine === 'registration' && (state === 'registered' || state === 'refused')
}

function tellSendings(history: History, label: string): readonly string[] {
  const sent = history.records.filter(
    (record): record is Sent => record.kind === 'sent' && record.packet.label.name === label,
  )
  if (sent.length === 0) return [`No ${label} was ever sent.`]
  return sent.slice(0, LISTED).map((one) => {
    const fates = tellFates(history, [one], history.endedAt)
    return `${one.id.node} sent ${label} to ${history.destinationOf(one.packet)} at ${printDuration(one.at)}: ${fates}`
  })
}
