// The stories of RFC 9293 §3.5 and §3.6, and every arrow of the table: each is taken by some story here.

import { afterAll, describe, expect, test } from 'vitest'
import type { Unreachable } from '../../../platform/host.ts'
import { stepTcp, TCP_ROWS, type TcpEvent, type TcpState } from '../../../sim/transport/tcp/states.ts'
import { type Played, play, type StageOptions } from './stage.ts'

const taken = new Set<string>()

/** Plays, and notes which arrows were taken. */
function tell(lines: readonly string[], options: StageOptions = {}): Played {
  const played = play(lines, options)
  for (const record of played.records) {
    if (record.kind === 'transition' && record.timer === undefined) taken.add(`${record.from} ${record.event}`)
  }
  return played
}

const OPEN = ['0 b listen', '0 a connect']
const patient = { tcp: { mslMs: 1000 } }

describe('a connection is opened and closed', () => {
  test('the basic handshake and the normal close, figures 6 and 12', () => {
    const { steps, heard } = tell([...OPEN, '50 a send 5', '60 a close', '100 b close'], patient)
    expect(steps).toEqual([
      '0 a open: SYN-SENT',
      '10 b SYN: SYN-RECEIVED',
      '20 a SYN ACK: ESTABLISHED',
      '30 b ACK of SYN: ESTABLISHED',
      '60 a close: FIN-WAIT-1',
      '70 b FIN: CLOSE-WAIT',
      '80 a ACK of FIN: FIN-WAIT-2',
      '100 b close: LAST-ACK',
      '110 a FIN: TIME-WAIT',
      '120 b ACK of FIN: CLOSED',
      '2110 a 2MSL: CLOSED',
    ])
    expect(heard).toEqual([
      '20 a connected',
      '30 b accepted',
      '60 b got 5',
      '70 b ended',
      '110 a ended',
      '110 a done',
      '120 b done',
    ])
  })

  test('both open at once, figure 7', () => {
    const { steps, heard } = tell(['0 a simultaneous', '0 b simultaneous'])
    expect(steps).toEqual([
      ...['0 a open: SYN-SENT', '0 b open: SYN-SENT', '10 a SYN: SYN-RECEIVED', '10 b SYN: SYN-RECEIVED'],
      ...['20 a ACK of SYN: ESTABLISHED', '20 b ACK of SYN: ESTABLISHED'],
    ])
    expect(heard).toEqual(['20 a connected', '20 b connected'])
  })

  test('both close at once, figure 13', () => {
    const { states, heard } = tell([...OPEN, '100 a close', '100 b close'], patient)
    expect(states('a')).toBe('SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT CLOSED')
    expect(states('b')).toBe('SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT CLOSED')
    expect(heard.slice(2)).toEqual(['110 a ended', '110 b ended', '120 a done', '120 b done'])
  })

  test('one side closes at once, the other goes on talking', () => {
    const { heard } = tell([...OPEN, '50 a close', '100 b send 3000', '200 b close'], patient)
    expect(heard).toEqual([
      ...['20 a connected', '30 b accepted', '60 b ended', '110 a got 1448', '110 a got 1448', '130 a got 104'],
      ...['210 a ended', '210 a done', '220 b done'],
    ])
  })

  test('closed before it is established: what was said is heard, then FIN', () => {
    const { heard, states } = tell(['0 b listen', '0 a connect', '0 a send 5', '0 a close', '50 b close'], patient)
    expect(heard).toEqual([
      '20 a connected',
      '30 b accepted',
      '30 b got 5',
      '30 b ended',
      '60 a ended',
      '60 a done',
      '70 b done',
    ])
    expect(states('a')).toBe('SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED')
  })
})

