// A limit for loops: a mutant that never comes out of one fails at once, on a slow machine as on a fast one, and needs no limit of time.

import { beforeEach } from 'vitest'

/** How often the loops of one test may turn together, several times what the longest needs. */
const TURNS_MAX = 50_000_000

let turns = 0

beforeEach(() => {
  turns = 0
})

/** Called by each turn of each loop; see `loops.ts`. */
Object.assign(globalThis, {
  turn: () => {
    if (++turns > TURNS_MAX) throw new Error(`more than ${TURNS_MAX} turns of loops`)
  },
})
