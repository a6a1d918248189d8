// What a hunt brought home: the smallest case that breaks a rule, told to people and written down; or that none was found.

import { join } from 'node:path'
import { bug } from '../../platform/assert.ts'
import { counted } from '../../platform/counted.ts'
import { printDuration } from '../../platform/units.ts'
import { printFaultRule } from '../../sim/faults/rule.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import { type Experiment, readExperiment } from '../experiment.ts'
import { isIncident, ruleOf } from '../faults.ts'
import { ARROWS } from '../hunt/arrows.ts'
import type { Coverage } from '../hunt/coverage.ts'
import { writeCase } from '../hunt/document.ts'
import { drawCurve, type Inevitability } from '../hunt/inevitability.ts'
import { PROMISE } from '../hunt/properties.ts'
import { printNeeds } from '../hunt/reduction.ts'
import { printTies, type Ties } from '../hunt/ties.ts'
import { drawLadder } from '../ladder/draw.ts'
import { Ladder } from '../ladder/ladder.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { ORACLES } from '../oracles/table.ts'
import { Run } from '../run/run.ts'
import { RunFolder } from './folder.ts'
import { EXPERIMENT, type JournalFailure } from './journal.ts'
import { topologiesBeside } from './library.ts'
import { ladderNodes } from './print.ts'
import { recordInto } from './record.ts'
import { jsonOf } from './run.ts'
import type { Terminal } from './terminal.ts'
import { versionsHere } from './versions.ts'

/** A case that breaks a rule. */
export interface Found {
  readonly campaign: Campaign
  readonly seed: number
  /** fast-check's. */
  readonly path: string
  /** The command that brings it back. */
  readonly again: string
  readonly case: Case
  /** How many cases were to be tried, and how many were. */
  readonly runs: number
  readonly tried: number
  readonly shrinks: number
  readonly verdicts: readonly OracleVerdict[]
  /** The one that was hunted down. */
  readonly oracle: string
  /** Absent where it was not asked. */
  readonly ties: Ties | undefined
  /** Absent where it was not asked, or no fault is needed. */
  readonly inevitability: Inevitability | undefined
}

/** The experiment that a case is. */
export function readCase(campaign: Campaign, some: Case): Experiment {
  const document = readYaml(campaign.name, writeCase(campaign, some, campaign.question))
  const reading = readExperiment(document, topologiesBeside(document.file))
  return reading.ok
    ? reading.value
    : bug(`a case of ${campaign.name} is no experiment: ${reading.mistakes[0]?.expected}`)
}

/** What the cases of a green hunt exercised, and what they say of all others. */
export function printGreen(campaign: Campaign, coverage: Coverage): string {
  const { cases, rows } = coverage
  const seen = rows.filter((row) => row.cases > 0)
  const width = Math.max(0, ...seen.map(({ name }) => name.length))
  const figures = seen.map(
    (row) => `  ${row.name.padEnd(width)}  ${String(row.cases).padStart(String(cases).length)}  ${row.section}`,
  )
  const never = rows.filter((row) => row.cases === 0).map(({ name }) => name)
  const share = Number(((3 / cases) * 100).toPrecision(2))
  return [
    campaign.question,
    '',
    'in so many cases each rule had something to say, and held:',
    ...figures,
    ...(never.length === 0 ? [] : [`not exercised: ${never.join(', ')}`]),
    ...arrowsOf(coverage),
    '',
    `${counted(cases, 'case')}, all green: of such cases, fewer than ${Math.min(100, share)} % break a rule (at 95 %, by 3/n)`,
    '',
  ].join('\n')
}

/** A case that was gone to, and breaks nothing. */
export function printHeld(path: string, seed: number, property: string | undefined): string {
  const what = property === undefined ? 'it breaks no rule' : `it does not break ${property}`
  const from =
    'A path that a hunt printed fails with the same campaign, seed, mutant and siptwin, as long as its mistake is there.'
  return `the path ${path} with seed ${seed} leads to a case that holds: ${what}\n${from}\n`
}

/** How much of the transactions' tables the cases went through. */
function arrowsOf({ arrows, neverTaken }: Coverage): readonly string[] {
  const taken = `of the ${ARROWS.length} arrows of the transactions' tables, ${arrows.taken.length} were taken`
  if (neverTaken.length === 0) return [taken]
  const machines = new Map<string, string[]>()
  for (const arrow of neverTaken) {
    const [machine = '', state, ...event] = arrow.split(' ')
    machines.set(machine, [...(machines.get(machine) ?? []), `${state} × ${event.join(' ')}`])
  }
  const width = Math.max(...[...machines.keys()].map(({ length }) => length))
  return [`${taken}; never:`, ...[...machines].map(([name, some]) => `  ${name.padEnd(width)}  ${some.join(', ')}`)]
}

