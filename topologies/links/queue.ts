// The queue before a link's transmitter, as a topology writes it: `64 kB`, or a discipline with its numbers.

import { z } from 'zod'
import { parseQuantity, printQuantity } from '../../platform/units.ts'
import type { Direction } from '../../sim/network/direction.ts'
import { checked, quantity, shape, whole } from '../yaml/shape.ts'
import { codePoints, numbersOf } from './dscp.ts'
import { ratio } from './ratio.ts'
import { linkTime } from './time.ts'

/** How long a queue may grow: `64 kB` or `50 packets`. */
export const limit = z.codec(
  checkedLimit(),
  z.union([z.object({ bytes: z.number() }), z.object({ packets: z.number() })]),
  {
    decode: (text) => {
      const bytes = parseQuantity('size', text)
      if (bytes.ok) return { bytes: bytes.value }
      const packets = parseQuantity('count', text)
      return { packets: packets.ok ? packets.value : 0 }
    },
    encode: (value) => ('bytes' in value ? printQuantity('size', value.bytes) : printQuantity('count', value.packets)),
  },
)

function checkedLimit() {
  return checked('a queue such as 64 kB or 50 packets', (text) => {
    const bytes = parseQuantity('size', text)
    const packets = parseQuantity('count', text)
    const room = bytes.ok ? bytes.value : packets.ok ? packets.value : undefined
    if (room !== undefined && (room < 0 || (!bytes.ok && text.includes('.'))))
      return `a queue of a whole number of bytes or packets, zero or more, not ${text}`
    if (bytes.ok || room !== undefined) return undefined
    return bytes.issue.expected.replace('a size such as 64 kB', 'a queue such as 64 kB or 50 packets')
  })
}

const weight = z
  .number()
  .gt(0, { error: () => 'a weight above 0' })
  .max(1000, { error: () => 'a weight up to 1000' })

const TARGET_NS = 5e6

interface Times {
  readonly target: number
  readonly interval: number
}

const TIMES = {
  /** The wait that is acceptable. */
  target: linkTime.default(TARGET_NS),
  /** For how long it may be exceeded: about a round trip. */
  interval: linkTime.default(100e6),
}

/** A target below the interval; what is said is said of that which is not its default. */
function roomForTarget({ value: { target, interval }, issues }: z.core.ParsePayload<Times>): void {
  if (target < interval) return
  const [wait, span] = [printQuantity('duration', target), printQuantity('duration', interval)]
  const isLong = target !== TARGET_NS
  const message = isLong
    ? `a target below the interval, ${span} (RFC 8289 §4.4: a twentieth to a tenth of it), not ${wait}`
    : `an interval above the target, ${wait} (RFC 8289 §4.4: ten to twenty times as long), not ${span}`
  issues.push({ code: 'custom', message, input: interval, path: [isLong ? 'target' : 'interval'] })
}

const red = shape({
  discipline: z.literal('red'),
  /** The average length below which nothing is dropped. */
  min: limit,
  /** The average length at which a share of `chance` is. */
  max: limit,
  chance: ratio.default(0.1),
  /** What each look counts in the average. */
  weight: z
    .number()
    .gt(0, { error: () => 'a weight above 0' })
    .max(1, { error: () => 'a weight up to 1' })
    .default(0.002),
  /** From `max` to twice that the chance grows to 1, instead of being 1 at once. */
  gentle: z.boolean().default(true),
  limit: limit.exactOptional(),
}).check((context) => {
  const { min, max, limit: room } = context.value
  const message =
    'bytes' in min !== 'bytes' in max
      ? 'a max in the unit of min: both as 10 kB or both as 10 packets'
      : lengthOf(max) <= lengthOf(min)
        ? 'a max above min'
        : undefined
  if (message !== undefined) context.issues.push({ code: 'custom', message, input: max, path: ['max'] })
  if (room === undefined || 'bytes' in room !== 'bytes' in min || lengthOf(room) > lengthOf(min)) return
  const idle = `a limit above min: below that nothing is dropped early, and the queue would never be longer`
  context.issues.push({ code: 'custom', message: idle, input: room, path: ['limit'] })
})

