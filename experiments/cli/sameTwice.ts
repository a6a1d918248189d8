// A case that is run twice must be the same to the bit; if it is not, the first difference is shown as two ladders.

import type { RunDigests } from '../../sim/trace/digest.ts'
import type { Case } from '../campaigns/campaign.ts'
import { drawDiff } from '../diff/diff.ts'
import { findParting } from '../diff/first.ts'
import type { Court } from '../hunt/court.ts'
import { Ending, EXIT } from './exit.ts'
import { ladderNodes } from './print.ts'
import type { Terminal } from './terminal.ts'
import { watched } from './tripwires.ts'
import { differences } from './twice.ts'

/** Ends with exit 3 where two runs of the case differ. */
export function sameTwice(court: Court, some: Case, { columns: width, color }: Terminal): void {
  const digests = (): RunDigests => watched(() => court.run(some, [], { level: 'everything' })).digests
  const found = differences(digests(), digests())
  if (found.length === 0) return
  const [left, right] = [0, 1].map(() => {
    const records = watched(() => court.recordsOf(some))
    return { level: 'signalling' as const, records: () => records }
  })
  const parting = findParting(left!, right!)
  const nodes = ladderNodes(court.experimentOf(some).topology)
  const drawn =
    parting === undefined
      ? ['(two further runs were the same)']
      : drawDiff(left!, right!, parting, { nodes, width, color })
  const sentence = `nondeterminism: a case that was run twice differs in ${found.join('; ')}`
  throw new Ending(EXIT.nondeterminism, [sentence, '', ...drawn].join('\n'))
}
