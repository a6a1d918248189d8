// Links of any kind, from nothing but a delay to all words at once.

import type { Dice } from './dice.ts'

/** What a file says of a link, or of one direction. */
export type Words = Readonly<Record<string, unknown>>

/** One of each row, where a row is drawn; those of a row exclude each other. */
const ROWS: readonly (readonly Words[])[] = [
  [
    { rate: '64 kbps' },
    { rate: '200 kbps' },
    { rate: '1 Mbps', framing: '38 B' },
    { rate: '1 Gbps' },
    { opportunities: '3 7 7 12 30' },
    { rate: '1 Mbps', shaper: { rate: '200 kbps', burst: '2 kB' } },
    { shaper: { rate: '150 kbps', burst: '1 B' } },
  ],
  [
    { jitter: '8 ms' },
    { jitter: { most: '30 ms', reorders: true } },
    { jitter: { law: 'normal', deviation: '9 ms', correlation: '50 %', reorders: true } },
    { jitter: { law: 'pareto', deviation: '5 ms' } },
    { jitter: { law: 'measured', values: ['0 ms', '1 ms', '30 ms'] } },
    { trace: 't_rel_s,seq,rtp_ts\n0,1,0\n0.025,2,160\n0.041,3,320\n0.08,5,640' },
  ],
  [{ loss: '1 %' }, { loss: '20 %' }, { loss: { 'gilbert-elliott': { mean: '5 %', burst: 3 } } }],
  [
    { duplication: { ratio: '5 %', after: '3 ms' } },
    { duplication: '50 %' },
    { corruption: '2 %' },
    { reordering: { ratio: '5 %', by: '15 ms', gap: 3 } },
  ],
  [
    { queue: '3 kB' },
    { queue: '4 packets' },
    { queue: { discipline: 'priority', bands: ['EF', ['AF41', 'CS3']], limit: '4 kB' } },
    { queue: { discipline: 'weighted', classes: [{ dscp: ['EF', 'CS3'], weight: 3 }], limit: '4 kB' } },
    { queue: { discipline: 'codel', target: '1 ms', interval: '10 ms' } },
    { queue: { discipline: 'fq-codel', target: '1 ms', interval: '10 ms', flows: 4, limit: '20 packets' } },
    { queue: { discipline: 'red', min: '1 packets', max: '4 packets', weight: 0.2 } },
  ],
  [
    { netem: 'delay 10ms 9ms 25% loss gemodel 2% 40% reorder 5% gap 3' },
    { netem: 'duplicate 5% corrupt 1% rate 500kbit 4 48 5 limit 30' },
    { netem: 'slot 5ms 10ms packets 4 delay 2ms 1ms distribution normal' },
    { policer: { rate: '150 kbps', burst: '2 kB' } },
  ],
  [{ mtu: 576 }, { mtu: 300 }, { mtu: 1280 }],
]

const DELAYS = ['0 s', '1 us', '1 ms', '1 ms', '10 ms', '10 ms', '10 ms', '20 ms', '250 ms', '3 s', '40 s'] as const

/** Links that are all alike make events that come at once. */
export function drawnLink(dice: Dice, version6: boolean): Words {
  if (dice.chance(0.5)) return { delay: dice.chance(0.9) ? '10 ms' : '0 s' }
  const both = wordsOf(dice, version6)
  return {
    ...both,
    ...dice.maybe(0.15, () => ({ [dice.one(['up', 'down'])]: wordsOf(dice, version6, Object.keys(both)) })),
    ...dice.maybe(0.15, () => ({ changes: changesOf(dice, both) })),
  }
}

function wordsOf(dice: Dice, version6: boolean, taken: readonly string[] = []): Words {
  const some = ROWS.flatMap((row) => (dice.chance(0.25) ? [dice.one(row)] : []))
  const words: Words = Object.assign({ delay: dice.one(DELAYS.slice(0, dice.chance(0.2) ? 11 : 8)) }, ...some)
  return fitting(words, version6, taken)
}

/** Without what contradicts something else: what is queued needs a transmitter, IPv6 a large MTU. */
function fitting(words: Words, version6: boolean, taken: readonly string[]): Words {
  const { mtu, jitter, loss, trace, netem, queue, ...rest } = words
  const paced = ['rate', 'opportunities', 'shaper', 'trace'].some((key) => key in rest) || taken.includes('rate')
  const clash = trace !== undefined || taken.includes('trace')
  return {
    ...rest,
    ...(mtu !== undefined && !(version6 && Number(mtu) < 1280) && { mtu }),
    ...(queue !== undefined && paced && { queue }),
    ...(netem !== undefined && { netem }),
    ...(clash
      ? trace === undefined
        ? {}
        : { trace }
      : { ...(jitter !== undefined && { jitter }), ...(loss !== undefined && { loss }) }),
  }
}

function changesOf(dice: Dice, now: Words): readonly Words[] {
  const what = dice.one<Words>([{ delay: '60 ms' }, { delay: '1 ms' }, { loss: '30 %' }, { duplication: '10 %' }])
  const keys = Object.keys(what).filter((key) => !(key === 'loss' && 'trace' in now))
  return keys.length === 0 ? [{ at: '3 s', delay: '1 ms' }] : [{ at: `${dice.from(1, 6)} s`, ...what }]
}
