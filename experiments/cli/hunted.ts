// `siptwin hunt` of an experiment: the file, read as a campaign.

import { createHash } from 'node:crypto'
import { canonicalJson } from '../../platform/canonical.ts'
import { read } from '../../topologies/yaml/read.ts'
import type { Campaign } from '../campaigns/campaign.ts'
import { hunt } from '../campaigns/hunted.ts'
import { campaignOf } from '../campaigns/ofExperiment.ts'
import { experiment } from '../experiment.ts'
import { ofKind } from './documentKind.ts'
import { Ending, EXIT } from './exit.ts'
import { experimentGiven } from './given.ts'
import { open } from './library.ts'
import { mistakesIn } from './validate.ts'

/** SHA-256 of what an experiment says, in canonical JSON: a comment or another order of keys changes none of them. */
export interface Content {
  /** All but its topology and `hunt:`. */
  readonly experiment: string
  /** As it is once it was read: files that it names are in it. */
  readonly topology: string
  readonly hunt: string
}

/** The campaign that the experiment of that name or file is; ends with exit 2 where anything in it is wrong, or nothing is sent. */
export function huntedFile(name: string): { readonly campaign: Campaign; readonly content: Content } {
  const document = ofKind('experiment', open('experiments', name))
  const reading = read(document, experiment)
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  const { scenario, faults, hunt: written = hunt.parse({}) } = reading.value
  const given = experimentGiven(name, {})
  const campaign = campaignOf(name, given, { scenario, faults, hunt: written })
  if ('expected' in campaign) throw new Ending(EXIT.input, `${name}: ${campaign.expected}`)
  const { topology, hunt: _, ...rest } = given.resolved
  return { campaign, content: { experiment: digest(rest), topology: digest(topology), hunt: digest(written) } }
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
