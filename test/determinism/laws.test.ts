// One seed, one run: however it is cut into slices, whatever ran before it, with its links fused or not, frozen or not.

import { expect, test } from 'vitest'
import type { Experiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { CHANCY, digests, experiment, run } from './chancy.ts'

const FIRST = digests(1)
const times = (count: number) => Array.from({ length: count }, (_, index) => index)

test('a run at level everything has every digest', () => {
  expect(Object.keys(FIRST).sort()).toEqual(['contents', 'packets', 'transitions'])
})

test('one seed gives one digest, a hundred times', () => {
  expect(times(100).filter(() => JSON.stringify(digests(1)) !== JSON.stringify(FIRST))).toEqual([])
})

test('a hundred seeds give a hundred digests, each of the three', () => {
  const all = times(100).map((seed) => digests(seed))
  for (const which of ['packets', 'transitions', 'contents'] as const) {
    expect(new Set(all.map((one) => one[which])).size).toBe(100)
  }
})

test('A, B, A in one process gives A twice', () => {
  const second = digests(2)
  expect(second).not.toEqual(FIRST)
  expect(digests(1)).toEqual(FIRST)
})

test.each([1, 2, 7, 100, 1e6])('slices of %d events make no difference', (slice) => {
  expect(digests(1, {}, slice)).toEqual(FIRST)
})

test('two runs side by side, step by step, do not touch each other', () => {
  const both = [1, 2, 1].map((seed) => new Run(experiment(CHANCY, seed), { level: 'everything' }))
  for (let open = both; open.length > 0; ) open = open.filter((one) => !one.step(1))
  expect(both.map((one) => one.result().digests)).toEqual([FIRST, digests(2), FIRST])
})

test.each(times(10))('seed %d: links as separate stages make no difference', (seed) => {
  expect(digests(seed, { fused: false })).toEqual(digests(seed))
})

test.each(times(10))('seed %d: the frozen run is the run', (seed) => {
  const chance = new ChanceLog()
  const chancy = digests(seed, { chance })
  expect(chancy).toEqual(digests(seed))
  expect(digests(seed, { calm: true, faults: chance.tape() })).toEqual(chancy)
  expect(digests(seed, { calm: true })).not.toEqual(chancy)
})

test.each(['counters', 'signalling'] as const)('level %s has some of the digests, and they are the same', (level) => {
  const question = experiment(CHANCY, 1)
  const timed = { ...question, scenario: question.scenario.filter(({ trigger }) => 'at' in trigger) }
  const some = run(timed, { level }).digests
  expect(some.packets).toBeDefined()
  expect(run(timed).digests).toMatchObject(some)
})

/** The chancy call, and another one on nodes and links of its own. */
function withStrangers(seed: number): Experiment {
  const question = experiment(CHANCY, seed)
  const rename = (name: string): string => `a-stranger-${name}`
  const { nodes, links } = question.topology
  const move = (address: string): string =>
    address.replace(/^192\.0\.2|^198\.51\.100|^203\.0\.113/, (net) => `10.${net.length}.9`)
  const strangers = JSON.parse(
    JSON.stringify(nodes).replace(/192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+/g, move),
  ) as typeof nodes
  const more = Object.entries(strangers).map(([name, node]) => {
    const gateway = 'gateway' in node && node.gateway !== undefined ? { gateway: rename(node.gateway) } : {}
    return [rename(name), { ...node, ...gateway }] as const
  })
  const moreLinks = links.map((link) => ({ ...link, between: link.between.map(rename) as [string, string] }))
  const scenario = question.scenario.filter(({ trigger }) => 'at' in trigger)
  return {
    ...question,
    topology: {
      ...question.topology,
      nodes: { ...nodes, ...Object.fromEntries(more) },
      links: [...links, ...moreLinks],
    },
    scenario: [...question.scenario, ...scenario.map((entry) => ({ ...entry, who: rename(entry.who) }))],
  }
}

test('a call that shares no node and no link changes nothing in another call', () => {
  const alone = run(experiment(CHANCY, 1)).records
  const together = run(withStrangers(1)).records
  const ours = together.filter(({ id }) => !id.node.startsWith('a-stranger-'))
  expect(together.length).toBeGreaterThan(ours.length)
  expect(JSON.stringify(ours)).toBe(JSON.stringify(alone))
})
