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
  /** What is promised, as sentences of `expect:`; absent: nothing but what the rules say. */
  readonly expect?: readonly string[]
  /** Seeds the chance of links and programs; absent: the campaign's. */
  readonly seed?: number
  /** Nothing is left to chance on the links, since their decisions stand among the faults; absent: no. */
  readonly calm?: boolean
}

export interface Campaign {
  readonly name: string
  readonly question: string
  /** A ready-made topology's name, or a file's path, or a whole topology. */
  readonly topology: string | Readonly<Record<string, unknown>>
  /** When each run ends at the latest, as an experiment writes it: long after everything should be over. */
  readonly until: string
  /** Phones register or speak for ever, so that no run comes to its end by itself; absent: no. */
  readonly endless?: boolean
  /** What is recorded for the oracles; absent: signalling. With `everything` they judge media as well, and a case costs more. */
  readonly level?: 'everything'
  /** What is wrong with all its programs, by name; absent: nothing. */
  readonly mutant?: string
  readonly cases: Arbitrary<Case>
}
