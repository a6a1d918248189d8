import { describe, expect, test } from 'vitest'
import { CAPTURED } from '../../experiments/oracles/jury.ts'
import { judged, names } from './wire.ts'

const A = [0, 500, 1500, 3500, 7500, 15500, 31500]
const E = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]
const G = E

/** Lines of the same message at these times. */
function at(times: readonly number[], line: string): string {
  return times.map((ms) => `${ms} ${line}`).join('\n')
}

describe('right schedules hold, each under its timer', () => {
  test.each([
    ['Timer A', at(A, 'a>b INVITE lost')],
    ['Timer B', at(A, 'a>b INVITE lost')],
    // A large request finds nobody at the port for TCP, and goes over UDP (§18.1.1).
    ...['Timer A', 'Timer B'].map((name): [string, string] => {
      const later = A.map((ms) => ms + 30)
      return [name, `0 a>b INVITE tcp lost\n${at(later, 'a>b INVITE lost')}`]
    }),
    ['Timer E', at(E, 'a>b OPTIONS lost')],
    ['Timer F', at(E, 'a>b OPTIONS lost')],
    [
      'Timer G',
      `0 a>b INVITE\n20 b>a 180_INVITE\n${at(
        G.map((ms) => ms + 100),
        'b>a 486_INVITE lost',
      )}`,
    ],
    // The INVITE comes again in the very moment in which the timer fires: two copies go out at once.
    [
      'Timer G',
      `0 a>b INVITE\n10 b>a 486_INVITE lost\n500 a>b INVITE\n510 b>a 486_INVITE lost\n510 b>a 486_INVITE\n520 a>b ACK to=b1`,
    ],
    [
      'Timer H',
      `0 a>b INVITE\n20 b>a 180_INVITE\n${at(
        G.map((ms) => ms + 100),
        'b>a 486_INVITE lost',
      )}`,
    ],
    [
      '2xx core',
      `0 a>b INVITE\n20 b>a 180_INVITE\n${at(
        G.map((ms) => ms + 100),
        'b>a 200_INVITE lost',
      )}`,
    ],
    // Over TCP a refusal goes out once, and an answer again and again: the transport says nothing of what the other side's program has heard.
    ['Timer G', `0 a>b INVITE tcp\n20 b>a 486_INVITE tcp\n40 a>b ACK to=b1 tcp`],
    [
      '2xx core',
      `0 a>b INVITE tcp\n${at(
        G.map((ms) => ms + 100),
        'b>a 200_INVITE tcp lost',
      )}`,
    ],
    [
      'Timer E',
      `0 a>b OPTIONS\n500 a>b OPTIONS\n${at([1500, 5500, 9500], 'a>b OPTIONS lost')}\n600 b>a 180_OPTIONS\n9600 b>a 200_OPTIONS`,
    ],
  ])('%s', (name, story) => {
    const verdicts = judged(story)
    const timers = verdicts.filter((verdict) => /^Timer|core/.test(verdict.name))
    expect(timers.flatMap(({ violations }) => violations.map(({ sentence }) => sentence))).toEqual([])
    expect(names(verdicts, 'holds')).toContain(name)
  })
})

describe('wrong schedules are caught', () => {
  test.each([
    [
      'Timer A',
      'capped at T2',
      at([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500], 'a>b INVITE lost'),
    ],
    ['Timer A', 'never', '0 a>b INVITE lost'],
    ['Timer A', 'does not double', at([0, 500, 1000, 1500], 'a>b INVITE lost')],
    ['Timer A', 'goes on after a response', '0 a>b INVITE\n100 b>a 180_INVITE\n500 a>b INVITE'],
    ['Timer A', 'gives up early', at(A.slice(0, 4), 'a>b INVITE lost')],
    ['Timer A', 'over TCP', at([0, 500], 'a>b INVITE tcp')],
    ['Timer E', 'over TCP', at([0, 500], 'a>b OPTIONS tcp')],
    ['Timer G', 'over TCP', `0 a>b INVITE tcp\n${at([20, 520], 'b>a 486_INVITE tcp')}\n540 a>b ACK to=b1 tcp`],
    ['2xx core', 'once over TCP', `0 a>b INVITE tcp\n20 b>a 200_INVITE tcp lost`],
    ['Timer B', 'goes on for ever', at([...A, 63500], 'a>b INVITE lost')],
    ['Timer E', 'uncapped', at(A, 'a>b OPTIONS lost')],
    ['Timer E', 'goes on after the answer', '0 a>b OPTIONS\n100 b>a 200_OPTIONS\n500 a>b OPTIONS'],
    ['Timer E', 'stops at a provisional response', '0 a>b OPTIONS\n100 b>a 180_OPTIONS'],
    ['Timer F', 'goes on for ever', at([...E, 35500], 'a>b OPTIONS lost')],
    ['Timer G', 'never', '0 a>b INVITE\n100 b>a 486_INVITE lost'],
    [
      'Timer G',
      'uncapped',
      `0 a>b INVITE\n${at(
        A.map((ms) => ms + 100),
        'b>a 486_INVITE lost',
      )}`,
    ],
    ['Timer G', 'goes on after the ACK', '0 a>b INVITE\n100 b>a 486_INVITE\n110 a>b ACK to=b1\n600 b>a 486_INVITE'],
    [
      'Timer H',
      'goes on for ever',
      `0 a>b INVITE\n${at(
        [...G, 35500, 39500].map((ms) => ms + 100),
        'b>a 486_INVITE lost',
      )}`,
    ],
    ['2xx core', 'never', '0 a>b INVITE\n100 b>a 200_INVITE lost'],
    [
      '2xx core',
      'uncapped',
      `0 a>b INVITE\n${at(
        A.map((ms) => ms + 100),
        'b>a 200_INVITE lost',
      )}`,
    ],
    [
      '2xx core',
      'goes on after the ACK',
      '0 a>b INVITE\n100 b>a 200_INVITE\n110 a>b ACK branch=z9hG4bKx to=b1\n600 b>a 200_INVITE',
    ],
  ])('%s: %s', (name, _, story) => {
    expect(names(judged(story), 'violated')).toContain(name)
  })
})

describe('with the eyes of a capture', () => {
  test.each<[what: string, story: string, violated: readonly string[]]>([
    ['a copy that the network made is no repeat', '0 a>b OPTIONS\n0.001 a>b OPTIONS\n100 b>a 200_OPTIONS', []],
    ['nor are copies of repeats', at([0, 500, 501, 1500, 1500], 'a>b OPTIONS lost'), []],
    ['a repeat between copies that comes too early', at([0, 1, 200, 201], 'a>b OPTIONS lost'), ['Timer E']],
    [
      'what a server behind a NAT saw is what it says',
      '0 a>b OPTIONS branch=z9hG4bK-1;rport\n20 b>a 200_OPTIONS branch=z9hG4bK-1;rport=40000;received=198.51.100.1',
      [],
    ],
    [
      'a server that is asked for the port must say one',
      '0 a>b OPTIONS branch=z9hG4bK-1;rport\n20 b>a 200_OPTIONS branch=z9hG4bK-1',
      ['received'],
    ],
  ])('%s', (_, story, violated) => {
    expect(names(judged(story, 200_000, CAPTURED), 'violated')).toEqual(violated)
  })
})
