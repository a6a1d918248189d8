// `siptwin hunt`: tries a campaign's cases until one breaks a rule, and makes it as small as it can be.

import { Command } from 'commander'
import { __version as fastCheck } from 'fast-check'
import { counted } from '../../platform/counted.ts'
import type { Case } from '../campaigns/campaign.ts'
import { CAMPAIGNS } from '../campaigns/table.ts'
import { ARROWS } from '../hunt/arrows.ts'
import { Court } from '../hunt/court.ts'
import { inevitabilityOf } from '../hunt/inevitability.ts'
import { reduced } from '../hunt/reduction.ts'
import { tiesOf } from '../hunt/ties.ts'
import { MUTANTS } from '../mutants/table.ts'
import { type Caught, Chase } from './chase.ts'
import { EXIT } from './exit.ts'
import { RunFolder } from './folder.ts'
import { againLine, type HuntOptions, type HuntRequest, RUNS, requestOf } from './huntRequest.ts'
import { Journal, type JournalFailure } from './journal.ts'
import { huntMutants } from './mutants.ts'
import { type Found, factsOf, keepFound, printFound, printGreen, printHeld, printKnown, readCase } from './quarry.ts'
import type { Terminal } from './terminal.ts'
import { versionsHere } from './versions.ts'

/** The command. */
export function huntCommand(terminal: Terminal): Command {
  return new Command('hunt')
    .description('looks for a world in which a rule is broken, and makes it as small as it can be')
    .argument('<campaign>', `a campaign: ${[...CAMPAIGNS.keys()].join(', ')}; or an experiment's name or file`)
    .option('--runs <count>', `how many cases to try; default ${RUNS}`)
    .option('--seed <seed>', 'draws other cases, an integer; default 1')
    .option('--path <path>', 'goes straight to a case that was found, with the seed that found it')
    .option('--failures <count>', 'goes on until so many rules were seen broken; default 1')
    .option('--property <name>', 'asks of this one alone: siptwin list properties')
    .option('--swarm', 'each case does without a random half of the kinds of faults')
    .option('--quick', 'asks no more of a case that fails: neither whether ties matter, nor when it was lost')
    .option('--mutant <name>', `a stack with one fault: ${[...MUTANTS.keys()].join(', ')}`)
    .option('--mutants', 'hunts each mutant, and says which oracle catches it; exit 1 if one gets away')
    .option(
      '--out <folder>',
      'writes the smallest case there as an experiment, with its manifest, trace and captures; and a journal, by which the same command goes on after a kill',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows no progress')
    .action((name: string, options: HuntOptions) => hunt(terminal, name, options))
}

async function hunt(terminal: Terminal, name: string, options: HuntOptions): Promise<void> {
  const request = requestOf(name, options)
  const { campaign, runs, seed, path, property } = request
  const json = options.json === true
  if (options.mutants) return huntMutants(terminal, campaign, { runs, seed, json })
  const journal = journalOf(request, options)
  const quiet = options.quiet === true || json
  const court = new Court((some) => readCase(campaign, some), campaign)
  const chase = new Chase({ cases: campaign.cases, court, seed, runs, property, terminal, quiet, journal })
  showKnown(terminal, chase, request, options)
  const known = chase.failures.length
  const found: Found[] = []
  while (chase.failures.length < request.failures && chase.done < runs) {
    const caught = path === undefined ? await chase.search() : await chase.replay(path)
    if (caught === undefined) break
    const one = examined(request, court, caught, options.quick)
    const failed = keep(one, caught, journal, chase.failures.length + 1, options.out)
    if (!json) terminal.out(`${found.length + known > 0 ? '\n' : ''}${printFound(terminal, one)}`)
    found.push(one)
    chase.keep(failed)
    if (path !== undefined) break
  }
  if (json) terminal.out(`${JSON.stringify(documentOf(request, chase, found, known), null, 2)}\n`)
  else terminal.out(endingOf(request, chase))
  if (options.out !== undefined && found.length > 0 && !options.quiet) terminal.err(`written to ${options.out}\n`)
  if (chase.failures.length > 0) terminal.code = EXIT.failed
}

/** By which the same command goes on after a kill; undefined where nothing is written, or one case alone is looked at. */
function journalOf(request: HuntRequest, { out }: HuntOptions): Journal | undefined {
  if (out === undefined) return undefined
  if (request.path !== undefined) {
    // Refused before the case is made smaller, not after.
    new RunFolder(out)
    return undefined
  }
  const { name, content, mutant = null, seed, swarm, property = null } = request
  const { siptwin } = versionsHere()
  return new Journal(out, { campaign: name, mutant, seed, swarm, property, content, siptwin, fastCheck })
}

/** What an earlier hunt in the same folder has done. */
function showKnown(terminal: Terminal, { done, failures }: Chase, request: HuntRequest, options: HuntOptions): void {
  const { out = '', quiet, json } = options
  if (json) return
  if (done > 0 && !quiet)
    terminal.err(`going on after ${counted(done, 'case')}, which stand${done === 1 ? 's' : ''} in ${out}\n`)
  for (const one of failures) terminal.out(printKnown(one, out, againLine(request, one.path)))
}

/** The hunt as `--json` has it. `known`: so many failures stood in the journal before. */
function documentOf(request: HuntRequest, chase: Chase, found: readonly Found[], known: number): object {
  const { name, seed, path } = request
  const { coverage, failures } = chase
  const arrows = { taken: coverage.arrows.taken.length, of: ARROWS.length, never: coverage.neverTaken }
  const bound = path === undefined ? { below: 3 / coverage.cases } : { path }
  return {
    ...{ campaign: name, seed, ok: failures.length === 0, ...(found[0] === undefined ? {} : factsOf(found[0])) },
    ...{ cases: coverage.cases, ...bound, oracles: coverage.rows, arrows },
    ...{ failures: found.map(factsOf), known: failures.slice(0, known) },
  }
}

/** What is said at the end, after the failures. */
function endingOf({ campaign, path, seed, property, failures }: HuntRequest, chase: Chase): string {
  const { coverage } = chase
  if (chase.failures.length > 0) return failures > 1 ? `\n${printTally(chase.failures, coverage.cases)}` : ''
  return path === undefined ? printGreen(campaign, coverage) : printHeld(path, seed, property)
}

/** All that is asked about a case that fails. */
function examined(request: HuntRequest, court: Court, caught: Caught, quick = false): Found {
  const { campaign, seed, runs } = request
  const { oracle, path, shrinks, index } = caught
  const rest = { seed, runs, again: againLine(request, path) }
  const smallest = oracle === 'assertions' ? caught.case : reduced(court, caught.case, oracle)
  return {
    ...{ ...rest, campaign, path, shrinks, oracle, tried: index + 1, case: smallest },
    verdicts: court.try(smallest),
    ties: quick ? undefined : tiesOf(court, smallest, oracle),
    inevitability: quick || isFixed(smallest) ? undefined : inevitabilityOf(court, campaign, smallest, oracle),
  }
}

/** Nothing in it was drawn: neither faults nor what its links decided. */
function isFixed({ faults, seed, calm }: Case): boolean {
  return faults.length === 0 && (calm === true || seed === undefined)
}

/** Writes the failure's files, if there is a folder for them. */
function keep(
  found: Found,
  { index, path, shrinks, oracle }: Caught,
  journal: Journal | undefined,
  nth: number,
  out: string | undefined,
): JournalFailure {
  if (journal === undefined) {
    if (out !== undefined) keepFound(found, out)
    return { index, path, shrinks, oracle, folder: '' }
  }
  const { name, path: folder } = journal.folderOf(nth)
  keepFound(found, folder)
  return { index, path, shrinks, oracle, folder: name }
}

function printTally(failures: readonly JournalFailure[], cases: number): string {
  const rules = failures.map(({ oracle, index }) => `${oracle} (case ${index + 1})`).join(', ')
  return `${counted(failures.length, 'rule')} broken in ${counted(cases, 'case')}: ${rules}\n`
}
