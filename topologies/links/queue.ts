// The queue before a link's transmitter, as a topology writes it: `64 kB`, or a discipline with its numbers.

import { z } from 'zod'
import { parseQuantity, printQuantity } from '../../platform/units.ts'
import type { Direction } from '../../sim/network/direction.ts'
import { checked, shape } from '../yaml/shape.ts'
import { codePoints, numbersOf } from './dscp.ts'

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
    if (bytes.ok || parseQuantity('count', text).ok) return undefined
    return bytes.issue.expected.replace('a size such as 64 kB', 'a queue such as 64 kB or 50 packets')
  })
}

const weight = z
  .number()
  .gt(0, { error: () => 'a weight above 0' })
  .max(1000, { error: () => 'a weight up to 1000' })

const discipline = z.discriminatedUnion('discipline', [
  /** A band is served when those before it are empty; what no band names comes last. */
  shape({
    discipline: z.literal('priority'),
    bands: z
      .array(codePoints)
      .min(1)
      .default([['EF']]),
    /** What each band has room for; absent: no limit. */
    limit: limit.exactOptional(),
  }),
  /** Deficit round robin: each class gets its share of the rate, and what the idle ones leave. */
  shape({
    discipline: z.literal('weighted'),
    classes: z.array(shape({ dscp: codePoints, weight })).min(1),
    /** The weight of all other packets. */
    rest: weight.default(1),
    /** What each class has room for; absent: no limit. */
    limit: limit.exactOptional(),
  }),
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
  }
}
