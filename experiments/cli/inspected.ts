// What `audit` shows people: calls, schedules, streams, violations, and what no oracle had to judge.

import { printDuration } from '../../platform/units.ts'
import type { Inspected } from '../captures/inspection.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'

const SHOWN = 10

/** The whole of it. */
export function printInspected(file: string, found: Inspected): string {
  const { packets, messages, seenAgain, calls, dialogs, streams } = found
  const again = seenAgain === 0 ? '' : ` (${seenAgain} of them at a second place)`
  const sections = [
    [
      `${file}: ${counted(packets, 'packet')}; ${counted(messages, 'SIP message')}${again}, ${counted(calls, 'call')}, ${counted(dialogs, 'Call-ID')}, ${counted(streams, 'RTP stream')}`,
    ],
    callTable(found),
    streamTable(found),
    schedules(found),
    violations(found.verdicts),
    remarks(found),
    [coverage(found.verdicts)],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** What is wrong with it, and with its reading; empty where nothing is. */
export function printWrong(found: Inspected): string {
  return [...violations(found.verdicts), ...remarks(found)].map((line) => `${line}\n`).join('')
}

function remarks({ remarks: all }: Inspected): readonly string[] {
  return all.map(({ sentence }) => `! ${sentence}`)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function callTable({ callRows, dialogs }: Inspected): readonly string[] {
  if (callRows.length === 0) return []
  const head = ['Idx', 'Method', 'SIP From', 'SIP To', 'Msgs', 'Source', 'Destination', 'Call State']
  const rows = callRows.map((row, index) => [
    ...[String(index + 1), row.method, row.from, row.to, String(row.messages), row.source, row.destination, row.state],
  ])
  return [...table([head, ...rows]), ...more(dialogs - callRows.length)]
}

function streamTable({ streamRows, streams }: Inspected): readonly string[] {
  if (streamRows.length === 0) return []
  const head = [
    'Source',
    'Destination',
    'SSRC',
    'Start (s)',
    'Duration (s)',
    'Payload',
    'Packets',
    'Lost',
    'Max Delta (ms)',
    'Max Jitter (ms)',
    'Mean Jitter (ms)',
  ]
  const rows = streamRows.map((row) => [
    ...[row.from, row.to, `0x${row.stream.toString(16).padStart(8, '0')}`],
    ...[(row.firstMs / 1000).toFixed(3), ((row.lastMs - row.firstMs) / 1000).toFixed(3), String(row.payloadType)],
    ...[String(row.packets), `${row.lost} (${(row.lossRatio * 100).toFixed(1)}%)`],
    ...[row.maxGapMs.toFixed(3), row.maxJitterMs.toFixed(3), row.meanJitterMs.toFixed(3)],
  ])
  return [...table([head, ...rows]), ...more(streams - streamRows.length)]
}

function schedules({ schedules: all }: Inspected): readonly string[] {
  return all.map(({ timer, what, from, to, packets, gapsMs, end }) => {
    const gaps = gapsMs.map((gap) => printDuration(gap * 1e6)).join(', ')
    const tail = end === '' ? '' : `; ${end}`
    return `${timer}: ${what} ${from} → ${to} sent ${packets.length} times, after ${gaps} (${packets[0]} to ${packets.at(-1)})${tail}`
  })
}

function violations(verdicts: readonly OracleVerdict[]): readonly string[] {
  return verdicts.flatMap(({ name, section, count, violations: listed }) => [
    ...listed
      .slice(0, SHOWN)
      .map(
        ({ sentence, proofs }) =>
          `✗ ${name} (${section}): ${sentence}${proofs.length === 0 ? '' : `; see ${proofs.join(', ')}`}`,
      ),
    ...(count > SHOWN ? [`  … and ${count - SHOWN} more`] : []),
  ])
}

/** How many rules had something to judge: a capture that exercised none says nothing. */
function coverage(verdicts: readonly OracleVerdict[]): string {
  const names = (state: OracleVerdict['state']) => verdicts.filter((one) => one.state === state).map(({ name }) => name)
  const [holds, violated, idle] = [names('holds'), names('violated'), names('not exercised')]
  if (holds.length + violated.length === 0) return 'No rule was exercised: there was nothing to judge.'
  const words = [`${holds.length} rules hold`, `${violated.length} are violated`]
  return `${words.join(', ')}.${idle.length === 0 ? '' : ` Not exercised: ${idle.join(', ')}.`}`
}

function more(number: number): readonly string[] {
  return number > 0 ? [`… and ${number} more`] : []
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}
