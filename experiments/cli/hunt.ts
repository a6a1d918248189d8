// `siptwin hunt`: tries a campaign's cases until one breaks a rule, and makes it as small as it can be.

import { Command } from 'commander'
import { __version as fastCheck } from 'fast-check'
import { counted } from '../../platform/counted.ts'
import { nearest } from '../../platform/nearest.ts'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import { CAMPAIGNS } from '../campaigns/table.ts'
import { ARROWS } from '../hunt/arrows.ts'
import { Court } from '../hunt/court.ts'
import { inevitabilityOf } from '../hunt/inevitability.ts'
import { PROPERTIES } from '../hunt/properties.ts'
import { reduced } from '../hunt/reduction.ts'
import { swarm } from '../hunt/swarm.ts'
import { tiesOf } from '../hunt/ties.ts'
import { MUTANTS } from '../mutants/table.ts'
import { type Caught, Chase } from './chase.ts'
import { Ending, EXIT } from './exit.ts'
import { RunFolder } from './folder.ts'
import { type Content, huntedFile } from './hunted.ts'
import { Journal, type JournalFailure } from './journal.ts'
import { namesOn } from './library.ts'
import { huntMutants } from './mutants.ts'
import { type Found, factsOf, keepFound, printFound, printGreen, printHeld, printKnown, readCase } from './quarry.ts'
import type { Terminal } from './terminal.ts'
import { versionsHere } from './versions.ts'

interface HuntOptions {
  readonly runs?: string
  readonly seed?: string
  readonly path?: string
  readonly failures?: string
  readonly property?: string
  readonly swarm?: boolean
  readonly quick?: boolean
  readonly mutant?: string
  readonly mutants?: boolean
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

const RUNS = 1000

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
  checkTogether(options)
  const { campaign: plain, content } = campaignNamed(name)
  const campaign = swarming(withMutant(plain, options.mutant), options.swarm)
  const { path, out } = options
  const runs = wholeNumber('--runs', options.runs, path === undefined ? RUNS : 1, 1)
  const seed = wholeNumber('--seed', options.seed, 1, -(2 ** 31))
  const wanted = wholeNumber('--failures', options.failures, 1, 1)
  const property = propertyNamed(options.property)
  if (path !== undefined && !/^\d{1,9}(:\d{1,9})*$/.test(path))
    throw new Ending(EXIT.input, `--path: numbers and colons as a hunt printed them, such as 12:0:1, not "${path}"`)
  if (options.mutants) return huntMutants(terminal, campaign, { runs, seed, json: options.json === true })
  const { siptwin } = versionsHere()
  const asked = { mutant: options.mutant ?? null, seed, swarm: options.swarm === true, property: property ?? null }
  const journal =
    out === undefined || path !== undefined
      ? undefined
      : new Journal(out, { campaign: name, ...asked, content, siptwin, fastCheck })
  // Refused before the case is made smaller, not after.
  if (out !== undefined && path !== undefined) new RunFolder(out)
  const quiet = options.quiet === true || options.json === true
  const court = new Court((some) => readCase(campaign, some), campaign)
  const chase = new Chase({ cases: campaign.cases, court, seed, runs, property, terminal, quiet, journal })
  const again = (at: string): string => againLine(name, options, seed, at)
  if (chase.done > 0 && !quiet)
    terminal.err(`going on after ${counted(chase.done, 'case')}, which stand${chase.done === 1 ? 's' : ''} in ${out}\n`)
  for (const one of chase.failures) if (!options.json) terminal.out(printKnown(one, out ?? '', again(one.path)))
  const known = chase.failures.length
  const found: Found[] = []
  while (chase.failures.length < wanted && chase.done < runs) {
    const caught = path === undefined ? await chase.search() : await chase.replay(path)
    if (caught === undefined) break
    const one = examined(campaign, court, caught, { seed, runs, again: again(caught.path) }, options.quick)
    const failed = keep(one, caught, journal, chase.failures.length + 1, out)
    if (!options.json) terminal.out(`${found.length + known > 0 ? '\n' : ''}${printFound(terminal, one)}`)
    found.push(one)
    chase.keep(failed)
    if (path !== undefined) break
  }
  const { coverage, failures } = chase
  if (options.json) {
    const arrows = { taken: coverage.arrows.taken.length, of: ARROWS.length, never: coverage.neverTaken }
    const bound = path === undefined ? { below: 3 / coverage.cases } : { path }
    const facts = { cases: coverage.cases, ...bound, oracles: coverage.rows, arrows }
    const first = found[0] === undefined ? {} : factsOf(found[0])
    const ok = failures.length === 0
    terminal.out(
      `${JSON.stringify({ campaign: name, seed, ok, ...first, ...facts, failures: found.map(factsOf), known: failures.slice(0, known) }, null, 2)}\n`,
    )
  } else if (failures.length === 0 && path !== undefined) terminal.out(printHeld(path, seed, property))
  else if (failures.length === 0) terminal.out(printGreen(campaign, coverage))
  else if (wanted > 1) terminal.out(`\n${printTally(failures, coverage.cases)}`)
  if (out !== undefined && found.length > 0 && !options.quiet) terminal.err(`written to ${out}\n`)
  if (failures.length > 0) terminal.code = EXIT.failed
}

