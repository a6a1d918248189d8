import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Unreachable } from '../../../platform/host.ts'
import { ERROR_WITHHELD, type TraceLevel, type TraceRecord } from '../../../platform/trace.ts'
import type { Incident } from '../../../sim/faults/incident.ts'
import { type ErrorLimit, ErrorLimits } from '../../../sim/network/errorLimits.ts'
import { Network } from '../../../sim/network/network.ts'
import { type StoryOptions, tell } from '../boxes/story.ts'

const LIMIT: ErrorLimit = { everyNs: 500, burst: 1, per: 'node' }

/** `0a 500b 700a` are errors by time and destination; those that are sent. `6` after it: told in IPv6; `!`: `port unreachable`, else `time exceeded`. */
function sent(limits: readonly ErrorLimit[], errors: string, tickNs = 1): string {
  const own = new ErrorLimits(limits, tickNs)
  return errors
    .split(' ')
    .filter((word) => {
      const [, time = '', to = '', flags = ''] = /^(\d+)([a-z])([6!]*)$/.exec(word)!
      const why: Unreachable = flags.includes('!') ? 'port unreachable' : 'time exceeded'
      return own.forbids({ why, to: to.charCodeAt(0), isIpv6: flags.includes('6') }, Number(time)) === undefined
    })
    .join(' ')
}

describe('which errors are sent', () => {
  test.each<[string, readonly ErrorLimit[], string, string]>([
    ['one, and the next when its time has come', [LIMIT], '0a 499a 500a 999a 1000a', '0a 500a 1000a'],
    ['what is withheld takes no token', [LIMIT], '0a 400a 450a 500a', '0a 500a'],
    ['all destinations share them', [LIMIT], '0a 1b 500b', '0a 500b'],
    ['unless each has its own', [{ ...LIMIT, per: 'destination' }], '0a 1b 2a 500a', '0a 1b 500a'],
    [
      'a burst, and no more of it than fits',
      [{ ...LIMIT, burst: 3 }],
      '0a 0a 0a 0a 5000a 5000a 5000a 5000a',
      '0a 0a 0a 5000a 5000a 5000a',
    ],
    [
      'silence does not save up odd halves',
      [{ ...LIMIT, burst: 2 }],
      '0a 0a 250a 500a 900a 1000a 1000a',
      '0a 0a 500a 1000a',
    ],
    ['only the errors that are named', [{ ...LIMIT, of: ['port unreachable'] }], '0a 0a 0a! 0a!', '0a 0a 0a!'],
    ['only of one version', [{ ...LIMIT, version: 6 }], '0a 0a 0a6 0a6', '0a 0a 0a6'],
    [
      'where one limit forbids it, the other loses nothing',
      [
        { ...LIMIT, burst: 2 },
        { ...LIMIT, everyNs: 10_000, per: 'destination' },
      ],
      '0a 0a 0b 0c 500c',
      '0a 0b 500c',
    ],
    ['no limit at all', [], '0a 0a 0a', '0a 0a 0a'],
  ])('%s', (_, limits, errors, expected) => expect(sent(limits, errors)).toBe(expected))

  test('ticks of a millisecond, and a limit that is no whole number of them', () => {
    expect(sent([{ ...LIMIT, everyNs: 1_500_000, burst: 2 }], '0a 0a 1a 2a 3a 4a', 1e6)).toBe('0a 0a 2a 3a')
  })

  test('a reboot fills the buckets', () => {
    const limits = new ErrorLimits([LIMIT], 1)
    const error = { why: 'port unreachable', to: 1, isIpv6: false } as const
    expect([limits.forbids(error, 0), limits.forbids(error, 1)]).toEqual([undefined, '1 every 500 ns'])
    limits.forget()
    expect(limits.forbids(error, 2)).toBeUndefined()
  })
})

