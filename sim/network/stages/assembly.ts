// Which stages a direction has, in the physical order: ingress faults → netem → policer → queue and transmitter → loss and faults on the medium →
// propagation, jitter and copies.

import type { RandomStream, RandomStreams } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { Direction, DirectionChange, PlacedDirection } from '../direction.ts'
import { TraceRows } from '../laws/trace.ts'
import { type Loss, lossModel } from '../medium.ts'
import { Netem } from '../netem/netem.ts'
import type { Packet } from '../packet.ts'
import { disciplineOf } from '../queues/disciplines.ts'
import { Fifo } from '../queues/fifo.ts'
import type { Weather } from '../weather.ts'
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
  readonly weather: Weather
  readonly chance: ChanceLog | undefined
  /** Asks for a wake of the stage of this number. */
  wakeAt(stage: number, at: Ticks): void
}

/** A direction's stages, the first one first. */
export interface Assembly {
  readonly stages: readonly Stage[]
  /** Changes what can be changed, for what comes from now on. */
  change(change: DirectionChange): void
  /** Takes in the weather as it is now. */
  refresh(): void
}

/** What the stages of one direction share. */
interface Site extends Pick<AssemblyAround, 'weather' | 'chance'> {
  readonly world: StageWorld
  readonly direction: Direction
  readonly name: string
  readonly wire: RateTransmitter
  /** The stream of one part, by the direction's path: `link/a--b/up/loss`. */
  stream(part: string): RandomStream
}

type WakeAt = (at: Ticks) => void

/** The packet by which an idle queue ages under RED, bytes. */
const USUAL_BYTES = 1000

/** The stages of a direction. */
export function assemble(
  { direction, path, name }: PlacedDirection,
  world: StageWorld,
  { streams, weather, chance, wakeAt }: AssemblyAround,
): Assembly {
  const stream = (part: string): RandomStream => streams.take(`${path}/${part}`)
  const wire = new RateTransmitter(world, direction.rateBps ?? Number.POSITIVE_INFINITY)
  const site: Site = { world, direction, name, wire, weather, chance, stream }
  const medium = new Medium(world, { name, chance, bits: stream('corruption') })
  const losses = stream('loss')
  const rows = direction.trace && new TraceRows(direction.trace)
  const before = [
    ...entry(site),
    (wakeAt: WakeAt) => waiting(site, (packet) => medium.decide(packet), wakeAt),
    () => medium,
  ]
  const propagation = propagationOf(site, medium, (at) => wakeAt(before.length, at))
  const stages = before.map((make, place) => make((at) => wakeAt(place, at)))
  let now: DirectionChange & { readonly delayNs: number } = direction
  let modelled: Loss | undefined
  const change = (some: DirectionChange): void => {
    now = { ...now, ...some }
    if (some.rateBps !== undefined) wire.rateBps = some.rateBps
    const loss = weather.calm ? undefined : now.loss
    if (loss !== modelled) medium.loss = loss && lossModel(loss, losses)
    modelled = loss
    medium.trace = weather.calm ? undefined : rows
    if (!weather.calm) medium.corruption = now.corruption
    propagation.change(now)
  }
  change(direction)
  return { stages: [...stages, propagation], change, refresh: () => change(now) }
}

/** What packets go through before they wait for the transmitter. */
function entry({ world, direction, name, weather, chance, stream }: Site): readonly ((wakeAt: WakeAt) => Stage)[] {
  const { netem, policer } = direction
  const part = (of: string): RandomStream => stream(`netem/${of}`)
  return [
    () => new Ingress(world),
    ...(netem ? [(wakeAt: WakeAt) => new Netem(world, netem, { name, chance, weather, stream: part, wakeAt })] : []),
    ...(policer ? [() => new Policer(world, policer)] : []),
  ]
}

/** The queue and its transmitter; `accepted` is told of each packet that the queue takes. */
function waiting(site: Site, accepted: (packet: Packet) => void, wakeAt: WakeAt): Stage {
  const { world, direction, name, wire, weather, chance } = site
  const { queue, shaper, opportunities } = direction
  const simple = queue === undefined || !('discipline' in queue)
  if (simple && shaper === undefined && opportunities === undefined)
    return new DropTailStage(world, wire, queue, wakeAt, accepted)
  const usualTicks = (): Ticks => wire.ticksFor(USUAL_BYTES)
  const red = { name, chance, weather, usualTicks, stream: site.stream('queue') }
  const discipline = simple ? new Fifo(world, queue) : disciplineOf(queue, world, red)
  return new Scheduler(world, transmitterOf(site), discipline, wakeAt, accepted)
}

function transmitterOf({ world, wire, direction: { shaper, opportunities } }: Site): Transmitter {
  if (opportunities !== undefined) return new Opportunities(world, opportunities)
  return shaper === undefined ? wire : new Shaper(world, wire, shaper)
}

/** The way through the air; the medium asks the tape about each packet for it as well. */
function propagationOf(site: Site, medium: Medium, wakeAt: WakeAt): Propagation {
  const { world, direction, name, weather, chance, stream } = site
  const streams = { jitter: stream('jitter'), duplication: stream('duplication'), reordering: stream('reordering') }
  return new Propagation(
    world,
    { name, streams, chance, weather, verdict: () => medium.verdict, lateNs: () => medium.lateNs, wakeAt },
    direction,
  )
}
