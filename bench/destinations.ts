// The rows routes and sockets: what a packet costs where a router has sent to a million destinations before, or a host has a million
// sockets open, beside a hundred of them.

import { Network } from '../sim/network/network.ts'
import { inTurn, type Order, scattered } from './order.ts'
import { type BenchResult, type BenchRow, compare, cpuSeconds } from './row.ts'

const FEW = 100
const MANY = 1_000_000
const PACKETS = 200_000
/** The far host's addresses; so many ports of each stand for the destinations. */
const ADDRESSES = 20
const EMPTY = new Uint8Array(0)

/** Packets per CPU second, through a router, to 10⁶ destinations at which nobody listens, beside 10². */
export const routes: BenchRow = {
  name: 'routes',
  what: 'a router that knows the way to a million destinations, beside one that knows a hundred',
  measure: () => many('routes', false),
}

/** Packets per CPU second to 10⁶ open sockets of one host, beside 10². */
export const sockets: BenchRow = {
  name: 'sockets',
  what: 'a host with a million open sockets, beside one with a hundred',
  measure: () => many('sockets', true),
}

function many(name: string, listening: boolean): readonly BenchResult[] {
  const [much, little] = [sendingTo(MANY, listening), sendingTo(FEW, listening)]
  const unit = 'packets/s of CPU'
  return [
    compare(
      `${name} in turn`,
      unit,
      () => much(inTurn),
      () => little(inTurn),
      3,
    ),
    compare(
      `${name} scattered`,
      unit,
      () => much(scattered),
      () => little(scattered),
      3,
    ),
  ]
}

/** One host sends through a router to many endpoints of another, which listens at each of them or at none. */
function sendingTo(count: number, listening: boolean): (order: Order) => number {
  const network = new Network({
    seed: 'destinations',
    level: 'counters',
    sinks: [],
    classify: () => ({ name: 'UDP', media: true }),
  })
  const addresses = Array.from({ length: ADDRESSES }, (_, n) => `198.51.100.${n + 10}`)
  network.host('near', { interfaces: [{ address: '192.0.2.2/24' }], gateway: 'router' })
  network.router('router')
  network.host('far', { interfaces: addresses.map((address) => ({ address: `${address}/24` })), power: listening })
  const direction = { delayNs: 1000 }
  network.link({ between: ['near', 'router'], up: direction, down: direction })
  network.link({ between: ['router', 'far'], up: direction, down: direction })
  network.seal()
  const [near, far] = [network.hostOf('near'), network.hostOf('far')]
  let heard = 0
  const receiver = { received: () => void heard++, failed: () => {} }
  const opened = near.udp({ port: 5060 }, receiver)
  if (!opened.ok) throw new Error(opened.issue.expected)
  const endpoints = Array.from({ length: count }, (_, n) => {
    const [address, port] = [addresses[n % ADDRESSES]!, 1 + Math.floor(n / ADDRESSES)]
    if (listening && !far.udp({ address, port }, receiver).ok) throw new Error(`no socket at ${address}:${port}`)
    return near.endpoint(address, port)
  })
  const payload = new Uint8Array(160)
  const send = (packets: number, choose: (n: number) => number): void => {
    for (let n = 0; n < packets; n++) {
      opened.value.send(endpoints[choose(n)]!, EMPTY, payload)
      if (n % 16 === 15) network.run()
    }
    network.run()
  }
  send(count, (n) => n)
  if (listening && heard !== count) throw new Error(`${heard} of ${count} packets were heard`)
  let turn = 0
  return (order) => {
    const start = turn
    turn += PACKETS
    return PACKETS / cpuSeconds(() => send(PACKETS, (n) => order(start + n, count)))
  }
}
