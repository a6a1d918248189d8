// A host's resolver as a topology writes it: the servers that it asks, as in resolv.conf.

import { z } from 'zod'
import { parseAddress } from '../platform/address.ts'
import type { ResolverOptions } from '../sim/dns/resolver.ts'
import { lasting } from './links/time.ts'
import { checked, shape, whole } from './yaml/shape.ts'

const server = checked('the address of a DNS server such as 203.0.113.53', (text) =>
  parseAddress(text).ok ? undefined : `the address of a DNS server such as 203.0.113.53, not "${text}"`,
)

/** One server, or several with what else resolv.conf says. */
export const resolver = z.union([
  server,
  shape({
    servers: z.array(server).min(1, { error: () => 'at least one server' }),
    /** How long it waits for each answer. */
    timeout: lasting.default(5_000_000_000),
    /** How often it goes through its servers. */
    attempts: whole(1, 100).default(2),
    /** Whether it remembers answers for their TTL. */
    cache: z.boolean().default(true),
    /** By EDNS, the largest answer over UDP that it can take, bytes; 0: no EDNS, so 512. */
    edns: whole(0, 65_535)
      .refine((bytes) => bytes === 0 || bytes >= 512, {
        error: () => '0, or a whole number from 512 to 65535 (RFC 6891 §6.2.3)',
      })
      .default(1232),
  }),
])

/** The options of the simulated resolver. */
export function resolverOptionsOf(written: z.output<typeof resolver>): ResolverOptions {
  if (typeof written === 'string') return { servers: [written] }
  const { servers, timeout, attempts, cache, edns } = written
  return { servers, timeoutMs: timeout / 1e6, attempts, caches: cache, udpBytes: edns }
}
