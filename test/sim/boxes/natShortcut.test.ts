// The short way through a NAT does what the long way does. An ALG that rewrites nothing closes it: with and without, the run is the same.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { NatOptions } from '../../../sim/boxes/nat/options.ts'
import { FIRST, IDLE_NS, kind, LAST, play } from './natTraffic.ts'
import { tell } from './story.ts'

const NO_ALG = { ports: [0], rewrite: (payload: Uint8Array) => payload }
/** As RFC 4787 §4.3 and RFC 7857 have them; and what closes the short way by itself. */
const habits = fc.record({
  mapping: fc.oneof(fc.constant('endpoint-independent' as const), kind),
  filtering: kind,
  refresh: fc.constantFrom('outbound', 'outbound', 'both', 'inbound'),
  timers: fc.constant({ udpNs: IDLE_NS }),
  hairpin: fc.constantFrom('external', 'internal', 'off'),
  forwards: fc.constantFrom(
    [],
    [{ port: FIRST, to: '10.0.0.2' }],
    [{ port: FIRST, to: '10.0.0.2', from: '198.51.100.7' }],
  ),
  ports: fc.record({
    assignment: fc.constantFrom('preserve', 'sequential'),
    overload: fc.constantFrom(false, false, true),
    first: fc.constant(FIRST),
    last: fc.constantFrom(FIRST + 1, LAST),
  }),
})
/** Few who speak often: to the same partner again and again, now and then to another. */
const talks = fc.array(
  fc.record({
    out: fc.constantFrom(true, true, false),
    host: fc.nat(1),
    port: fc.constantFrom(FIRST, FIRST + 1),
    remote: fc.constantFrom(0, 0, 0, 1),
    remotePort: fc.constantFrom(80, 80, 80, 81),
    outsidePort: fc.constantFrom(FIRST, FIRST, FIRST + 1, FIRST + 2),
    quarter: fc.nat(60),
  }),
  { minLength: 20, maxLength: 90 },
)
const reboots = fc.array(
  fc.integer({ min: 1, max: 59 }).map((quarter) => quarter * 2.5e8 + 1),
  { maxLength: 1 },
)

describe('any NAT, any traffic', () => {
  law.prop([habits, talks, reboots])('runs the same by the short way and by the long one', (nat, traffic, at) => {
    const [short, long] = [play(nat, traffic, at), play({ ...nat, alg: NO_ALG }, traffic, at)]
    expect(short.records).toEqual(long.records)
    expect(short.network.digests()).toEqual(long.network.digests())
  })
})

function story(name: string, nat: Partial<NatOptions>, text: string): void {
  it(name, () => {
    const { told, happened } = tell(text, { nat: { timers: { udpNs: 5e9 }, ...nat } })
    expect(happened).toBe(told)
  })
}

const OUT = '10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80'

describe('the permission of a partner', () => {
  story(
    'ends when it would have, once the mapping speaks to another',
    {},
    `0 s  ${OUT}
     1 s  ${OUT}
     2 s  ${OUT}
     4 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     6.9 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060
     7.1 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT
     8 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060`,
  )
  story(
    'is for all his ports, where addresses alone count, whichever of them was spoken to',
    { filtering: 'address-dependent' },
    `0 s  ${OUT}
     1 s  ${OUT}
     2 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     4 s  ${OUT}
     8 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     9.1 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT`,
  )
})

describe('a permission that is over', () => {
  it('is not taken for the one that stands in its place', () => {
    // The first host hears of :80 alone, which keeps its mapping; the second one's permissions come where that for :81 was.
    const text = `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     0 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     4 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060
     8 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060
     9 s  10.0.0.3:5062 → 198.51.100.7:80  203.0.113.9:5062 → 198.51.100.7:80
     9 s  10.0.0.3:5062 → 198.51.100.7:81  203.0.113.9:5062 → 198.51.100.7:81
     9 s  10.0.0.3:5062 → 198.51.100.7:82  203.0.113.9:5062 → 198.51.100.7:82
     9 s  10.0.0.3:5062 → 198.51.100.7:83  203.0.113.9:5062 → 198.51.100.7:83
     9 s  10.0.0.3:5062 → 198.51.100.7:84  203.0.113.9:5062 → 198.51.100.7:84
     9 s  10.0.0.3:5062 → 198.51.100.7:85  203.0.113.9:5062 → 198.51.100.7:85
     9 s  10.0.0.3:5062 → 198.51.100.7:86  203.0.113.9:5062 → 198.51.100.7:86
     9 s  10.0.0.3:5062 → 198.51.100.7:87  203.0.113.9:5062 → 198.51.100.7:87
     9 s  10.0.0.3:5062 → 198.51.100.7:88  203.0.113.9:5062 → 198.51.100.7:88
     9 s  10.0.0.3:5062 → 198.51.100.7:89  203.0.113.9:5062 → 198.51.100.7:89
     10 s  198.51.100.7:81 → 203.0.113.9:5060  filtered by NAT`
    const { told, happened } = tell(text, { nat: { refresh: 'both', timers: { udpNs: 5e9 } } })
    expect(happened).toBe(told)
  })
})