describe('buckets of many destinations', () => {
  const PER: ErrorLimit = { everyNs: 1e6, burst: 2, per: 'destination' }
  /** Tells each of so many once, one every `gapNs`; then those that it did not tell. */
  const tellAll = (limits: ErrorLimits, many: number, gapNs: number, startNs = 0): readonly number[] =>
    Array.from({ length: many }, (_, to) => to).filter(
      (to) => limits.forbids({ why: 'port unreachable', to, isIpv6: false }, startNs + to * gapNs) !== undefined,
    )

  test('none is forgotten before it is full again, however many there are', () => {
    const limits = new ErrorLimits([PER], 1)
    expect(tellAll(limits, 500, 1)).toEqual([])
    expect(tellAll(limits, 500, 1, 500)).toEqual([])
    expect(tellAll(limits, 500, 1, 1000)).toHaveLength(500)
    expect(limits.kept).toBe(500)
  })

  test('those that are full again are forgotten: few are kept', () => {
    const limits = new ErrorLimits([PER], 1)
    tellAll(limits, 5000, 1e6)
    expect(limits.kept).toBeLessThanOrEqual(64)
    const others = new ErrorLimits([PER], 1)
    tellAll(others, 5000, 1e4)
    expect(others.kept).toBeLessThanOrEqual(101)
    expect(others.kept).toBeGreaterThanOrEqual(100)
  })

  test('a burst of many is forgotten as soon as one more is told after it', () => {
    const limits = new ErrorLimits([PER], 1)
    tellAll(limits, 5000, 1)
    expect(limits.kept).toBe(5000)
    tellAll(limits, 1, 0, 1e7)
    expect(limits.kept).toBe(1)
  })
})

/** Times, in order, close to each other or far. */
const times = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1e12 })), { minLength: 1, maxLength: 60 })
  .map((gaps) => {
    let now = 0
    return gaps.map((gap) => (now += gap))
  })
const limit = fc.record<ErrorLimit>({
  everyNs: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3.6e12 })),
  burst: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1000 })),
  per: fc.constantFrom('node', 'destination'),
})

law.prop([limit, times])(
  'an error is sent if and only if no window would have more than burst + rate · t of them',
  (one, at) => {
    const limits = new ErrorLimits([one], 1)
    const before: number[] = []
    for (const now of at) {
      const forbidden = limits.forbids({ why: 'port unreachable', to: 7, isIpv6: false }, now) !== undefined
      const most = (since: number): number => one.burst + Math.floor((now - since) / one.everyNs)
      const isTooMuch = before.some((since, i) => before.length - i + 1 > most(since))
      expect(forbidden).toBe(isTooMuch)
      if (!forbidden) before.push(now)
    }
  },
)

law.prop([limit, times, fc.infiniteStream(fc.integer({ min: 0, max: 300 }))])(
  'destinations with buckets of their own do not know of each other, however many they are',
  (one, at, some) => {
    const errors = at.map((now) => ({ now, to: some.next().value as number }))
    const per = { ...one, per: 'destination' } as const
    const decide = (wanted: readonly { now: number; to: number }[]): readonly string[] => {
      const limits = new ErrorLimits([per], 1)
      return wanted.flatMap(({ now, to }) =>
        limits.forbids({ why: 'port unreachable', to, isIpv6: false }, now) === undefined ? [`${now} ${to}`] : [],
      )
    }
    const apart = [...new Set(errors.map(({ to }) => to))].flatMap((to) =>
      decide(errors.filter((one) => one.to === to)),
    )
    expect([...decide(errors)].sort()).toEqual([...apart].sort())
  },
)

law.prop([
  fc.array(fc.tuple(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 40 })), {
    minLength: 200,
    maxLength: 500,
  }),
  fc.integer({ min: 1, max: 4 }),
])('and so they are while full buckets are forgotten', (errors, burst) => {
  const per: ErrorLimit = { everyNs: 700, burst, per: 'destination' }
  const all = new ErrorLimits([per], 1)
  const own = new Map<number, ErrorLimits>()
  let now = 0
  for (const [to, gap] of errors) {
    now += gap
    const one = own.get(to) ?? new ErrorLimits([per], 1)
    own.set(to, one)
    const error = { why: 'port unreachable', to, isIpv6: false } as const
    expect(all.forbids(error, now)).toBe(one.forbids(error, now))
  }
})

