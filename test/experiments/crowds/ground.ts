// The ground on which a crowd's network is built: its routers, what all its hosts may be, and the links between all of them.

import type { Dice } from './dice.ts'
import { drawnLink, type Words } from './links.ts'

/** What of a world several of its parts must know. */
interface Features {
  readonly version6: boolean
  readonly tcp: boolean
  readonly dns: boolean
  readonly second: boolean
  readonly stun: boolean
  readonly passwords: boolean
  readonly registering: boolean
  /** T1 of all programs. */
  readonly timers: Words
}

/** Nodes and links so far. */
export class Ground {
  readonly nodes: Record<string, Words> = {}
  readonly links: Words[] = []
  readonly boxes: string[] = []
  readonly dice: Dice
  readonly has: Features
  readonly #two: boolean

  constructor(dice: Dice) {
    this.dice = dice
    this.has = {
      ...{ version6: dice.chance(0.25), tcp: dice.chance(0.35), dns: dice.chance(0.35), second: dice.chance(0.3) },
      ...{ stun: dice.chance(0.2), passwords: dice.chance(0.2), registering: dice.chance(0.7) },
      timers: dice.maybe(0.2, () => ({ timers: { t1: dice.one(['100 ms', '500 ms', '1 s']) } })),
    }
    this.#two = dice.chance(0.3)
    const fragments = dice.maybe(0.1, () => ({ fragments: dice.one(['first-only', 'drop']) }))
    this.nodes.core = { kind: 'router', ...this.limits(), ...fragments }
    if (!this.#two) return
    this.nodes.edge = { kind: 'router', ...this.limits() }
    this.join('core', 'edge')
  }

  /** A router. */
  somewhere(): string {
    return this.#two && this.dice.chance(0.5) ? 'edge' : 'core'
  }

  join(a: string, b: string): void {
    this.links.push({ between: this.dice.chance(0.5) ? [a, b] : [b, a], ...drawnLink(this.dice, this.has.version6) })
  }

  /** How often a node sends ICMP errors. */
  limits(): Words {
    return this.dice.maybe(0.15, () => ({
      icmp: this.dice.one<unknown>(['linux', 'cisco', { every: '500 ms', burst: 2 }]),
    }))
  }

  /** A host with that address, and perhaps others beside it, next to its gateway. */
  host(name: string, address: string, gateway: string, runs: readonly Words[], more: Words = {}): void {
    const { dice } = this
    this.nodes[name] = {
      ...{ kind: 'host', gateway, ...this.#addresses(address, gateway) },
      ...dice.maybe(0.1, () => ({
        clock: { drift: dice.one(['4 %', '-3 %', '100 ppm']), offset: dice.one(['-5 s', '1 h']) },
      })),
      ...dice.maybe(0.15, () => ({ pathMtu: { discovery: dice.one(['on', 'strict']), hearsIcmp: dice.chance(0.7) } })),
      ...dice.maybe(0.1, () => ({ tcp: dice.one(TCP) })),
      ...(this.has.dns && name !== 'dns' ? { resolver: this.#resolver() } : {}),
      ...this.limits(),
      runs: runs.length === 1 ? runs[0] : runs,
      ...more,
    }
    this.join(name, gateway)
  }

  #addresses(address: string, gateway: string): Words {
    const { dice } = this
    const [, b, c, d] = address.split('.')
    const [four, six] = [`${address}/24`, `2001:db8:${b}:${c}::${d}/64`]
    const isHidden = gateway.startsWith('box-')
    const both = this.has.version6 && !isHidden ? (dice.chance(0.5) ? [four, six] : [six, four]) : [four]
    const twin = dice.chance(0.15) ? [address.replace(/\d+$/, (last) => `${Number(last) + 100}/24`)] : []
    return { addresses: [...both, ...twin] }
  }

  #resolver(): unknown {
    const { dice } = this
    if (dice.chance(0.5)) return '198.51.99.53'
    const servers = dice.chance(0.5) ? ['198.51.99.54', '198.51.99.53'] : ['198.51.99.53']
    const edns = dice.one([0, 512, 1232])
    return { servers, timeout: '1 s', attempts: dice.from(1, 2), cache: dice.chance(0.6), edns }
  }
}

const TCP: readonly Words[] = [
  { minimumRto: '200 ms', giveUp: '10 s' },
  { nagle: false, delayedAck: '0 s', keepAlive: true, keepAliveAfter: '1 s', keepAliveEvery: '1 s' },
  { receiveBuffer: '4 KiB', msl: '1 s' },
  { sack: false },
]
