import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { TraceRecord } from '../../../platform/trace.ts'
import { type Incident, printIncident } from '../../../sim/faults/incident.ts'
import { Network } from '../../../sim/network/network.ts'

const EMPTY = new Uint8Array(0)
const ms = 1e6
const WAY = { delayNs: 0.2 * ms, changes: true }

/** a, b and c on one router r, each 0.2 ms from it; b and c hear what comes to port 9 as long as their programs live. */
function build() {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', sinks: [(record) => records.push(record)] },
    classify: (protocol) => ({ name: protocol, media: false }),
  })
  network.router('r')
  for (const [n, name] of ['a', 'b', 'c'].entries()) {
    network.host(name, { interfaces: [{ address: `10.0.${n}.1/24` }], gateway: 'r' })
    network.link({ between: [name, 'r'], up: WAY, down: WAY })
  }
  network.seal()
  return { network, records }
}

/** Each ms from 0 on a sends its number to b and c: `b` and `c` say which came, `a` what it learnt of others; `told` are the faults on record. */
function play(incidents: readonly (readonly [atMs: number, incident: Incident])[], count = 12) {
  const { network, records } = build()
  const heard: Record<string, number[]> = { b: [], c: [] }
  const listen = (name: string): void => {
    const received = (datagram: { readonly bytes: () => Uint8Array }): void => {
      heard[name]!.push(datagram.bytes()[0]!)
    }
    network.hostOf(name).udp({ port: 9 }, { received, failed: () => {} })
  }
  const learnt: number[] = []
  listen('b')
  listen('c')
  network.incidents.restart = listen
  const failed = (): void => {
    learnt.push(Math.round(network.kernel.now / ms))
  }
  const opened = network.hostOf('a').udp({ port: 9 }, { received: () => {}, failed })
  if (!opened.ok) throw new Error(opened.issue.expected)
  for (let n = 0; n < count; n++) {
    network.ask(n * ms, 'a', () => {
      for (const to of ['10.0.1.1', '10.0.2.1']) {
        opened.value.send(network.hostOf('a').endpoint(to, 9), EMPTY, Uint8Array.of(n))
      }
    })
  }
  for (const [atMs, incident] of incidents) network.strike(atMs * ms, incident)
  network.run()
  const told = records.flatMap((one) => (one.kind === 'faulted' ? [`${one.at / ms} ${one.id.node} ${one.what}`] : []))
  expect(network.inFlight).toBe(0)
  return { b: heard.b!.join(' '), c: heard.c!.join(' '), a: learnt.join(' '), told: told.join(', ') }
}

const ALL = '0 1 2 3 4 5 6 7 8 9 10 11'

