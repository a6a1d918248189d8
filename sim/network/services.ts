// What a host has beside its packets and timers: who it is, and its services, each made when it is first asked for. No voice packet needs
// any of it: it stands apart so that the hosts themselves, which every packet touches, lie close together.

import type { RecordType, Resolution, Store, Timer } from '../../platform/host.ts'
import type { RandomStream } from '../../platform/random.ts'
import type { HostTrace } from '../../platform/trace.ts'
import { DnsImpairments } from '../dns/impairment.ts'
import { type ResolverOptions, StubResolver } from '../dns/resolver.ts'
import type { Rank, Ticks } from '../kernel/event.ts'
import { HostTcp } from '../transport/tcp/host.ts'
import type { TcpSettings } from '../transport/tcp/settings.ts'
import { HostTls } from '../transport/tls/host.ts'
import type { TlsSettings } from '../transport/tls/settings.ts'
import { Pings } from './echo.ts'
import type { SimulatedHost } from './host.ts'
import type { Interface, World } from './node.ts'
import { Reassembly, type ReassemblyOptions } from './reassembly.ts'
import { Sending, type SendingOptions } from './sending.ts'

/** Where a host stands. */
export interface HostPlace {
  readonly name: string
  readonly rank: Rank
  /** In the order given; the first is the default. */
  readonly interfaces: readonly Interface[]
  /** The neighbour that gets what no link leads to directly, if one was named. */
  readonly gateway: Rank | undefined
}

/** How a host does what it does; all as a host does that knows nothing of it, where absent. */
export interface HostHabits {
  readonly sending?: SendingOptions
  readonly reassembly?: ReassemblyOptions
  readonly tcp?: TcpSettings
  readonly resolver?: ResolverOptions
  readonly tls?: TlsSettings
}

/** One host's. */
export class HostServices {
  readonly name: string
  readonly interfaces: readonly Interface[]
  readonly gateway: Rank | undefined
  readonly trace: HostTrace
  /** How it sends what may be too large for its way. Absent: as most do. */
  sending: Sending | undefined
  readonly resolver: StubResolver | undefined
  /** Answers about names that are on their way to a program. */
  #answering = 0
  readonly #world: World
  readonly #host: SimulatedHost
  readonly #reassemblyOptions: ReassemblyOptions | undefined
  readonly #tcpSettings: TcpSettings | undefined
  readonly #tlsSettings: TlsSettings | undefined
  #store: Map<string, string> | undefined
  #streams: Map<string, RandomStream> | undefined
  #reassembly: Reassembly | undefined
  #tcp: HostTcp | undefined
  #tls: HostTls | undefined
  #pings: Pings | undefined
  #dnsImpairments: DnsImpairments | undefined

  /** `host` is not built yet: nothing is asked of it here. */
  constructor(world: World, host: SimulatedHost, place: HostPlace, habits: HostHabits) {
    const { pool, recorder } = world
    const { sending, resolver } = habits
    this.name = place.name
    this.interfaces = place.interfaces
    this.gateway = place.gateway
    this.trace = recorder.host(place.rank)
    this.sending = sending && new Sending(sending, pool, host)
    this.resolver = resolver && new StubResolver(host, resolver)
    this.#world = world
    this.#host = host
    this.#reassemblyOptions = habits.reassembly
    this.#tcpSettings = habits.tcp
    this.#tlsSettings = habits.tls
  }

  get store(): Store {
    this.#store ??= new Map()
    return this.#store
  }

  get tcp(): HostTcp {
    this.#tcp ??= this.#makeTcp()
    return this.#tcp
  }

  /** Its TCP, if it has ever been asked for. */
  get madeTcp(): HostTcp | undefined {
    return this.#tcp
  }

  get tls(): HostTls {
    this.#tls ??= new HostTls(this.#host, this.#tlsSettings ?? {}, this.random('tls'))
    return this.#tls
  }

  get pings(): Pings {
    this.#pings ??= new Pings(this.#world, this.#host)
    return this.#pings
  }

  /** Its pings, if they have ever been asked for. */
  get madePings(): Pings | undefined {
    return this.#pings
  }

  get dnsImpairments(): DnsImpairments {
    this.#dnsImpairments ??= new DnsImpairments()
    return this.#dnsImpairments
  }

  get reassembly(): Reassembly {
    const host = this.#host
    this.#reassembly ??= new Reassembly(
      this.#world,
      host,
      this.#reassemblyOptions ?? {},
      (whole, way) => host.receive(whole, way),
      host,
    )
    return this.#reassembly
  }

  /** The random stream of this name; the same object at each call. */
  random(name: string): RandomStream {
    this.#streams ??= new Map()
    let stream = this.#streams.get(name)
    if (stream === undefined) {
      stream = this.#world.streams.take(`host/${this.name}/${name}`)
      this.#streams.set(name, stream)
    }
    return stream
  }

  /** What is known of a name: its resolver's answer, or what the world knows where it has none; undefined where servers must be asked. */
  known(name: string, type: RecordType): Resolution | undefined {
    if (this.resolver !== undefined) return this.resolver.known(name, type)
    const all = this.#world.recordsOf(name.toLowerCase())
    const records = all?.filter((record) => record.type === type) ?? []
    if (records.length > 0) return { ok: true, records }
    return { ok: false, why: all === undefined ? 'no such name' : 'no such record' }
  }

  /** Answers what is {@link known}, a moment later: never from within the question. */
  tell(known: Resolution, answer: (result: Resolution) => void): void {
    this.#answering += 1
    this.#host.after(this.#world.loopbackTicks / this.#host.ticksPerMs, () => {
      this.#answering -= 1
      answer(known)
    })
  }

  /** Its programs have died, and it has not. */
  abortConnections(): void {
    this.#pings?.forget()
    this.#tcp?.abort()
  }

  /** How many timers are running for these services themselves: TCP's, those of names' questions, of pings and of fragments. */
  get timers(): number {
    const owners = [this.#tcp, this.resolver, this.#pings, this.#reassembly]
    return owners.reduce((sum, one) => sum + (one?.timers ?? 0), this.#answering)
  }

  /** Loses what is kept in memory alone, as a machine does without power. */
  forget(): void {
    this.#pings?.forget()
    this.#tcp?.forget()
    this.#tls?.forget()
    this.#reassembly?.forget()
    this.sending?.forget()
    this.resolver?.forget()
    this.#answering = 0
  }

  #makeTcp(): HostTcp {
    const host = this.#host
    const secret = Math.floor(this.random('tcp').next() * 0x1_0000_0000) | 0
    const alarm = {
      after: (ticks: Ticks, ring: () => void) => host.afterTicks(ticks, ring),
      cancel: (id: Timer) => host.cancel(id),
    }
    return new HostTcp(this.#world, host, this.trace, alarm, host, this.#tcpSettings ?? {}, secret)
  }
}
