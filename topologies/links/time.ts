// Times that a link or a run may have: beyond them a run's clock would end.

import { printQuantity } from '../../platform/units.ts'
import { quantity } from '../yaml/shape.ts'

const LONGEST_NS = 86_400e9
const LATEST_NS = 50 * LONGEST_NS

/** How long something may take on a link: up to a day. */
export const linkTime = bounded(LONGEST_NS)

/** When something may happen in a run: up to fifty days from its start, or from the event that it waits for: two of them fit into a run’s clock. */
export const runTime = bounded(LATEST_NS)

function bounded(most: number) {
  return quantity('duration').check((context) => {
    if (context.value <= most) return
    const message = `a duration of at most ${printQuantity('duration', most)}, not ${printQuantity('duration', context.value)}`
    context.issues.push({ code: 'custom', message, input: context.value })
  })
}
