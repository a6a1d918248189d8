// The network of one run: nodes and links are declared, sealed, and then carry packets over the kernel's time.

import { assert, bug } from '../../platform/assert.ts'
import type { DnsRecord } from '../../platform/host.ts'
import { RandomStreams } from '../../platform/random.ts'
import type { Issue } from '../../platform/result.ts'
import type { Classify, RecordId, TraceLevel, TraceSink } from '../../platform/trace.ts'
import type { FirewallOptions } from '../boxes/firewall/options.ts'
import type { NatOptions } from '../boxes/nat/options.ts'
import type { ChanceLog } from '../faults/freeze.ts'
import type { Incident } from '../faults/incident.ts'
import type { FaultRule } from '../faults/rule.ts'
import { FaultTape } from '../faults/tape.ts'
import { type EventKind, type OrderClass, type Rank, SCENARIO } from '../kernel/event.ts'
import { Kernel, type RunEnd } from '../kernel/kernel.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import type { RunDigests } from '../trace/digest.ts'
import { Recorder } from '../trace/recorder.ts'
import { ShownDatagram } from '../transport/datagram.ts'
import type { Declared, HostOptions, RouterOptions } from './declaration.ts'
import { Deliveries } from './delivery.ts'
import type { DirectionChange, PlacedDirection } from './direction.ts'
import { Endpoints } from './endpoint.ts'
import { Flows } from './flow.ts'
import type { PacketReceiver } from './holds.ts'
import type { SimulatedHost } from './host.ts'
import { Incidents } from './incidents.ts'
import { layoutOf } from './layout.ts'
import { Links } from './link.ts'
import { World } from './node.ts'
import { Nodes } from './nodes.ts'
import { type Packet, PacketPool } from './packet.ts'
import { type LinkOptions, placeLinks } from './placement.ts'
import { Routes } from './routes.ts'

export interface NetworkOptions {
  /** All chance comes from it. */
  readonly seed: string
  /** Nanoseconds per tick, default 1. */
  readonly tickNs?: number
  readonly level: TraceLevel
  readonly classify: Classify
  readonly sinks: readonly TraceSink[]
  /** The fault tape; default empty. */
  readonly faults?: readonly FaultRule[]
  /** Leave nothing to chance: no random loss, no jitter. Default false. */
  readonly calm?: boolean
  /** Note every decision of chance, to freeze the run. */
  readonly chance?: ChanceLog
  /** All nodes, in another order than that of their names: what happens at one time happens in it. For the question whether that matters. */
  readonly order?: readonly string[]
  /** False: every link as separate stages. The run is the same; for the test that it is. Default true. */
  readonly fused?: boolean
}

/** How long a packet takes from a host to itself, ns. */
const LOOPBACK_NS = 1000
/** Declare with `host`, `router`, `nat`, `firewall` and `link`; then `seal`; then `run`. */
export class Network {
  readonly kernel: Kernel
  readonly recorder: Recorder
  /** What `resolve` answers, by name in lower case, before hosts' own names and addresses. */
  readonly names = new Map<string, readonly DnsRecord[]>()
  readonly #options: NetworkOptions
  readonly #weather: { calm: boolean }
  readonly #endpoints = new Endpoints()
  readonly #pool: PacketPool
  readonly #tape: FaultTape
  readonly #declared = new Map<string, Declared>()
  readonly #linkOptions = new Map<string, LinkOptions>()
  readonly #nodes = new Nodes(this.#endpoints)
  readonly #planned: (() => void)[] = []
  readonly #plan: EventKind
  #world: World | undefined
  /** By rank: who takes what comes to a node. A node itself, unless a fault stands in its place. */
  readonly #receivers: PacketReceiver[] = []
  #incidents: Incidents | undefined

