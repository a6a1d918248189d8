// Events as the kernel's stories write them, `10 delivery b from a number 3`: tick, class, destination and source (the same if left out),
// number within the source (the next one if left out).

import { DELIVERY, FAULT, type OrderClass, SCENARIO, TIMER } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'

const classes: Record<string, OrderClass> = { fault: FAULT, scenario: SCENARIO, delivery: DELIVERY, timer: TIMER }

/** A kernel of nodes a, b and c. */
export function world(): Kernel {
  const kernel = new Kernel()
  kernel.rank(['c', 'a', 'b'])
  return kernel
}

/** Plans the event that is written so. */
export function plan(kernel: Kernel, event: string, handle: (tick: number) => void): void {
  const [, at, order, to, from = to, number] = event.match(/^(\S+) (\w+) (\w)(?: from (\w))?(?: number (\d+))?$/)!
  const [destination, source] = [kernel.rankOf(to!), kernel.rankOf(from!)]
  const sequence = number === undefined ? kernel.nextSequence(source) : Number(number)
  const kind = kernel.on(() => handle(kernel.now))
  kernel.schedule(Number(at), classes[order!]!, destination, source, sequence, kind, 0, 0)
}
