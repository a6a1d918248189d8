// A packet that is to change places with the next one: when both arrive, in ms, on a link of 10 ms.

import { describe, expect, test } from 'vitest'
import { runLink, told } from '../queues/bench.ts'

const up = { delayNs: 10e6 }
/** The n-th of `times` (ms) is swapped. */
function swapped(nth: number, times: readonly number[], cutMs?: readonly [number, number]) {
  const faults = [{ where: 'a -> b', match: { nth }, action: { swap: true } } as const]
  const packets = times.map((atMs) => ({ atMs, bytes: 100 }))
  return runLink(up, packets, { faults, ...(cutMs && { cutMs }) })
}

describe('a packet that is swapped', () => {
  test('goes behind the next one, however long that takes up to 4 s', () => {
    expect(told(swapped(1, [0, 0, 5]))).toEqual(['10.000001', '10', '15'])
    expect(told(swapped(1, [0, 30]))).toEqual(['40.000001', '40'])
    expect(told(swapped(1, [0, 3999]))).toEqual(['4009.000001', '4009'])
  })
  test('goes on alone after 4 s, and the record says why', () => {
    const run = swapped(2, [0, 100, 5000])
    expect(told(run)).toEqual(['10', '4110', '5010'])
    expect(run.records.find(({ kind }) => kind === 'faulted')).toMatchObject({
      ...{ at: 4100e6, what: 'swap given up', cause: { node: 'a' } },
      details: { on: 'a--b from a', packet: 'UDP', why: 'no packet came for 4 s' },
    })
    expect(run.network.inFlight).toBe(0)
  })
  test('that is the last one is not held for ever', () => {
    const run = swapped(1, [0])
    expect(told(run)).toEqual(['4010'])
    expect(run.network.inFlight).toBe(0)
  })
  test('and went on alone is not overtaken by those that come after the link has become shorter', () => {
    const change = { delayNs: 1e6 }
    const faults = [{ where: 'a -> b', match: { nth: 1 }, action: { swap: true } } as const]
    const packets = [0, 4002, 4020].map((atMs) => ({ atMs, bytes: 100 }))
    expect(told(runLink(up, packets, { faults, changes: [{ atMs: 4001, change }] }))).toEqual(['4010', '4010', '4021'])
  })
  test('is lost with its link, and never comes back', () => {
    const run = swapped(1, [0, 2000], [500, 600])
    expect(told(run)).toEqual(['link cut', '2010'])
    expect(
      run.records.some(({ kind, ...one }) => kind === 'faulted' && 'what' in one && one.what === 'swap given up'),
    ).toBe(false)
  })
})
