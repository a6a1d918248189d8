// What each fault takes away as long as it lasts: a link's way, a host's power, a box's ears, a processor's speed.

import { bug } from '../../platform/assert.ts'
import type { DnsImpairment } from '../dns/impairment.ts'
import type { Rank } from '../kernel/event.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { NO_LINK, type Recorder } from '../trace/recorder.ts'
import { Cpu, type CpuLoad, SOCKET_BUFFER } from './cpu.ts'
import type { Direction, DirectionChange, DirectionId } from './direction.ts'
import type { SimulatedHost } from './host.ts'
import type { Links } from './link.ts'
import type { World } from './node.ts'
import type { Packet, PacketPool } from './packet.ts'
import type { QueueLimit } from './queue.ts'

/** Takes what comes to a node. */
export interface PacketReceiver {
  receive(packet: Packet, direction: DirectionId): void
}

/** A NAT or firewall, as a reboot needs it. */
export interface Rebootable {
  readonly rank: Rank
  reboot(): void
}

/** What faults need of their network. */
export interface StruckNetwork {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly pool: PacketPool
  readonly links: Links
  readonly world: World
  /** A link's two directions are 2n and 2n + 1, n being its place here. */
  readonly linkIds: readonly string[]
  /** By number. */
  readonly directions: readonly Direction[]
  /** By rank: who takes what comes to a node now. */
  readonly receivers: PacketReceiver[]
  readonly hosts: ReadonlyMap<string, SimulatedHost>
  readonly boxes: ReadonlyMap<string, Rebootable>
  /** The host's timers and sockets are gone. */
  silence(host: SimulatedHost): void
}

/** Something that works or does not: it begins to fail with the first fault that holds it, and works again when none does any more. */
export interface Hold {
  /** Names it: faults that hold the same are counted together. */
  readonly what: string
  /** Whether a further fault begins it again. */
  readonly again: boolean
  readonly begin: () => void
  readonly end: () => void
  /** Whether each fault's end is one of its own; absent: only the last one's is. */
  readonly each?: boolean
}

/** Makes the holds of one network. */
export class Holds {
  readonly #network: StruckNetwork
  /** By rank: the nodes themselves. */
  readonly #sound: readonly PacketReceiver[]
  readonly #cpus = new Map<string, Cpu>()
  /** By host, the latest last. */
  readonly #loads = new Map<string, { readonly load: CpuLoad; readonly buffer: QueueLimit }[]>()
  readonly #declared = new Map<DirectionId, DirectionChange>()
  readonly #changes = new Map<DirectionId, DirectionChange[]>()

  constructor(network: StruckNetwork) {
    this.#network = network
    this.#sound = [...network.receivers]
  }

  /** The direction loses all that waits, is under way and comes. */
  cut(direction: DirectionId): Hold {
    const { links } = this.#network
    const begin = (): void => links.cut(direction)
    return { what: `link ${direction}`, again: true, begin, end: () => links.heal(direction) }
  }

  /** What the topology itself changes: on it lie the faults. */
  declare(direction: DirectionId, change: DirectionChange): void {
    this.#declared.set(direction, { ...this.#declaredOf(direction), ...change })
    this.#apply(direction)
  }

  /** The direction is changed; more than one change at a time are laid one upon the other. */
  change(direction: DirectionId, change: DirectionChange): Hold {
    const changes = this.#changes.get(direction) ?? []
    this.#changes.set(direction, changes)
    const own = { ...change }
    const apply = (): void => this.#apply(direction)
    return {
      what: `change of ${direction}`,
      again: true,
      each: true,
      begin: () => {
        changes.push(own)
        apply()
      },
      end: () => {
        changes.splice(changes.indexOf(own), 1)
        apply()
      },
    }
  }

