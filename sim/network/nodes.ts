// All nodes of a network: built as they were declared, each at its rank.

import { canonicalAddress, printAddress } from '../../platform/address.ts'
import { assert, bug } from '../../platform/assert.ts'
import type { DnsRecord } from '../../platform/host.ts'
import { Firewall } from '../boxes/firewall/firewall.ts'
import { Nat } from '../boxes/nat/nat.ts'
import type { NatOptions } from '../boxes/nat/options.ts'
import { Router } from '../boxes/router.ts'
import type { Rank } from '../kernel/event.ts'
import { addressesOf, cidrOf, type Declared, errorLimitsOf, type HostOptions, refusals } from './declaration.ts'
import type { AddressId, Endpoints, Realm } from './endpoint.ts'
import { ErrorLimits } from './errorLimits.ts'
import { SimulatedHost } from './host.ts'
import type { Layout } from './layout.ts'
import type { Interface, Node, World } from './node.ts'

const NAME_TTL_SECONDS = 3600

/** What nodes are built from. */
interface Plan {
  readonly world: World
  readonly declared: ReadonlyMap<string, Declared>
  readonly layout: Layout
}

/** One node's place in the order. */
interface Place {
  readonly name: string
  readonly rank: Rank
}

/** Empty until they are built, once. */
export class Nodes {
  /** By rank. */
  readonly all: Node[] = []
  readonly hosts = new Map<string, SimulatedHost>()
  readonly boxes = new Map<string, Nat | Firewall>()
  /** By rank: of those that do not send every ICMP error. */
  readonly errorLimits = new Map<Rank, ErrorLimits>()
  /** Made when a name is asked for that is not a host's to the letter. */
  #byLowerName: ReadonlyMap<string, SimulatedHost> | undefined
  readonly #endpoints: Endpoints

  constructor(endpoints: Endpoints) {
    this.#endpoints = endpoints
  }

  /** Builds all that were `declared`, in the order of `names`: that of their ranks. */
  build(world: World, names: readonly string[], declared: ReadonlyMap<string, Declared>, layout: Layout): void {
    const plan = { world, declared, layout }
    for (const [rank, name] of names.entries()) this.all.push(this.#build(plan, { name, rank }))
    for (const box of this.boxes.values()) if (box instanceof Nat) box.openForwards()
  }

  /** The host of this name. */
  host(name: string): SimulatedHost {
    return this.hosts.get(name) ?? bug(`no host is named "${name}"`)
  }

  /** What is known of a name in lower case that is a host's: its addresses. */
  recordsOf(name: string): readonly DnsRecord[] | undefined {
    const host = this.hosts.get(name) ?? this.#lowerNames().get(name)
    return host?.interfaces.map(({ addressId }): DnsRecord => {
      const type = this.#endpoints.isIpv6(addressId) ? 'AAAA' : 'A'
      return { type, ttlSeconds: NAME_TTL_SECONDS, address: this.#endpoints.addressOf(addressId) }
    })
  }

  /** The name of the node that has an address; empty if none has. */
  ownerOf(address: AddressId): string {
    return this.all[this.#endpoints.ownerOf(address)]?.name ?? ''
  }

  #build(plan: Plan, place: Place): Node {
    const { name, rank } = place
    const declared = plan.declared.get(name)!
    const limits = errorLimitsOf(declared)
    if (limits !== undefined) this.errorLimits.set(rank, new ErrorLimits(limits, plan.world.kernel.tickNs))
    const { host, router, nat, firewall } = declared
    if (nat !== undefined) return this.#buildNat(plan, place, nat)
    const realm = plan.layout.realms?.outside(name) ?? 0
    const interfaces = addressesOf(declared).map((address) => this.#interface(place, address, realm))
    if (host !== undefined) return this.#buildHost(plan, place, interfaces, host)
    if (firewall !== undefined) {
      const box = new Firewall(
        plan.world,
        { ...place, interfaces, fromOutside: plan.layout.fromOutside(name) },
        firewall,
      )
      this.boxes.set(name, box)
      return box
    }
    const refused = refusals(name, router?.unreachable ?? [])
    return new Router(plan.world, name, rank, interfaces, refused, router?.fragments ?? 'pass')
  }

  #buildHost(plan: Plan, { name, rank }: Place, interfaces: readonly Interface[], options: HostOptions): Node {
    const gateway = options.gateway === undefined ? undefined : gatewayOf(plan, options.gateway)
    const place = { name, rank, interfaces, gateway }
    const made = new SimulatedHost(plan.world, place, options.power ?? true, options.clock, options)
    this.hosts.set(name, made)
    return made
  }

  #buildNat({ world, layout }: Plan, place: Place, options: NatOptions): Node {
    const { name } = place
    const { realms } = layout
    const outside = [options.outside, ...(options.pool ?? [])]
    const nat = new Nat(
      world,
      {
        ...{ ...place, fromOutside: layout.fromOutside(name) },
        inside: this.#interface(place, options.inside, realms?.inside(name) ?? 0),
        outside: outside.map((address) => this.#interface(place, address, realms?.outside(name) ?? 0)),
      },
      options,
    )
    this.boxes.set(name, nat)
    return nat
  }

  /** Of hosts whose names differ in case alone, the first. */
  #lowerNames(): ReadonlyMap<string, SimulatedHost> {
    this.#byLowerName ??= new Map([...this.hosts.values()].reverse().map((host) => [host.name.toLowerCase(), host]))
    return this.#byLowerName
  }

  #interface({ name, rank }: Place, text: string, realm: Realm): Interface {
    const cidr = cidrOf(name, text)
    const address = printAddress(cidr.address)
    const addressId = this.#endpoints.addressId(address, realm)
    assert(this.#endpoints.own(addressId, rank), `${name} and another node have the address ${address}`)
    return { addressId, prefixLength: cidr.prefixLength }
  }
}

/** By its node's name, or by one of its addresses. */
function gatewayOf({ world, declared }: Plan, text: string): Rank {
  if (declared.has(text)) return world.kernel.rankOf(text)
  const address = canonicalAddress(text)
  for (const [name, one] of declared) {
    if (addressesOf(one).some((own) => canonicalAddress(own.split('/')[0]!) === address))
      return world.kernel.rankOf(name)
  }
  return bug(`the gateway "${text}" is no node`)
}
