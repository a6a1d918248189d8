// What strikes a crowd's network: rules about packets, and incidents of links and nodes.

import type { Dice } from './dice.ts'
import type { Words } from './links.ts'
import { moment, time } from './moments.ts'
import type { DrawnNetwork } from './network.ts'

const LABELS = [
  ...[
    'INVITE',
    '180 INVITE',
    '200 INVITE',
    'ACK',
    'BYE',
    '200 BYE',
    'CANCEL',
    'REGISTER',
    '200 REGISTER',
    'RTP',
    'STUN',
  ],
  ...[
    'TCP SYN',
    'TCP data',
    'TCP FIN',
    'DNS query SRV',
    'DNS answer A',
    'fragment of INVITE',
    'ICMP',
    'load',
    'MESSAGE',
  ],
] as const

/** All the faults: rules about packets, and incidents. */
export function drawnFaults(dice: Dice, network: DrawnNetwork): readonly Words[] {
  const { nodes, links, boxes, servers } = network
  const hosts = Object.keys(nodes).filter((name) => nodes[name]!.kind === 'host')
  const others = Object.keys(nodes).filter((name) => nodes[name]!.kind !== 'host')
  const ends = (): readonly [string, string] => dice.one(links).between as [string, string]
  const way = (): string => {
    const [a, b] = ends()
    return dice.chance(0.5) ? `${a} -> ${b}` : `${b} -> ${a}`
  }
  const on = (): string => (dice.chance(0.4) ? ends().join('--') : way())
  const lasting = (): Words =>
    dice.maybe(0.8, () => ({ for: dice.one(['1 s', '1 s', '2 s', '20 ms', '1 ms', '1 ns', '5 s']) }))
  const buffer = (): Words => dice.maybe(0.4, () => ({ buffer: dice.one(['0 packets', '2 packets', '1 kB']) }))
  const packet = (): Words => ({
    of: dice.one(LABELS),
    on: way(),
    ...dice.maybe(0.7, () => ({ nth: dice.from(1, 4) })),
    ...dice.maybe(0.1, () => ({ stage: 'ingress' })),
    ...dice.maybe(0.1, () => ({ since: '2 s' })),
  })
  const medium = (): Words => {
    const { stage: _, ...rest } = packet()
    return rest
  }
  const rules: readonly (() => Words)[] = [
    () => ({ drop: packet() }),
    () => ({ delay: { ...medium(), by: dice.one(['1 us', '10 ms', '500 ms', '3 s']) } }),
    () => ({ duplicate: { ...medium(), ...dice.maybe(0.5, () => ({ after: dice.one(['10 ms', '1 s']) })) } }),
    () => ({
      corrupt: {
        ...medium(),
        ...dice.one<Words>([{ bit: dice.from(0, 400) }, { header: 'IP' }, { header: 'transport' }]),
      },
    }),
    () => ({ hold: { ...medium(), until: moment(dice) } }),
    () => ({ swap: medium() }),
    () => ({ jitter: { ...medium(), by: '30 ms' } }),
  ]
  const incidents: readonly (() => Words)[] = [
    () => ({ cut: { on: on(), ...lasting() } }),
    () => ({ heal: { on: on() } }),
    () => ({
      flap: { on: on(), down: dice.one(['10 ms', '1 s']), up: dice.one(['10 ms', '1 s']), times: dice.from(1, 4) },
    }),
    () => ({
      partition: {
        nodes: hosts
          .filter(() => dice.chance(0.4))
          .concat(hosts[0]!)
          .filter((one, index, all) => all.indexOf(one) === index),
        ...lasting(),
      },
    }),
    () => ({ reboot: { node: dice.one(others), ...lasting() } }),
    ...(boxes.length > 0 ? [() => ({ reboot: { node: dice.one(boxes), ...lasting() } })] : []),
    () => ({ crash: { node: dice.one(hosts), ...lasting() } }),
    () => ({ kill: { node: dice.one(hosts), ...lasting() } }),
    () => ({ restart: { node: dice.one(hosts) } }),
    () => ({ freeze: { node: dice.one(hosts), ...lasting(), ...buffer() } }),
    () => ({ thaw: { node: dice.one(hosts) } }),
    () => ({
      slow: {
        node: dice.one(hosts),
        ...dice.one<Words>([
          { packet: '1 ms' },
          { packet: '200 ms', timer: '10 ms' },
          { timer: '1 s' },
          { packet: '1 ns' },
        ]),
        ...lasting(),
        ...buffer(),
      },
    }),
    () => ({
      clock: {
        node: dice.one(hosts),
        ...dice.one<Words>([{ step: '-2 s' }, { step: '1 h', drift: '10 %' }, { drift: '-50 %' }, { drift: '900 %' }]),
      },
    }),
    () => ({
      degrade: {
        on: on(),
        ...dice.one<Words>([
          { delay: '10 ms' },
          { delay: '2 s' },
          { loss: '50 %' },
          { duplication: '20 %' },
          { rate: '100 kbps' },
          { jitter: '30 ms' },
        ]),
        ...lasting(),
      },
    }),
    () => ({ restore: { on: on() } }),
    ...(servers.length > 0
      ? [
          () => ({
            dns: {
              node: 'dns',
              ...dice.one<Words>([
                { with: 'timeout' },
                { with: 'SERVFAIL' },
                { delay: '2 s' },
                { with: 'NXDOMAIN', name: 'proxy.example.com' },
              ]),
              ...lasting(),
            },
          }),
        ]
      : []),
  ]
  const struck = Array.from({ length: dice.from(0, 6) }, () => ({
    ...time(dice, network, 0.3),
    ...dice.one(incidents)(),
  }))
  const ruled = Array.from({ length: dice.chance(0.5) ? dice.from(0, 6) : 0 }, () => dice.one(rules)())
  return [...struck, ...ruled]
}