describe('a fault strikes and ends', () => {
  test.each<[string, [number, Incident][], string, string]>([
    ['a cut', [[2.1, { kind: 'cut', link: 'b--r' }]], '0 1', ALL],
    ['a cut loses what is under way', [[2.3, { kind: 'cut', link: 'b--r', forNs: ms }]], '0 1 4 5 6 7 8 9 10 11', ALL],
    ['a cut one way only', [[2.1, { kind: 'cut', link: 'b--r', from: 'b' }]], ALL, ALL],
    ['a cut that lasts', [[1.9, { kind: 'cut', link: 'b--r', forNs: 3 * ms }]], '0 1 5 6 7 8 9 10 11', ALL],
    [
      'cuts that overlap last until both have ended',
      [
        [1.9, { kind: 'cut', link: 'b--r', forNs: 6 * ms }],
        [2.9, { kind: 'cut', link: 'b--r', forNs: 2 * ms }],
      ],
      '0 1 8 9 10 11',
      ALL,
    ],
    [
      'a healing ends all of them',
      [
        [1.9, { kind: 'cut', link: 'b--r', forNs: 6 * ms }],
        [2.9, { kind: 'cut', link: 'b--r' }],
        [4.9, { kind: 'heal', link: 'b--r' }],
      ],
      '0 1 5 6 7 8 9 10 11',
      ALL,
    ],
    ['a flap', [[1.9, { kind: 'flap', link: 'b--r', downNs: ms, upNs: 2 * ms, times: 3 }]], '0 1 3 4 6 7 9 10 11', ALL],
    [
      'a partition',
      [[1.9, { kind: 'partition', nodes: ['a', 'b'], forNs: 3 * ms }]],
      '0 1 5 6 7 8 9 10 11',
      '0 1 5 6 7 8 9 10 11',
    ],
    ['a crash', [[1.9, { kind: 'crash', node: 'b', forNs: 3 * ms }]], '0 1 5 6 7 8 9 10 11', ALL],
    [
      'a restart',
      [
        [1.9, { kind: 'crash', node: 'b' }],
        [4.9, { kind: 'restart', node: 'b' }],
      ],
      '0 1 5 6 7 8 9 10 11',
      ALL,
    ],
    ['a kill', [[1.9, { kind: 'kill', node: 'b', forNs: 3 * ms }]], '0 1 5 6 7 8 9 10 11', ALL],
    [
      'a reboot of a router',
      [[1.9, { kind: 'reboot', node: 'r', forNs: 3 * ms }]],
      '0 1 5 6 7 8 9 10 11',
      '0 1 5 6 7 8 9 10 11',
    ],
    ['a freeze loses nothing', [[1.9, { kind: 'freeze', node: 'b', forNs: 3 * ms }]], ALL, ALL],
    [
      'a freeze without a buffer',
      [[1.9, { kind: 'freeze', node: 'b', forNs: 3 * ms, buffer: { packets: 0 } }]],
      '0 1 5 6 7 8 9 10 11',
      ALL,
    ],
    [
      'a freeze with a small buffer',
      [[1.9, { kind: 'freeze', node: 'b', forNs: 3 * ms, buffer: { bytes: 60 } }]],
      '0 1 2 3 5 6 7 8 9 10 11',
      ALL,
    ],
    [
      'a thaw',
      [
        [1.9, { kind: 'freeze', node: 'b' }],
        [4.9, { kind: 'thaw', node: 'b' }],
      ],
      ALL,
      ALL,
    ],
    [
      'a slow host whose buffer overflows',
      [[1.9, { kind: 'slow', node: 'b', packetNs: 2 * ms, timerNs: 0, buffer: { packets: 2 } }]],
      '0 1 2 3 4 5 6 8 10',
      ALL,
    ],
    [
      'a slow host that is slower for a while is as slow as before in the end',
      [
        [1.9, { kind: 'slow', node: 'b', packetNs: 0, timerNs: 0 }],
        [2.9, { kind: 'slow', node: 'b', packetNs: 9 * ms, timerNs: 0, forNs: 2 * ms, buffer: { packets: 1 } }],
      ],
      '0 1 2 3 4 5 6 7 8 9 10 11',
      ALL,
    ],
    [
      'a slow host that stood still has the room that it had',
      [
        [1.9, { kind: 'slow', node: 'b', packetNs: 2 * ms, timerNs: 0, buffer: { packets: 2 } }],
        [2.5, { kind: 'freeze', node: 'b', forNs: 0.1 * ms }],
      ],
      '0 1 2 3 4 5 6 8 10',
      ALL,
    ],
    [
      'a frozen host that crashes loses what waits and what comes, and what comes after its restart waits again',
      [
        [1.9, { kind: 'freeze', node: 'b', forNs: 6 * ms }],
        [2.9, { kind: 'crash', node: 'b', forNs: 2 * ms }],
      ],
      '0 1 5 6 7 8 9 10 11',
      ALL,
    ],
    [
      'a frozen host that crashes loses what waits',
      [
        [1.9, { kind: 'freeze', node: 'b', forNs: 3 * ms }],
        [3.9, { kind: 'crash', node: 'b', forNs: 2 * ms }],
      ],
      '0 1 6 7 8 9 10 11',
      ALL,
    ],
  ])('%s', (_, incidents, b, c) => {
    const played = play(incidents)
    expect([played.b, played.c]).toEqual([b, c])
  })

  test('who sends to a host that crashed learns nothing, to one whose programs died an ICMP error', () => {
    expect(play([[1.9, { kind: 'crash', node: 'b', forNs: 3 * ms }]]).a).toBe('')
    expect(play([[1.9, { kind: 'kill', node: 'b', forNs: 3 * ms }]]).a).toBe('3 4 5')
  })

  test('and both are on record, at the node or the first end of the link', () => {
    expect(play([[2, { kind: 'cut', link: 'b--r', forNs: ms }]]).told).toBe('2 b cut, 3 b heal')
    expect(play([[2, { kind: 'crash', node: 'c', forNs: ms }]]).told).toBe('2 c crash, 3 c restart')
    expect(play([[2, { kind: 'reboot', node: 'r', forNs: ms }]]).told).toBe('2 r reboot, 3 r up again')
  })
})

test('a host that was killed and then crashes starts anew when both have ended', () => {
  const kill: Incident = { kind: 'kill', node: 'b', forNs: 6 * ms }
  expect(
    play([
      [1.9, kill],
      [2.9, { kind: 'crash', node: 'b', forNs: ms }],
    ]).b,
  ).toBe('0 1 8 9 10 11')
})

test('in words', () => {
  expect(printIncident({ kind: 'cut', link: 'a--r', from: 'r', forNs: 2e9 })).toBe('cut r -> a for 2 s')
  const flap: Incident = { kind: 'flap', link: 'a--r', downNs: 1e9, upNs: 5e8, times: 3 }
  expect(printIncident(flap)).toBe('flap a--r 3 times, 1 s down and 500 ms up')
})

