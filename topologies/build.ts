// Builds the simulated network that a topology describes.

import { canonicalAddress } from '../platform/address.ts'
import type { DnsRecord } from '../platform/host.ts'
import type { HostOptions } from '../sim/network/declaration.ts'
import type { Direction as SimulatedDirection } from '../sim/network/direction.ts'
import { Network, type NetworkOptions } from '../sim/network/network.ts'
import { firewallOptionsOf } from './firewall.ts'
import type { Direction } from './link.ts'
import { natOptionsOf } from './nat.ts'
import { addressesOf, type HostNode, plainAddressesOf } from './node.ts'
import type { Topology } from './topology.ts'

/** The least delay of a link, ns: what an absent `delay` stands for. */
const LEAST_DELAY_NS = 1000
const NAME_TTL_SECONDS = 3600

/** The network, sealed. `topology` is one that `readTopology` gave; anything wrong with it now is a bug. */
export function buildNetwork(topology: Topology, options: NetworkOptions): Network {
  const network = new Network(options)
  for (const [name, node] of Object.entries(topology.nodes)) {
    const interfaces = addressesOf(node).map((address) => ({ address }))
    if (node.kind === 'router') network.router(name, { interfaces, unreachable: node.unreachable })
    else if (node.kind === 'nat') network.nat(name, natOptionsOf(node))
    else if (node.kind === 'firewall') network.firewall(name, firewallOptionsOf(node))
    else network.host(name, { interfaces, ...hostOf(node) })
  }
  for (const { between, up, down } of topology.links) {
    network.link({ between, up: directionOf(up ?? {}), down: directionOf(down ?? {}) })
  }
  for (const [name, target] of Object.entries(topology.names)) {
    network.names.set(name.toLowerCase(), recordsOf(topology, target))
  }
  network.seal()
  return network
}

function hostOf({ power, gateway, clock }: HostNode): Omit<HostOptions, 'interfaces'> {
  const time = clock && { driftRatio: clock.drift, offsetMs: clock.offset / 1e6 }
  return { power: power === 'on', ...(gateway !== undefined && { gateway }), ...(time && { clock: time }) }
}

function directionOf({ rate, delay, jitter, queue, loss, duplication, framing }: Direction): SimulatedDirection {
  return {
    delayNs: Math.max(delay ?? 0, LEAST_DELAY_NS),
    ...(rate !== undefined && { rateBps: rate }),
    ...(jitter !== undefined && { jitter: jitterOf(jitter) }),
    ...(duplication !== undefined && { duplication: duplicationOf(duplication) }),
    ...(queue !== undefined && { queue }),
    ...(loss !== undefined && { loss: lossOf(loss) }),
    ...(framing !== undefined && { framingBytes: framing }),
  }
}

function jitterOf(jitter: NonNullable<Direction['jitter']>): NonNullable<SimulatedDirection['jitter']> {
  return typeof jitter === 'number' ? { mostNs: jitter } : { mostNs: jitter.most, reorders: jitter.reorders }
}

function duplicationOf(some: NonNullable<Direction['duplication']>): NonNullable<SimulatedDirection['duplication']> {
  return typeof some === 'number' ? { ratio: some, afterNs: 0 } : { ratio: some.ratio, afterNs: some.after }
}

function lossOf(loss: NonNullable<Direction['loss']>): NonNullable<SimulatedDirection['loss']> {
  if (typeof loss === 'number') return { model: 'random', ratio: loss }
  const { mean, burst } = loss['gilbert-elliott']
  return { model: 'gilbert-elliott', meanRatio: mean, burstPackets: burst }
}

/** A name stands for an address, or for all those of a node. */
function recordsOf({ nodes }: Topology, target: string): readonly DnsRecord[] {
  const node = nodes[target]
  const addresses = node === undefined ? [target] : plainAddressesOf(node)
  return addresses.map((address) => {
    const text = canonicalAddress(address) ?? address
    return { type: text.includes(':') ? 'AAAA' : 'A', ttlSeconds: NAME_TTL_SECONDS, address: text }
  })
}
