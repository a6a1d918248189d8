// What an experiment writes under `faults:`: rules about packets, `{ drop: { nth: 1, of: 200 INVITE, on: proxy -> alice } }`, and incidents.

import { z } from 'zod'
import { printQuantity } from '../platform/units.ts'
import type { FaultAction, FaultRule } from '../sim/faults/rule.ts'
import { misplaced } from '../sim/faults/stage.ts'
import { runTime } from '../topologies/links/time.ts'
import { quantity, shape, whole } from '../topologies/yaml/shape.ts'
import { INCIDENTS } from './incidents.ts'
import { readLabel } from './labels.ts'
import { WHEN } from './scenario/trigger.ts'

/** A whole number, or a half more. */
const packet = z
  .number({ error: () => 'a packet’s number from 1' })
  .refine((n) => n >= 1 && n <= 1e9 && Math.floor(n * 2) === n * 2, {
    error: () => 'a packet’s number from 1, such as 3, or 3.5 for its copy',
  })

/** A label that packets can have, such as `200 INVITE`. */
export const label = z.string().check((context) => {
  const read = readLabel(context.value)
  if (!read.ok) context.issues.push({ code: 'custom', message: read.issue.expected, input: context.value })
})

/** Which packets, and where. */
const MATCH = {
  /** The direction: `a -> b`, or `alice--proxy from alice`. */
  on: z.string(),
  /** The label, such as `200 INVITE`; absent: any packet. */
  of: label.exactOptional(),
  /** Only the n-th of those that all else matches. */
  nth: whole(1, 1e9).exactOptional(),
  /** Only of the n-th call of the run, by the order of their first INVITEs. */
  call: whole(1, 1e9).exactOptional(),
  /** Only of the RTP stream with this SSRC. */
  stream: whole(0, 4_294_967_295).exactOptional(),
  /** Only the RTP packet with this sequence number. */
  sequence: whole(0, 65_535).exactOptional(),
  /** The direction's n-th packet, whatever it is: so frozen runs name packets. The copy that netem makes of the 3rd is 3.5. */
  packet: packet.exactOptional(),
  /** Only from this time of the run on; what came before is not counted either. */
  since: quantity('duration').exactOptional(),
  /** Only before this time of the run. */
  before: quantity('duration').exactOptional(),
  /** `medium`: after the queue and the transmitter; `ingress`: before them; the others are where frozen runs take decisions. */
  stage: z.enum(['medium', 'ingress', 'queue', 'netem', 'slot']).exactOptional(),
}

const time = runTime

/** Each rule about packets and what it says. */
export const PACKET_FAULTS = {
  /** The packet is lost. */
  drop: shape(MATCH).exactOptional(),
  /** It arrives later. */
  delay: shape({ ...MATCH, by: time }).exactOptional(),
  /** It arrives later, and nothing overtakes it: what the link's own jitter does. */
  jitter: shape({
    ...MATCH,
    by: quantity('duration', true).refine((ns) => Math.abs(ns) <= 86_400e9, {
      error: () => 'a duration of at most 1 d, later or earlier',
    }),
  }).exactOptional(),
  /** A second one arrives `after` that. */
  duplicate: shape({ ...MATCH, after: time.default(0) }).exactOptional(),
  /** A bit of its payload is turned over. */
  corrupt: shape({
    ...MATCH,
    bit: whole(0, 524_288).default(0),
    /** A bit of this header in place of one of the payload. */
    header: z.enum(['IP', 'transport']).exactOptional(),
  }).exactOptional(),
  /** netem sends it at once. */
  ahead: shape(MATCH).exactOptional(),
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
  ...PACKET_FAULTS,
  ...eachOptional(INCIDENTS),
}).check((context) => {
  const kinds = Object.keys(context.value).filter((key) => !(key in WHEN))
  const complain = (message: string, path: string[] = []): void => {
    context.issues.push({ code: 'custom', message, input: context.value, path })
  }
  if (kinds.length !== 1) {
    complain(`exactly one of ${[...Object.keys(PACKET_FAULTS), ...Object.keys(INCIDENTS)].join(', ')} in each entry`)
    return
  }
  if (kinds[0]! in INCIDENTS) return
  for (const key of Object.keys(WHEN)) {
    if (key in context.value) complain(`no \`${key}\`: a rule about packets holds for the whole run`, [key])
  }
  const { since, before } = (context.value as Readonly<Record<string, Partial<Match>>>)[kinds[0]!]!
  if (before !== undefined && before <= (since ?? 0)) {
    const begins = printQuantity('duration', since ?? 0)
    complain(`a time after ${begins}, when the rule begins: else it never strikes`, [kinds[0]!, 'before'])
  }
  const { corrupt } = context.value
  if (corrupt?.header !== undefined && corrupt.bit !== 0) {
    complain('no `bit` beside `header`: whichever bit of a header it is, the packet is dropped', ['corrupt', 'bit'])
  }
  const wrong = misplaced(ruleOf(context.value))
  const { stage } = (context.value as Readonly<Record<string, Partial<Match>>>)[kinds[0]!]!
  if (wrong !== undefined) complain(wrong, stage === undefined ? [kinds[0]!] : [kinds[0]!, 'stage'])
})

