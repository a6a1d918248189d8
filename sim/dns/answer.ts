// What a response says of a question to who asked it: records, or why there are none, and for how long that may be believed.

import type { DnsRecord, RecordType, Resolution } from '../../platform/host.ts'
import { type DnsMessage, type Resource, TYPE_NUMBERS } from './message.ts'
import { canonicalName } from './name.ts'

/** A resolution, and how long it may be remembered, seconds. */
export interface Verdict {
  readonly resolution: Resolution
  readonly keepSeconds: number
}

const NXDOMAIN = 3
const LONGEST_CHAIN = 16

/** True if the response is one to this question (RFC 5452 §9.1: with its id, which the caller has seen to). */
export function isAbout(response: DnsMessage, name: string, type: RecordType): boolean {
  const [question] = response.questions
  if (!response.isResponse || response.questions.length !== 1 || question === undefined) return false
  return question.type === TYPE_NUMBERS[type] && canonicalName(question.name) === name
}

/** Reads a response to the canonical `name` and `type`; undefined where the server could not or would not answer, and another may. */
export function verdictOf(response: DnsMessage, name: string, type: RecordType): Verdict | undefined {
  if (response.code !== 0 && response.code !== NXDOMAIN) return undefined
  let owner = name
  let keepSeconds = Number.POSITIVE_INFINITY
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    const own = response.answers.filter((one) => canonicalName(one.name) === owner)
    const records = own.filter(isAsked(type)).map(recordOf)
    if (records.length > 0) {
      for (const { ttlSeconds } of records) keepSeconds = Math.min(keepSeconds, ttlSeconds)
      return { resolution: { ok: true, records }, keepSeconds }
    }
    const alias = own.find((one) => one.type === 'CNAME')
    if (alias?.type !== 'CNAME') break
    keepSeconds = Math.min(keepSeconds, alias.ttlSeconds)
    owner = canonicalName(alias.target)
  }
  const why = response.code === NXDOMAIN ? 'no such name' : 'no such record'
  return { resolution: { ok: false, why }, keepSeconds: Math.min(keepSeconds, negativeSeconds(response)) }
}

/** RFC 2308 §5: the lesser of the SOA's TTL and minimum; without an SOA nothing is remembered. */
function negativeSeconds({ authorities }: DnsMessage): number {
  const soa = authorities.find((one) => one.type === 'SOA')
  return soa?.type === 'SOA' ? Math.min(soa.ttlSeconds, soa.minimumSeconds) : 0
}

type Asked = Resource & { readonly type: RecordType }

function isAsked(type: RecordType): (one: Resource) => one is Asked {
  return (one): one is Asked => one.type === type
}

function recordOf(one: Asked): DnsRecord {
  const { ttlSeconds } = one
  if (one.type === 'SRV') {
    const { type, priority, weight, port, target } = one
    return { type, ttlSeconds, priority, weight, port, target }
  }
  if (one.type === 'NAPTR') {
    const { type, order, preference, flags, service, regexp, replacement } = one
    return { type, ttlSeconds, order, preference, flags, service, regexp, replacement }
  }
  return { type: one.type, ttlSeconds, address: one.address }
}