  constructor(options: NetworkOptions) {
    const { tickNs = 1, level, sinks, classify, faults = [] } = options
    this.#options = options
    this.#weather = { calm: options.calm ?? false }
    this.kernel = new Kernel({ tickNs })
    this.recorder = new Recorder({ level, sinks, clock: this.kernel, tickNs, classify })
    this.#pool = new PacketPool(
      this.#endpoints,
      this.kernel.records,
      classify,
      level !== 'counters' || faults.length > 0,
    )
    this.#tape = new FaultTape(faults, {
      label: (packet) => this.#pool.label(packet),
      sourceNode: (packet) => this.#sourceNode(packet),
      now: () => this.kernel.now * tickNs,
    })
    this.#plan = this.kernel.on((index) => {
      this.recorder.cause = NO_CAUSE
      this.#planned[index]!()
    })
  }

  host(name: string, options: HostOptions): void {
    this.#declare(name, { host: options })
  }

  router(name: string, options: RouterOptions = {}): void {
    this.#declare(name, { router: options })
  }

  /** A NAT: what hangs on its links and stands in its inside prefix is a realm of its own, whose addresses may be used elsewhere as well. */
  nat(name: string, options: NatOptions): void {
    this.#declare(name, { nat: options })
  }

  /** A firewall: what hangs on its links and stands in its inside prefix is inside, all else outside. */
  firewall(name: string, options: FirewallOptions): void {
    this.#declare(name, { firewall: options })
  }

  link(options: LinkOptions): void {
    const id = options.between.join('--')
    assert(!this.#linkOptions.has(id), `two links are named ${id}`)
    assert(options.between[0] !== options.between[1], `${id} is no link`)
    for (const end of options.between) assert(this.#declared.has(end), `${id} leads to ${end}, which is no node`)
    this.#linkOptions.set(id, options)
  }

  /** Ends the declarations: ranks and routes stand from here on. Gives the fault rules whose place is not in this network, or that do nothing there. */
  seal(): readonly Issue[] {
    assert(this.#world === undefined, 'the network was sealed twice')
    const names = this.#options.order ?? [...this.#declared.keys()].sort(byCodeUnit)
    this.kernel.rank(names, this.#options.order !== undefined)
    this.recorder.begin(names, this.#pool, this.kernel.nodeWords)
    const { ids, placed, issues } = placeLinks(this.#linkOptions, this.#tape, this.kernel)
    const layout = layoutOf(
      this.#declared,
      ids.map((id) => this.#linkOptions.get(id)!.between),
    )
    const world = this.#makeWorld(names.length, placed)
    this.#world = world
    this.#nodes.build(world, names, this.#declared, layout)
    this.#receivers.push(...this.#nodes.all)
    const struck = {
      ...{ kernel: this.kernel, recorder: this.recorder, links: world.links, world, pool: this.#pool, linkIds: ids },
      ...{ receivers: this.#receivers, hosts: this.#nodes.hosts, boxes: this.#nodes.boxes },
      silence: (host: SimulatedHost) => this.#silence(host),
      directions: placed.map(({ direction }) => direction),
    }
    this.#incidents = new Incidents(struck, (...plan) => this.#planAt(...plan))
    this.#linkOptions.clear()
    this.#declared.clear()
    return issues
  }

  /** The host of this name, once sealed. */
  hostOf(name: string): SimulatedHost {
    return this.#nodes.host(name)
  }

  /** The UDP ports that a host's programs have open, in their order. For rare events. */
  portsOf(name: string): readonly number[] {
    const ports = this.#endpoints.sockets.of(this.hostOf(name)).map(({ local }) => local.port)
    return [...new Set(ports)].sort((a, b) => a - b)
  }

  /** How many timers of a host's programs are to fire; the host's own are not among them. For rare events. */
  timersOf(name: string): number {
    return this.kernel.timersOf(this.kernel.rankOf(name)).length - this.hostOf(name).ownTimers
  }

  /** Runs up to and including `untilNs`, at most `maxEvents`. Slicing never changes a run. */
  run(untilNs = Number.POSITIVE_INFINITY, maxEvents?: number): RunEnd {
    assert(this.#world !== undefined, 'the network was run before it was sealed')
    return this.kernel.run(untilNs / this.kernel.tickNs, maxEvents)
  }

  /** Plans what the scenario wants of `node` at `atNs`, in its place in the total order. */
  ask(atNs: number, node: string, perform: () => void): void {
    const host = this.#nodes.hosts.get(node)
    this.#planAt(atNs, SCENARIO, this.kernel.rankOf(node), host === undefined ? perform : () => host.ask(perform))
  }

  /** Plans a fault of a link or node at `atNs`: see {@link Incidents.plan}. */
  strike(atNs: number, incident: Incident, cause?: RecordId, done?: () => void): void {
    const { incidents, recorder } = this
    incidents.plan(atNs, incident, cause === undefined ? NO_CAUSE : recorder.causeOf(cause), done)
  }

  /** What strikes links and nodes. */
  get incidents(): Incidents {
    return this.#incidents ?? bug('the network is not sealed')
  }

  /**
   * Changes one direction of a link at `atNs`, for what it is handed from then on: `up` is from the first of the link's ends to the second.
   * The direction was declared as one that {@link Direction.changes}.
   */
  change(atNs: number, link: string, way: 'up' | 'down', change: DirectionChange): void {
    this.incidents.planChange(atNs, link, way, change)
  }

  /**
   * Whatever is drawn from now on is drawn anew, by `seed`, and a {@link NetworkOptions.calm} network is calm no more (one of separate
   * stages, that is: see {@link NetworkOptions.fused}). What was drawn before stays.
   */
  renew(seed: string): void {
    const { streams, links } = this.#world ?? bug('the network is not sealed')
    streams.renew(seed)
    if (!this.#weather.calm) return
    this.#weather.calm = false
    links.refresh()
  }

  /** The digests so far. */
  digests(): RunDigests {
    return this.recorder.digests()
  }

  /** Packets sent and neither delivered nor lost so far. */
  get inFlight(): number {
    return this.#pool.used
  }

  /** The fault rules that have matched no packet. */
  unmatchedFaults(): readonly FaultRule[] {
    return this.#tape.unmatched()
  }

  #declare(name: string, what: Declared): void {
    assert(this.#world === undefined, `${name} was declared after the network was sealed`)
    assert(!this.#declared.has(name), `two nodes are named ${name}`)
    this.#declared.set(name, what)
  }

  /** What all nodes share. */
  #makeWorld(nodes: number, placed: readonly PlacedDirection[]): World {
    const { kernel, recorder } = this
    const [pool, endpoints] = [this.#pool, this.#endpoints]
    const streams = new RandomStreams(this.#options.seed)
    const datagram = new ShownDatagram(endpoints, pool, kernel)
    const deliveries = new Deliveries(nodes, { kernel, recorder, pool, endpoints, datagram })
    const loopbackNumber = recorder.link('loopback')
    const links = new Links(placed, {
      deliveries,
      ...{ kernel, recorder, streams, pool, chance: this.#options.chance, weather: this.#weather },
      ...{ fused: this.#options.fused ?? true, flows: new Flows(endpoints, pool), nodes: this.#receivers },
    })
    return new World({
      kernel,
      recorder,
      links,
      streams,
      fragmented: new Map(),
      recordsOf: (name) => this.names.get(name) ?? this.#nodes.recordsOf(name),
      pool,
      endpoints,
      deliveries,
      routes: new Routes(nodes, this.#nodes.all, placed, endpoints),
      loopbackTicks: Math.max(1, Math.round(LOOPBACK_NS / kernel.tickNs)),
      loopbackNumber,
      ticksPerMs: 1e6 / kernel.tickNs,
      errorLimits: this.#nodes.errorLimits,
      gathered: new Map(),
    })
  }

  #planAt(atNs: number, order: OrderClass, rank: Rank, perform: () => void): void {
    const { kernel } = this
    const at = Math.round(atNs / kernel.tickNs)
    kernel.schedule(at, order, rank, rank, kernel.nextSequence(rank), this.#plan, this.#planned.push(perform) - 1, 0)
  }

  #silence(host: SimulatedHost): void {
    this.kernel.cancelAll(host.rank)
    host.forget()
    for (const socket of this.#endpoints.sockets.of(host)) socket.close()
  }

  #sourceNode(packet: Packet): string {
    const { addressId } = this.#endpoints.byId(this.#pool.source(packet))
    return this.#nodes.ownerOf(addressId)
  }
}

function byCodeUnit(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}
