// What would arrive after the end of time is under way for ever: no link breaks off a run, and a cut finds it there.

import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../sim/network/direction.ts'
import type { SimulatedHost } from '../../../sim/network/host.ts'
import { Network } from '../../../sim/network/network.ts'

const DAY = 86_400e9
const LAST_TICK = Number.MAX_SAFE_INTEGER
/** On which a packet takes nine days, in a world that lasts 104. */
const SLOW = { rateBps: 0.001, loss: { model: 'random', ratio: 0.5 } } as const

/** One link, with what `up` says of one way. */
function line(fused: boolean, up: Partial<Direction>) {
  const network = new Network({
    ...{ seed: '1', level: 'everything', sinks: [], fused },
    classify: () => ({ name: 'UDP', media: false }),
  })
  network.host('a', { interfaces: [{ address: '192.0.2.1/24' }] })
  network.host('b', { interfaces: [{ address: '192.0.2.2/24' }] })
  network.link({ between: ['a', 'b'], up: { delayNs: 1000, ...up }, down: { delayNs: 1000 } })
  network.seal()
  const send = sender(network.hostOf('a'))
  return {
    network,
    send: (...at: readonly number[]): void => {
      for (const tick of at) network.ask(tick, 'a', send)
    },
  }
}

function sender(host: SimulatedHost): () => void {
  const opened = host.udp({ port: 5000 }, { received: () => {}, failed: () => {} })
  if (!opened.ok) throw new Error(opened.issue.expected)
  return () => opened.value.send(host.endpoint('192.0.2.2', 9), new Uint8Array(70), new Uint8Array(0))
}

describe.each([true, false])('fused: %s', (fused) => {
  const fifteen = Array.from({ length: 15 }, (_, n) => n)

  test('behind so long a line', () => {
    const { network, send } = line(fused, SLOW)
    send(...fifteen)
    network.run(30 * DAY)
    expect(network.inFlight).toBe(12)
    network.run(LAST_TICK)
    expect(network.inFlight).toBeGreaterThan(3)
  })

  test('sent in the last of all moments', () => {
    const { network, send } = line(fused, {})
    send(LAST_TICK - 1001, LAST_TICK - 1000, LAST_TICK - 999, LAST_TICK)
    network.run(LAST_TICK)
    // Two arrive, and the ICMP that answers them does not.
    const { sent, losses } = network.recorder.totals()
    expect([sent, losses['port closed'], network.inFlight]).toEqual([6, 2, 4])
  })

  test('a cut finds it, and the link goes on', () => {
    const { network, send } = line(fused, SLOW)
    send(...fifteen)
    network.strike(2e9, { kind: 'cut', link: 'a--b', forNs: 1e9 })
    send(4e9)
    network.run(30 * DAY)
    expect(network.recorder.totals().losses['link cut']).toBe(15)
    expect(network.inFlight).toBe(0)
  })
})

test.each([true, false])('fused: %s: what a cut finds there takes no room, however often', (fused) => {
  const { network, send } = line(fused, { ...SLOW, rateBps: 1e-9 }) // the first one already never arrives
  const rounds = (from: number, until: number): number => {
    for (let n = from; n < until; n++) {
      send(...Array.from({ length: 20 }, (_, k) => n * 10e9 + k))
      network.strike(n * 10e9 + 1e9, { kind: 'cut', link: 'a--b', forNs: 1e9 })
      network.run(n * 10e9 + 9e9)
    }
    return network.kernel.records.capacity
  }
  const room = rounds(0, 10)
  expect(rounds(10, 60)).toBe(room)
})

test.each([30 * DAY, LAST_TICK])('stage by stage or not, until %d', (until) => {
  const [one, other] = [true, false].map((fused) => {
    const { network, send } = line(fused, SLOW)
    send(...Array.from({ length: 15 }, (_, n) => n))
    network.run(until)
    return { digests: network.digests(), inFlight: network.inFlight }
  })
  expect(one).toEqual(other)
})