function lengthOf(some: z.output<typeof limit>): number {
  return 'bytes' in some ? some.bytes : some.packets
}

const ONCE = 'code points that no entry before it has'

/** The first entry with a code point that one before it has. */
function namedTwice(entries: readonly z.output<typeof codePoints>[]): number | undefined {
  const seen = new Set<number>()
  const place = entries.findIndex((entry) => {
    const numbers = numbersOf(entry)
    const isKnown = numbers.some((one) => seen.has(one))
    for (const one of numbers) seen.add(one)
    return isKnown
  })
  return place < 0 ? undefined : place
}

const discipline = z.discriminatedUnion('discipline', [
  /** A band is served when those before it are empty; what no band names comes last. */
  shape({
    discipline: z.literal('priority'),
    bands: z
      .array(codePoints)
      .min(1)
      .check(({ value, issues }) => {
        const twice = namedTwice(value)
        if (twice !== undefined) issues.push({ code: 'custom', input: value, path: [twice], message: ONCE })
      })
      .default([['EF']]),
    /** What each band has room for; absent: no limit. */
    limit: limit.exactOptional(),
  }),
  /** Deficit round robin: each class gets its share of the rate, and what the idle ones leave. */
  shape({
    discipline: z.literal('weighted'),
    classes: z
      .array(shape({ dscp: codePoints, weight }))
      .min(1)
      .check(({ value, issues }) => {
        const twice = namedTwice(value.map(({ dscp }) => dscp))
        if (twice !== undefined) issues.push({ code: 'custom', input: value, path: [twice, 'dscp'], message: ONCE })
      }),
    /** The weight of all other packets. */
    rest: weight.default(1),
    /** What each class has room for; absent: no limit. */
    limit: limit.exactOptional(),
  }),
  /** RFC 8289. */
  shape({ discipline: z.literal('codel'), ...TIMES, limit: limit.exactOptional() }).check(roomForTarget),
  /** RFC 8290. */
  shape({
    discipline: z.literal('fq-codel'),
    ...TIMES,
    flows: whole(1, 65_536).default(1024),
    /** What a flow sends in its turn. */
    quantum: quantity('size')
      .check(({ value, issues }) => {
        if (value < 1) issues.push({ code: 'custom', message: 'a quantum of 1 B or more', input: value })
      })
      .default(1514),
    /** What all lines hold together. */
    limit: quantity('count')
      .check(({ value, issues }) => {
        if (value < 1) issues.push({ code: 'custom', message: 'room for 1 packet or more', input: value })
      })
      .default(10_240),
  }).check(roomForTarget),
  red,
])

/** `queue:` of a link or of one direction. */
export const queue = z.union([limit, discipline])

type Written = z.output<typeof queue>

/** The queue as the simulator takes it. */
export function queueOf(written: Written): NonNullable<Direction['queue']> {
  if (!('discipline' in written)) return written
  switch (written.discipline) {
    case 'priority':
      return { ...written, bands: written.bands.map(numbersOf) }
    case 'weighted':
      return { ...written, classes: written.classes.map(({ dscp, weight }) => ({ dscp: numbersOf(dscp), weight })) }
    case 'codel': {
      const { target, interval, limit: room } = written
      return { discipline: 'codel', targetNs: target, intervalNs: interval, ...(room && { limit: room }) }
    }
    case 'fq-codel': {
      const { target, interval, flows, quantum, limit: packets } = written
      const times = { targetNs: target, intervalNs: interval }
      return { discipline: 'fq-codel', ...times, flows, quantumBytes: quantum, limitPackets: packets }
    }
    case 'red': {
      const { min, max, chance, weight: counts, gentle, limit: room } = written
      const unit = 'bytes' in min ? 'bytes' : 'packets'
      const thresholds = { unit, min: lengthOf(min), max: lengthOf(max) } as const
      return { discipline: 'red', ...thresholds, ratio: chance, weight: counts, gentle, ...(room && { limit: room }) }
    }
  }
}
