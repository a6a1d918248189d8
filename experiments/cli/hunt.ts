// `siptwin hunt`: tries a campaign's cases until one breaks a rule, and makes it as small as it can be.

import { setImmediate } from 'node:timers/promises'
import { Command } from 'commander'
import { asyncProperty, check, type RunDetails } from 'fast-check'
import { nearest } from '../../platform/nearest.ts'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import { CAMPAIGNS } from '../campaigns/table.ts'
import { Court } from '../hunt/court.ts'
import { Coverage } from '../hunt/coverage.ts'
import { MUTANTS } from '../mutants/table.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { Ending, EXIT } from './exit.ts'
import { huntMutants } from './mutants.ts'
import { type Found, keepFound, printFound, printGreen, readCase } from './quarry.ts'
import type { Terminal } from './terminal.ts'

interface HuntOptions {
  readonly runs?: string
  readonly seed?: string
  readonly path?: string
  readonly mutant?: string
  readonly mutants?: boolean
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

const RUNS = 1000
const BREATHE_EVERY_MS = 50
const PROGRESS_EVERY_MS = 500

/** The command. */
export function huntCommand(terminal: Terminal): Command {
  return new Command('hunt')
    .description('looks for a world in which a rule is broken, and makes it as small as it can be')
    .argument('<campaign>', `a campaign: ${[...CAMPAIGNS.keys()].join(', ')}`)
    .option('--runs <count>', `how many cases to try; default ${RUNS}`)
    .option('--seed <seed>', 'draws other cases, an integer; default 1')
    .option('--path <path>', 'goes straight to a case that was found, with the seed that found it')
    .option('--mutant <name>', `a stack with one fault: ${[...MUTANTS.keys()].join(', ')}`)
    .option('--mutants', 'hunts each mutant, and says which oracle catches it; exit 1 if one gets away')
    .option('--out <folder>', 'writes the smallest case there as an experiment, with its manifest, trace and captures')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows no progress')
    .action((name: string, options: HuntOptions) => hunt(terminal, name, options))
}

async function hunt(terminal: Terminal, name: string, options: HuntOptions): Promise<void> {
  const campaign = withMutant(campaignNamed(name), options.mutant)
  const { path = '', out } = options
  const runs = wholeNumber('--runs', options.runs, path === '' ? RUNS : 1, 1)
  const seed = wholeNumber('--seed', options.seed, 1, -(2 ** 31))
  if (!/^(\d+(:\d+)*)?$/.test(path))
    throw new Ending(EXIT.input, `--path: numbers and colons as a hunt printed them, such as 12:0:1, not "${path}"`)
  if (options.mutants) return huntMutants(terminal, campaign, { runs, seed, json: options.json === true })
  const chase = new Chase(campaign, runs, terminal, options.quiet === true || options.json === true)
  const details = await chase.run(seed, path)
  const again = `npx siptwin hunt ${name}${options.mutant ? ` --mutant ${options.mutant}` : ''} --seed ${seed} --path ${details.counterexamplePath ?? ''}`
  if (details.counterexample === null) {
    if (options.json) terminal.out(`${JSON.stringify({ campaign: name, seed, ok: true, ...chase.facts }, null, 2)}\n`)
    else terminal.out(printGreen(campaign, chase.coverage))
    return
  }
  const found: Found = {
    ...{ campaign, seed, again, runs },
    path: details.counterexamplePath ?? '',
    case: details.counterexample[0],
    tried: details.numRuns,
    shrinks: details.numShrinks,
    verdicts: chase.court.try(details.counterexample[0]),
    oracle: chase.prey ?? '',
  }
  if (out !== undefined) keepFound(found, out)
  if (options.json) terminal.out(`${JSON.stringify(factsOf(found), null, 2)}\n`)
  else terminal.out(printFound(terminal, found))
  if (out !== undefined && !options.quiet) terminal.err(`written to ${out}\n`)
  terminal.code = EXIT.failed
}

/** One hunt under way. */
class Chase {
  readonly court: Court
  readonly coverage = new Coverage()
  /** The oracle that the first failing case violated: what is shrunk goes on violating it. */
  prey: string | undefined
  readonly #campaign: Campaign
  readonly #runs: number
  readonly #terminal: Terminal
  readonly #quiet: boolean
  readonly #startedMs = performance.now()
  #breathedMs = performance.now()
  #shownMs = 0
  #interrupted = false

