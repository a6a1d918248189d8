// What a scenario can ask of any host, whatever it runs.

import type { z } from 'zod'
import { canonicalAddress } from '../platform/address.ts'
import { bug } from '../platform/assert.ts'
import type { Issue } from '../platform/result.ts'
import { parseQuantity } from '../platform/units.ts'
import type { SimulatedHost } from '../sim/network/host.ts'
import { ping } from '../sim/network/ping.ts'
import { noDomainName } from './domainName.ts'
import { checked, shape, whole } from './yaml/shape.ts'

const [LEAST_NS, MOST_NS] = [1e6, 86_400e9]

const place = checked('a name or an address such as 192.0.2.1', (text) => {
  return canonicalAddress(text) === undefined ? noDomainName(text) : undefined
})

/** A duration from 1 ms to a day, kept as it was written: so the record shows it. */
const time = checked('a duration such as 1 s', (text) => {
  const read = parseQuantity('duration', text)
  if (!read.ok) return read.issue.expected
  return read.value >= LEAST_NS && read.value <= MOST_NS ? undefined : `a duration from 1 ms to 1 d, not ${text}`
})

const pinging = shape({
  /** Whom. */
  to: place,
  /** How often; absent: once. */
  count: whole(1, 1_000_000).exactOptional(),
  /** From one question to the next; absent: 1 s. */
  every: time.exactOptional(),
  /** How many bytes of data; absent: 56. */
  bytes: whole(0, 65_507).exactOptional(),
  /** How long an answer is waited for; absent: 1 s. */
  timeout: time.exactOptional(),
  /** How many routers may pass it on, and the far end; absent: 64. */
  ttl: whole(1, 255).exactOptional(),
})

/** Each verb and its parameters. */
export const HOST_VERBS = {
  /** Asks by ICMP echo, and puts the round trips on record. */
  ping: pinging,
} as const

/** Does what is asked of the host itself. */
export function hostDoing(host: SimulatedHost) {
  return {
    do(_verb: string, parameters: Readonly<Record<string, unknown>>): Issue | undefined {
      const { to, count = 1, every = '1 s', bytes = 56, timeout = '1 s', ttl } = parameters as z.output<typeof pinging>
      const times = { everyMs: inMs(every), timeoutMs: inMs(timeout) }
      ping(host, { to, count, bytes, ...times, ...(ttl !== undefined && { ttl }) })
      return undefined
    },
  }
}

function inMs(text: string): number {
  const read = parseQuantity('duration', text)
  return read.ok ? read.value / 1e6 : bug(read.issue.expected)
}
