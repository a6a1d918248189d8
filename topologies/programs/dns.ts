// A DNS server's options as a topology writes them: its zones, line by line as in a zone file.

import { z } from 'zod'
import { bug } from '../../platform/assert.ts'
import type { Host, RunningProgram } from '../../platform/host.ts'
import type { Result } from '../../platform/result.ts'
import { printQuantity } from '../../platform/units.ts'
import type { DnsImpairments } from '../../sim/dns/impairment.ts'
import { MOST_TTL, parseLine } from '../../sim/dns/line.ts'
import type { Resource } from '../../sim/dns/message.ts'
import { canonicalName, isWithin } from '../../sim/dns/name.ts'
import { DNS_FAILURES, dnsServer } from '../../sim/dns/server.ts'
import { type Zone, Zones } from '../../sim/dns/zone.ts'
import { domainName } from '../domainName.ts'
import { runTime } from '../links/time.ts'
import { checked, quantity, shape, whole } from '../yaml/shape.ts'

/** Stands for a zone's name and TTL where only the form of a line is looked at. */
const ANY = { origin: 'example.com', ttlSeconds: 0 }

/** `_sip._udp 60 SRV 10 60 5060 proxy1`; a name that does not end with a dot stands in the zone, `@` is the zone. */
const line = checked('a line such as "www 60 A 192.0.2.1"', (text) => {
  const read = parseLine(text, ANY)
  return read.ok ? undefined : read.issue.expected
})

const zoneName = domainName('a zone such as example.com')

/** Whole seconds, as records have it. */
const ttl = quantity('duration').check(({ value, issues }) => {
  if (value % 1e9 === 0 && value <= MOST_TTL * 1e9) return
  const message = `a TTL in whole seconds, at most ${MOST_TTL} s (RFC 2181 §8), not ${printQuantity('duration', value)}`
  issues.push({ code: 'custom', message, input: value })
})

/** What is wrong with a line beside the other lines of its zone: it is of another zone, or an alias has company (RFC 1034 §3.6.2). */
function misplaced(zone: string, records: readonly Result<Resource>[], own: Result<Resource>): string | undefined {
  if (!own.ok) return own.issue.expected
  const name = canonicalName(own.value.name)
  if (!isWithin(name, canonicalName(zone))) return `a name in ${zone}, not ${name}: its server has no such zone`
  if (own.value.type !== 'CNAME') return undefined
  const other = records.find((one) => one !== own && one.ok && canonicalName(one.value.name) === name)
  return other === undefined ? undefined : `an alias alone: ${name} has other lines as well`
}

/** Answers for its zones. */
export const dns = shape({
  program: z.literal('dns'),
  zones: z
    .record(
      zoneName,
      shape({
        /** The TTL of lines that say none. */
        ttl: ttl.default(300_000_000_000),
        /** How long "there is no such thing" may be believed. */
        negative: ttl.default(60_000_000_000),
        records: z.array(line).default([]),
      }),
    )
    .check(({ value, issues }) => {
      const names = Object.keys(value)
      for (const [name, { records }] of Object.entries(value)) {
        const same = names.find((other) => canonicalName(other) === canonicalName(name))!
        if (same !== name)
          issues.push({ code: 'custom', path: [name], message: `each zone once: ${same} is the same`, input: value })
        const read = records.map((text) => parseLine(text, { origin: name, ttlSeconds: 0 }))
        read.forEach((own, n) => {
          const message = misplaced(name, read, own)
          if (message !== undefined) issues.push({ code: 'custom', path: [name, 'records', n], message, input: value })
        })
      }
    }),
  /** How long it thinks about each question. */
  delay: runTime.default(0),
  /** How it fails from the start. */
  fails: z.enum(DNS_FAILURES).exactOptional(),
  port: whole(1, 65_535).default(53),
  /** The largest answer over UDP to those who say by EDNS that they can take it, bytes. */
  udp: whole(512, 65_535).default(1232),
})

/** What a scenario can ask of it. */
export const dnsVerbs = {
  fail: shape({ with: z.enum(DNS_FAILURES) }),
  recover: shape({}),
  /** In place of what it knew of these names and types; names in full. */
  change: shape({ records: z.array(line).min(1, { error: () => 'at least one line' }) }),
} as const

/** Starts it. */
export function startDns(
  host: Host,
  { zones, delay, fails, port, udp }: z.output<typeof dns>,
  impairments?: DnsImpairments,
): RunningProgram {
  // A manifest has them in the order of their names.
  const sorted = Object.entries(zones).sort(([a], [b]) => (a < b ? -1 : 1))
  const made = sorted.map(([name, { ttl, negative, records }]): Zone => {
    const context = { origin: name, ttlSeconds: Math.round(ttl / 1e9) }
    return {
      name,
      records: records.map((text) => recordOf(text, context)),
      negativeSeconds: Math.round(negative / 1e9),
    }
  })
  const running = dnsServer.start(host, {
    zones: made,
    delayMs: delay / 1e6,
    port,
    udpBytes: udp,
    ...(fails && { fails }),
    ...(impairments && { impairments }),
  })
  const all = new Zones(made)
  const origin = sorted[0]?.[0] ?? '.'
  /** A line that says no TTL has that of its zone. */
  const changed = (text: string): Resource => {
    const zone = all.of(recordOf(text, { origin, ttlSeconds: 0 }).name)
    const ttl = sorted.find(([name]) => canonicalName(name) === zone)?.[1].ttl ?? 0
    return recordOf(text, { origin, ttlSeconds: Math.round(ttl / 1e9) })
  }
  return {
    do: (verb, parameters) => {
      if (verb !== 'change') return running.do(verb, parameters)
      return running.do(verb, { records: (parameters.records as readonly string[]).map(changed) })
    },
    stop: () => running.stop(),
  }
}

function recordOf(text: string, context: Parameters<typeof parseLine>[1]): Resource {
  const read = parseLine(text, context)
  return read.ok ? read.value : bug(read.issue.expected)
}
