// Laws of the kernel: whatever is planned, cancelled and run in whatever slices, it does what a plainly sorted array does.

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { OrderClass } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'
import { runs } from './runs.ts'

const NODES = ['n0', 'n1', 'n2']

/** What a script can do, in a handler or outside. Numbers are taken modulo what there is. */
type Act =
  | {
      readonly do: 'schedule'
      readonly delay: number
      readonly order: OrderClass
      readonly to: number
      readonly from: number
    }
  | { readonly do: 'after'; readonly delay: number; readonly rank: number }
  | { readonly do: 'cancel'; readonly timer: number }
type Command = Act | { readonly do: 'run'; readonly delay: number; readonly maxEvents: number }

/** What both worlds offer to the script. */
interface World {
  now(): number
  pending(): number
  schedule(at: number, order: OrderClass, to: number, from: number, sequence: number, label: number): void
  after(rank: number, delay: number, label: number): void
  cancel(timer: number): boolean
  run(until: number, maxEvents: number): string
}

function kernelWorld(handle: (label: number) => void): World {
  const kernel = new Kernel()
  kernel.rank(NODES)
  const kind = kernel.on((label) => handle(label))
  const ids: number[] = []
  return {
    now: () => kernel.now,
    pending: () => kernel.pending,
    schedule: (at, order, to, from, sequence, label) => kernel.schedule(at, order, to, from, sequence, kind, label, 0),
    after: (rank, delay, label) => void ids.push(kernel.after(rank, delay, () => handle(label))),
    cancel: (timer) => ids.length > 0 && kernel.cancel(ids[timer % ids.length]!),
    run: (until, maxEvents) => kernel.run(until, maxEvents),
  }
}

type Key = readonly [at: number, order: number, to: number, from: number, sequence: number]
interface Planned {
  readonly key: Key
  readonly label: number
}

function compare(x: Key, y: Key): number {
  const at = x.findIndex((part, i) => part !== y[i])
  return at < 0 ? 0 : x[at]! - y[at]!
}

/** The model: one array, sorted whenever it is asked. */
function naiveWorld(handle: (label: number) => void): World {
  const planned: Planned[] = []
  const timers: Planned[] = []
  const sequences = NODES.map(() => 0)
  let now = 0
  let last: Key = [-1, 0, 0, 0, 0]
  const plan = (key: Key, label: number): Planned => {
    if (compare(key, last) <= 0) throw new Error('not after the last')
    const event = { key, label }
    planned.push(event)
    return event
  }
  return {
    now: () => now,
    pending: () => planned.length,
    schedule: (at, order, to, from, sequence, label) => void plan([at, order, to, from, sequence], label),
    after: (rank, delay, label) => {
      timers.push(plan([now + delay, 3, rank, rank, sequences[rank]!++], label))
    },
    cancel: (timer) => {
      const index = timers.length === 0 ? -1 : planned.indexOf(timers[timer % timers.length]!)
      if (index >= 0) planned.splice(index, 1)
      return index >= 0
    },
    run: (until, maxEvents) => {
      for (let left = maxEvents; ; left--) {
        const first = planned.sort((x, y) => compare(x.key, y.key))[0]
        if (first === undefined || first.key[0] > until) {
          if (until < Number.POSITIVE_INFINITY && until !== now) {
            now = until
          }
          return first === undefined ? 'idle' : 'until'
        }
        if (left === 0) return 'slice'
        planned.shift()
        last = first.key
        now = last[0]
        handle(first.label)
      }
    },
  }
}

