// `siptwin hunt` of an experiment: the file, read as a campaign.

import { read } from '../../topologies/yaml/read.ts'
import type { Campaign } from '../campaigns/campaign.ts'
import { hunt } from '../campaigns/hunted.ts'
import { campaignOf } from '../campaigns/ofExperiment.ts'
import { experiment } from '../experiment.ts'
import { Ending, EXIT } from './exit.ts'
import { experimentGiven } from './given.ts'
import { open } from './library.ts'
import { mistakesIn } from './validate.ts'

/** The campaign that the experiment of that name or file is; ends with exit 2 where anything in it is wrong, or nothing is sent. */
export function huntedFile(name: string): Campaign {
  const document = open('experiments', name)
  const reading = read(document, experiment)
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  const { scenario, faults, hunt: written = hunt.parse({}) } = reading.value
  const campaign = campaignOf(name, experimentGiven(name, {}), { scenario, faults, hunt: written })
  if ('expected' in campaign) throw new Ending(EXIT.input, `${name}: ${campaign.expected}`)
  return campaign
}
