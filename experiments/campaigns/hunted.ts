// `hunt:` of an experiment file.

import { z } from 'zod'
import { runTime } from '../../topologies/links/time.ts'
import { shape, whole } from '../../topologies/yaml/shape.ts'
import { HUNT_KINDS } from '../arbitraries/tapeKinds.ts'
import { label } from '../faults.ts'

const SECOND_NS = 1e9

/** `hunt:` of an experiment: what `siptwin hunt` may do to it. */
export const hunt = shape({
  /** The most faults of one world. */
  faults: whole(0, 50).default(6),
  /** The longest that a packet or its copy is late: whole seconds. Below T4, or RFC 3261 promises nothing. */
  late: runTime.default(4 * SECOND_NS),
  /** What may happen to a packet, and to DNS servers. */
  kinds: z
    .array(z.enum(HUNT_KINDS))
    .min(1, { error: () => 'at least one kind of fault' })
    .default([...HUNT_KINDS]),
  /** Which messages may be hit, such as `200 INVITE`; absent: all that are sent. */
  labels: z
    .array(label)
    .min(1, { error: () => 'at least one label, such as 200 INVITE' })
    .exactOptional(),
  /** Sentences that must be true in every world. */
  expect: z.array(z.string()).default([]),
})

export type HuntOptions = z.output<typeof hunt>
