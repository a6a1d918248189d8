// Networks in which much can happen at once: phones of all kinds in all places, their proxies and DNS servers, streams and load beside them.

import type { Dice } from './dice.ts'
import { Ground } from './ground.ts'
import { house } from './homes.ts'
import type { Words } from './links.ts'

export interface DrawnNetwork {
  readonly nodes: Readonly<Record<string, Words>>
  readonly links: readonly Words[]
  /** Nodes by what they run or are. */
  readonly phones: readonly string[]
  readonly many: readonly string[]
  readonly boxes: readonly string[]
  readonly senders: readonly string[]
  readonly uploaders: readonly string[]
  readonly servers: readonly string[]
}

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin'] as const
const DOMAIN = 'example.com'

/** A network with everything that this world's dice say. */
export function drawnNetwork(dice: Dice): DrawnNetwork {
  const ground = new Ground(dice)
  const crew = NAMES.slice(0, dice.from(2, NAMES.length))
  const many = dice.chance(0.3) ? ['crowd'] : []
  addServers(ground, crew, many.length > 0)
  const shared = dice.chance(0.4)
  for (const [index, name] of crew.entries()) {
    const others =
      index === 0 ? [{ program: 'sink' }, { program: 'bulk-receiver' }, { program: 'sender', port: 5090 }] : []
    house(ground, name, index, [drawnPhone(ground, name), ...others], shared)
  }
  for (const name of many) ground.host(name, '198.18.60.10', ground.somewhere(), [drawnPhones(ground)])
  const traffic = [
    ...(dice.chance(0.3) ? [{ program: 'bulk-sender', to: '198.18.0.10', dscp: dice.one(['BE', 'EF']) }] : []),
    ...(dice.chance(0.2) ? [drawnLoad(dice)] : []),
  ]
  if (traffic.length > 0) ground.host('office', '198.18.50.10', ground.somewhere(), traffic)
  const { nodes, links, boxes } = ground
  return {
    ...{ nodes, links, boxes, many, phones: crew, senders: [crew[0]!], servers: ground.has.dns ? ['dns'] : [] },
    uploaders: traffic.some(({ program }) => program === 'bulk-sender') ? ['office'] : [],
  }
}

function addServers(ground: Ground, crew: readonly string[], anyone: boolean): void {
  const { dice, has } = ground
  const proxy = { ...drawnProxy(ground, crew), ...(anyone && { anyone }) }
  ground.host('proxy', '203.0.113.5', ground.somewhere(), [proxy])
  const power = dice.maybe(0.3, () => ({ power: 'off' }))
  if (has.second) ground.host('standby', '203.0.112.6', ground.somewhere(), [proxy], power)
  if (has.dns) ground.host('dns', '198.51.99.53', ground.somewhere(), [drawnDns(ground)])
  const two = { addresses: ['203.0.111.3/24', '203.0.111.4/24'] }
  if (has.stun) ground.host('stun', '203.0.111.3', ground.somewhere(), [{ program: 'stun-server' }], two)
}

function drawnProxy({ dice, has }: Ground, crew: readonly string[]): Words {
  const places = crew.map(
    (name, index) => `sip:${name}@198.18.${index}.10${has.tcp && dice.chance(0.4) ? ';transport=tcp' : ''}`,
  )
  const users = Object.fromEntries(crew.map((name, index) => [name, has.registering ? [] : places[index]]))
  const passwords = Object.fromEntries(crew.map((name) => [name, 'secret']))
  return {
    ...{ program: 'proxy', domain: DOMAIN, recordRoute: dice.chance(0.5), symmetric: dice.chance(0.6) },
    users: { nowhere: [], ...users, ...dice.maybe(0.4, () => ({ group: places })) },
    ...(has.registering && { registrar: dice.chance(0.3) ? { minimum: '1 s', match: 'contact and call-id' } : {} }),
    ...(has.tcp && { transport: 'tcp' }),
    ...(has.passwords && { passwords, challengeRequests: dice.chance(0.5) }),
    ...dice.maybe(0.3, () => ({ recurse: true })),
    ...dice.maybe(0.3, () => ({ timerC: '4 s' })),
    ...has.timers,
  }
}

function drawnDns({ dice, has }: Ground): Words {
  const second = [`_sip._udp SRV ${dice.one([10, 20])} 40 5060 standby`, 'standby 2 A 203.0.112.6']
  const records = [
    ...['_sip._udp SRV 10 60 5060 proxy', 'proxy 3 A 203.0.113.5', ...(has.second ? second : [])],
    ...(has.tcp ? ['_sip._tcp SRV 10 10 5060 proxy'] : []),
  ]
  const zones = {
    'sub.example.com': { ttl: '1 s', records: ['a A 203.0.113.5'] },
    [DOMAIN]: { ttl: '2 s', negative: '1 s', records: [...records, 'a.sub A 203.0.112.6'] },
  }
  return { program: 'dns', zones, ...dice.maybe(0.2, () => ({ delay: '700 ms' })) }
}

function drawnPhone({ dice, has }: Ground, name: string): Words {
  return {
    ...{ program: 'phone', aor: `sip:${name}@${DOMAIN}`, proxy: has.dns && dice.chance(0.7) ? DOMAIN : '203.0.113.5' },
    ...{ register: has.registering && dice.chance(0.9), talk: dice.chance(0.25), lines: dice.one([1, 1, 3]) },
    ...dice.maybe(0.3, () => ({ expires: dice.one(['60 s', '4 s', '1 s']) })),
    ...dice.maybe(0.5, () => ({ answerAfter: dice.one(['0 s', '1 s', '2 s']) })),
    ...dice.maybe(0.1, () => ({ reject: dice.one([302, 486, 603]) })),
    ...dice.maybe(0.3, () => ({ codecs: ['PCMA'] })),
    ...dice.maybe(0.2, () => ({
      inviteHeaders: { 'User-Agent': 'phone', Subject: 'x'.repeat(dice.one([10, 900, 1400])) },
    })),
    ...(has.tcp && dice.chance(0.5) ? { transport: 'tcp' } : {}),
    ...dice.maybe(0.3, () => ({ keepAlive: dice.one(['1 s', '2 s', '20 s']) })),
    ...(has.stun && dice.chance(0.7) ? { stun: '203.0.111.3' } : {}),
    ...(has.passwords ? { password: dice.chance(0.9) ? 'secret' : 'wrong' } : {}),
    ...has.timers,
  }
}

/** Many on one host, which register all at once, or nearly. */
function drawnPhones({ dice, has }: Ground): Words {
  return {
    ...{ program: 'phones', count: dice.from(2, 12), aor: `sip:phone*@${DOMAIN}`, proxy: '203.0.113.5' },
    ...dice.maybe(0.4, () => ({ registerWithin: '1 s' })),
    ...dice.maybe(0.5, () => ({ expires: '2 s' })),
    ...has.timers,
  }
}

function drawnLoad(dice: Dice): Words {
  return {
    ...{ program: 'load', to: dice.one(['198.18.0.10', '203.0.113.5']), rate: dice.one(['20 kbps', '150 kbps']) },
    ...{ packet: dice.one(['60 B', '1400 B']), pattern: dice.one(['constant', 'poisson', 'on-off']) },
    dscp: dice.one(['EF', 'BE', 'AF41']),
  }
}
