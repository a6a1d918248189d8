import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { CALL_STATES } from '../../../experiments/sentences/slot.ts'
import { step, type Table } from '../../../stack/machine/table.ts'
import { callee } from '../../../stack/sip/call/callee.ts'
import { caller } from '../../../stack/sip/call/caller.ts'

type AnyTable = Table<string, string, string, string>

/** Runs `events` (separated by commas) through a table: `state[actions] state …`; an event without an arrow shows as `-`. */
function play(table: AnyTable, events: string): string {
  let state = table.initial
  const log: string[] = []
  for (const event of events.split(', ')) {
    const arrow = step(table, state, event)
    if (arrow === undefined) {
      log.push('-')
      continue
    }
    state = arrow.next
    log.push(arrow.actions.length > 0 ? `${state}[${arrow.actions.join(' ')}]` : state)
  }
  return log.join(' ')
}

describe('caller', () => {
  const stories: readonly [events: string, log: string][] = [
    // RFC 3261 §13.2
    [
      'call, 100, 180, 2xx, hang up, BYE done',
      'calling[invite] proceeding ringback established[ack talk] ending[hush bye] ended',
    ],
    ['call, 2xx, 2xx again, BYE', 'calling[invite] established[ack talk] established[ack] ended[ok]'],
    ['call, 1xx, 180, failure', 'calling[invite] proceeding ringback ended[fail]'],
    ['call, 180, 1xx, 100', 'calling[invite] ringback - -'],
    ['call, next target, 100, 2xx', 'calling[invite] calling[redirect] proceeding established[ack talk]'],
    ['call, 100, challenge, 180', 'calling[invite] proceeding calling[authorize] ringback'],
    ['call, cancel, challenge', 'calling[invite] cancelling[cancel] -'],
    ['call, timeout', 'calling[invite] ended[fail]'],
    // §9.1
    ['call, cancel, 100, 180, failure', 'calling[invite] cancelling[cancel] - - ended[fail]'],
    ['call, cancel, timeout', 'calling[invite] cancelling[cancel] ended[fail]'],
    ['call, cancel, 2xx, BYE done', 'calling[invite] cancelling[cancel] ending[ack bye] ended'],
    [
      'call, 180, cancel, 2xx, 2xx again, BYE done',
      'calling[invite] ringback cancelling[cancel] ending[ack bye] ending[ack] ended',
    ],
    // both hang up at once
    ['call, 2xx, hang up, BYE, BYE done', 'calling[invite] established[ack talk] ending[hush bye] ending[ok] ended'],
    // the callee answered, but every 2xx was lost (§13.3.1.4)
    ['call, 180, BYE', 'calling[invite] ringback ended[ok quit]'],
    ['call, BYE', 'calling[invite] -'],
  ]
  it.each(stories)('%s', (events, log) => expect(play(caller, events)).toBe(log))
})

describe('callee', () => {
  const stories: readonly [events: string, log: string][] = [
    // §13.3
    [
      'INVITE, ring, answer, ACK, hang up, BYE done',
      'offered ringing[ring] answered[answer talk] established[confirm] ending[hush bye] ended',
    ],
    ['INVITE, ring, 1xx refresh, answer after', 'offered ringing[ring] ringing[ring] answered[answer talk]'],
    ['INVITE, answer, 2xx core, ACK, ACK', 'offered answered[answer talk] answered[answer] established[confirm] -'],
    ['INVITE, answer, no ACK, BYE done', 'offered answered[answer talk] ending[hush bye] ended'],
    ['INVITE, answer, BYE', 'offered answered[answer talk] ended[ok]'],
    [
      'INVITE, answer, hang up, 2xx core, ACK',
      'offered answered[answer talk] leaving[hush] leaving[answer] ending[bye]',
    ],
    ['INVITE, 100, ring', 'offered offered[try] ringing[ring]'],
    ['INVITE, reject', 'offered ended[refuse]'],
    ['INVITE, ring, CANCEL', 'offered ringing[ring] ended[terminate]'],
    ['INVITE, answer, CANCEL', 'offered answered[answer talk] -'],
    ['INVITE, ring, BYE', 'offered ringing[ring] ended[ok terminate]'],
    ['INVITE, ring, expires', 'offered ringing[ring] ended[terminate]'],
  ]
  it.each(stories)('%s', (events, log) => expect(play(callee, events)).toBe(log))
})

it('every state has a word in sentences', () => {
  const states = new Set([...Object.keys(caller.timers), ...Object.keys(callee.timers)])
  states.delete('idle')
  expect([...states].sort()).toEqual(Object.values<string>(CALL_STATES).sort())
})

const tables: readonly [string, AnyTable][] = [
  ['caller', caller],
  ['callee', callee],
]

describe.each(tables)('%s is whole', (_name, table) => {
  const states = Object.keys(table.timers)

  it('has one arrow at most for a state and an event', () => {
    const keys = table.rows.map(([state, event]) => `${state} ${event}`)
    expect(keys).toEqual([...new Set(keys)])
  })
  it('handles every timer where it is listed', () => {
    for (const state of states) {
      for (const timer of table.timers[state] ?? [])
        expect(step(table, state, timer), `${timer} in ${state}`).toBeDefined()
    }
  })
  it('reaches every state, and the end from every state', () => {
    const from = new Map(
      states.map((state) => [state, table.rows.filter((row) => row[0] === state).map((row) => row[3])]),
    )
    const reach = (start: string): Set<string> => {
      const seen = new Set([start])
      for (const state of seen) for (const next of from.get(state) ?? []) seen.add(next)
      return seen
    }
    expect([...reach(table.initial)].sort()).toEqual([...states].sort())
    for (const state of states) expect(reach(state).has(table.final)).toBe(true)
    expect(from.get(table.final)).toEqual([])
  })
  test.prop([fc.array(fc.constantFrom(...new Set(table.rows.map((row) => row[1]))), { maxLength: 40 })])(
    'talks at most once, and never after it hushed; at most one BYE is sent',
    (events) => {
      const actions = [...play(table, events.join(', ')).matchAll(/\[(.*?)\]/g)].flatMap((match) =>
        match[1]!.split(' '),
      )
      const count = (name: string) => actions.filter((action) => action === name).length
      expect(count('talk')).toBeLessThanOrEqual(1)
      expect(count('bye')).toBeLessThanOrEqual(1)
      expect(count('fail') + count('refuse') + count('terminate')).toBeLessThanOrEqual(1)
      if (count('hush') > 0) expect(actions.lastIndexOf('talk')).toBeLessThan(actions.indexOf('hush'))
    },
  )
})
