// What `run` and `replay` show people: ladder, measures, expectations, what is unfinished, digests.

import { printDuration } from '../../platform/units.ts'
import { plainAddressesOf } from '../../topologies/node.ts'
import type { Topology } from '../../topologies/topology.ts'
import type { Experiment } from '../experiment.ts'
import { drawLadder } from '../ladder/draw.ts'
import type { Ladder, LadderNode } from '../ladder/ladder.ts'
import { type MeasureName, printMeasure } from '../measures/names.ts'
import type { RunResult } from '../run/run.ts'
import { printTotals } from '../run/totals.ts'
import type { Terminal } from './terminal.ts'

const SIGNS = { held: '✓', failed: '✗', open: '✗' } as const

/** The whole of it, for a terminal or a file. */
export function printRun(
  terminal: Terminal,
  experiment: Experiment,
  result: RunResult,
  ladder: Ladder,
  nodes: readonly LadderNode[],
): string {
  const sections = [
    [experiment.question],
    drawLadder(ladder, { nodes, width: terminal.columns, color: terminal.color }),
    measuresOf(experiment, result),
    result.expectations.map(({ state, text, because }) => `${SIGNS[state]} ${text}: ${because}`),
    [...result.unfinished.map((one) => `✗ ${one}`), ...warningsOf(result, experiment)],
    result.stalls.flatMap(({ sentence, waits }) => [`… ${sentence}`, ...waits.map((one) => `    ${one}`)]),
    auditOf(result),
    [digestsOf(result)],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** What does not fail a run and yet should be known: words and faults that changed nothing, a line each. */
export function warningsOf(
  { unmatchedFaults }: Pick<RunResult, 'unmatchedFaults'>,
  { remarks = [] }: Pick<Experiment, 'remarks'> = {},
): readonly string[] {
  return [
    ...remarks.map(({ at, expected }) => `! ${at}: ${expected}`),
    ...unmatchedFaults.map((one) => `! fault: ${one}`),
  ]
}

/** A topology's nodes as ladders need them. */
export function ladderNodes({ nodes }: Topology): readonly LadderNode[] {
  return Object.entries(nodes).map(([name, node]) => ({ name, addresses: plainAddressesOf(node) }))
}

function measuresOf({ measure }: Experiment, { measured }: RunResult): readonly string[] {
  const width = Math.max(0, ...measure.map((name) => name.length))
  const value = (name: MeasureName): string => {
    const number = measured[name]
    return number === undefined ? 'nothing to measure' : printMeasure(name, number)
  }
  return measure.map((name) => `${name.padEnd(width)}  ${value(name)}`)
}

function auditOf({ audit }: RunResult): readonly string[] {
  if (audit.count === 0) return []
  const some = audit.violations.slice(0, 5).map(({ law, sentence }) => `✗ ${law}: ${sentence}`)
  return [`the audit found ${audit.count} breaches of physical law, which is a bug of siptwin:`, ...some]
}

function digestsOf({ digests, endedAt, events, packets }: RunResult): string {
  const names = Object.entries(digests).map(([name, digest]) => `${name} ${digest}`)
  return `${printDuration(endedAt)}, ${events} events, ${printTotals(packets)}; digests: ${names.join(', ')}`
}
