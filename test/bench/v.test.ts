// Workload V against an independent calculation of every arrival, to the nanosecond.

import { describe, expect, it } from 'vitest'
import { closureWorld } from '../../bench/closures.ts'
import { heldBytes } from '../../bench/v.ts'
import { listen, voiceWorld } from '../../bench/voice.ts'

/** All sends, sorted, through one queue of 1,616 ns a packet: nothing but arithmetic. 16,160 ns and 5 ms on each access link. */
function expectedArrivals(calls: number, seconds: number): { delivered: number; arrivalSum: number } {
  let delivered = 0
  let arrivalSum = 0
  for (const side of [0, 1]) {
    const atRouter: number[] = []
    for (let endpoint = side; endpoint < calls * 2; endpoint += 2) {
      for (let at = (endpoint * 7_919_001) % 20_000_000; at < seconds * 1e9; at += 20_000_000) {
        atRouter.push(at + 5_016_160)
      }
    }
    let free = 0
    for (const at of atRouter.sort((a, b) => a - b)) {
      free = Math.max(free, at) + 1_616
      delivered++
      arrivalSum += (free + 20_000_000 + 5_016_160) % 1_000_003
    }
  }
  return { delivered, arrivalSum }
}

describe('with zero loss, V is right to the nanosecond', () => {
  it('for ten calls of a second, as two other simulators have it', () => {
    const network = voiceWorld(10, 1, 0)
    const arrivals = listen(network)
    network.run()
    expect({ ...arrivals }).toEqual({ delivered: 1000, arrivalSum: 562_856_400 })
    expect(network.inFlight).toBe(0)
  })

  it.each([
    [1, 0.02],
    [1, 3],
    [7, 0.999],
    [30, 1.5],
    [333, 0.5],
    [1000, 0.2],
  ])('for %i calls of %f s', (calls, seconds) => {
    const network = voiceWorld(calls, seconds, 0)
    const arrivals = listen(network)
    network.run()
    expect({ ...arrivals }).toEqual(expectedArrivals(calls, seconds))
  })

  it('and so is the baseline that it is measured against', () => {
    const world = closureWorld(30, 1, 0, true)
    world.run()
    expect({ ...world.arrivals }).toEqual(expectedArrivals(30, 1))
  })
})

it('with loss, V loses what its medium should, and nothing else', () => {
  const network = voiceWorld(50, 4, 0.01)
  const arrivals = listen(network)
  network.run()
  const { sent, delivered, lost, losses } = network.recorder.totals()
  expect([sent, delivered + lost, arrivals.delivered]).toEqual([20_000, 20_000, delivered])
  expect(losses).toEqual({ 'lost on the medium': lost })
  expect(lost).toBeGreaterThan(140)
  expect(lost).toBeLessThan(260)
})

it('in steady state no packet leaves anything behind, and a call holds less than 10 kB', () => {
  const before = heldBytes()
  const network = voiceWorld(100, 30, 0.01)
  const arrivals = listen(network)
  network.run(10e9)
  const [middle, delivered] = [heldBytes(), arrivals.delivered]
  expect((middle - before) / 100).toBeLessThan(10_000)
  network.run(30e9)
  expect(arrivals.delivered - delivered).toBeGreaterThan(190_000)
  expect((heldBytes() - middle) / (arrivals.delivered - delivered)).toBeLessThan(1)
})
