// A campaign: a question that is asked of many worlds, drawn at random.

import type { Arbitrary } from 'fast-check'
import type { WrittenFault } from '../faults.ts'
import type { WrittenEntry } from '../scenario/entry.ts'

/** One world: what an experiment would say of it. */
export interface Case {
  /** What is different in the topology, by paths; few different ones, since each is read anew. */
  readonly set: Readonly<Record<string, unknown>>
  readonly scenario: readonly WrittenEntry[]
  readonly faults: readonly WrittenFault[]
}

export interface Campaign {
  readonly name: string
  readonly question: string
  /** A ready-made topology's name. */
  readonly topology: string
  /** When each run ends at the latest, as an experiment writes it: long after everything should be over. */
  readonly until: string
  /** What is wrong with all its programs, by name; absent: nothing. */
  readonly mutant?: string
  readonly cases: Arbitrary<Case>
}
