// The STUN server's options as a topology writes them.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { stunServer as program } from '../../stack/programs/stunServer.ts'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { atLeast } from './stun.ts'

const PORT = 3478

/** Says where others are seen from; on a host with two addresses also what their NATs do (RFC 5780). */
export const stunServer = shape({
  program: z.literal('stun-server'),
  port: whole(1, 65_535).default(PORT),
  /** The second port. */
  alternatePort: whole(1, 65_535).default(3479),
  /** What credentials are for; absent: the host's name. */
  realm: z.string().max(128).exactOptional(),
  /** By user; with any, requests are challenged. */
  passwords: z.record(z.string(), z.string()).exactOptional(),
  /** How long a nonce is good. */
  nonce: quantity('duration').check(atLeast(1_000_000_000, 'a second or more')).default(600_000_000_000),
}).check((context) => {
  const { port, alternatePort } = context.value
  if (port !== alternatePort) return
  // Of both, one that is written: not the one that is its default.
  const [key, other] = port === PORT ? ['alternatePort', 'port'] : ['port', 'alternatePort']
  const message = `another port than \`${other}\`, not ${port} twice`
  context.issues.push({ code: 'custom', path: [key], message, input: port })
})

/** Starts it. */
export function startStunServer(host: Host, options: z.output<typeof stunServer>): RunningProgram {
  const { program: _, nonce, ...rest } = options
  return program.start(host, { ...rest, nonceMs: nonce / 1e6 })
}
