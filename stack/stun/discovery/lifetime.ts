// How long a mapping lives (RFC 5780 §4.6): one port binds and is silent, another asks that the answer go to the first. By halves, the
// time is found after which it does not come; then, whether what comes in keeps a mapping alive.

import type { Endpoint, Host, UdpSocket } from '../../../platform/host.ts'
import { Machine } from '../../machine/runner.ts'
import type { Table } from '../../machine/table.ts'
import type { Asker, StunClient } from '../client.ts'
import { attributeOf } from '../message.ts'

type State = 'idle' | 'binding' | 'waiting' | 'asking' | 'kept' | 'renewing' | 'over'
type Event = 'search' | 'bound' | 'alive' | 'dead' | 'found' | 'silence' | 'again' | 'wait'
type Action =
  | 'bind'
  | 'ask'
  | 'longer'
  | 'shorter'
  | 'note lifetime'
  | 'count'
  | 'note refreshed'
  | 'note not refreshed'
  | 'note nothing'

/** `wait`: how long the first port is silent. In `kept` and `renewing` only answers that come in can keep the mapping alive. */
// biome-ignore format: a table
export const bindingLifetime = {
  name: 'bindingLifetime',
  initial: 'idle',
  final: 'over',
  timers: { idle: [], binding: [], waiting: ['wait'], asking: [], kept: ['wait'], renewing: [], over: [] },
  rows: [
    ['idle',     'search',  ['bind'],               'binding'],
    ['binding',  'bound',   [],                     'waiting'],
    ['binding',  'silence', ['note nothing'],       'over'],
    ['waiting',  'wait',    ['ask'],                'asking'],
    ['asking',   'alive',   ['longer'],             'asking'],
    ['asking',   'dead',    ['shorter'],            'asking'],
    ['asking',   'again',   ['bind'],               'binding'],
    ['asking',   'found',   ['note lifetime'],      'asking'],
    ['asking',   'bound',   [],                     'kept'],
    ['asking',   'silence', ['note nothing'],       'over'],
    ['kept',     'wait',    ['ask'],                'renewing'],
    ['renewing', 'alive',   ['count'],              'renewing'],
    ['renewing', 'again',   [],                     'kept'],
    ['renewing', 'found',   ['note refreshed'],     'over'],
    ['renewing', 'dead',    ['note not refreshed'], 'over'],
    ['renewing', 'silence', ['note not refreshed'], 'over'],
  ],
} as const satisfies Table<State, Event, Action, 'wait'>

export interface LifetimeOptions {
  /** The longest time that is tried, ms, at least a second. */
  readonly mostMs: number
  /** How exactly it is to be found, ms, above 0; default 1000. */
  readonly withinMs?: number
}

/** What was found. */
export interface Lifetime {
  /** The longest silence that a mapping was found to survive, ms; 0: none was. */
  readonly aliveAfterMs: number
  /** The shortest silence after which a mapping was found dead, ms; undefined: it outlived the longest. */
  readonly deadAfterMs: number | undefined
  /** Whether packets that come in prolong it; undefined where that was not tried. */
  readonly inboundRefreshes: boolean | undefined
}

/** Two ports and a server. */
export interface LifetimePorts {
  readonly client: StunClient
  readonly silent: UdpSocket
  readonly asking: UdpSocket
  readonly server: Endpoint
}

/** Mappings must outlive one and a half of their lives by what comes in. */
const RENEWALS = 3

/** One search. */
export class LifetimeSearch {
  readonly #ports: LifetimePorts
  readonly #options: LifetimeOptions
  readonly #done: (lifetime: Lifetime) => void
  readonly #machine: Machine<string, string, string, 'wait'>
  /** The longest silence that it survived, and the shortest that it did not. */
  #aliveMs = 0
  #deadMs = Number.POSITIVE_INFINITY
  #tryMs: number
  #mapped = 0
  #renewals = 0

  /** `done` is told what was found, once. */
  constructor(host: Host, ports: LifetimePorts, options: LifetimeOptions, done: (lifetime: Lifetime) => void) {
    this.#ports = ports
    this.#options = options
    this.#done = done
    this.#tryMs = options.mostMs
    this.#machine = new Machine(bindingLifetime, {
      host,
      instance: `${ports.silent.local.port}`,
      timerMs: () => this.#tryMs,
      perform: (action) => this.#perform(action),
    })
  }

  start(): void {
    this.#machine.handle('search')
  }

  stop(): void {
    this.#machine.abandon()
  }

  #perform(action: Action): void {
    switch (action) {
      case 'bind':
        this.#bind()
        return
      case 'ask':
        this.#ask()
        return
      case 'longer':
        this.#aliveMs = this.#tryMs
        this.#next()
        return
      case 'shorter':
        this.#deadMs = this.#tryMs
        this.#next()
        return
      case 'note lifetime':
        this.#renew()
        return
      case 'count':
        this.#machine.handle(++this.#renewals < RENEWALS ? 'again' : 'found')
        return
      case 'note refreshed':
      case 'note not refreshed':
        this.#tell(this.#deadMs, action === 'note refreshed')
        return
      case 'note nothing':
        this.#tell(undefined, undefined)
        return
    }
  }

  /** A silence between the two bounds, a multiple of the exactness. */
  #next(): void {
    const { withinMs = 1000 } = this.#options
    if (this.#deadMs - this.#aliveMs <= withinMs || this.#deadMs === Number.POSITIVE_INFINITY) {
      this.#machine.handle('found')
      return
    }
    const steps = Math.floor((this.#deadMs - this.#aliveMs) / withinMs / 2)
    this.#tryMs = this.#aliveMs + Math.max(1, steps) * withinMs
    this.#machine.handle('again')
  }

  /** Half a life of silence, three times: the second time is past its end, if nothing that came in has prolonged it. */
  #renew(): void {
    if (this.#deadMs === Number.POSITIVE_INFINITY) {
      this.#machine.abandon()
      this.#tell(undefined, undefined)
      return
    }
    this.#tryMs = this.#deadMs / 2
    this.#bind()
  }

  #tell(deadAfterMs: number | undefined, inboundRefreshes: boolean | undefined): void {
    this.#done({ aliveAfterMs: this.#aliveMs, deadAfterMs, inboundRefreshes })
  }

  #bind(): void {
    const { client, silent, server } = this.#ports
    client.ask(silent, server, [], {
      answered: (response) => {
        this.#mapped = attributeOf(response, 'XOR-MAPPED-ADDRESS')?.port ?? 0
        this.#machine.handle(this.#mapped === 0 ? 'silence' : 'bound')
      },
      failed: () => this.#machine.handle('silence'),
    })
  }

  #ask(): void {
    const { client, silent, asking, server } = this.#ports
    const asker: Asker = {
      answered: ({ class: kind }, to) =>
        this.#machine.handle(kind === 'error' ? 'silence' : to.port === silent.local.port ? 'alive' : 'dead'),
      failed: () => this.#machine.handle('dead'),
    }
    client.ask(asking, server, [{ name: 'RESPONSE-PORT', value: this.#mapped }], asker)
  }
}
