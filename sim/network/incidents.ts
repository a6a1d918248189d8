// Carries out the faults of links and nodes, each at its place in the total order, and ends those that last.

import { assert, bug } from '../../platform/assert.ts'
import { printDuration } from '../../platform/units.ts'
import { printChange } from '../faults/change.ts'
import {
  type Incident,
  type LinkPlace,
  printClock,
  printImpairment,
  printIncident,
  printPlace,
} from '../faults/incident.ts'
import { FAULT, type OrderClass, type Rank } from '../kernel/event.ts'
import { type Cause, NO_CAUSE } from '../trace/cause.ts'
import type { DirectionChange, DirectionId } from './direction.ts'
import { type Hold, Holds, type StruckNetwork } from './holds.ts'

/** Plans an event of a node. */
type PlanAt = (atNs: number, order: OrderClass, rank: Rank, perform: () => void) => void

/** Does something about the programs of a host. */
export type Restart = (host: string) => void

/** All incidents of one run. */
export class Incidents {
  readonly #network: StruckNetwork
  readonly #planAt: PlanAt
  readonly #holds: Holds
  /** Who keeps what from working: by what, those faults that have not ended. */
  readonly #holders = new Map<string, Map<object, Hold>>()
  /** Starts the programs of a host that comes back. */
  restart: Restart = () => {}
  /** Told when a host's programs are gone. */
  death: Restart = () => {}

  constructor(network: StruckNetwork, planAt: PlanAt) {
    this.#network = network
    this.#planAt = planAt
    this.#holds = new Holds(network)
  }