/** Ends with exit 2 where one option would have no effect beside another. */
function checkTogether(options: HuntOptions): void {
  if (!options.mutants) return
  const idle = (['mutant', 'path', 'property', 'failures', 'out'] as const).find((one) => options[one] !== undefined)
  if (idle === undefined) return
  const why = idle === 'mutant' ? 'hunts them all, one after the other' : 'writes its table alone'
  throw new Ending(EXIT.input, `--mutants and --${idle} do not go together: --mutants ${why}; leave one of the two out`)
}

/** All that is asked about a case that fails. */
function examined(
  campaign: Campaign,
  court: Court,
  caught: Caught,
  rest: Pick<Found, 'seed' | 'runs' | 'again'>,
  quick = false,
): Found {
  const { oracle, path, shrinks, index } = caught
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

function againLine(name: string, { mutant, swarm, property }: HuntOptions, seed: number, path: string): string {
  const more = [
    ...(mutant === undefined ? [] : [`--mutant ${mutant}`]),
    ...(swarm === true ? ['--swarm'] : []),
    ...(property === undefined ? [] : [`--property '${property}'`]),
  ]
  const named = /\s/.test(name) ? `'${name}'` : name
  return ['npx siptwin hunt', named, ...more, `--seed ${seed} --path ${path}`].join(' ')
}

function swarming(campaign: Campaign, on: boolean | undefined): Campaign {
  return on === true ? { ...campaign, cases: swarm(campaign.cases) } : campaign
}

function withMutant(campaign: Campaign, mutant: string | undefined): Campaign {
  if (mutant === undefined) return campaign
  if (MUTANTS.has(mutant)) return { ...campaign, mutant }
  throw unknown('mutant', mutant, [...MUTANTS.keys()], 'siptwin hunt --help shows them all')
}

/** A campaign of that name; else the experiment of that name or file, hunted. */
function campaignNamed(name: string): { readonly campaign: Campaign; readonly content: Content | null } {
  const campaign = CAMPAIGNS.get(name)
  if (campaign !== undefined) return { campaign, content: null }
  if (namesOn('experiments').includes(name) || /[/\\\\]|\.ya?ml$/.test(name)) return huntedFile(name)
  const names = [...CAMPAIGNS.keys(), ...namesOn('experiments')]
  throw unknown('campaign', name, names, `there are ${[...CAMPAIGNS.keys()].join(', ')}, and every experiment`)
}

function propertyNamed(name: string | undefined): string | undefined {
  const names = PROPERTIES.map((one) => one.name)
  if (name === undefined || names.includes(name)) return name
  throw unknown('property', name, names, 'siptwin list properties shows them all')
}

function unknown(what: string, name: string, names: readonly string[], otherwise: string): Ending {
  const close = nearest(name, names)
  return new Ending(
    EXIT.input,
    `there is no ${what} "${name}": ${close === undefined ? otherwise : `did you mean ${close}?`}`,
  )
}

function wholeNumber(option: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (/^-?\d+$/.test(text) && value >= least && value < 2 ** 31) return value
  throw new Ending(EXIT.input, `${option}: a whole number from ${least} to ${2 ** 31 - 1}, not "${text}"`)
}
