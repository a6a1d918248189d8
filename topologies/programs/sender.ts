// The sender's options as a topology writes them, and its verb.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { sender as program } from '../../stack/programs/sender.ts'
import { shape, whole } from '../yaml/shape.ts'
import { hostAndPort } from './uri.ts'

/** Sends what it is told to, byte for byte. */
export const sender = shape({
  program: z.literal('sender'),
  port: whole(1, 65_535).default(5060),
})

/** What a scenario can ask of it. */
export const senderVerbs = {
  /** `message`: as a block of text, whose line ends go out as CRLF. */
  send: shape({ to: hostAndPort, message: z.string() }),
} as const

/** Starts it. */
export function startSender(host: Host, { port }: z.output<typeof sender>): RunningProgram {
  return program.start(host, { port })
}