  /**
   * Plans `incident` for `atNs`. `cause` is the record that it is due to (default: none). `done` is called when it strikes.
   * Those of one time go in this order: by the rank of their node (a link's: its first end; a partition's: the first named); then as they were planned.
   */
  plan(atNs: number, incident: Incident, cause: Cause = NO_CAUSE, done: () => void = () => {}): void {
    const rank = this.#rankOf(incident)
    this.#planAt(atNs, FAULT, rank, () => {
      this.#network.recorder.cause = cause
      this.#strike(incident, rank)
      done()
    })
  }

  /** Whether a crash or kill of the host has not ended. */
  isDown(host: string): boolean {
    return this.#isHeld(`power ${host}`) || this.#isHeld(`programs ${host}`)
  }

  /** Plans a change of one direction of a link: `up` is from the first of its ends to the second. */
  planChange(atNs: number, link: string, way: 'up' | 'down', change: DirectionChange): void {
    const { links, recorder } = this.#network
    const [up, down] = this.#directionsOf({ link })
    const id = (way === 'up' ? up : down)!
    const sender = links.senderOf(id)
    this.#planAt(atNs, FAULT, sender, () => {
      recorder.cause = NO_CAUSE
      recorder.faulted(sender, 'change', { link, way, to: printChange(change) })
      this.#holds.declare(id, change)
    })
  }

  #strike(incident: Incident, rank: Rank): void {
    switch (incident.kind) {
      case 'cut':
        this.#last(incident, rank, 'heal', this.#cuts(this.#directionsOf(incident)))
        return
      case 'heal':
        this.#note(incident, rank)
        for (const direction of this.#directionsOf(incident)) this.#releaseAll(`link ${direction}`)
        return
      case 'flap':
        this.#flap(incident, rank, incident.times)
        return
      case 'partition':
        this.#last(incident, rank, 'heal', this.#cuts(this.#borderOf(incident.nodes)))
        return
      case 'reboot':
        this.#reboot(incident, rank)
        return
      case 'crash':
      case 'kill':
        this.death(incident.node)
        this.#last(incident, rank, 'restart', [this.#down(incident.node, incident.kind === 'kill')])
        return
      case 'restart':
        this.#note(incident, rank)
        this.#restart(incident.node)
        return
      default:
        this.#strain(incident, rank)
    }
  }

  /** What goes on working, only worse. */
  #strain(incident: Incident, rank: Rank): void {
    switch (incident.kind) {
      case 'freeze':
        this.#last(incident, rank, 'thaw', [this.#holds.frozen(incident.node, incident.buffer)])
        return
      case 'thaw':
        this.#note(incident, rank)
        this.#releaseAll(`frozen ${incident.node}`)
        return
      case 'slow':
        this.#last(incident, rank, 'fast again', [this.#holds.slow(incident.node, incident, incident.buffer)])
        return
      case 'dns':
        this.#last(incident, rank, 'answers again', [this.#holds.impaired(incident.node, incident)])
        return
      case 'clock':
        this.#note(incident, rank)
        this.#holds.host(incident.node).setClock(incident.stepMs, incident.driftRatio)
        return
      case 'degrade':
        this.#last(
          incident,
          rank,
          'restore',
          this.#directionsOf(incident).map((direction) => this.#holds.change(direction, incident.change)),
        )
        return
      case 'restore':
        this.#note(incident, rank)
        for (const direction of this.#directionsOf(incident)) this.#releaseAll(`change of ${direction}`)
    }
  }

  #restart(name: string): void {
    for (const how of ['power', 'programs']) this.#releaseAll(`${how} ${name}`)
    const host = this.#holds.host(name)
    if (host.power) return
    host.power = true
    this.restart(name)
  }

  /** What begins now and ends after `forNs`, with a record at each. */
  #last(incident: Incident & { readonly forNs?: number }, rank: Rank, end: string, holds: readonly Hold[]): void {
    const { kernel, recorder } = this.#network
    this.#note(incident, rank)
    const begun = recorder.cause
    const holder = {}
    for (const hold of holds) this.#hold(hold, holder)
    if (incident.forNs === undefined) return
    this.#planAt(kernel.now * kernel.tickNs + incident.forNs, FAULT, rank, () => {
      recorder.cause = begun
      recorder.faulted(rank, end, detailsOf(incident))
      for (const { what } of holds) this.#release(what, holder)
    })
  }

  #flap(incident: Incident & { readonly kind: 'flap' }, rank: Rank, left: number): void {
    const { kernel } = this.#network
    const { link, from, downNs, upNs } = incident
    const cut: Incident = { kind: 'cut', link, ...(from !== undefined && { from }), forNs: downNs }
    this.#last(cut, rank, 'heal', this.#cuts(this.#directionsOf(incident)))
    if (left <= 1) return
    this.#planAt(kernel.now * kernel.tickNs + downNs + upNs, FAULT, rank, () => this.#flap(incident, rank, left - 1))
  }

  #reboot(incident: Incident & { readonly kind: 'reboot' }, rank: Rank): void {
    const { boxes, world } = this.#network
    if (incident.forNs === undefined) this.#note(incident, rank)
    else this.#last(incident, rank, 'up again', [this.#holds.deaf(incident.node, rank)])
    boxes.get(incident.node)?.reboot()
    world.errorLimits.get(rank)?.forget()
  }

  #cuts(directions: readonly DirectionId[]): readonly Hold[] {
    return directions.map((direction) => this.#holds.cut(direction))
  }

  #down(name: string, power: boolean): Hold {
    const other = `${power ? 'power' : 'programs'} ${name}`
    return this.#holds.programs(name, power, () => {
      if (!this.#isHeld(other)) this.restart(name)
    })
  }

  #hold(hold: Hold, holder: object): void {
    const holders = this.#holders.get(hold.what) ?? new Map<object, Hold>()
    this.#holders.set(hold.what, holders)
    const first = holders.size === 0
    holders.set(holder, hold)
    if (first || hold.again) hold.begin()
  }

  #release(what: string, holder: object): void {
    const holders = this.#holders.get(what)
    const hold = holders?.get(holder)
    if (holders === undefined || hold === undefined) return
    holders.delete(holder)
    if (holders.size === 0 || hold.each === true) hold.end()
  }

  #releaseAll(what: string): void {
    for (const holder of [...(this.#holders.get(what)?.keys() ?? [])]) this.#release(what, holder)
  }

  #note(incident: Incident, rank: Rank): void {
    this.#network.recorder.faulted(rank, incident.kind, detailsOf(incident))
  }

  #rankOf(incident: Incident): Rank {
    const { kernel, links } = this.#network
    if ('link' in incident) return links.senderOf(this.#directionsOf(incident)[0]!)
    if (!('nodes' in incident)) return kernel.rankOf(incident.node)
    return kernel.rankOf(incident.nodes[0] ?? bug(`${printIncident(incident)}: no nodes`))
  }

  #directionsOf({ link, from }: LinkPlace): readonly DirectionId[] {
    const place = this.#network.linkIds.indexOf(link)
    assert(place >= 0, `no link is named "${link}"`)
    const [first] = link.split('--')
    const both = [place * 2, place * 2 + 1]
    return from === undefined ? both : [from === first ? both[0]! : both[1]!]
  }

  #borderOf(nodes: readonly string[]): readonly DirectionId[] {
    return this.#network.linkIds.flatMap((id, place) => {
      const [a = '', b = ''] = id.split('--')
      return nodes.includes(a) === nodes.includes(b) ? [] : [place * 2, place * 2 + 1]
    })
  }

  #isHeld(what: string): boolean {
    return (this.#holders.get(what)?.size ?? 0) > 0
  }
}

/** What the record says of an incident: where it strikes, and for how long. */
function detailsOf(incident: Incident): Readonly<Record<string, string | number>> {
  const lasting = 'forNs' in incident && incident.forNs !== undefined ? { forMs: incident.forNs / 1e6 } : {}
  if (incident.kind === 'degrade') return { on: printPlace(incident), to: printChange(incident.change), ...lasting }
  if ('link' in incident) return { on: printPlace(incident), ...lasting }
  if (incident.kind === 'slow') {
    const { packetNs, timerNs } = incident
    return { packet: printDuration(packetNs), timer: printDuration(timerNs), ...lasting }
  }
  if (incident.kind === 'dns') return { how: printImpairment(incident), ...lasting }
  if (incident.kind === 'clock') return { by: printClock(incident) }
  if ('nodes' in incident) return { nodes: incident.nodes.join(', '), ...lasting }
  return { ...lasting }
}
