// The options of background load and of its other end, as a topology writes them, and the load's verbs.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { printQuantity } from '../../platform/units.ts'
import { load as program } from '../../stack/programs/load.ts'
import { sink as discard } from '../../stack/programs/sink.ts'
import { codePoint, numbersOf } from '../links/dscp.ts'
import { positiveRate } from '../links/rate.ts'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { hostAndPort } from './uri.ts'

const mean = quantity('duration').check((context) => {
  if (context.value > 0) return
  context.issues.push({ code: 'custom', message: 'a mean duration above 0', input: context.value })
})

const packet = quantity('size').check((context) => {
  const { value } = context
  if (value >= 60 && value <= 1500) return
  context.issues.push({ code: 'custom', message: 'a packet of 60 B to 1500 B', input: value })
})

/** Between two packets: more often there would be nothing else. */
const LEAST_GAP_NS = 100

const MEAN_NS = 1e9

/** Sends datagrams that nobody needs. */
export const load = shape({
  program: z.literal('load'),
  /** Where to: a host's name or an address, with a port if it is not 9. */
  to: hostAndPort,
  /** Of IP packets, as long as it sends. */
  rate: positiveRate,
  packet: packet.default(1000),
  /** Evenly; with exponential gaps; or evenly in bursts and pauses of exponential length. */
  pattern: z.enum(['constant', 'poisson', 'on-off']).default('constant'),
  /** The mean length of a burst. Absent: 1 s. */
  on: mean.exactOptional(),
  /** The mean length of a pause. Absent: 1 s. */
  off: mean.exactOptional(),
  dscp: codePoint.default(0),
  /** False: it waits for `begin load`. */
  active: z.boolean().default(true),
}).check(({ value: { rate, packet: bytes }, issues }) => {
  const most = (bytes * 8e9) / LEAST_GAP_NS
  if (rate <= most) return
  const [fastest, size] = [printQuantity('rate', most), printQuantity('size', bytes)]
  const message = `a rate of at most ${fastest} for packets of ${size}: one each ${LEAST_GAP_NS} ns`
  issues.push({ code: 'custom', path: ['rate'], message, input: rate })
})

/** Takes datagrams and throws them away. */
export const sink = shape({ program: z.literal('sink'), port: whole(1, 65_535).default(9) })

/** What a scenario can ask of a load. */
export const loadVerbs = { 'begin load': shape({}), 'end load': shape({}) } as const

/** Starts it. */
export function startLoad(host: Host, written: z.output<typeof load>): RunningProgram {
  const { to, rate, packet: packetBytes, pattern, on = MEAN_NS, off = MEAN_NS, dscp, active } = written
  const times = { onMs: on / 1e6, offMs: off / 1e6 }
  return program.start(host, { to, rateBps: rate, packetBytes, pattern, ...times, dscp: numbersOf(dscp)[0]!, active })
}

/** Starts it. */
export function startSink(host: Host, { port }: z.output<typeof sink>): RunningProgram {
  return discard.start(host, { port })
}
