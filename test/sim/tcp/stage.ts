// Two hosts with real TCP on one link, told what to do in lines such as `5 a close`: at ms, who, what. What happened is a log of lines.

import { classify } from '../../../experiments/classify.ts'
import type { Connection, ConnectionReceiver } from '../../../platform/connection.ts'
import type { Unreachable } from '../../../platform/host.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network } from '../../../sim/network/network.ts'
import type { TcpSettings } from '../../../sim/transport/tcp/settings.ts'

const ADDRESSES = { a: '10.0.0.1', b: '10.0.0.2' } as const
const PORT = 80
/** One way. */
const DELAY_NS = 10e6

export interface StageOptions {
  readonly tcp?: TcpSettings
  readonly link?: Partial<Direction>
  /** Such as `drop 1 TCP SYN a`: the n-th of these that a sends. Or whole rules. */
  readonly faults?: readonly (string | FaultRule)[]
  readonly seed?: string
  readonly untilMs?: number
  /** In place of the one link: two of half its delay, and between them a router that refuses what is for b, and says why. */
  readonly refused?: Unreachable
}

/** What a play has left. */
export interface Played {
  readonly network: Network
  readonly records: readonly TraceRecord[]
  /** `30 b: ESTABLISHED`, each step, in order. */
  readonly steps: readonly string[]
  /** What each host's program heard: `20 a connected`, `30 b got 5`. */
  readonly heard: readonly string[]
  /** The states that a host's connections went through, one after the other. */
  states(host: 'a' | 'b'): string
}

/** Plays the lines. Verbs: `listen`, `connect`, `simultaneous` (from port 80 to port 80), `send N`, `close`, `abort`, `pause`, `resume`, `crash`, `kill`, `restart`, `freeze`, `thaw`, `drift N` (its clock is N % fast). */
export function play(lines: readonly string[], options: StageOptions = {}): Played {
  const { tcp = {}, link = {}, faults = [], seed = '1', untilMs = 1e6, refused } = options
  const records: TraceRecord[] = []
  const heard: string[] = []
  const network = new Network({
    ...{ seed, level: 'everything', classify, faults: faults.map(ruleOf) },
    sinks: [(record) => records.push(record)],
  })
  for (const name of ['a', 'b'] as const)
    network.host(name, { interfaces: [{ address: `${ADDRESSES[name]}/24` }], tcp })
  if (refused === undefined) {
    const direction = { delayNs: DELAY_NS, ...link }
    network.link({ between: ['a', 'b'], up: direction, down: direction })
  } else {
    network.router('r', { unreachable: [{ to: `${ADDRESSES.b}/32`, why: refused }] })
    const direction = { delayNs: DELAY_NS / 2, ...link }
    for (const name of ['a', 'b']) network.link({ between: [name, 'r'], up: direction, down: direction })
  }
  network.seal()
  const connections = new Map<string, Connection>()
  const say = (name: string, what: string): void => {
    heard.push(`${Math.round(network.kernel.now / 1e6)} ${name} ${what}`)
  }
  const receiver = (name: string): ConnectionReceiver => ({
    connected: () => say(name, 'connected'),
    received: (_, start, end) => say(name, `got ${end - start}`),
    drained: () => say(name, 'drained'),
    ended: () => say(name, 'ended'),
    closed: ({ how, icmp }) => say(name, icmp === undefined ? how : `${how} (${icmp})`),
  })
  for (const line of lines) {
    const [at = '0', name = 'a', verb = '', amount = '0'] = line.split(' ')
    const ns = Number(at) * 1e6
    if (verb === 'crash' || verb === 'restart' || verb === 'kill' || verb === 'freeze' || verb === 'thaw') {
      network.strike(ns, { kind: verb, node: name })
      continue
    }
    if (verb === 'drift') {
      network.strike(ns, { kind: 'clock', node: name, stepMs: 0, driftRatio: Number(amount) / 100 })
      continue
    }
    network.ask(ns, name, () => perform(name as 'a' | 'b', verb, Number(amount)))
  }
  const perform = (name: 'a' | 'b', verb: string, amount: number): void => {
    const host = network.hostOf(name)
    const other = host.endpoint(ADDRESSES[name === 'a' ? 'b' : 'a'], PORT)
    const known = connections.get(name)
    switch (verb) {
      case 'listen': {
        const opened = host.tcp.listen(
          { port: PORT },
          {
            accepted: (connection) => {
              connections.set(name, connection)
              say(name, 'accepted')
              return receiver(name)
            },
          },
        )
        if (!opened.ok) throw new Error(opened.issue.expected)
        return
      }
      case 'connect':
      case 'simultaneous': {
        const opened = host.tcp.connect(other, verb === 'connect' ? {} : { port: PORT }, receiver(name))
        if (!opened.ok) throw new Error(opened.issue.expected)
        connections.set(name, opened.value)
        return
      }
      case 'send':
        known?.send(new Uint8Array(amount).fill(7))
        return
      case 'close':
      case 'abort':
      case 'pause':
      case 'resume':
        known?.[verb]()
        return
      default:
        throw new Error(`no verb "${verb}"`)
    }
  }
  network.run(untilMs * 1e6)
  const steps = records.flatMap((record) =>
    record.kind === 'transition' && record.machine === 'tcp'
      ? [`${Math.round(record.at / 1e6)} ${record.id.node} ${record.event}: ${record.to}`]
      : [],
  )
  const states = (host: 'a' | 'b'): string =>
    records
      .flatMap((one) => (one.kind === 'transition' && one.id.node === host && one.timer === undefined ? [one.to] : []))
      .join(' ')
  return { network, records, steps, heard, states }
}

/** `drop 2 TCP data a`. */
function ruleOf(rule: string | FaultRule): FaultRule {
  if (typeof rule !== 'string') return rule
  const [, action = '', nth = '', label = '', from = ''] = /^(\w+) (\d+) (.+) (\w)$/.exec(rule) ?? []
  const actions = {
    drop: { drop: true },
    duplicate: { duplicateAfterNs: 1e6 },
    corrupt: { corruptBit: 333 },
    late: { delayNs: 5e6 },
  } as const
  const done = actions[action as keyof typeof actions]
  if (done === undefined) throw new Error(`no fault "${rule}"`)
  return { where: `a--b from ${from}`, match: { label, nth: Number(nth) }, action: done }
}
