// A link as a topology writes it: the two ends, a profile or numbers of its own, and what differs up and down.

import { z } from 'zod'
import { printQuantity } from '../../platform/units.ts'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { jitter } from './jitter.ts'
import { loss } from './loss.ts'
import { readNetem } from './netem.ts'
import { PROFILES, type ProfileName } from './profiles.ts'
import { queue } from './queue.ts'
import { positiveRate } from './rate.ts'
import { ratio } from './ratio.ts'
import { lastingLinkTime, linkTime, runTime } from './time.ts'
import { arrivals, opportunities } from './trace.ts'

/** What can be said of one direction at any time of a run. */
export const CHANGEABLE = {
  /** Absent: no limit. */
  rate: positiveRate.exactOptional(),
  /** One way; at least 1 µs (the default). */
  delay: linkTime.exactOptional(),
  /** How the delay varies from packet to packet. */
  jitter: jitter.exactOptional(),
  loss: loss.exactOptional(),
  /** The share of packets that arrive a second time: `0.1 %`, at once, or `{ ratio: 0.1 %, after: 3 ms }`. */
  duplication: z.union([ratio, shape({ ratio, after: linkTime.default(0) })]).exactOptional(),
  /** The share of packets of which one bit is turned over, anywhere in headers and payload: a checksum will tell. */
  corruption: ratio.exactOptional(),
  /** The share of packets that are held back, so that those behind overtake them. */
  reordering: shape({
    ratio,
    by: lastingLinkTime,
    correlation: ratio.default(0),
    /** Only one in so many may be held back. */
    gap: whole(1, 1e6).default(1),
  }).exactOptional(),
}

const changes = z.array(shape({ at: runTime, ...CHANGEABLE })).check((context) => {
  context.value.forEach(({ at, ...rest }, n) => {
    const keys = Object.keys(rest)
    const same = context.value.findIndex((other, m) => m < n && other.at === at && keys.some((key) => key in other))
    const message =
      keys.length === 0
        ? `something that changes at ${printQuantity('duration', at)}: one of ${Object.keys(CHANGEABLE).join(', ')}`
        : `one value for each key at ${printQuantity('duration', at)}: an earlier entry of the list has another`
    if (keys.length > 0 && same < 0) return
    context.issues.push({ code: 'custom', message, input: at, path: [n] })
  })
})

const framing = quantity('size').check((context) => {
  if (context.value <= 65_535) return
  context.issues.push({ code: 'custom', message: 'a framing of at most 65535 B', input: context.value })
})

const bucket = shape({ rate: positiveRate, burst: quantity('size') })

const netem = z.string({ error: () => 'a netem line such as "delay 100ms 20ms loss 1%"' }).check((context) => {
  const read = readNetem(context.value)
  if (!('expected' in read)) return
  const { expected, start, length } = read
  context.issues.push({
    code: 'custom',
    message: expected,
    input: context.value,
    params: { within: { start, length } },
  })
})

/** What can be said of one direction, or of both at once. */
const DIRECTION = {
  ...CHANGEABLE,
  queue: queue.exactOptional(),
  /** Drops before the queue what comes faster than `rate`, beyond bursts. */
  policer: bucket.exactOptional(),
  /** Sends no faster than `rate`, beyond bursts: what comes faster waits. */
  shaper: bucket.exactOptional(),
  /** mahimahi's delivery opportunities, in place of a rate: times in ms at which 1504 bytes may go, one a line. */
  opportunities: opportunities.exactOptional(),
  /** The arrivals of a real RTP stream as CSV, in place of jitter and loss: packets are late and lost as its were. */
  trace: arrivals.exactOptional(),
  /** A netem before the queue, as tc takes it: `delay 100ms 20ms 25% loss gemodel 1% 10%`. */
  netem: netem.exactOptional(),
  /** Bytes that the link adds to every IP packet on the wire. */
  framing: framing.exactOptional(),
  /** The largest IP packet that it carries, bytes; 1500 unless it says otherwise. Larger ones travel in fragments, or not at all. */
  mtu: whole(68, 65_535).exactOptional(),
  /** What is different from a time of the run on: `[{ at: 10 s, rate: 1 Mbps }]`. */
  changes: changes.exactOptional(),
}

const direction = shape(DIRECTION)

/** A link. `up` is from the first of `between` to the second; its id is `first--second`. */
export const link = shape({
  between: z.tuple([z.string(), z.string()], { error: () => 'the two nodes that it joins, such as [alice, router]' }),
  profile: z.enum(Object.keys(PROFILES) as [ProfileName, ...ProfileName[]]).exactOptional(),
  ...DIRECTION,
  up: direction.exactOptional(),
  down: direction.exactOptional(),
})

export type Direction = z.output<typeof direction>
/** What can be said of one direction at any time of a run. */
export type Changeable = Omit<NonNullable<Direction['changes']>[number], 'at'>
export type Link = z.output<typeof link>

/** The link with its profile and what it says of both directions written out into `up` and `down`: nearer words win. */
export function resolveLink(written: Link): Link {
  const { between, profile, up, down, ...both } = written
  const preset = (way: 'up' | 'down'): Direction => {
    return profile === undefined ? {} : direction.parse(withoutSource(PROFILES[profile][way]))
  }
  return { between, up: { ...preset('up'), ...both, ...up }, down: { ...preset('down'), ...both, ...down } }
}

function withoutSource(numbers: object): object {
  return { ...numbers }
}
