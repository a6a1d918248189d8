// All mutants. One that is to be added is a row of one of these tables.

import { DESCRIBING } from './describing.ts'
import { HOLDING } from './holding.ts'
import type { Mutant } from './mutant.ts'
import { SAYING } from './saying.ts'
import { TIMING } from './timing.ts'
import { VOICE } from './voice.ts'
import { WAITING } from './waiting.ts'
import { WRITING } from './writing.ts'

/** By name. */
export const MUTANTS: ReadonlyMap<string, Mutant> = new Map(
  [...TIMING, ...SAYING, ...WRITING, ...WAITING, ...DESCRIBING, ...VOICE, ...HOLDING].map((mutant) => [
    mutant.name,
    mutant,
  ]),
)
