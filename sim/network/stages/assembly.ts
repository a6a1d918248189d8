// Which stages a direction has, in the physical order: ingress faults → netem → policer → queue and transmitter → loss and faults on the medium →
// propagation, jitter and copies.

import type { RandomStream, RandomStreams } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { Direction, DirectionChange, PlacedDirection } from '../direction.ts'
import { lossModel } from '../medium.ts'
import { Netem } from '../netem/netem.ts'
import type { Packet } from '../packet.ts'
import { disciplineOf } from '../queues/disciplines.ts'
import { Fifo } from '../queues/fifo.ts'
import { DropTailStage } from './dropTail.ts'
import { Ingress } from './ingress.ts'
import { Medium } from './medium.ts'
import { Opportunities } from './opportunities.ts'
import { Policer } from './policer.ts'
import { Propagation } from './propagation.ts'
import { Scheduler } from './scheduler.ts'
import type { Stage, StageWorld } from './stage.ts'
import { RateTransmitter, Shaper, type Transmitter } from './transmitter.ts'

/** What stages need beside their chain. */
export interface AssemblyAround {
  readonly streams: RandomStreams
  /** Nothing is left to chance. */
  readonly calm: boolean
  readonly chance: ChanceLog | undefined
  /** Asks for a wake of the stage of this number. */
  wakeAt(stage: number, at: Ticks): void
}

/** A direction's stages, the first one first. */
export interface Assembly {
  readonly stages: readonly Stage[]
  /** Changes what can be changed, for what comes from now on. */
  change(change: DirectionChange): void
  /** Ends the calm: from now on chance decides. */
  stir(): void
}

/** The packet by which an idle queue ages under RED, bytes. */
const USUAL_BYTES = 1000

/** The stages of a direction. Each takes its streams by the direction's path: `link/a--b/up/loss`. */
export function assemble(
  { direction, path, name }: PlacedDirection,
  world: StageWorld,
  around: AssemblyAround,
): Assembly {
  const { chance } = around
  /** All that ask whether it is calm. */
  const asking: { calm: boolean }[] = []
  const weathered = <Parts extends object>(parts: Parts): Parts & { calm: boolean } => {
    const made = { ...parts, calm: around.calm }
    asking.push(made)
    return made
  }
  const weather = weathered({})
  const stream = (part: string): RandomStream => around.streams.take(`${path}/${part}`)
  const losses = stream('loss')
  const lossOf = ({ loss }: DirectionChange) =>
    loss === undefined || weather.calm ? undefined : lossModel(loss, losses)
  const medium = new Medium(world, { name, chance, bits: stream('corruption') })
  const wire = new RateTransmitter(world, direction.rateBps ?? Number.POSITIVE_INFINITY)
  const streams = { jitter: stream('jitter'), duplication: stream('duplication'), reordering: stream('reordering') }
  const stages: Stage[] = []
  const add = (make: (wakeAt: (at: Ticks) => void) => Stage): void => {
    const place = stages.length
    stages.push(make((at) => around.wakeAt(place, at)))
  }
  const accepted = (packet: Packet): void => medium.decide(packet)
  add(() => new Ingress(world))
  const { netem } = direction
  if (netem !== undefined) {
    const part = (name: string): RandomStream => stream(`netem/${name}`)
    add((wakeAt) => new Netem(world, netem, weathered({ name, chance, stream: part, wakeAt })))
  }
  const { queue, policer, shaper, opportunities } = direction
  if (policer !== undefined) add(() => new Policer(world, policer))
  add((wakeAt) => {
    const simple = queue === undefined || !('discipline' in queue)
    if (simple && shaper === undefined && opportunities === undefined) {
      return new DropTailStage(world, wire, queue, wakeAt, accepted)
    }
    const usualTicks = (): Ticks => wire.ticksFor(USUAL_BYTES)
    const red = weathered({ name, chance, usualTicks, stream: stream('queue') })
    const discipline = simple ? new Fifo(world, queue) : disciplineOf(queue, world, red)
    return new Scheduler(world, transmitterOf(direction, wire, world), discipline, wakeAt, accepted)
  })
  add(() => medium)
  let propagation!: Propagation
  add((wakeAt) => {
    const parts = weathered({ name, streams, chance, verdict: () => medium.verdict, wakeAt })
    propagation = new Propagation(world, parts, direction)
    return propagation
  })
  let now: DirectionChange & { readonly delayNs: number } = direction
  const change = (some: DirectionChange): void => {
    now = { ...now, ...some }
    if (some.rateBps !== undefined) wire.rateBps = some.rateBps
    if (some.loss !== undefined) medium.loss = lossOf(now)
    if (!weather.calm) medium.corruption = now.corruption
    propagation.change(now)
  }
  change(direction)
  const stir = (): void => {
    for (const one of asking) one.calm = false
    change(now)
  }
  return { stages, change, stir }
}

function transmitterOf({ shaper, opportunities }: Direction, wire: RateTransmitter, world: StageWorld): Transmitter {
  if (opportunities !== undefined) return new Opportunities(world, opportunities)
  return shaper === undefined ? wire : new Shaper(world, wire, shaper)
}