describe('segments of the handshake and the farewell are lost', () => {
  const opened = (...faults: string[]) => tell(OPEN, { faults }).heard

  test('the SYN: again after 1 s, then 2 s', () => {
    expect(opened('drop 1 TCP SYN a', 'drop 2 TCP SYN a')).toEqual(['3020 a connected', '3030 b accepted'])
  })
  test('the SYN ACK', () => {
    expect(opened('drop 1 TCP SYN ACK b')).toEqual(['1020 a connected', '1030 b accepted'])
  })
  test('the last ACK of the handshake: the SYN ACK is said again, and answered', () => {
    expect(opened('drop 1 TCP ACK a')).toEqual(['20 a connected', '1030 b accepted'])
  })
  test('a SYN that arrives twice changes nothing', () => {
    expect(opened('duplicate 1 TCP SYN a', 'duplicate 1 TCP SYN ACK b')).toEqual(['20 a connected', '30 b accepted'])
  })
  test('the last ACK of all: TIME-WAIT answers the FIN that comes again', () => {
    const { steps } = tell([...OPEN, '60 a close', '100 b close'], { ...patient, faults: ['drop 2 TCP ACK a'] })
    expect(steps.slice(-6)).toEqual([
      ...['100 b close: LAST-ACK', '110 a FIN: TIME-WAIT', '1100 b RTO: LAST-ACK', '1110 a FIN: TIME-WAIT'],
      ...['1120 b ACK of FIN: CLOSED', '3110 a 2MSL: CLOSED'],
    ])
  })
  test('both FINs at once, and the ACKs lost', () => {
    const { states } = tell([...OPEN, '100 a close', '100 b close'], { ...patient, faults: ['drop 1 TCP ACK b'] })
    expect(states('a')).toContain('CLOSING')
    expect(states('a')).toMatch(/TIME-WAIT CLOSED$/)
  })
})

