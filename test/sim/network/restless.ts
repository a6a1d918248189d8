// Hosts that do at each turn whatever their dice say: send, close and open ports, set and cancel timers, connect and hang up. All links
// are alike, so that most of it happens at once.

import type { Connection, ConnectionReceiver } from '../../../platform/connection.ts'
import type { Datagram, UdpReceiver, UdpSocket } from '../../../platform/host.ts'
import type { RandomStream } from '../../../platform/random.ts'
import type { SimulatedHost } from '../../../sim/network/host.ts'

const PORTS = [5, 6, 7, 8] as const
const DELAYS_MS = [0, 0, 1, 1, 2, 2, 4, 0.5, 3.000001] as const
const STREAM_PORT = 80
const SECURE_PORT = 443
const EMPTY = new Uint8Array(0)
const BODY = new Uint8Array(40).fill(7)

export interface Surroundings {
  /** Whom all know. */
  readonly addresses: readonly string[]
  /** What is heard, by whom and when. */
  say(line: string): void
}

/** One host's program. */
export class Restless {
  readonly #host: SimulatedHost
  readonly #around: Surroundings
  readonly #dice: RandomStream
  readonly #sockets = new Map<number, UdpSocket>()
  readonly #timers: number[] = []
  readonly #connections: Connection[] = []
  #turns: number

  /** `life`: its which; `turns`: how often it acts at most. */
  constructor(host: SimulatedHost, life: number, turns: number, around: Surroundings) {
    this.#host = host
    this.#around = around
    this.#dice = host.random(`restless ${life}`)
    this.#turns = turns
    for (const port of PORTS.slice(1)) this.#open(port)
    host.tcp.listen({ port: STREAM_PORT }, { accepted: (connection) => this.#receiver(connection, 'a caller') })
    const secure = { accepted: (connection: Connection) => this.#receiver(connection, 'a secure caller') }
    host.tls.listen({ port: SECURE_PORT }, secure)
    this.act()
  }

  /** One to three things at once. */
  act(): void {
    for (let times = 1 + this.#dice.below(3); times > 0; times--) {
      if (this.#turns-- <= 0) return
      this.#one(this.#dice.below(14))
    }
  }

  #one(what: number): void {
    const dice = this.#dice
    if (what < 5) this.#send()
    else if (what === 5) this.#close(dice.below(PORTS.length))
    else if (what < 8) this.#open(PORTS[dice.below(PORTS.length)]!)
    else if (what < 10) this.#wait(DELAYS_MS[dice.below(DELAYS_MS.length)]!)
    else if (what < 12) this.#cancel(dice.below(1 + this.#timers.length))
    else this.#connect(what === 12)
  }

  #send(): void {
    const dice = this.#dice
    const socket = [...this.#sockets.values()][dice.below(PORTS.length)]
    if (socket === undefined) return
    for (let copies = dice.below(4); copies >= 0; copies--) {
      const to = this.#host.endpoint(this.#someone(), PORTS[dice.below(PORTS.length)]!)
      const head = Uint8Array.of(dice.below(256), copies)
      socket.send(to, head, dice.chance(0.5) ? BODY : EMPTY, dice.chance(0.2) ? 46 : 0)
    }
  }

  #someone(): string {
    const { addresses } = this.#around
    return addresses[this.#dice.below(addresses.length)]!
  }

  #open(port: number): void {
    if (this.#sockets.has(port)) return
    const opened = this.#host.udp({ port }, this.#listener(port))
    if (opened.ok) this.#sockets.set(port, opened.value)
  }

  #close(place: number): void {
    const [port, socket] = [...this.#sockets][place] ?? []
    if (port === undefined || socket === undefined) return
    this.#sockets.delete(port)
    socket.close()
  }

  #wait(ms: number): void {
    const set = this.#host.monotonic()
    this.#timers.push(
      this.#host.after(ms, () => {
        this.#say(`timer of ${set}`)
        this.act()
      }),
    )
  }

  #cancel(place: number): void {
    const [timer] = this.#timers.splice(place, 1)
    if (timer !== undefined) this.#host.cancel(timer)
  }

  #connect(secure: boolean): void {
    const to = this.#host.endpoint(this.#someone(), secure ? SECURE_PORT : STREAM_PORT)
    const receiver = this.#receiver(undefined, to.address)
    const { tcp, tls } = this.#host
    const opened = secure
      ? tls.connect(to, { verify: false }, { ...receiver, secured: () => this.#said(`secured ${to.address}`) })
      : tcp.connect(to, {}, { ...receiver, connected: () => this.#said(`connected ${to.address}`) })
    if (opened.ok) this.#connections.push(opened.value)
  }

  #receiver(connection: Connection | undefined, name: string): ConnectionReceiver {
    if (connection !== undefined) this.#connections.push(connection)
    return {
      received: (_, start, end) => this.#said(`${end - start} bytes from ${name}`),
      ended: () => this.#said(`${name} ended`),
      closed: ({ how }) => this.#said(`${name} closed: ${how}`),
    }
  }

  /** Something of a connection: one of them is written to, closed or torn. */
  #said(what: string): void {
    this.#say(what)
    const dice = this.#dice
    const connection = this.#connections[dice.below(1 + this.#connections.length)]
    const choice = dice.below(6)
    if (connection === undefined || this.#turns <= 0) return
    if (choice < 3) connection.send(new Uint8Array(1 + dice.below(3000)))
    else if (choice === 3) connection.close()
    else if (choice === 4) connection.abort()
    this.act()
  }

  /** Who hears says when he is asked for what to call, so that asking too early would be seen. */
  #listener(port: number): UdpReceiver {
    const say = (line: string): void => this.#say(line)
    const heard = (datagram: Datagram): void => {
      const { from, arrivedMs, dscp, length } = datagram
      this.#say(
        `${port} hears ${datagram.bytes().join('.').slice(0, 9)}, ${length}, ${dscp} from ${from.address}:${from.port}, ${arrivedMs}`,
      )
      this.act()
    }
    return {
      get received() {
        say(`${port} is asked for`)
        return heard
      },
      failed: (to, why) => {
        this.#say(`${port}: ${to.address}:${to.port} ${why}`)
        this.act()
      },
    }
  }

  #say(line: string): void {
    this.#around.say(`${this.#host.monotonic()} ${this.#host.now()} ${this.#host.name}: ${line}`)
  }
}
