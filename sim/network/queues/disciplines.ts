// The queue disciplines by their names.

import type { QueueDiscipline } from '../direction.ts'
import type { StageWorld } from '../stages/stage.ts'
import { CoDel } from './codel.ts'
import type { Discipline } from './discipline.ts'
import { FqCoDel } from './fqCoDel.ts'
import { Priority } from './priority.ts'
import { Red, type RedAround } from './red.ts'
import { Weighted } from './weighted.ts'

/** The discipline that `options` name. */
export function disciplineOf(options: QueueDiscipline, world: StageWorld, around: RedAround): Discipline {
  switch (options.discipline) {
    case 'priority':
      return new Priority(world, options)
    case 'weighted':
      return new Weighted(world, options)
    case 'codel':
      return new CoDel(world, options)
    case 'fq-codel':
      return new FqCoDel(world, options)
    case 'red':
      return new Red(world, options, around)
  }
}
