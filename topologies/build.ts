// Builds the simulated network that a topology describes.

import { canonicalAddress } from '../platform/address.ts'
import type { DnsRecord } from '../platform/host.ts'
import type { HostOptions, RouterOptions } from '../sim/network/declaration.ts'
import { Network, type NetworkOptions } from '../sim/network/network.ts'
import { firewallOptionsOf } from './firewall.ts'
import { errorLimitsOf } from './icmp.ts'
import { changeOf, simulatedDirection } from './links/simulated.ts'
import { natOptionsOf } from './nat.ts'
import { addressesOf, type HostNode, nodeNamed, plainAddressesOf, type RouterNode } from './node.ts'
import { resolverOptionsOf } from './resolver.ts'
import { tcpSettingsOf } from './tcp.ts'
import { tlsSettingsOf } from './tls.ts'
import type { Topology } from './topology.ts'

const NAME_TTL_SECONDS = 3600

/**
 * The network, sealed. `topology` is one that `readTopology` gave; anything wrong with it now is a bug. `changing` has the ids of the links
 * that may be changed while they run.
 */
export function buildNetwork(
  topology: Topology,
  options: NetworkOptions,
  changing: ReadonlySet<string> = new Set(),
): Network {
  const network = new Network(options)
  for (const [name, node] of Object.entries(topology.nodes)) {
    const interfaces = addressesOf(node).map((address) => ({ address }))
    if (node.kind === 'router') network.router(name, { interfaces, ...routerOf(node) })
    else if (node.kind === 'nat') network.nat(name, natOptionsOf(node))
    else if (node.kind === 'firewall') network.firewall(name, firewallOptionsOf(node))
    else network.host(name, { interfaces, ...hostOf(node) })
  }
  for (const { between, up, down } of topology.links) {
    const changes = changing.has(between.join('--')) && { changes: true }
    const [there, back] = [simulatedDirection(up ?? {}), simulatedDirection(down ?? {})]
    network.link({ between, up: { ...there, ...changes }, down: { ...back, ...changes } })
  }
  for (const [name, target] of Object.entries(topology.names)) {
    network.names.set(name.toLowerCase(), recordsOf(topology, target))
  }
  network.seal()
  // What changes at one time at one node goes on record in this order, not in that of the file.
  const idOf = ({ between }: Topology['links'][number]): string => between.join('--')
  const ordered = [...topology.links].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  for (const link of ordered) for (const way of ['up', 'down'] as const) planChanges(network, link, way)
  return network
}

function planChanges(network: Network, { between, ...ways }: Topology['links'][number], way: 'up' | 'down'): void {
  for (const { at, ...change } of ways[way]?.changes ?? [])
    network.change(at, between.join('--'), way, changeOf(change))
}

function routerOf({ unreachable, fragments, icmp }: RouterNode): Omit<RouterOptions, 'interfaces'> {
  return { unreachable, fragments, ...(icmp !== undefined && { icmp: errorLimitsOf(icmp) }) }
}

function hostOf(host: HostNode): Omit<HostOptions, 'interfaces'> {
  const { power, gateway, clock, pathMtu, reassembly, tcp, tls, resolver, icmp } = host
  const time = clock && { driftRatio: clock.drift, offsetMs: clock.offset / 1e6 }
  const sending = pathMtu && { ...pathMtu, lifetimeNs: pathMtu.lifetime }
  const timeout = reassembly?.timeout === undefined ? {} : { timeoutNs: reassembly.timeout }
  return {
    power: power === 'on',
    ...(gateway !== undefined && { gateway }),
    ...(time && { clock: time }),
    ...(sending && { sending }),
    ...(resolver !== undefined && { resolver: resolverOptionsOf(resolver) }),
    ...(tcp && { tcp: tcpSettingsOf(tcp) }),
    ...(tls && { tls: tlsSettingsOf(tls) }),
    ...(icmp !== undefined && { icmp: errorLimitsOf(icmp) }),
    ...(reassembly && { reassembly: { limitBytes: reassembly.limit, ...timeout } }),
  }
}

/** A name stands for an address, or for all those of a node. */
function recordsOf({ nodes }: Topology, target: string): readonly DnsRecord[] {
  const node = nodeNamed(nodes, target)
  const addresses = node === undefined ? [target] : plainAddressesOf(node)
  return addresses.map((address) => {
    const text = canonicalAddress(address) ?? address
    return { type: text.includes(':') ? 'AAAA' : 'A', ttlSeconds: NAME_TTL_SECONDS, address: text }
  })
}
