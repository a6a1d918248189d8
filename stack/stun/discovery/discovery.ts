// What the NATs on the way to a server do, found from inside: performs the tests of `states.ts`, and knows what they said.

import type { Datagram, Endpoint, Host, UdpSocket } from '../../../platform/host.ts'
import { Machine } from '../../machine/runner.ts'
import type { Attribute, TransportAddress } from '../attributes.ts'
import type { StunClient } from '../client.ts'
import { printStun } from '../codec.ts'
import { attributeOf, BINDING, type StunMessage } from '../message.ts'
import { stunReply } from '../server.ts'
import { type DiscoveryAction, type DiscoveryEvent, discoveryTests } from './states.ts'

/** How a NAT tells remote endpoints apart (RFC 4787 §4.1, §5). */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'

/** What was found; undefined is what could not be. */
export interface NatKind {
  /** False: no answer came at all. */
  readonly udp: boolean
  /** The error with which the server refused the very first question. */
  readonly refusal: number | undefined
  /** True if the address that the server saw is the port's own. */
  readonly direct: boolean
  readonly mapping: Dependence | undefined
  readonly filtering: Dependence | undefined
  /** Whether both ports have the same number outside as inside. */
  readonly preservesPorts: boolean | undefined
  /** Which source a hairpinned packet has; `none`: none came, or the filter held it. */
  readonly hairpin: 'external' | 'internal' | 'none' | undefined
  /** Whether datagrams pass that travel in fragments. */
  readonly fragments: boolean | undefined
  /** Where the first port is seen. */
  readonly mapped: TransportAddress | undefined
}

/** Two ports that have been silent, and a server. */
export interface DiscoveryPorts {
  readonly client: StunClient
  readonly first: UdpSocket
  readonly second: UdpSocket
  readonly server: Endpoint
}

const NOTHING = new Uint8Array(0)
/** RFC 5780 §7.6: as long as the MTU that most links have. */
const PADDING_BYTES = 1500

/** One discovery. Its owner gives all datagrams to the client first, and those of the first port that are not for it to {@link answer}. */
export class Discovery {
  readonly #host: Host
  readonly #ports: DiscoveryPorts
  readonly #done: (kind: NatKind) => void
  readonly #machine: Machine<string, string, string, never>
  #kind: { -readonly [Name in keyof NatKind]: NatKind[Name] } = {
    ...{ udp: true, refusal: undefined, direct: false, mapping: undefined, filtering: undefined },
    ...{ preservesPorts: undefined, hairpin: undefined, fragments: undefined, mapped: undefined },
  }
  #other: TransportAddress | undefined
  #error: number | undefined
  /** What the newest answer showed, and what the one before. */
  #shown: TransportAddress | undefined
  #second: TransportAddress | undefined

  constructor(host: Host, ports: DiscoveryPorts, done: (kind: NatKind) => void) {
    this.#host = host
    this.#ports = ports
    this.#done = done
    this.#machine = new Machine(discoveryTests, {
      host,
      instance: `${ports.first.local.port}`,
      timerMs: () => Number.POSITIVE_INFINITY,
      perform: (action) => this.#perform(action as DiscoveryAction),
    })
  }

  start(): void {
    this.#machine.handle('start')
  }

  stop(): void {
    this.#machine.abandon()
  }

  /** Answers a request that has come to the first port as a server would: that is what hairpinning is seen by. */
  answer(datagram: Datagram): void {
    const place = { here: datagram.to, other: undefined }
    const reply = stunReply(datagram.bytes(), datagram.from, place, { software: 'siptwin' }, 0)
    if (reply !== undefined) this.#ports.first.send(datagram.from, NOTHING, reply.bytes)
  }

  #perform(action: DiscoveryAction): void {
    const { first, second, server } = this.#ports
    const other = this.#other ?? server
    switch (action) {
      case 'ask':
        this.#ask(first, server)
        return
      case 'ask for both changed':
        this.#ask(first, server, [change(true, true)])
        return
      case 'ask for the port changed':
        this.#ask(first, server, [change(false, true)])
        return
      case 'ask the other address':
        this.#ask(first, this.#host.endpoint(other.address, server.port))
        return
      case 'ask the other address and port':
        this.#ask(first, this.#host.endpoint(other.address, other.port))
        return
      case 'ask from the second port':
        this.#ask(second, server)
        return
      case 'ask for padding':
        this.#ask(second, server, [{ name: 'PADDING', value: PADDING_BYTES }])
        return
      case 'ask ourselves':
        this.#askOurselves()
        return
      default:
        this.#note(action)
    }
  }

  #note(action: DiscoveryAction): void {
    const { first, second } = this.#ports
    const kind = this.#kind
    const [, dependence, what] = /^note (.*) (filtering|mapping)$/.exec(action) ?? []
    if (what === 'filtering' || what === 'mapping') kind[what] = dependence as Dependence
    else if (action === 'note port') {
      kind.mapped = this.#shown
      kind.direct = isSame(this.#shown, first.local)
    } else if (action === 'note second port') {
      this.#second = this.#shown
      kind.preservesPorts = kind.mapped?.port === first.local.port && this.#second?.port === second.local.port
    } else if (action === 'note UDP blocked') kind.udp = false
    else if (action === 'note refusal') kind.refusal = this.#error
    else if (action === 'note hairpinning') kind.hairpin = isSame(this.#shown, second.local) ? 'internal' : 'external'
    else if (action === 'note no hairpinning') kind.hairpin = 'none'
    else if (action === 'note fragments pass') kind.fragments = true
    else if (action === 'note fragments are lost') kind.fragments = false
    else if (action === 'finish') this.#done({ ...kind })
  }

  /** A word to the second port's outside first, so that a filter lets its answer in; then the second port asks the first. */
  #askOurselves(): void {
    const { first, second } = this.#ports
    const { mapped } = this.#kind
    if (mapped === undefined || this.#second === undefined) {
      this.#machine.handle('silence')
      return
    }
    const word: StunMessage = { class: 'indication', method: BINDING, transaction: '0'.repeat(24), attributes: [] }
    first.send(this.#host.endpoint(this.#second.address, this.#second.port), NOTHING, printStun(word))
    this.#ask(second, this.#host.endpoint(mapped.address, mapped.port))
  }

  #ask(socket: UdpSocket, to: Endpoint, attributes: readonly Attribute[] = []): void {
    this.#ports.client.ask(socket, to, attributes, {
      answered: (response) => this.#machine.handle(this.#eventOf(response)),
      failed: () => this.#machine.handle('silence'),
    })
  }

  #eventOf(response: StunMessage): DiscoveryEvent {
    const shown = attributeOf(response, 'XOR-MAPPED-ADDRESS') ?? attributeOf(response, 'MAPPED-ADDRESS')
    const isFirst = this.#machine.state === 'connectivity'
    this.#error = attributeOf(response, 'ERROR-CODE')?.code
    if (shown === undefined) return isFirst && this.#error !== undefined ? 'refusal' : 'silence'
    const before = this.#shown
    this.#shown = shown
    if (isFirst) {
      this.#other = attributeOf(response, 'OTHER-ADDRESS')
      return this.#other === undefined ? 'no other address' : 'other'
    }
    return isSame(before, shown) ? 'same' : 'other'
  }
}

function change(address: boolean, port: boolean): Attribute {
  return { name: 'CHANGE-REQUEST', value: { address, port } }
}

function isSame(one: TransportAddress | undefined, other: TransportAddress): boolean {
  return one?.address === other.address && one.port === other.port
}
