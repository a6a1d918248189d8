// What a hunt is asked: its campaign, and how far it is to go; read from the command line.

import { nearest } from '../../platform/nearest.ts'
import type { Campaign } from '../campaigns/campaign.ts'
import { CAMPAIGNS } from '../campaigns/table.ts'
import { PROPERTIES } from '../hunt/properties.ts'
import { swarm } from '../hunt/swarm.ts'
import { MUTANTS } from '../mutants/table.ts'
import { Ending, EXIT } from './exit.ts'
import { type Content, huntedFile } from './hunted.ts'
import { namesOn } from './library.ts'
import { shellWord } from './shell.ts'

/** The options of the command, as they were given. */
export interface HuntOptions {
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

/** How many cases are tried where nothing else is said. */
export const RUNS = 1000

/** A hunt as it was asked for. */
export interface HuntRequest {
  /** The campaign's, or the experiment's file. */
  readonly name: string
  /** With its mutant, and swarming if it is to. */
  readonly campaign: Campaign
  /** Of an experiment, what it said then. */
  readonly content: Content | null
  /** The most cases, 1 or more. */
  readonly runs: number
  readonly seed: number
  /** The one case that is looked at. */
  readonly path: string | undefined
  /** The hunt goes on until so many rules were seen broken, 1 or more. */
  readonly failures: number
  /** The only one that counts; undefined: all. */
  readonly property: string | undefined
  readonly mutant: string | undefined
  readonly swarm: boolean
}

/** Reads them; ends with exit 2 where one is wrong, or would have no effect beside another. */
export function requestOf(name: string, options: HuntOptions): HuntRequest {
  checkTogether(options)
  const { path, mutant } = options
  const { campaign, content } = campaignNamed(name)
  const request = {
    ...{ name, content, path, mutant, swarm: options.swarm === true },
    campaign: swarming(withMutant(campaign, mutant), options.swarm),
    runs: wholeNumber('--runs', options.runs, path === undefined ? RUNS : 1, 1),
    seed: wholeNumber('--seed', options.seed, 1, -(2 ** 31)),
    failures: wholeNumber('--failures', options.failures, 1, 1),
    property: propertyNamed(options.property),
  }
  if (path === undefined || /^\d{1,9}(:\d{1,9})*$/.test(path)) return request
  throw new Ending(EXIT.input, `--path: numbers and colons as a hunt printed them, such as 12:0:1, not "${path}"`)
}

/** The command that brings a case of it back. */
export function againLine({ name, mutant, swarm, property, seed }: HuntRequest, path: string): string {
  const more = [
    ...(mutant === undefined ? [] : [`--mutant ${mutant}`]),
    ...(swarm ? ['--swarm'] : []),
    ...(property === undefined ? [] : [`--property ${shellWord(property)}`]),
  ]
  const named = shellWord(name)
  return ['npx siptwin hunt', named, ...more, `--seed ${seed} --path ${path}`].join(' ')
}

/** Ends with exit 2 where one option would have no effect beside another. */
function checkTogether(options: HuntOptions): void {
  if (!options.mutants) return
  const idle = (['mutant', 'path', 'property', 'failures', 'out'] as const).find((one) => options[one] !== undefined)
  if (idle === undefined) return
  const why = idle === 'mutant' ? 'hunts them all, one after the other' : 'writes its table alone'
  throw new Ending(EXIT.input, `--mutants and --${idle} do not go together: --mutants ${why}; leave one of the two out`)
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