  /** The host's programs are gone, and with `power` false the host is deaf and dumb. `restart` starts them anew. */
  programs(name: string, power: boolean, restart: () => void): Hold {
    const host = this.host(name)
    return {
      what: `${power ? 'programs' : 'power'} ${name}`,
      again: true,
      begin: () => {
        if (power) host.abortConnections()
        else host.power = false
        this.#network.silence(host)
        this.#cpus.get(name)?.clear(power)
      },
      end: () => {
        if (!power) {
          host.power = true
          this.#network.world.errorLimits.get(host.rank)?.forget()
        }
        restart()
      },
    }
  }

  /** The box swallows what comes. */
  deaf(name: string, rank: Rank): Hold {
    const { receivers, recorder, pool } = this.#network
    const swallow = (packet: Packet): void => {
      recorder.lost(rank, NO_LINK, packet, pool.length(packet), 'box without power')
      pool.free(packet)
    }
    return {
      what: `box ${name}`,
      again: false,
      begin: () => {
        receivers[rank] = { receive: swallow }
      },
      end: () => {
        receivers[rank] = this.#sound[rank]!
      },
    }
  }

  /** The host stands still. */
  frozen(name: string, buffer: QueueLimit = SOCKET_BUFFER): Hold {
    const cpu = this.#cpuOf(name)
    return { what: `frozen ${name}`, again: true, begin: () => cpu.freeze(buffer), end: () => cpu.thaw() }
  }

  /** The host is slow: of several loads the latest counts, and when it ends the one before it again. */
  slow(name: string, load: CpuLoad, buffer: QueueLimit = SOCKET_BUFFER): Hold {
    const cpu = this.#cpuOf(name)
    const loads = this.#loads.get(name) ?? []
    this.#loads.set(name, loads)
    const own = { load, buffer }
    const apply = (): void => {
      const last = loads[loads.length - 1]
      cpu.load(last?.load, last?.buffer)
    }
    return {
      ...{ what: `slow ${name}`, again: true, each: true },
      begin: () => {
        loads.push(own)
        apply()
      },
      end: () => {
        loads.splice(loads.indexOf(own), 1)
        apply()
      },
    }
  }

  /** The host's DNS servers are impaired, whichever of its programs they are, and also after it has begun anew. */
  impaired(name: string, impairment: DnsImpairment): Hold {
    const host = this.host(name)
    const own = { ...impairment }
    return {
      what: `dns ${name}`,
      again: true,
      each: true,
      begin: () => host.dnsImpairments.begin(own),
      end: () => host.dnsImpairments.end(own),
    }
  }

  host(name: string): SimulatedHost {
    return this.#network.hosts.get(name) ?? bug(`no host is named "${name}"`)
  }

  #apply(direction: DirectionId): void {
    const all = Object.assign({}, this.#declaredOf(direction), ...(this.#changes.get(direction) ?? []))
    this.#network.links.change(direction, all)
  }

  #declaredOf(direction: DirectionId): DirectionChange {
    return this.#declared.get(direction) ?? asDeclared(this.#network.directions[direction]!)
  }

  #cpuOf(name: string): Cpu {
    const host = this.host(name)
    const { receivers, world } = this.#network
    const known = this.#cpus.get(name)
    if (known !== undefined) return known
    const cpu = new Cpu(world, host, (engaged) => {
      receivers[host.rank] = engaged ?? host
      host.cpu = engaged
    })
    this.#cpus.set(name, cpu)
    return cpu
  }
}

/** A direction as its topology gives it, each thing said: a change back. */
function asDeclared({
  rateBps,
  delayNs,
  jitter,
  loss,
  duplication,
  corruption,
  reordering,
}: Direction): DirectionChange {
  return {
    rateBps: rateBps ?? Number.POSITIVE_INFINITY,
    delayNs,
    jitter: jitter ?? { mostNs: 0 },
    loss: loss ?? { model: 'random', ratio: 0 },
    duplication: duplication ?? { ratio: 0, afterNs: 0 },
    corruption: corruption ?? { ratio: 0 },
    reordering: reordering ?? { ratio: 0, byNs: 0, correlation: 0, gap: 1 },
  }
}