/** Plays a script: commands from outside, and one act for each event handled. `log` is all that can be seen, `handled` the events alone. */
function play(
  make: (handle: (label: number) => void) => World,
  commands: readonly Command[],
  acts: readonly Act[],
): { log: unknown[]; handled: unknown[] } {
  const log: unknown[] = []
  const handled: unknown[] = []
  let label = 0
  let act = 0
  const world = make((event) => {
    log.push([world.now(), event])
    handled.push([world.now(), event])
    if (act < acts.length) perform(acts[act++]!)
  })
  // Numbers of its own, so that no two events are equal: timers take theirs from 0, these from 10⁹.
  let sequence = 1e9
  const perform = (command: Command): void => {
    if (command.do !== 'run') label++
    switch (command.do) {
      case 'schedule':
        try {
          world.schedule(world.now() + command.delay, command.order, command.to, command.from, sequence++, label)
        } catch {
          log.push('refused')
        }
        break
      case 'after':
        try {
          world.after(command.rank, command.delay, label)
        } catch {
          log.push('refused')
        }
        break
      case 'cancel':
        log.push(world.cancel(command.timer))
        break
      case 'run':
        log.push(world.run(world.now() + command.delay, command.maxEvents))
    }
    log.push([world.now(), world.pending()])
  }
  for (const command of commands) perform(command)
  log.push(world.run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY))
  return { log, handled }
}

// Delays of every scale, and often equal ones, so that all of the wheels, their borders and the heap have their part.
const delays = fc.oneof(
  fc.nat(3),
  fc.nat(3000),
  fc.nat(5_000_000),
  fc.constantFrom(1024, 262_144, 67_108_864, 500_000_000, 32_000_000_000),
  fc.nat(1_000_000).map((n) => n * 1_000_000_000),
)
const ranks = fc.nat(NODES.length - 1)
const after = fc.record({ do: fc.constant('after' as const), delay: delays, rank: ranks })
const schedule = fc.record({
  do: fc.constant('schedule' as const),
  delay: delays,
  order: fc.constantFrom<OrderClass>(0, 1, 2, 3),
  to: ranks,
  from: ranks,
})
const cancel = fc.record({ do: fc.constant('cancel' as const), timer: fc.nat(50) })
const run = fc.record({
  do: fc.constant('run' as const),
  delay: delays,
  maxEvents: fc.oneof(fc.nat(3), fc.constant(1e9)),
})
const acts = fc.array(fc.oneof(after, schedule, cancel), { maxLength: 60, size: 'max' })
const commands = fc.array(fc.oneof(after, schedule, cancel, run), { maxLength: 100, size: 'max' })

describe('the kernel', () => {
  test.prop([commands, acts], { numRuns: runs(200) })('does what a sorted array does', (commands, acts) => {
    expect(play(kernelWorld, commands, acts)).toEqual(play(naiveWorld, commands, acts))
  })

  const events = fc.uniqueArray(fc.tuple(delays, fc.nat(3), ranks, ranks, fc.nat(5)), {
    maxLength: 200,
    size: 'max',
    selector: (key) => key.join(),
  })
  const shuffled = events.chain((keys) =>
    fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length })),
  )
  const order = (keys: readonly Key[]): unknown[] => {
    const log: unknown[] = []
    const world = kernelWorld((label) => log.push(keys[label]))
    keys.forEach(([at, order, to, from, sequence], label) => {
      world.schedule(at, order as OrderClass, to, from, sequence, label)
    })
    world.run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    return log
  }
  test.prop([shuffled], { numRuns: runs(100) })(
    'does not care in which order events were planned',
    ([keys, others]) => {
      expect(order(keys)).toEqual(order(others))
      expect(order(keys)).toEqual([...keys].sort(compare))
    },
  )

  const slices = fc.array(fc.tuple(delays, fc.oneof(fc.nat(3), fc.constant(1e9))), { maxLength: 100, size: 'max' })
  test.prop([commands, acts, slices], { numRuns: runs(100) })(
    'runs the same in slices of any size',
    (commands, acts, slices) => {
      const outside = commands.filter((command) => command.do !== 'run')
      const runs = slices.map(([delay, maxEvents]) => ({ do: 'run' as const, delay, maxEvents }))
      expect(play(kernelWorld, [...outside, ...runs], acts).handled).toEqual(play(kernelWorld, outside, acts).handled)
    },
  )
})
