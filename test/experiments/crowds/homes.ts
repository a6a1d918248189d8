// Where a crowd's phones live: in the open, behind firewalls, NATs or two of them, alone or with others.

import { ALGS } from '../../../stack/sip/alg/catalogue.ts'
import { NAT_PRESETS } from '../../../topologies/natPresets.ts'
import type { Dice } from './dice.ts'
import type { Ground } from './ground.ts'
import type { Words } from './links.ts'

const DEPENDENCES = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const

/** The phone's host, and what stands between it and a router. Where homes are shared, those behind a NAT are behind the first one's. */
export function house(ground: Ground, name: string, index: number, runs: readonly Words[], shared: boolean): void {
  const { dice, nodes, boxes } = ground
  const behind = dice.one(['open', 'open', 'nat', 'nat', 'twice', 'firewall'])
  const own = `box-${name}`
  if (behind === 'open') {
    ground.host(name, `198.18.${index}.10`, ground.somewhere(), runs)
    return
  }
  if (behind === 'firewall') {
    nodes[own] = drawnFirewall(ground, `198.18.${index}.1/24`)
    boxes.push(own)
    ground.host(name, `198.18.${index}.10`, own, runs)
    ground.join(own, ground.somewhere())
    return
  }
  const known = shared ? boxes.find((box) => nodes[box]!.kind === 'nat' && box.startsWith('box-')) : undefined
  ground.host(name, `192.168.1.${10 + index}`, known ?? own, runs)
  if (known !== undefined) return
  boxes.push(own)
  const outside = `198.51.100.${4 * index + 1}/30`
  const carrier = behind === 'twice' ? `carrier-${name}` : undefined
  nodes[own] = drawnNat(ground, '192.168.1.1/24', carrier === undefined ? outside : `100.64.${index}.10/24`)
  ground.join(own, carrier ?? ground.somewhere())
  if (carrier === undefined) return
  nodes[carrier] = drawnNat(ground, `100.64.${index}.1/24`, outside)
  boxes.push(carrier)
  ground.join(carrier, ground.somewhere())
}

function drawnFirewall(ground: Ground, inside: string): Words {
  const { dice } = ground
  const rules = [
    { allow: { direction: 'in', protocol: 'udp', ports: 5060 } },
    { allow: { direction: 'in', protocol: 'icmp', types: ['echo', 'time exceeded'] } },
    { drop: { direction: 'out', protocol: 'icmp', types: ['unreachable'] } },
    { reject: { direction: 'in' } },
  ]
  return {
    ...{ kind: 'firewall', inside, idle: dice.one(['60 s', '2 s']), stateful: dice.chance(0.9) },
    ...dice.maybe(0.3, () => ({ rules })),
    ...dice.maybe(0.2, () => ({ limits: [{ packetsPerSecond: 5, burst: 2 }] })),
    ...ground.limits(),
  }
}

function drawnNat(ground: Ground, inside: string, outside: string): Words {
  const { dice } = ground
  const neighbour = outside.replace(/(\d+)\/.*/, (_, last) => String(Number(last) + 1))
  return {
    ...{ kind: 'nat', inside, outside },
    ...(dice.chance(0.5) ? { preset: dice.one(Object.keys(NAT_PRESETS)) } : drawnHabits(dice)),
    ...dice.maybe(0.4, () => ({ idle: dice.one(['1 s', '2 s', '30 s']) })),
    ...dice.maybe(0.1, () => ({ pool: [neighbour] })),
    ...dice.maybe(0.25, () => ({ alg: dice.one(Object.keys(ALGS)) })),
    ...ground.limits(),
  }
}

function drawnHabits(dice: Dice): Words {
  const mapping = dice.one(DEPENDENCES)
  const overloads = mapping === 'address-and-port-dependent' ? [false, true, 'by remote'] : [false, true]
  const ports = {
    ...{ assignment: dice.one(['preserve', 'sequential', 'random']), parity: dice.chance(0.5) },
    ...{ contiguity: dice.chance(0.3), overload: dice.one<unknown>(overloads) },
    ...dice.maybe(0.2, () => ({ range: '5060-5064' })),
  }
  return {
    ...{ mapping, filtering: dice.one(DEPENDENCES), hairpin: dice.one(['external', 'internal', 'off']), ports },
    ...{
      refresh: dice.one(['outbound', 'inbound', 'both']),
      fragments: dice.one(['out-of-order', 'in-order', 'drop']),
    },
  }
}
