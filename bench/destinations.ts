// The rows routes and sockets: what a packet costs where a router has sent to a million addresses before, or a host has a million
// sockets open, beside a hundred of them.

import { NOWHERE } from '../sim/network/endpoint.ts'
import { Network } from '../sim/network/network.ts'
import { inTurn, type Order, scattered } from './order.ts'
import { type BenchResult, type BenchRow, compareBest, cpuSeconds } from './row.ts'

const FEW = 100
const MANY = 1_000_000
/** Few at a time, many times: the machine's other work comes and goes. */
const PACKETS = 20_000
const ROUNDS = 40
/** The addresses of the host with the sockets; so many ports of each have one. */
const ADDRESSES = 20
const EMPTY = new Uint8Array(0)
/** Everybody has them in the cache. */
const FEWEST = 64
const ABSENT = -1

/** Packets per CPU second, through a router, to 10⁶ addresses at which nobody listens, beside 10². */
export const routes: BenchRow = {
  name: 'routes',
  what: 'a router that knows the way to a million addresses, beside one that knows a hundred',
  measure: () => many('routes', (count) => sendingTo(count, count, 'nobody')),
}

/**
 * Packets per CPU second to 10⁶ open sockets of one host, beside 10²: of one program, which has one receiver for all of them, and of programs
 * that open each with a receiver of its own.
 */
export const sockets: BenchRow = {
  name: 'sockets',
  what: 'a host with a million open sockets, beside one with a hundred: all share one receiver, but for the row with receivers of their own',
  measure: () => [
    ...many('sockets', (count) => sendingTo(count, ADDRESSES, 'one receiver')),
    ownReceivers((count) => sendingTo(count, ADDRESSES, 'own receivers')),
  ],
}

/**
 * The sender goes through its destinations in turn, or in no order, by their numbers; and so keeping an object for each. How much of that
 * is its own memory shows a sender who reads its list and the object in the same way, and then sends to one of a few.
 */
interface Sender {
  /** Packets per CPU second. */
  numbered(order: Order): number
  kept(order: Order): number
  read(order: Order): number
}

function many(name: string, sender: (count: number) => Sender): readonly BenchResult[] {
  const [much, little] = [sender(MANY), sender(FEW)]
  const row = (what: string, rate: (one: Sender) => number): BenchResult =>
    beside(`${name} ${what}`, much, little, rate)
  return [
    row('in turn', (one) => one.numbered(inTurn)),
    row('scattered', (one) => one.numbered(scattered)),
    row('by object in turn', (one) => one.kept(inTurn)),
    row('by object', (one) => one.kept(scattered)),
    row('object only read', (one) => one.read(scattered)),
  ]
}

function ownReceivers(sender: (count: number) => Sender): BenchResult {
  return beside('sockets own receivers', sender(MANY), sender(FEW), (one) => one.numbered(scattered))
}

function beside(row: string, much: Sender, little: Sender, rate: (one: Sender) => number): BenchResult {
  return compareBest(
    row,
    'packets/s of CPU',
    () => rate(much),
    () => rate(little),
    ROUNDS,
  )
}

/** Who listens at the endpoints. */
type Listening = 'nobody' | 'one receiver' | 'own receivers'

/** One host sends through a router to `count` endpoints of another, on so many addresses, which listens at each of them or at none. */
function sendingTo(count: number, on: number, listening: Listening): Sender {
  const listens = listening !== 'nobody'
  const network = new Network({
    seed: 'destinations',
    level: 'counters',
    sinks: [],
    classify: () => ({ name: 'UDP', media: true }),
  })
  const addresses = Array.from({ length: on }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  network.host('near', { interfaces: [{ address: '192.0.2.2/24' }], gateway: 'router' })
  network.router('router')
  network.host('far', { interfaces: addresses.map((address) => ({ address: `${address}/32` })), power: listens })
  const direction = { delayNs: 1000 }
  network.link({ between: ['near', 'router'], up: direction, down: direction })
  network.link({ between: ['router', 'far'], up: direction, down: direction })
  network.seal()
  const [near, far] = [network.hostOf('near'), network.hostOf('far')]
  let heard = 0
  const receiver = { received: () => void heard++, failed: () => {} }
  const receiverOf = (): typeof receiver => (listening === 'own receivers' ? { ...receiver } : receiver)
  const opened = near.udp({ port: 5060 }, receiver)
  if (!opened.ok) throw new Error(opened.issue.expected)
  const { value: socket } = opened
  const endpoints = Array.from({ length: count }, (_, n) => {
    const [address, port] = [addresses[n % on]!, 1 + Math.floor(n / on)]
    if (listens && !far.udp({ address, port }, receiverOf()).ok) throw new Error(`no socket at ${address}:${port}`)
    return near.endpoint(address, port)
  })
  // Named one after the other, they are numbered so.
  const first = endpoints[0]!.id
  if (endpoints.some(({ id }, n) => id !== first + n)) throw new Error('the endpoints are not numbered in order')
  const payload = new Uint8Array(160)
  let turn = 0
  const send = (packets: number, one: (n: number) => void): number => {
    const end = turn + packets
    return cpuSeconds(() => {
      for (; turn < end; turn++) {
        one(turn)
        if (turn % 16 === 15) network.run()
      }
      network.run()
    })
  }
  send(count, (n) => socket.sendTo(first + n, EMPTY, payload))
  if (listens && heard !== count) throw new Error(`${heard} of ${count} packets were heard`)
  return {
    numbered: (order) => PACKETS / send(PACKETS, (n) => socket.sendTo(first + order(n, count), EMPTY, payload)),
    kept: (order) => PACKETS / send(PACKETS, (n) => socket.send(endpoints[order(n, count)]!, EMPTY, payload)),
    read: (order) => {
      const one = (n: number): void => {
        const { id } = endpoints[order(n, count)]!
        socket.send(id === ABSENT ? NOWHERE : endpoints[n % FEWEST]!, EMPTY, payload)
      }
      return PACKETS / send(PACKETS, one)
    },
  }
}