describe('a host that stands still', () => {
  /** Five timers of b, one a ms; what b's clock says when they fire. */
  const timers = (incidents: readonly (readonly [atMs: number, incident: Incident])[]): string => {
    const { network } = build()
    const host = network.hostOf('b')
    const fired: number[] = []
    network.ask(0, 'b', () => {
      for (let n = 1; n <= 5; n++) host.after(n, () => fired.push(Number(host.now().toFixed(3))))
    })
    for (const [atMs, incident] of incidents) network.strike(atMs * ms, incident)
    network.run()
    return fired.join(' ')
  }
  test('has its timers late, in their order', () =>
    expect(timers([[1.5, { kind: 'freeze', node: 'b', forNs: 2 * ms }]])).toBe('1 3.5 3.5 4 5'))
  test('that is slow serves them one after another', () =>
    expect(timers([[0.5, { kind: 'slow', node: 'b', packetNs: 0, timerNs: 3 * ms }]])).toBe('4 7 10 13 16'))
  test('that is slow by less than a tick takes a tick for each', () =>
    expect(timers([[0.5, { kind: 'slow', node: 'b', packetNs: 0, timerNs: 0.3 }]])).toBe('1 2 3 4 5'))
  test('that is slow after it stood still twice serves each once', () =>
    expect(
      timers([
        [0.1, { kind: 'freeze', node: 'b', forNs: 0.1 * ms }],
        [0.3, { kind: 'freeze', node: 'b', forNs: 0.1 * ms }],
        [0.5, { kind: 'slow', node: 'b', packetNs: 0, timerNs: 3 * ms }],
      ]),
    ).toBe('4 7 10 13 16'))
  test('whose clock is fast has them early', () =>
    expect(timers([[2, { kind: 'clock', node: 'b', stepMs: 0, driftRatio: 1 }]])).toBe('1 2 3 4 5'))
  test('whose clock steps has them as before', () =>
    expect(timers([[2.5, { kind: 'clock', node: 'b', stepMs: 100 }]])).toBe('1 2 103 104 105'))
})

test('a timer that is due and waits for its processor can be taken back', () => {
  const { network } = build()
  const host = network.hostOf('b')
  const fired: string[] = []
  network.ask(0, 'b', () => {
    const second = host.after(2.5, () => fired.push('second'))
    host.after(2, () => {
      fired.push('first')
      host.cancel(second)
    })
  })
  network.strike(1 * ms, { kind: 'freeze', node: 'b', forNs: 3 * ms })
  network.run()
  expect(fired).toEqual(['first'])
})

const someMs = fc.integer({ min: 0, max: 120 }).map((tenths) => tenths / 10)
const forNs = fc.integer({ min: 1, max: 50 }).map((tenths) => (tenths * ms) / 10)
const link = fc.constantFrom('a--r', 'b--r', 'c--r')
const host = fc.constantFrom('b', 'c')
const buffer = fc.oneof(
  fc.nat(5).map((packets) => ({ packets })),
  fc.nat(200).map((bytes) => ({ bytes })),
)
const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), link, forNs }),
  fc.record({ kind: fc.constant('heal' as const), link }),
  fc.record({
    kind: fc.constant('flap' as const),
    link,
    downNs: forNs,
    upNs: forNs,
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constant('partition' as const),
    nodes: fc.subarray(['a', 'b', 'c', 'r'], { minLength: 1 }),
    forNs,
  }),
  fc.record({ kind: fc.constant('reboot' as const), node: fc.constant('r'), forNs }),
  fc.record({ kind: fc.constantFrom('crash' as const, 'kill' as const), node: host, forNs }),
  fc.record({ kind: fc.constantFrom('restart' as const, 'thaw' as const), node: host }),
  fc.record({ kind: fc.constant('freeze' as const), node: host, forNs, buffer }),
  fc.record({
    kind: fc.constant('slow' as const),
    node: host,
    forNs,
    buffer,
    packetNs: fc.nat(ms),
    timerNs: fc.nat(ms),
  }),
  fc.record({
    kind: fc.constant('degrade' as const),
    link,
    forNs,
    change: fc.record({ delayNs: fc.integer({ min: 1000, max: ms }) }),
  }),
  fc.record({ kind: fc.constant('restore' as const), link }),
)
const incidents = fc.array(fc.tuple(someMs, incident), { maxLength: 6 })

law.prop([incidents])(
  'whatever strikes: when all of it has ended, everything is delivered again, and nothing is left over',
  (some) => {
    const { b, c } = play(some, 60)
    const last = Array.from({ length: 10 }, (_, n) => 50 + n).join(' ')
    expect([b.slice(-last.length), c.slice(-last.length)]).toEqual([last, last])
  },
)
