// A NAT as a topology writes it: a preset, or each behaviour by itself; what is written wins.

import { z } from 'zod'
import type { AddressRewriter } from '../platform/rewriter.ts'
import { FRAGMENT_POLICIES } from '../sim/boxes/fragments.ts'
import { DEPENDENCES, type NatOptions } from '../sim/boxes/nat/options.ts'
import { ALGS, type AlgName } from '../stack/sip/alg/catalogue.ts'
import { address4, ownCidr4 } from './address.ts'
import { errorLimitsOf, icmp } from './icmp.ts'
import { lasting as time } from './links/time.ts'
import { NAT_PRESETS, type NatPresetName } from './natPresets.ts'
import { checked, shape, whole } from './yaml/shape.ts'

const port = whole(1, 65_535)

const portRange = checked('a range of ports such as 1024-65535', (text) => {
  const [first = 0, last = 0] = text.split('-').map(Number)
  const isRange = /^\d+-\d+$/.test(text) && first >= 1 && first <= last && last <= 65_535
  return isRange ? undefined : `a range of ports such as 1024-65535, not "${text}"`
})

/** What a NAT does; see `sim/boxes/nat/options.ts`. */
const BEHAVIOUR = {
  /** Which traffic shares an outside endpoint. */
  mapping: z.enum(DEPENDENCES).exactOptional(),
  /** Who may send to one. */
  filtering: z.enum(DEPENDENCES).exactOptional(),
  /** How long a UDP mapping lives without traffic. */
  idle: time.exactOptional(),
  tcpEstablished: time.exactOptional(),
  tcpTransitory: time.exactOptional(),
  icmpIdle: time.exactOptional(),
  /** Whose packets keep a mapping alive. */
  refresh: z.enum(['outbound', 'inbound', 'both']).exactOptional(),
  /** What becomes of fragments: put together in whatever order they come, in their order only, or dropped (RFC 4787 §11). */
  fragments: z.enum(FRAGMENT_POLICIES).exactOptional(),
  hairpin: z.enum(['external', 'internal', 'off']).exactOptional(),
  ports: shape({
    assignment: z.enum(['preserve', 'sequential', 'random']).exactOptional(),
    parity: z.boolean().exactOptional(),
    contiguity: z.boolean().exactOptional(),
    overload: z.union([z.boolean(), z.literal('by remote')]).exactOptional(),
    range: portRange.exactOptional(),
  }).exactOptional(),
  pooling: z.enum(['paired', 'arbitrary']).exactOptional(),
  /** Carrier-grade: so many ports in a block, so many blocks for each inside host. */
  blocks: shape({ ports: whole(1, 64_512), most: whole(1, 1000).default(1) }).exactOptional(),
}

const behaviour = shape(BEHAVIOUR)

/** What a preset can say. */
export type NatBehaviour = z.input<typeof behaviour>

export const nat = shape({
  kind: z.literal('nat'),
  /** Its inside address; what stands in the prefix is inside. */
  inside: ownCidr4,
  outside: ownCidr4,
  /** A real kind of box, by its behaviour. */
  preset: z.enum(Object.keys(NAT_PRESETS) as [NatPresetName, ...NatPresetName[]]).exactOptional(),
  ...BEHAVIOUR,
  /** Further outside addresses. */
  pool: z.array(address4).default([]),
  /** Ways in that are always open; with `from`, for one outside address only. */
  forwards: z
    .array(
      shape({
        port,
        protocol: z.enum(['udp', 'tcp']).default('udp'),
        to: address4,
        toPort: port.exactOptional(),
        from: address4.exactOptional(),
      }),
    )
    .default([]),
  /** How it meddles with SIP: none, or a row of the catalogue of ALGs. */
  alg: z.enum(['none', ...(Object.keys(ALGS) as [AlgName, ...AlgName[]])]).default('none'),
  /** How often it sends ICMP errors of its own. Absent: for every packet that deserves one. */
  icmp: icmp.exactOptional(),
})

export type NatNode = z.output<typeof nat>

/** The options of the simulated box. */
export function natOptionsOf(node: NatNode): NatOptions {
  const preset = node.preset === undefined ? {} : behaviour.parse({ ...NAT_PRESETS[node.preset].behaviour })
  const { idle, tcpEstablished, tcpTransitory, icmpIdle, ports, ...rest } = { ...preset, ...written(node) }
  const { range, ...portOptions } = { ...preset.ports, ...ports }
  const [first, last] = range?.split('-').map(Number) ?? []
  const timers = {
    ...(idle !== undefined && { udpNs: idle }),
    ...(tcpEstablished !== undefined && { tcpEstablishedNs: tcpEstablished }),
    ...(tcpTransitory !== undefined && { tcpTransitoryNs: tcpTransitory }),
    ...(icmpIdle !== undefined && { icmpNs: icmpIdle }),
  }
  const { inside, outside, pool, forwards } = node
  const alg = node.alg === 'none' ? undefined : rewriterOf(node.alg)
  return {
    ...{ ...rest, inside, outside, pool, forwards, timers },
    ports: { ...portOptions, ...(first !== undefined && last !== undefined && { first, last }) },
    ...(alg && { alg }),
    ...(node.icmp !== undefined && { icmp: errorLimitsOf(node.icmp) }),
  }
}

/** What the node says of its behaviour, without what only places it. */
function written(node: NatNode): z.output<typeof behaviour> {
  const keys = Object.keys(BEHAVIOUR) as (keyof typeof BEHAVIOUR)[]
  return Object.fromEntries(keys.flatMap((key) => (node[key] === undefined ? [] : [[key, node[key]]])))
}

function rewriterOf(name: AlgName): AddressRewriter {
  return ALGS[name].make()
}
