// Carries out the faults of links and nodes, each at its place in the total order, and ends those that last.

import { assert, bug } from '../../platform/assert.ts'
import { type Incident, type LinkPlace, printIncident, printPlace } from '../faults/incident.ts'
import { FAULT, type OrderClass, type Rank } from '../kernel/event.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type Cause, NO_CAUSE, NO_LINK, type Recorder } from '../trace/recorder.ts'
import type { DirectionChange, DirectionId } from './direction.ts'
import type { SimulatedHost } from './host.ts'
import type { Links } from './link.ts'
import type { Packet, PacketPool } from './packet.ts'

/** A NAT or firewall, as a reboot needs it. */
export interface Rebootable {
  readonly rank: Rank
  reboot(): void
}

/** Takes what comes to a node. */
export interface PacketReceiver {
  receive(packet: Packet, direction: DirectionId): void
}

/** What incidents need of their network. */
export interface StruckNetwork {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly pool: PacketPool
  readonly links: Links
  /** A link's two directions are 2n and 2n + 1, n being its place here. */
  readonly linkIds: readonly string[]
  /** By rank: who takes what comes to a node now. */
  readonly receivers: PacketReceiver[]
  readonly hosts: ReadonlyMap<string, SimulatedHost>
  readonly boxes: ReadonlyMap<string, Rebootable>
  planAt(atNs: number, order: OrderClass, rank: Rank, perform: () => void): void
  /** The host's timers and sockets are gone. */
  silence(host: SimulatedHost): void
}

/** Starts a host's programs anew. */
export type Restart = (host: string) => void

/** All incidents of one run. */
export class Incidents {
  readonly #network: StruckNetwork
  /** Who keeps what from working: by what, those faults that have not ended. */
  readonly #holders = new Map<string, Set<object>>()
  /** What stops working, and its end. */
  readonly #ends = new Map<string, () => void>()
  readonly #down = new Map<Rank, PacketReceiver>()
  /** Starts the programs of a host that comes back. */
  restart: Restart = () => {}

  constructor(network: StruckNetwork) {
    this.#network = network
  }

