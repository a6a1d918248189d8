// Hosts say exactly which timers stand when no call and no transaction is left, over UDP as over TCP; so that one more is a leak.

import { describe, expect, test } from 'vitest'
import { StateOracles } from '../../../experiments/hunt/stateOracles.ts'
import { Run } from '../../../experiments/run/run.ts'
import { type Step, simulate } from '../../../experiments/vitest/entrance.ts'

const TALK: readonly Step[] = [
  { at: '1 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' },
  { when: 'bob is ringing', after: '1 s', who: 'bob', do: 'answer' },
  { when: 'call is established', after: '2 s', who: 'alice', do: 'hang up' },
]
const SILENT = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }
const TCP = {
  'nodes.alice.runs.transport': 'tcp',
  'nodes.bob.runs.transport': 'tcp',
  'nodes.proxy.runs.transport': 'tcp',
}
const REGISTER = { 'nodes.proxy.runs.registrar': {}, 'nodes.alice.runs.register': true }

/** A world at the end of its run; ended at 130 s, when a phone that keeps its flow alive is not still. */
function ended(set: object, mutant?: string, faults: readonly object[] = [], until = '130 s') {
  const written = { set: { ...SILENT, ...set }, until, faults: faults as never, ...(mutant && { mutant }) }
  const { experiment, verdicts } = simulate('two-phones-one-proxy', TALK, written)
  const stateOracles = new StateOracles()
  const run = new Run(experiment, { level: 'signalling', sinks: [(record) => stateOracles.record(record)] })
  while (!run.step(1000));
  const { inside } = run
  const hosts = inside.hosts().map((name) => {
    const { programs, timers } = inside.held(name)!
    return { name, running: timers(), owed: programs.reduce((sum, one) => sum + one.standingTimers(), 0) }
  })
  return { hosts, leak: verdicts.find(({ name }) => name === 'no leak')! }
}

const lost = (of: string, on: string): object => ({ drop: { of, on } })

describe('what runs is what is owed', () => {
  test.each<[string, object, number]>([
    ['nothing', {}, 0],
    ['a registration', REGISTER, 1],
    ['a keep-alive', { 'nodes.alice.runs.keepAlive': '20 s' }, 1],
    ['one by STUN', { 'nodes.alice.runs.keepAlive': { by: 'stun', every: '25 s' } }, 1],
    ['nothing, over TCP', TCP, 0],
    ['a keep-alive, over TCP', { ...TCP, 'nodes.alice.runs.keepAlive': '20 s' }, 1],
    ['both, over TCP', { ...TCP, ...REGISTER, 'nodes.alice.runs.keepAlive': '20 s' }, 2],
  ])('%s', (_, set, alices) => {
    const { hosts, leak } = ended(set)
    expect(hosts.map(({ running, owed }) => running - owed)).toEqual([0, 0, 0])
    expect(hosts.find(({ name }) => name === 'alice')!.owed).toBe(alices)
    expect(leak).toMatchObject({ state: 'holds', violations: [] })
  })

  test('not the answer to a name’s question, which is the host’s: the world ends as a phone speaks to its proxy by name', () => {
    const byName = { ...REGISTER, 'nodes.alice.runs.proxy': 'proxy', 'nodes.alice.runs.keepAlive': '20 s' }
    const { hosts, leak } = ended(byName, undefined, [], '120 s')
    expect(hosts.find(({ name }) => name === 'alice')).toMatchObject({ running: 2, owed: 2 })
    expect(leak).toMatchObject({ state: 'holds', violations: [] })
  })

  test('and a pong that is waited for', () => {
    // From 121 s on, alice waits for an answer to the ping of 120 s.
    const cut = [{ at: '119 s', cut: { on: 'alice -> router', for: '60 s' } }]
    const { hosts } = ended({ ...TCP, 'nodes.alice.runs.keepAlive': '25 s' }, undefined, cut)
    expect(hosts.find(({ name }) => name === 'alice')).toMatchObject({ running: 2, owed: 2 })
  })
})

test.each<[string, object]>([
  ['UDP', { 'nodes.alice.runs.keepAlive': '20 s' }],
  ['TCP', { ...TCP, 'nodes.alice.runs.keepAlive': '20 s' }],
])('a timer that nobody stops is seen over %s', (_, set) => {
  const { leak } = ended(set, 'timer-kept', [lost('ACK', 'alice -> router')])
  expect(leak.violations.map(({ sentence }) => sentence).join('\n')).toMatch(/has \d+ timers? running, and owes \d/)
})
