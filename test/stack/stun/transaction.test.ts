// The STUN client transaction: its table is whole, and its times are those of RFC 8489 §6.2.1.

import { expect, test } from 'vitest'
import { Machine } from '../../../stack/machine/runner.ts'
import { bindingLifetime } from '../../../stack/stun/discovery/lifetime.ts'
import { discoveryTests } from '../../../stack/stun/discovery/states.ts'
import { STUN_TIMERS, type StunTimers, stunClient, stunClientMs } from '../../../stack/stun/transaction.ts'
import { MachineHost } from '../machine/play.ts'
import { flaws } from '../machine/wholeness.ts'

test.each([stunClient, discoveryTests, bindingLifetime])('$name is whole', (table) => {
  expect(flaws(table)).toEqual([])
})

/** What happens to a request that is answered with `event` at `answeredAt`, ms. */
function play(event?: 'response' | 'transport error', answeredAt = 0, timers: StunTimers = STUN_TIMERS): string[] {
  const host = new MachineHost()
  const machine: Machine<string, string, string, 'RTO' | 'Rm'> = new Machine(stunClient, {
    host,
    instance: 'request',
    timerMs: (timer, nth) => stunClientMs(timer, nth, timers),
    perform: (action) => host.say(action),
  })
  host.at(0, () => machine.handle('request'))
  if (event !== undefined) host.at(answeredAt, () => machine.handle(event))
  return host.run()
}

test('seven transmissions, and an end at 39.5 s', () => {
  expect(play()).toEqual([
    '0 request → waiting: send',
    '500 RTO → waiting: send',
    '1500 RTO → waiting: send',
    '3500 RTO → waiting: send',
    '7500 RTO → waiting: send',
    '15500 RTO → waiting: send',
    '31500 RTO → waiting: send',
    '39500 Rm → over: report timeout',
  ])
})

test('an answer ends it, and so does a hard error', () => {
  expect(play('response', 700)).toEqual([
    '0 request → waiting: send',
    '500 RTO → waiting: send',
    '700 response → over: pass response',
  ])
  expect(play('transport error', 20).at(-1)).toBe('20 transport error → over: report transport error')
})

test('RTO, Rc and Rm are options', () => {
  expect(play(undefined, 0, { rtoMs: 100, rc: 3, rm: 4 })).toEqual([
    '0 request → waiting: send',
    '100 RTO → waiting: send',
    '300 RTO → waiting: send',
    '700 Rm → over: report timeout',
  ])
})