  /**
   * Plans `incident` for `atNs`. `cause` is the record that it is due to (default: none). `done` is called when it strikes.
   * Those of one time go in this order: by the rank of their node (a link's: its first end; a partition's: the first named); then as they were planned.
   */
  plan(atNs: number, incident: Incident, cause: Cause = NO_CAUSE, done: () => void = () => {}): void {
    const rank = this.#rankOf(incident)
    this.#network.planAt(atNs, FAULT, rank, () => {
      this.#network.recorder.cause = cause
      this.#strike(incident, rank)
      done()
    })
  }

  /** Plans a change of one direction of a link: `up` is from the first of its ends to the second. */
  planChange(atNs: number, link: string, way: 'up' | 'down', change: DirectionChange): void {
    const { links, recorder, planAt } = this.#network
    const [up, down] = this.#directionsOf({ link })
    const id = (way === 'up' ? up : down)!
    const sender = links.senderOf(id)
    planAt(atNs, FAULT, sender, () => {
      recorder.cause = NO_CAUSE
      recorder.faulted(sender, 'change', { link, way })
      links.change(id, change)
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
        this.#last(incident, rank, 'restart', [this.#downOf(incident.node, incident.kind === 'crash')])
        return
      case 'restart':
        this.#note(incident, rank)
        this.#restart(incident.node)
    }
  }

  #restart(name: string): void {
    for (const how of ['power', 'programs']) this.#releaseAll(`${how} ${name}`)
    const host = this.#host(name)
    if (host.power) return
    host.power = true
    this.restart(name)
  }

  /** What begins now and ends after `forNs`, with a record at each. */
  #last(incident: Incident & { readonly forNs?: number }, rank: Rank, end: string, holds: readonly Hold[]): void {
    const { kernel, recorder, planAt } = this.#network
    this.#note(incident, rank)
    const begun = recorder.cause
    const holder = {}
    for (const hold of holds) this.#hold(hold, holder)
    if (incident.forNs === undefined) return
    planAt(kernel.now * kernel.tickNs + incident.forNs, FAULT, rank, () => {
      recorder.cause = begun
      recorder.faulted(rank, end, detailsOf(incident))
      for (const { what } of holds) this.#release(what, holder)
    })
  }

  #flap(incident: Incident & { readonly kind: 'flap' }, rank: Rank, left: number): void {
    const { kernel, planAt } = this.#network
    const { link, from, downNs, upNs } = incident
    const cut: Incident = { kind: 'cut', link, ...(from !== undefined && { from }), forNs: downNs }
    this.#last(cut, rank, 'heal', this.#cuts(this.#directionsOf(incident)))
    if (left <= 1) return
    planAt(kernel.now * kernel.tickNs + downNs + upNs, FAULT, rank, () => this.#flap(incident, rank, left - 1))
  }

  #reboot(incident: Incident & { readonly kind: 'reboot' }, rank: Rank): void {
    const { boxes } = this.#network
    const box = boxes.get(incident.node)
    if (incident.forNs === undefined) this.#note(incident, rank)
    else this.#last(incident, rank, 'up again', [this.#silent(`box ${incident.node}`, rank)])
    box?.reboot()
  }

  #cuts(directions: readonly DirectionId[]): readonly Hold[] {
    const { links } = this.#network
    return directions.map((direction) => ({
      what: `link ${direction}`,
      again: true,
      begin: () => links.cut(direction),
      end: () => links.heal(direction),
    }))
  }

  #downOf(name: string, power: boolean): Hold {
    const host = this.#host(name)
    return {
      what: `${power ? 'power' : 'programs'} ${name}`,
      again: true,
      begin: () => {
        if (power) host.power = false
        this.#network.silence(host)
      },
      end: () => {
        if (power) host.power = true
        const others = this.#holders.get(`${power ? 'programs' : 'power'} ${name}`)?.size ?? 0
        if (others === 0) this.restart(name)
      },
    }
  }

  /** The node swallows what comes. */
  #silent(what: string, rank: Rank): Hold {
    const { receivers, recorder, pool } = this.#network
    const swallow = (packet: Packet): void => {
      recorder.lost(rank, NO_LINK, packet, pool.length(packet), 'box without power')
      pool.free(packet)
    }
    return {
      what,
      again: false,
      begin: () => {
        this.#down.set(rank, receivers[rank]!)
        receivers[rank] = { receive: swallow }
      },
      end: () => {
        receivers[rank] = this.#down.get(rank)!
      },
    }
  }

  #hold(hold: Hold, holder: object): void {
    const holders = this.#holders.get(hold.what) ?? new Set()
    this.#holders.set(hold.what, holders)
    const first = holders.size === 0
    holders.add(holder)
    if (first) this.#ends.set(hold.what, hold.end)
    if (first || hold.again) hold.begin()
  }

  #release(what: string, holder: object): void {
    const holders = this.#holders.get(what)
    if (holders?.delete(holder) === true && holders.size === 0) this.#ends.get(what)!()
  }

  #releaseAll(what: string): void {
    const holders = this.#holders.get(what)
    if (holders === undefined || holders.size === 0) return
    holders.clear()
    this.#ends.get(what)!()
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

  #host(name: string): SimulatedHost {
    return this.#network.hosts.get(name) ?? bug(`no host is named "${name}"`)
  }
}

/** Something that works or does not: it ends when nobody holds it any more. */
interface Hold {
  readonly what: string
  /** Whether a second fault does it again: what has gathered since is lost, too. */
  readonly again: boolean
  readonly begin: () => void
  readonly end: () => void
}

/** What the record says of an incident: where it strikes, and for how long. */
function detailsOf(incident: Incident): Readonly<Record<string, string | number>> {
  const lasting = 'forNs' in incident && incident.forNs !== undefined ? { forMs: incident.forNs / 1e6 } : {}
  if ('link' in incident) return { on: printPlace(incident), ...lasting }
  if ('nodes' in incident) return { nodes: incident.nodes.join(', '), ...lasting }
  return { ...lasting }
}
