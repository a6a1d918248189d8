// A link as a topology writes it: the two ends, a profile or numbers of its own, and what differs up and down.

import { z } from 'zod'
import { printQuantity } from '../../platform/units.ts'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { PROFILES, type ProfileName } from './profiles.ts'
import { queue } from './queue.ts'

const ratio = quantity('ratio').check((context) => {
  if (context.value > 1) {
    const message = `a ratio from 0 % to 100 %, not ${printQuantity('ratio', context.value)}`
    context.issues.push({ code: 'custom', message, input: context.value })
  }
})

/** Loss on the medium: `1 %` at random, or in bursts. */
const loss = z.union([
  ratio,
  shape({
    'gilbert-elliott': shape({
      /** The share of packets lost in the long run. */
      mean: ratio,
      /** How many packets a burst of losses takes on average, at least 1. */
      burst: z.number().min(1, { error: () => 'a mean burst of 1 packet or more' }),
    }),
  }),
])

/** What can be said of one direction, or of both at once. */
const DIRECTION = {
  /** Absent: no limit. */
  rate: quantity('rate').exactOptional(),
  /** One way; at least 1 µs (the default). */
  delay: quantity('duration').exactOptional(),
  /** The most that a packet is delayed beyond `delay`, uniformly: `5 ms`, which keeps order, or `{ most: 5 ms, reorders: true }`. */
  jitter: z
    .union([quantity('duration'), shape({ most: quantity('duration'), reorders: z.boolean().default(false) })])
    .exactOptional(),
  queue: queue.exactOptional(),
  loss: loss.exactOptional(),
  /** The share of packets that arrive a second time: `0.1 %`, at once, or `{ ratio: 0.1 %, after: 3 ms }`. */
  duplication: z.union([ratio, shape({ ratio, after: quantity('duration').default(0) })]).exactOptional(),
  /** Bytes that the link adds to every IP packet on the wire. */
  framing: quantity('size').exactOptional(),
  /** The largest IP packet that it carries, bytes; 1500 unless it says otherwise. Larger ones travel in fragments, or not at all. */
  mtu: whole(68, 65_535).exactOptional(),
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