/** The counterexample in sentences, its ladder, what it violates, and how to see it again. */
export function printFound(terminal: Terminal, found: Found): string {
  const experiment = readCase(found.campaign, found.case)
  const nodes = ladderNodes(experiment.topology)
  const ladder = new Ladder({ nodes })
  runIt(experiment, (record) => ladder.record(record))
  const size =
    found.shrinks === 0 ? '' : `; made smaller ${found.shrinks === 1 ? 'once' : `${found.shrinks} times`}, it is:`
  return [
    `case ${found.tried} of ${found.runs} breaks a rule${size}`,
    '',
    ...sentencesOf(experiment, found.case).map((line) => `  ${line}`),
    '',
    ...drawLadder(ladder, { nodes, width: terminal.columns, color: terminal.color }),
    '',
    ...brokenRules(found),
    '',
    printNeeds(found.case.faults.length),
    ...(found.ties === undefined ? [] : [printTies(found.ties)]),
    ...(found.inevitability === undefined
      ? []
      : [found.inevitability.sentence, ...CURVE, ...drawCurve(found.inevitability)]),
    '',
    `again: ${found.again}`,
    `fast-check: { seed: ${found.seed}, path: '${found.path}' }`,
    '',
  ].join('\n')
}

const CURVE = ['how often it fails, if all that is drawn were drawn anew from a time on:']

/** The counterexample as `--json` has it. */
export function factsOf(found: Found): object {
  const { campaign, seed, path, tried, shrinks, verdicts, again, oracle, ties, inevitability } = found
  const violated = verdicts.filter(({ state }) => state === 'violated')
  return {
    ...{ campaign: campaign.name, seed, path, ok: false, cases: tried, shrinks },
    ...{ oracle, violated, case: found.case, needs: printNeeds(found.case.faults.length), ties, inevitability, again },
  }
}

/** A failure that an earlier part of the hunt found. */
export function printKnown({ index, oracle, folder }: JournalFailure, out: string, again: string): string {
  return `case ${index + 1} breaks ${oracle}: see ${join(out, folder)}; again: ${again}\n`
}

/** Runs the case once more and writes all that a run has, with its experiment file, which expects the rule to hold. */
export function keepFound(found: Found, path: string): void {
  const { campaign, oracle } = found
  const isOnWire = ORACLES.some(({ name }) => name === oracle)
  const expected = isOnWire ? { expect: [...(found.case.expect ?? []), `oracle "${oracle}" holds`] } : {}
  const smallest = { ...found.case, ...expected }
  const experiment = readCase(campaign, smallest)
  const folder = new RunFolder(path)
  const recording = recordInto(folder, experiment, Object.keys(experiment.topology.nodes))
  const level = 'everything'
  const run = new Run(experiment, { level, sinks: [recording.sink] })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  recording.end()
  const result = run.result()
  const { until } = run
  const manifest = {
    name: campaign.name,
    experiment,
    level,
    until,
    versions: versionsHere(),
    digests: result.digests,
  } as const
  recording.report(manifest, result, jsonOf(manifest, result))
  const isShown = isOnWire || oracle === PROMISE.name
  const question = isShown ? `Does "${oracle}" hold?` : `Why is ${oracle} violated?`
  const comment = commentOn(found, isShown).map((line) => `# ${line}\n`)
  folder.write(EXPERIMENT, `${comment.join('')}${writeCase(campaign, smallest, question)}`)
  folder.close()
}

/** What the written case is, and what a run of it needs. */
function commentOn({ campaign, oracle, again }: Found, isShown: boolean): readonly string[] {
  const { level, mutant } = campaign
  const run = `siptwin run ${EXPERIMENT}${level === undefined ? '' : ` --trace ${level}`}`
  return [
    `The smallest case of ${campaign.name} that breaks "${oracle}".`,
    ...(isShown
      ? [`${run} shows it with a ✗ and ends with 1, as long as the mistake is there.`]
      : ['A run does not judge this from inside: a hunt does, and goes to this case with']),
    ...(isShown ? [] : [again]),
    ...(mutant === undefined ? [] : [`The mistake is the mutant ${mutant}, named at the end: all programs have it.`]),
  ]
}

function runIt(experiment: Experiment, sink: (record: Parameters<Ladder['record']>[0]) => void): void {
  const run = new Run(experiment, { level: 'signalling', sinks: [sink] })
  try {
    while (!run.step(Number.MAX_SAFE_INTEGER));
  } catch {
    // The mistake is among the violations; the ladder shows what went before it.
  }
}

function sentencesOf(experiment: Experiment, { faults, set }: Case): readonly string[] {
  const changes = Object.entries(set)
    .filter(([, value]) => value === true)
    .map(([path]) => `with ${path}`)
  const rules = faults.filter((fault) => !isIncident(fault)).map((fault) => printFaultRule(ruleOf(fault)))
  const told = [...rules, ...experiment.incidents.map(({ words }) => words)]
  return [
    ...changes,
    ...experiment.scenario.map(({ words }) => words),
    ...(told.length === 0
      ? ['no fault at all']
      : told.map((one, i) => (i === told.length - 1 ? `${one}, nothing else` : one))),
  ]
}

function brokenRules({ verdicts, oracle }: Found): readonly string[] {
  const violated = verdicts.filter(({ state }) => state === 'violated')
  const first = violated.filter(({ name }) => name === oracle)
  return [...first, ...violated.filter((one) => !first.includes(one))].flatMap(
    ({ name, section, says, violations, count }) => [
      `✗ ${name} (${section}): ${says}`,
      ...violations
        .slice(0, 3)
        .map(
          ({ at, sentence, proofs }) =>
            `    at ${printDuration(at)}, ${sentence}${proofs.length === 0 ? '' : ` [${proofs.join(', ')}]`}`,
        ),
      ...(count > 3 ? [`    and ${count - 3} more`] : []),
    ],
  )
}
