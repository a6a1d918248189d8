import { expect, test } from 'vitest'
import { Machine } from '../../../stack/machine/runner.ts'
import type { Table } from '../../../stack/machine/table.ts'
import { step } from '../../../stack/machine/table.ts'
import { MachineHost } from './play.ts'
import { flaws } from './wholeness.ts'

type Door = Table<'shut' | 'open' | 'gone', 'push' | 'pull' | 'tick' | 'lock', 'creak' | 'ring', 'tick' | 'lock'>
const door: Door = {
  name: 'door',
  initial: 'shut',
  final: 'gone',
  timers: { shut: ['lock'], open: ['tick', 'lock'], gone: [] },
  rows: [
    ['shut', 'push', ['creak'], 'open'],
    ['shut', 'lock', [], 'gone'],
    ['open', 'tick', ['ring'], 'open'],
    ['open', 'lock', [], 'gone'],
    ['open', 'pull', ['creak'], 'shut'],
  ],
}

test('a step is pure, and undefined where there is no arrow', () => {
  expect(step(door, 'shut', 'push')).toEqual({ next: 'open', actions: ['creak'] })
  expect(step(door, 'shut', 'pull')).toBeUndefined()
  expect(step(door, 'gone', 'push')).toBeUndefined()
})

test('wholeness: every flaw is found', () => {
  expect(flaws(door)).toEqual([])
  const without = (event: string): Door => ({ ...door, rows: door.rows.filter((row) => row[1] !== event) })
  expect(flaws(without('tick'))).toEqual(['door: open lists timer tick and has no arrow for it'])
  expect(flaws(without('push'))).toEqual(['door: open is never reached'])
  expect(flaws(without('lock'))).toContain('door: shut never comes to gone')
  expect(flaws({ ...door, rows: [...door.rows, ['gone', 'push', [], 'gone']] })).toEqual(['door: gone has an arrow'])
  expect(flaws({ ...door, rows: [...door.rows, ['open', 'pull', [], 'gone']] })).toEqual([
    'door: open has two arrows for pull',
  ])
  expect(flaws({ ...door, timers: { ...door.timers, shut: [] } })).toEqual(['door: shut does not list timer lock'])
  const { shut, gone } = door.timers
  expect(flaws({ ...door, timers: { shut, gone } as Door['timers'] })).toContain('door: no timers are given for open')
})

type Front = Machine<'shut' | 'open' | 'gone', string, string, string>

/** A door on this host whose `creak` asks for `next` in mid-step. */
function doorOf(host: MachineHost, next: string): Front {
  const machine: Front = new Machine(door, {
    host,
    instance: 'front',
    timerMs: (timer, nth, state) => (timer === 'lock' ? 10 : state === 'open' ? 2 + nth : Number.POSITIVE_INFINITY),
    perform: (action) => {
      host.say(action)
      if (action === 'creak' && next !== '') host.say(`${next}: ${machine.handle(next)}`)
    },
    ended: () => host.say('ended'),
  })
  return machine
}

function run(script: (door: Front, host: MachineHost) => void, creak = ''): string[] {
  const host = new MachineHost()
  const machine = doorOf(host, creak)
  host.at(0, () => script(machine, host))
  return host.run()
}

test('a timer runs on through states that list it, starts where it was not running, and stops where it is not listed', () => {
  expect(run((machine) => machine.handle('push'))).toEqual([
    '0 push → open: creak',
    '2 tick → open: ring', // the first, 2 ms
    '5 tick → open: ring', // the second, 3 ms
    '9 tick → open: ring',
    '10 lock → gone: ended', // since the start, not since opening
  ])
})

test('a timer of a state that was left begins anew when the machine comes back', () => {
  expect(
    run((machine, host) => {
      machine.handle('push')
      host.at(4, () => machine.handle('pull')) // the second ring would be at 5
      host.at(4, () => machine.handle('push'))
    }),
  ).toEqual([
    '0 push → open: creak',
    '2 tick → open: ring',
    '4 pull → shut: creak',
    '4 push → open: creak',
    '6 tick → open: ring', // a first one again, 2 ms
    '9 tick → open: ring',
    '10 lock → gone: ended',
  ])
})

test('a timer that both states list is not begun twice', () => {
  run((machine, host) => {
    machine.handle('push')
    machine.handle('pull')
    expect(host.pending).toBe(1) // lock alone
  })
})

