// A case written down as an experiment file.

import { stringify } from 'yaml'
import { z } from 'zod'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import { fault } from '../faults.ts'
import { entry } from '../scenario/entry.ts'

/** The YAML that `siptwin run` takes. */
export function writeCase(
  { topology, until, mutant }: Campaign,
  { set, scenario, faults, expect, seed, calm }: Case,
  question: string,
): string {
  const document = {
    question,
    topology,
    set,
    scenario: scenario.map((one) => z.encode(entry, one)),
    faults: faults.map((one) => z.encode(fault, one)),
    ...(expect && { expect }),
    until,
    ...(seed !== undefined && { seed }),
    ...(calm && { calm }),
    ...(mutant && { mutant }),
  }
  return stringify(document, { lineWidth: 0, flowCollectionPadding: true })
}
