// What the words of a link say against each other, once what is said of both directions and of each is put together.

import { canonicalJson } from '../../platform/canonical.ts'
import { printQuantity } from '../../platform/units.ts'
import type { Objection } from '../yaml/read.ts'
import { type Direction, type Link, resolveLink } from './link.ts'
import { readNetem } from './netem.ts'

/** Two words that do not go together, and why. */
const CLASHES: readonly (readonly [keyof Direction, keyof Direction, string])[] = [
  ['opportunities', 'rate', 'either opportunities or a rate: the trace says when packets leave'],
  ['opportunities', 'shaper', 'either opportunities or a shaper: the trace says when packets leave'],
  ['trace', 'loss', 'either a trace or a loss: the trace has losses of its own'],
  ['trace', 'jitter', 'either a trace or a jitter: the trace has delays of its own'],
]

/** What is said of a rate that changes nothing. */
export const NO_RATE = 'no rate where the link has opportunities: the trace says when packets leave'

const NO_WAIT =
  'a queue where packets wait: with `rate`, `shaper` or `opportunities` beside it; as it is none ever does'

/** What is wrong with the link in itself; `place` is its number in the list. `isSlowed`: a fault will give it a rate. */
export function contradictions(link: Link, place: number, isSlowed: boolean): readonly Objection[] {
  const resolved = resolveLink(link)
  const found = (['up', 'down'] as const).flatMap((way): readonly Objection[] => {
    const direction = resolved[way] ?? {}
    const at = (key: keyof Direction): Objection['path'] => {
      return link[way]?.[key] === undefined ? ['links', place, key] : ['links', place, way, key]
    }
    const clashes = CLASHES.filter(([one, other]) => direction[one] !== undefined && direction[other] !== undefined)
    const { rate, shaper } = direction
    const fast = rate !== undefined && shaper !== undefined && shaper.rate >= rate
    const later = direction.opportunities === undefined ? [] : (direction.changes ?? [])
    const idle = later.flatMap(({ rate: changed }, n): readonly Objection[] =>
      changed === undefined ? [] : [{ path: [...at('changes'), n, 'rate'], expected: NO_RATE, at: 'key' }],
    )
    const shares = direction.netem === undefined ? undefined : readNetem(direction.netem, { bps: rate })
    return [
      ...idle,
      ...(shares !== undefined && 'expected' in shares
        ? [{ path: at('netem'), expected: shares.expected, within: shares }]
        : []),
      ...(isSlowed ? [] : idleQueue(link, resolved, way)).map((path) => ({
        path: ['links', place, ...path],
        expected: NO_WAIT,
        at: 'key' as const,
      })),
      ...clashes.map(([one, , expected]) => ({ path: at(one), expected, at: 'key' as const })),
      ...(fast
        ? [
            {
              path: [...at('shaper'), 'rate'],
              expected: `a shaper slower than the link's own ${printQuantity('rate', rate)}`,
            },
          ]
        : []),
    ]
  })
  return found
}

/** Where a queue of this direction is written in which no packet can wait. One for both directions needs to be of use in one. */
function idleQueue(link: Link, resolved: Link, way: 'up' | 'down'): readonly (readonly string[])[] {
  const [own, other] = [resolved[way] ?? {}, resolved[way === 'up' ? 'down' : 'up'] ?? {}]
  if (own.queue === undefined || isSlow(own)) return []
  if (isSlow(other) && canonicalJson(own.queue) === canonicalJson(other.queue ?? {})) return []
  return [link[way]?.queue === undefined ? ['queue'] : [way, 'queue']]
}

/** True where packets may have to wait, be it later in the run. */
function isSlow({ rate, shaper, opportunities, changes = [] }: Direction): boolean {
  return [rate, shaper, opportunities, ...changes.map((one) => one.rate)].some((one) => one !== undefined)
}