test('what the last action brings about goes after what waits', () => {
  const host = new MachineHost()
  const table: Table<'shut' | 'open' | 'gone', 'push' | 'tap' | 'pull', 'creak' | 'ring', never> = {
    name: 'order',
    initial: 'shut',
    final: 'gone',
    timers: { shut: [], open: [], gone: [] },
    rows: [
      ['shut', 'push', ['creak', 'ring'], 'open'],
      ['open', 'tap', [], 'open'],
      ['open', 'pull', [], 'gone'],
    ],
  }
  const machine: Machine<'shut' | 'open' | 'gone', 'push' | 'tap' | 'pull', 'creak' | 'ring', never> = new Machine(
    table,
    {
      host,
      instance: 'front',
      timerMs: () => 0,
      perform: (action) => machine.handle(action === 'creak' ? 'tap' : 'pull'),
    },
  )
  host.at(0, () => machine.handle('push'))
  expect(host.run()).toEqual(['0 push → open', '0 tap → open', '0 pull → gone'])
})

test('an event in mid-step waits until the step is done', () => {
  const host = new MachineHost()
  const table: Table<'shut' | 'open' | 'gone', 'push' | 'pull', 'creak' | 'ring', never> = {
    name: 'two actions',
    initial: 'shut',
    final: 'gone',
    timers: { shut: [], open: [], gone: [] },
    rows: [
      ['shut', 'push', ['creak', 'ring'], 'open'],
      ['open', 'pull', ['ring'], 'gone'],
    ],
  }
  const machine: Machine<'shut' | 'open' | 'gone', 'push' | 'pull', 'creak' | 'ring', never> = new Machine(table, {
    host,
    instance: 'front',
    timerMs: () => 0,
    perform: (action) => host.say(action === 'creak' ? `${action}, pull: ${machine.handle('pull')}` : action),
    ended: () => host.say('ended'),
  })
  host.at(0, () => machine.handle('push'))
  expect(host.run()).toEqual(['0 push → open: creak, pull: true, ring', '0 pull → gone: ring, ended'])
})

test('an event that the last action brings about is taken at once', () => {
  expect(run((machine) => machine.handle('push'), 'pull')).toEqual([
    '0 push → open: creak',
    '0 pull → shut: creak, pull: false, pull: true', // the inner creak finds no arrow for its own pull
    '10 lock → gone: ended',
  ])
})

test('abandoned, a machine is in its final state and silent, and no timer of it runs', () => {
  expect(
    run((machine, host) => {
      machine.handle('push')
      expect(host.pending).toBe(2)
      machine.abandon()
      expect([machine.state, machine.ended, machine.handle('pull')]).toEqual(['gone', true, false])
      expect(host.pending).toBe(0)
    }),
  ).toEqual(['0 push → open: creak'])
})

test('the timers of the initial state run from the start', () => {
  expect(run(() => undefined)).toEqual(['10 lock → gone: ended'])
})

test('a timer that is restarted runs its whole time again; one that is not listed stays so', () => {
  expect(
    run((machine, host) => {
      machine.handle('push')
      host.at(1, () => machine.restart('tick'))
      host.at(8, () => machine.restart('lock'))
      host.at(9, () => machine.handle('pull'))
      host.at(9, () => machine.restart('tick'))
    }),
  ).toEqual([
    '0 push → open: creak',
    '3 tick → open: ring', // not at 2: 2 ms from 1 on, as for the first time
    '6 tick → open: ring', // and 3 for the second
    '9 pull → shut: creak',
    '18 lock → gone: ended',
  ])
})

test('what a timer brought about bears its name, what was said does not', () => {
  const host = new MachineHost()
  const machine = doorOf(host, '')
  host.at(0, () => machine.handle('push'))
  host.at(3, () => machine.handle('pull'))
  host.at(4, () => machine.handle('lock'))
  expect(host.run().map((line) => line.split(' ')[1])).toEqual(['push', 'tick', 'pull', 'lock'])
  expect(host.timers).toEqual(['tick'])
})

test('where nobody wants a record none is made, and the end need not be told', () => {
  const host = new MachineHost(false)
  const machine = new Machine(door, { host, instance: 'front', timerMs: () => 1, perform: () => undefined })
  host.at(0, () => machine.handle('push'))
  expect(host.run()).toEqual([])
  expect([machine.state, machine.ended]).toEqual(['gone', true])
})
