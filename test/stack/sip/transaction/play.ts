// A transaction's table alone on a kernel: `play('inviteClient', [[700, '1xx']])` is the whole life of one, a line per step.

import { Machine } from '../../../../stack/machine/runner.ts'
import type { Table } from '../../../../stack/machine/table.ts'
import { inviteClient, inviteClientMs } from '../../../../stack/sip/transaction/inviteClient.ts'
import { inviteServer, inviteServerMs } from '../../../../stack/sip/transaction/inviteServer.ts'
import { nonInviteClient, nonInviteClientMs } from '../../../../stack/sip/transaction/nonInviteClient.ts'
import { nonInviteServer, nonInviteServerMs } from '../../../../stack/sip/transaction/nonInviteServer.ts'
import { RFC_TIMERS, type SipTimers } from '../../../../stack/sip/transaction/timers.ts'
import { MachineHost } from '../../machine/play.ts'

type TimerMs = (timer: never, nth: number, timers: SipTimers, reliable: boolean, state: never) => number
interface Played {
  readonly table: Table<string, string, string, string>
  readonly timerMs: TimerMs
}

/** The four tables by name, each with its timers. */
export const TABLES = {
  inviteClient: { table: inviteClient, timerMs: inviteClientMs },
  nonInviteClient: { table: nonInviteClient, timerMs: nonInviteClientMs },
  inviteServer: { table: inviteServer, timerMs: inviteServerMs },
  nonInviteServer: {
    table: nonInviteServer,
    timerMs: (timer, _nth, timers, reliable) => nonInviteServerMs(timer, timers, reliable),
  },
} as const satisfies Record<string, Played>

/** What happens at which ms. A machine must ignore an event in parentheses, may ignore one after `?`, and takes the others. */
export type Script = readonly (readonly [ms: number, event: string])[]

export interface PlayOptions {
  readonly reliable?: boolean
  readonly timers?: SipTimers
}

/** Plays a transaction that gets its request at 0 and the script's events later, until nothing is left to happen. */
export function play(name: keyof typeof TABLES, script: Script, options: PlayOptions = {}): string[] {
  const { reliable = false, timers = RFC_TIMERS } = options
  const { table, timerMs }: Played = TABLES[name]
  const host = new MachineHost()
  host.at(0, () => {
    const machine = new Machine(table, {
      host,
      instance: 'z9hG4bK1',
      timerMs: (timer, nth, state) => timerMs(timer as never, nth, timers, reliable, state as never),
      perform: (action) => host.say(action),
      ended: () => host.say('ended'),
    })
    machine.handle('request')
    for (const [ms, event] of script) host.at(ms, () => feed(machine, event))
  })
  return host.run()
}

/** Only the times (ms) of the steps that did `action`. */
export function times(lines: readonly string[], action: string): number[] {
  return lines.filter((line) => line.includes(action)).map((line) => Number(line.split(' ')[0]))
}

function feed(machine: Machine<string, string, string, string>, event: string): void {
  if (event.startsWith('?')) {
    machine.handle(event.slice(1))
    return
  }
  const ignored = event.startsWith('(')
  const taken = machine.handle(ignored ? event.slice(1, -1) : event)
  if (taken === ignored)
    throw new Error(`${machine.table.name} ${taken ? 'takes' : 'ignores'} ${event} in ${machine.state}`)
}
