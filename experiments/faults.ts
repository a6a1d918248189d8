// The fault tape as an experiment writes it: `{ drop: { nth: 1, of: 200 INVITE, on: proxy -> alice } }`.

import { z } from 'zod'
import type { FaultAction, FaultRule } from '../sim/faults/rule.ts'
import { quantity, shape, whole } from '../topologies/yaml/shape.ts'

/** Which packets, and where. */
const MATCH = {
  /** The direction: `a -> b`, or `alice--proxy from alice`. */
  on: z.string(),
  /** The label, such as `200 INVITE`; absent: any packet. */
  of: z.string().exactOptional(),
  /** Only the n-th of those that all else matches. */
  nth: whole(1, 1e9).exactOptional(),
  /** Only of the n-th call that the direction carries. */
  call: whole(1, 1e9).exactOptional(),
  /** Only of the RTP stream with this SSRC. */
  stream: whole(0, 4_294_967_295).exactOptional(),
  /** Only the RTP packet with this sequence number. */
  sequence: whole(0, 65_535).exactOptional(),
  /** `medium`: after the queue and the transmitter; `ingress`: before them. */
  stage: z.enum(['medium', 'ingress']).exactOptional(),
}

const time = quantity('duration')

const FAULTS = {
  /** The packet is lost. */
  drop: shape(MATCH).exactOptional(),
  /** It arrives later. */
  delay: shape({ ...MATCH, by: time }).exactOptional(),
  /** A second one arrives `after` that. */
  duplicate: shape({ ...MATCH, after: time.default(0) }).exactOptional(),
  /** A bit of its payload is turned over. */
  corrupt: shape({ ...MATCH, bit: whole(0, 524_288).default(0) }).exactOptional(),
  /** It waits until that time of the run. */
  hold: shape({ ...MATCH, until: time }).exactOptional(),
  /** It changes places with the next one. */
  swap: shape(MATCH).exactOptional(),
}

/** One entry of `faults:`. */
export const fault = shape(FAULTS).check((context) => {
  if (Object.keys(context.value).length !== 1) {
    const message = `exactly one of ${Object.keys(FAULTS).join(', ')} in each entry`
    context.issues.push({ code: 'custom', message, input: context.value })
  }
})

export type WrittenFault = z.output<typeof fault>

/** The entry as the network takes it. */
export function ruleOf(written: WrittenFault): FaultRule {
  const { drop, delay, duplicate, corrupt, hold, swap } = written
  if (drop) return rule(drop, { drop: true })
  if (delay) return rule(delay, { delayNs: delay.by })
  if (duplicate) return rule(duplicate, { duplicateAfterNs: duplicate.after })
  if (corrupt) return rule(corrupt, { corruptBit: corrupt.bit })
  if (hold) return rule(hold, { holdUntilNs: hold.until })
  return rule(swap!, { swap: true })
}

type Match = z.output<ReturnType<typeof shape<typeof MATCH>>>

function rule({ on, of, nth, call, stream, sequence, stage }: Match, action: FaultAction): FaultRule {
  const label = of === undefined ? {} : { label: of }
  const rest = { ...(nth && { nth }), ...(call && { call }), ...(stream !== undefined && { stream }) }
  const match = { ...label, ...rest, ...(sequence !== undefined && { sequence }) }
  return { where: on, ...(stage && { stage }), match, action }
}
