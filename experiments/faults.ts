// What an experiment writes under `faults:`: rules about packets, `{ drop: { nth: 1, of: 200 INVITE, on: proxy -> alice } }`, and incidents.

import { z } from 'zod'
import type { FaultAction, FaultRule } from '../sim/faults/rule.ts'
import { quantity, shape, whole } from '../topologies/yaml/shape.ts'
import { INCIDENTS } from './incidents.ts'
import { WHEN } from './scenario/trigger.ts'

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

type Optional<Shapes extends Record<string, z.ZodType>> = { [Kind in keyof Shapes]: z.ZodExactOptional<Shapes[Kind]> }

function eachOptional<Shapes extends Record<string, z.ZodType>>(shapes: Shapes): Optional<Shapes> {
  const entries = Object.entries(shapes).map(([kind, one]) => [kind, one.exactOptional()])
  return Object.fromEntries(entries) as Optional<Shapes>
}

/** One entry of `faults:`: a rule about packets, or an incident and when it strikes. */
export const fault = shape({
  ...WHEN,
  ...FAULTS,
  ...eachOptional(INCIDENTS),
}).check((context) => {
  const kinds = Object.keys(context.value).filter((key) => !(key in WHEN))
  const complain = (message: string, path: string[] = []): void => {
    context.issues.push({ code: 'custom', message, input: context.value, path })
  }
  if (kinds.length !== 1) {
    complain(`exactly one of ${[...Object.keys(FAULTS), ...Object.keys(INCIDENTS)].join(', ')} in each entry`)
    return
  }
  if (kinds[0]! in INCIDENTS) return
  for (const key of Object.keys(WHEN)) {
    if (key in context.value) complain(`no \`${key}\`: a rule about packets holds for the whole run`, [key])
  }
})

export type WrittenFault = z.output<typeof fault>

/** True for an incident: a fault of a link or node. */
export function isIncident(written: WrittenFault): boolean {
  return Object.keys(written).some((key) => key in INCIDENTS)
}

/** A rule about packets as the network takes it. */
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