describe('connections that end otherwise', () => {
  const end = (lines: string[], options: StageOptions = {}) => tell(lines, options)

  test('nobody listens: refused', () => {
    expect(end(['0 a connect']).heard).toEqual(['20 a refused'])
  })
  test('nobody answers: given up after 3 min', () => {
    expect(end(['0 b crash', '0 a connect']).heard).toEqual(['180000 a timed out'])
  })
  test('aborted while opening: not a word', () => {
    const { states, records } = end(['0 b listen', '0 a connect', '5 a abort'])
    expect(states('a')).toBe('SYN-SENT CLOSED')
    expect(states('b')).toBe('SYN-RECEIVED CLOSED') // by the RST that its SYN ACK met
    expect(records.filter(({ kind }) => kind === 'sent')).toHaveLength(3)
  })
  test.each([
    ['established', [...OPEN, '50 a abort'], ['60 b reset']],
    ['one side closed', [...OPEN, '50 a close', '100 b abort'], ['60 b ended', '110 a reset']],
    ['the other side closed', [...OPEN, '50 a close', '100 a abort'], ['60 b ended', '110 b reset']],
    ['both open at once', ['0 a simultaneous', '0 b simultaneous', '15 a abort'], ['20 b connected', '25 b reset']],
  ])('aborted: %s', (_, lines, expected) => {
    expect(end(lines).heard.filter((line) => !/a connected|accepted/.test(line))).toEqual(expected)
  })
  test('aborted while the ACK of SYN is on its way: the other side never was established', () => {
    const { states } = end(['0 a simultaneous', '0 b simultaneous', '11 a abort', '12 b abort'])
    expect(states('a')).toBe('SYN-SENT SYN-RECEIVED CLOSED')
  })
  test('aborted while the FIN is on its way', () => {
    const { states, heard } = end([...OPEN, '50 a close', '55 a abort'])
    expect(states('a')).toBe('SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED')
    expect(heard).toContain('65 b reset')
  })
  test('aborted when all but the last words is said: no RST', () => {
    const closing = end([...OPEN, '100 a close', '100 b close', '115 a abort'], patient)
    expect(closing.states('a')).toMatch(/CLOSING CLOSED$/)
    const last = end([...OPEN, '50 a close', '100 b close', '105 b abort'], patient)
    expect(last.states('b')).toMatch(/LAST-ACK CLOSED$/)
    const waiting = end([...OPEN, '50 a close', '100 b close', '200 a abort'], patient)
    expect(waiting.states('a')).toMatch(/TIME-WAIT CLOSED$/)
  })
  test('half-open: a crashed side that comes back answers with RST', () => {
    const { heard } = end([...OPEN, '100 b crash', '200 b restart', '300 a send 5'])
    expect(heard).toEqual(['20 a connected', '30 b accepted', '320 a reset'])
  })
  test('a side whose programs are killed: its system resets', () => {
    const { heard } = end([...OPEN, '100 b kill', '300 a send 5'])
    expect(heard).toEqual(['20 a connected', '30 b accepted', '110 a reset'])
  })
  test('a frozen side sends nothing again, and answers nothing, until it thaws', () => {
    const { heard, steps } = end([...OPEN, '95 b freeze', '99 a freeze', '100 a send 5', '5000 a thaw', '6000 b thaw'])
    expect(steps.filter((one) => one.includes('RTO'))).toEqual(['6000 a RTO: ESTABLISHED'])
    expect(heard.at(-1)).toBe('6000 b got 5')
  })
  test('half-open: a crashed side that opens anew from the same port is told by an ACK, and resets', () => {
    const lines = ['0 a simultaneous', '0 b simultaneous', '100 a crash', '200 a restart', '300 a simultaneous']
    const { heard } = end(lines)
    expect(heard).toEqual(['20 a connected', '20 b connected', '330 b reset', '1320 a refused'])
  })
  test('a side that is gone for good: data is given up after 5 min', () => {
    const { heard } = end([...OPEN, '100 b crash', '200 a send 5'])
    expect(heard).toEqual(['20 a connected', '30 b accepted', '300200 a timed out'])
  })
  test('a side that is gone for good, and nothing to say: keep-alives find it out', () => {
    const tcp = { keepAlive: true, keepAliveAfterMs: 5000, keepAliveEveryMs: 1000, keepAliveProbes: 3 }
    expect(end([...OPEN, '100 b crash'], { tcp }).heard).toEqual([
      '20 a connected',
      '30 b accepted',
      '8020 a timed out',
    ])
    expect(end([...OPEN, '50 a close', '100 b crash'], { tcp }).heard.at(-1)).toBe('8070 a timed out')
    expect(end(OPEN, { tcp, untilMs: 60_000 }).heard).toHaveLength(2)
  })
  test('an ICMP error ends an opening if it is hard, and is the likely reason for a later end if it is soft', () => {
    const heard = (refused: Unreachable, lines = ['0 a connect']) => end(lines, { refused }).heard
    expect(heard('administratively prohibited')).toEqual(['10 a unreachable (administratively prohibited)'])
    expect(heard('port unreachable')).toEqual(['10 a unreachable (port unreachable)'])
    expect(heard('host unreachable')).toEqual(['180000 a timed out (host unreachable)'])
    const both = ['0 b simultaneous', '1 a simultaneous']
    expect(heard('port unreachable', both)[0]).toBe('11 a unreachable (port unreachable)')
  })
  test('the opening side is gone for good', () => {
    expect(end(['0 b listen', '0 a connect', '5 a crash']).states('b')).toBe('SYN-RECEIVED CLOSED')
  })
  test('gone for good while closing, in every state', () => {
    const gone = (lines: string[], who: string): string => end([...OPEN, ...lines, who], {}).heard.at(-1)!
    expect(gone(['100 a close'], '105 b crash')).toBe('300100 a timed out')
    expect(gone(['50 a close', '100 b close'], '105 a crash')).toBe('300100 b timed out')
    expect(gone(['50 a close', '100 b send 5'], '105 a crash')).toBe('300100 b timed out')
    const bothClose = tell([...OPEN, '100 a close', '100 b close', '111 b crash'], { faults: ['drop 1 TCP ACK b'] })
    expect(bothClose.heard.at(-1)).toBe('300100 a timed out')
  })
  test('reset while closing', () => {
    const heard = (lines: string[]): string[] => [...end([...OPEN, ...lines], {}).heard]
    expect(heard(['100 b crash', '101 b restart', '102 a close'])).toContain('122 a reset')
    expect(heard(['100 a close', '100 b close', '105 b crash', '106 b restart'])).toContain('130 a done')
    expect(heard(['50 a close', '100 b close', '101 a crash', '102 a restart'])).toContain('120 b done')
  })
})

describe('the table', () => {
  test('each state that an arrow leads to has arrows, CLOSED but the one that opens; no arrow stands twice', () => {
    const states = new Set(TCP_ROWS.map(([state]) => state))
    for (const [, , , next] of TCP_ROWS) expect(states).toContain(next)
    expect(new Set(TCP_ROWS.map(([state, event]) => `${state} ${event}`)).size).toBe(TCP_ROWS.length)
  })
  test('every synchronized state knows what RST and abort mean', () => {
    for (const state of new Set(TCP_ROWS.map(([one]) => one))) {
      if (state === 'CLOSED' || state === 'LISTEN') continue
      for (const event of ['RST', 'abort'] as TcpEvent[]) expect(stepTcp(state as TcpState, event)).toBeDefined()
    }
  })
  afterAll(() => {
    expect(TCP_ROWS.map(([state, event]) => `${state} ${event}`).filter((arrow) => !taken.has(arrow))).toEqual([])
  })
})
