// The options of the two ends of a bulk transfer, as a topology writes them, and the sender's verbs.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { bulkReceiver as receiver } from '../../stack/programs/bulkReceiver.ts'
import { bulkSender as sender } from '../../stack/programs/bulkSender.ts'
import { codePoint, numbersOf } from '../links/dscp.ts'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { hostAndPort } from './uri.ts'

/** Sends as much as TCP lets it, when it is told to. */
export const bulkSender = shape({
  program: z.literal('bulk-sender'),
  /** Where to: a host's name or an address, with a port if it is not 5001. */
  to: hostAndPort,
  /** The DSCP of its packets. */
  dscp: codePoint.default(0),
})

/** Takes whatever is sent to it. */
export const bulkReceiver = shape({
  program: z.literal('bulk-receiver'),
  port: whole(1, 65_535).default(5001),
})

/** What a scenario can ask of the sender. */
export const bulkSenderVerbs = {
  /** Without a size: until it is told to end. */
  upload: shape({ size: quantity('size').exactOptional() }),
  'end upload': shape({}),
} as const

/** Starts it. */
export function startBulkSender(host: Host, { to, dscp }: z.output<typeof bulkSender>): RunningProgram {
  const running = sender.start(host, { to, dscp: numbersOf(dscp)[0]! })
  return {
    do: (verb, { size }) => running.do(verb, size === undefined ? {} : { sizeBytes: size }),
    stop: () => running.stop(),
  }
}

/** Starts it. */
export function startBulkReceiver(host: Host, { port }: z.output<typeof bulkReceiver>): RunningProgram {
  return receiver.start(host, { port })
}
