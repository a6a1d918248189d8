// The queue disciplines by their names.

import type { QueueDiscipline } from '../direction.ts'
import type { Discipline, DisciplineWorld } from './discipline.ts'
import { Priority } from './priority.ts'
import { Weighted } from './weighted.ts'

/** The discipline that `options` name. */
export function disciplineOf(options: QueueDiscipline, world: DisciplineWorld): Discipline {
  switch (options.discipline) {
    case 'priority':
      return new Priority(world, options)
    case 'weighted':
      return new Weighted(world, options)
  }
}
