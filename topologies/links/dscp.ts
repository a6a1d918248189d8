// Code points of the DSCP field by their names: EF, AF41, CS3, … (RFC 2474, 2597, 3246, 5865, 8622).

import { z } from 'zod'
import { nearest } from '../../platform/nearest.ts'
import { checked, whole } from '../yaml/shape.ts'

/** Every name and its code point. */
const CODE_POINTS: ReadonlyMap<string, number> = new Map([
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n): [string, number] => [`CS${n}`, n * 8]),
  ...[1, 2, 3, 4].flatMap((n) => [1, 2, 3].map((p): [string, number] => [`AF${n}${p}`, n * 8 + p * 2])),
  ['EF', 46],
  ['VA', 44],
  ['LE', 1],
  ['BE', 0],
])

/** `EF`, or the number from 0 to 63. Kept as written. */
export const codePoint = z.union([
  whole(0, 63),
  checked('a DSCP such as EF, AF41 or 46', (text) => {
    if (CODE_POINTS.has(text)) return undefined
    const close = nearest(text, [...CODE_POINTS.keys()])
    const hint =
      close === undefined ? `one of ${[...CODE_POINTS.keys()].join(', ')}, or 0 to 63` : `did you mean ${close}?`
    return `a DSCP such as EF, AF41 or 46: there is no "${text}" (${hint})`
  }),
])

/** One code point, or a list of them. */
export const codePoints = z.union([codePoint, z.array(codePoint).min(1)])

/** The numbers of what {@link codePoints} read. */
export function numbersOf(written: z.output<typeof codePoints>): readonly number[] {
  return [written].flat().map((one) => (typeof one === 'number' ? one : CODE_POINTS.get(one)!))
}