/** `a` asks a closed port of `b` and an unreachable network behind `r` at these times, ms, and what it learns; with the digests. */
function run(
  asked: readonly number[],
  host?: readonly ErrorLimit[],
  router?: readonly ErrorLimit[],
  fault?: Incident,
  level: TraceLevel = 'everything',
) {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: 'one', level, sinks: [(record) => records.push(record)] },
    classify: (protocol) => ({ name: protocol, media: false }),
  })
  network.host('a', { interfaces: [{ address: '10.0.1.1/24' }] })
  network.host('b', { interfaces: [{ address: '10.0.2.1/24' }], ...(host && { icmp: host }) })
  network.router('r', { ...(router && { icmp: router }) })
  network.link({ between: ['a', 'r'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.link({ between: ['b', 'r'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  const a = network.hostOf('a')
  const heard: string[] = []
  const learns = (to: { address: string }, why: string): number => heard.push(`${a.now()} ${to.address} ${why}`)
  const opened = a.udp({ port: 5060 }, { received: () => {}, failed: learns })
  if (!opened.ok) throw new Error(opened.issue.expected)
  for (const ms of asked)
    network.ask(ms * 1e6, 'a', () => {
      for (const address of ['10.0.2.1', '10.9.9.9'])
        opened.value.send(a.endpoint(address, 9), new Uint8Array(1), new Uint8Array(0))
    })
  if (fault !== undefined) network.strike(200e6, fault)
  network.run()
  return { heard, records, network }
}

describe('in a network', () => {
  test('a host and a router that may say no more', () => {
    const { heard, records, network } = run([0, 100, 500], [{ ...LIMIT, everyNs: 5e8 }], [{ ...LIMIT, everyNs: 2e9 }])
    expect(heard).toEqual([
      '2 10.9.9.9 network unreachable',
      '4 10.0.2.1 port unreachable',
      '504 10.0.2.1 port unreachable',
    ])
    const remarks = records.flatMap((one) => (one.kind === 'remark' ? [one] : []))
    expect(remarks.map(({ id, at, what, details }) => [id.node, at / 1e6, what, details])).toEqual([
      ['r', 101, ERROR_WITHHELD, { reason: 'network unreachable', to: '10.0.1.1', limit: '1 every 2 s' }],
      ['b', 102, ERROR_WITHHELD, { reason: 'port unreachable', to: '10.0.1.1', limit: '1 every 500 ms' }],
      ['r', 501, ERROR_WITHHELD, { reason: 'network unreachable', to: '10.0.1.1', limit: '1 every 2 s' }],
    ])
    for (const { cause } of remarks) {
      const loss = records.find(({ id }) => id.node === cause?.node && id.sequence === cause.sequence)
      expect(loss?.kind).toBe('lost')
    }
    expect(network.inFlight).toBe(0)
  })

  test.each<TraceLevel>(['counters', 'signalling', 'everything'])(
    'what is withheld is counted, at level %s',
    (level) => {
      const counted = (host?: readonly ErrorLimit[], router?: readonly ErrorLimit[]): number =>
        run([0, 100, 500], host, router, undefined, level).network.recorder.totals().withheld
      expect(counted([{ ...LIMIT, everyNs: 5e8 }], [{ ...LIMIT, everyNs: 2e9 }])).toBe(3)
      expect(counted()).toBe(0)
    },
  )

  test('a host that may say it once says it again after a crash, not after a kill', () => {
    const once = [{ ...LIMIT, everyNs: 3.6e12 }]
    const told = (fault?: Incident): number =>
      run([0, 100, 400], once, once, fault).heard.filter((line) => line.endsWith('port unreachable')).length
    expect(told()).toBe(1)
    expect(told({ kind: 'crash', node: 'b', forNs: 1e6 })).toBe(2)
    expect(told({ kind: 'kill', node: 'b', forNs: 1e6 })).toBe(1)
  })

  test('a router that may say it once says it again after a reboot', () => {
    const once = [{ ...LIMIT, everyNs: 3.6e12 }]
    const told = (fault?: Incident): readonly string[] =>
      run([0, 100, 400, 500], undefined, once, fault).heard.filter((line) => line.endsWith('network unreachable'))
    expect(told()).toEqual(['2 10.9.9.9 network unreachable'])
    const again = ['2 10.9.9.9 network unreachable', '402 10.9.9.9 network unreachable']
    expect(told({ kind: 'reboot', node: 'r' })).toEqual(again)
    expect(told({ kind: 'reboot', node: 'r', forNs: 50e6 })).toEqual(again)
  })

  test('what a host tells itself is no matter of limits', () => {
    const network = new Network({
      seed: '1',
      level: 'counters',
      sinks: [],
      classify: () => ({ name: 'UDP', media: false }),
    })
    network.host('a', { interfaces: [{ address: '10.0.1.1/24' }], icmp: [{ ...LIMIT, everyNs: 3.6e12 }] })
    network.seal()
    const a = network.hostOf('a')
    const heard: string[] = []
    const opened = a.udp(
      { port: 1 },
      { received: () => {}, failed: ({ address }, why) => heard.push(`${address} ${why}`) },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    for (const address of ['10.0.1.1', '10.0.9.9', '10.0.1.1', '10.0.9.9'])
      opened.value.send(a.endpoint(address, 9), new Uint8Array(1), new Uint8Array(0))
    network.run()
    expect(heard.sort()).toEqual([
      ...['10.0.1.1 port unreachable', '10.0.1.1 port unreachable'],
      ...['10.0.9.9 network unreachable', '10.0.9.9 network unreachable'],
    ])
  })

  const ONCE = [{ ...LIMIT, everyNs: 60e9 }]
  test.each<[string, StoryOptions, string]>([
    [
      'a firewall that may reject once a minute, and reboots',
      { firewall: { rules: [{ action: 'reject', direction: 'out' }], icmp: ONCE }, reboots: [20e9] },
      `0 s  10.0.0.2:1 → 198.51.100.7:80  filtered by firewall, administratively prohibited (198.51.100.7:80)
1 s  10.0.0.3:1 → 198.51.100.7:80  filtered by firewall
30 s  10.0.0.2:1 → 198.51.100.7:80  filtered by firewall, administratively prohibited (198.51.100.7:80)
31 s  10.0.0.2:1 → 198.51.100.7:80  filtered by firewall
90 s  10.0.0.2:1 → 198.51.100.7:80  filtered by firewall, administratively prohibited (198.51.100.7:80)`,
    ],
    [
      'a NAT without a port left; others’ errors pass it without a token',
      {
        nat: { ports: { assignment: 'sequential', parity: false, first: 2000, last: 2000 }, icmp: ONCE },
        closed: ['198.51.100.7:9'],
        reboots: [20e9],
      },
      `0 s  10.0.0.2:1 → 198.51.100.7:9  port closed, port unreachable (198.51.100.7:9)
1 s  10.0.0.3:1 → 198.51.100.7:80  no mapping left, host unreachable (198.51.100.7:80)
2 s  10.0.0.3:1 → 198.51.100.7:80  no mapping left
3 s  10.0.0.2:1 → 198.51.100.7:9  port closed, port unreachable (198.51.100.7:9)
30 s  10.0.0.2:1 → 198.51.100.7:9  port closed, port unreachable (198.51.100.7:9)
31 s  10.0.0.4:1 → 198.51.100.7:80  no mapping left, host unreachable (198.51.100.7:80)
32 s  10.0.0.4:1 → 198.51.100.7:80  no mapping left`,
    ],
  ])('%s', (_, options, text) => {
    const { told, happened } = tell(text, options)
    expect(happened).toBe(told)
  })

  test('the same is sent whatever is recorded', () => {
    const some = [{ ...LIMIT, everyNs: 7e7, burst: 2 }]
    const at = (level: TraceLevel): string => {
      return run([0, 10, 20, 50, 90, 95, 180], some, some, undefined, level).network.digests().packets
    }
    expect([at('counters'), at('signalling')]).toEqual([at('everything'), at('everything')])
  })

  law.prop([fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 8 })], { numRuns: 30 })(
    'a limit that is never reached changes nothing',
    (asked) => {
      const wide = [{ ...LIMIT, everyNs: 1, burst: 1000 }]
      expect(run(asked, wide, wide).network.digests()).toEqual(run(asked).network.digests())
    },
  )
})