export type WrittenFault = z.output<typeof fault>

/** True for an incident: a fault of a link or node. */
export function isIncident(written: WrittenFault): boolean {
  return Object.keys(written).some((key) => key in INCIDENTS)
}

/** A rule about packets as the network takes it. */
export function ruleOf(written: WrittenFault): FaultRule {
  const { drop, delay, jitter, duplicate, corrupt, ahead, hold, swap } = written
  if (drop) return rule(drop, { drop: true })
  if (delay) return rule(delay, { delayNs: delay.by })
  if (jitter) return rule(jitter, { jitterNs: jitter.by })
  if (duplicate) return rule(duplicate, { duplicateAfterNs: duplicate.after })
  if (corrupt?.header) return rule(corrupt, { corruptHeader: corrupt.header })
  if (corrupt) return rule(corrupt, { corruptBit: corrupt.bit })
  if (ahead) return rule(ahead, { ahead: true })
  if (hold) return rule(hold, { holdUntilNs: hold.until })
  return rule(swap!, { swap: true })
}

type Match = z.output<ReturnType<typeof shape<typeof MATCH>>>

function rule(written: Match, action: FaultAction): FaultRule {
  const { on, of, nth, call, stream, sequence, packet, since, before, stage } = written
  const label = of === undefined ? {} : { label: of }
  const rest = { ...(nth && { nth }), ...(call && { call }), ...(stream !== undefined && { stream }) }
  const when = { ...(since !== undefined && { sinceNs: since }), ...(before !== undefined && { beforeNs: before }) }
  const which = { ...(sequence !== undefined && { sequence }), ...(packet && { ordinal: packet }) }
  const match = { ...label, ...rest, ...which, ...when }
  return { where: on, ...(stage && { stage }), match, action }
}

/** The rule as a file writes it; the `why` of a frozen loss is left out. */
export function writtenOf({ where, stage, match, action }: FaultRule): WrittenFault {
  const { label, nth, call, stream, sequence, ordinal, sinceNs, beforeNs } = match
  const found = {
    ...{ on: where, of: label, nth, call, stream, sequence, packet: ordinal, since: sinceNs, before: beforeNs, stage },
  }
  const packets = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Match
  if ('drop' in action) return { drop: packets }
  if ('delayNs' in action) return { delay: { ...packets, by: action.delayNs } }
  if ('jitterNs' in action) return { jitter: { ...packets, by: action.jitterNs } }
  if ('duplicateAfterNs' in action) return { duplicate: { ...packets, after: action.duplicateAfterNs } }
  if ('corruptBit' in action) return { corrupt: { ...packets, bit: action.corruptBit } }
  if ('corruptHeader' in action) return { corrupt: { ...packets, bit: 0, header: action.corruptHeader } }
  if ('ahead' in action) return { ahead: packets }
  if ('holdUntilNs' in action) return { hold: { ...packets, until: action.holdUntilNs } }
  return { swap: packets }
}