  constructor(campaign: Campaign, runs: number, terminal: Terminal, quiet: boolean) {
    this.#campaign = campaign
    this.#runs = runs
    this.#terminal = terminal
    this.#quiet = quiet
    this.court = new Court((some) => readCase(campaign, some))
  }

  get facts(): object {
    return { cases: this.coverage.cases, below: 3 / this.coverage.cases, oracles: this.coverage.rows }
  }

  async run(seed: number, path: string): Promise<RunDetails<[Case]>> {
    const interrupt = (): void => {
      this.#interrupted = true
    }
    process.once('SIGINT', interrupt)
    process.once('SIGTERM', interrupt)
    try {
      const property = asyncProperty(this.#campaign.cases, (some) => this.#try(some))
      const details = await check(property, { seed, path, numRuns: this.#runs })
      await setImmediate()
      if (this.#interrupted) throw new Ending(EXIT.interrupted, `interrupted after ${this.coverage.cases} cases`)
      return details
    } finally {
      if (this.#shownMs > 0 && this.#terminal.live) this.#terminal.err(`\r${' '.repeat(60)}\r`)
      process.removeListener('SIGINT', interrupt)
      process.removeListener('SIGTERM', interrupt)
    }
  }

  /** False where the case breaks a rule: while shrinking, the rule that was broken first. */
  async #try(some: Case): Promise<boolean> {
    if (this.#interrupted) return false
    const verdicts = this.court.try(some)
    if (this.prey === undefined) this.coverage.add(verdicts)
    const nowMs = performance.now()
    if (nowMs - this.#breathedMs >= BREATHE_EVERY_MS) {
      this.#breathedMs = nowMs
      this.#show(nowMs)
      await setImmediate()
    }
    const violated = verdicts.filter(({ state }: OracleVerdict) => state === 'violated').map(({ name }) => name)
    this.prey ??= violated[0]
    return this.prey === undefined || !violated.includes(this.prey)
  }

  #show(nowMs: number): void {
    const every = this.#terminal.live ? PROGRESS_EVERY_MS : 10 * PROGRESS_EVERY_MS
    if (this.#quiet || nowMs - Math.max(this.#shownMs, this.#startedMs) < every) return
    this.#shownMs = nowMs
    const rate = Math.round(this.coverage.cases / ((nowMs - this.#startedMs) / 1000))
    const text =
      this.prey === undefined
        ? `${this.coverage.cases} of ${this.#runs} cases, ${rate} a second, all green`
        : `case ${this.coverage.cases} breaks ${this.prey}: making it smaller`
    this.#terminal.err(this.#terminal.live ? `\r${text.padEnd(60)}` : `${text}\n`)
  }
}

function factsOf({ campaign, seed, path, tried, shrinks, verdicts, again, oracle, ...found }: Found): object {
  const violated = verdicts.filter(({ state }) => state === 'violated')
  return {
    ...{ campaign: campaign.name, seed, path, ok: false, cases: tried, shrinks },
    ...{ oracle, violated, case: found.case, again },
  }
}

function withMutant(campaign: Campaign, mutant: string | undefined): Campaign {
  if (mutant === undefined) return campaign
  if (MUTANTS.has(mutant)) return { ...campaign, mutant }
  const close = nearest(mutant, [...MUTANTS.keys()])
  const hint = close === undefined ? 'siptwin hunt --help shows them all' : `did you mean ${close}?`
  throw new Ending(EXIT.input, `there is no mutant "${mutant}": ${hint}`)
}

function campaignNamed(name: string): Campaign {
  const campaign = CAMPAIGNS.get(name)
  if (campaign !== undefined) return campaign
  const names = [...CAMPAIGNS.keys()]
  const close = nearest(name, names)
  const hint = close === undefined ? `there are ${names.join(', ')}` : `did you mean ${close}?`
  throw new Ending(EXIT.input, `there is no campaign "${name}": ${hint}`)
}

function wholeNumber(option: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (/^-?\d+$/.test(text) && value >= least && value < 2 ** 31) return value
  throw new Ending(EXIT.input, `${option}: a whole number from ${least} to ${2 ** 31 - 1}, not "${text}"`)
}
