// What a response says of a question to who asked it: records, or why there are none, and for how long that may be believed.

import type { DnsRecord, RecordType, Resolution } from '../../platform/host.ts'
import { type DnsMessage, type Resource, TYPE_NUMBERS } from './message.ts'
import { canonicalName } from './name.ts'

/** A resolution, and how long it may be remembered, seconds. */
export interface Verdict {
  /** Undefined: the server knows an alias alone, of which another may know more. */
  readonly resolution: Resolution | undefined
  readonly keepSeconds: number
  /** The name that it is about: that at the end of the aliases. */
  readonly about: string
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
      return { resolution: { ok: true, records }, keepSeconds, about: owner }
    }
    const alias = own.find((one) => one.type === 'CNAME')
    if (alias?.type !== 'CNAME') break
    keepSeconds = Math.min(keepSeconds, alias.ttlSeconds)
    owner = canonicalName(alias.target)
  }
  const isOpen = owner !== name && response.code !== NXDOMAIN && soaOf(response) === undefined
  if (isOpen) return { resolution: undefined, keepSeconds, about: owner }
  const why = response.code === NXDOMAIN ? 'no such name' : 'no such record'
  keepSeconds = Math.min(keepSeconds, negativeSeconds(response))
  return { resolution: { ok: false, why }, keepSeconds, about: owner }
}

/** RFC 2308 §5: the lesser of the SOA's TTL and minimum; without an SOA nothing is remembered. */
function negativeSeconds(response: DnsMessage): number {
  const soa = soaOf(response)
  return soa?.type === 'SOA' ? Math.min(soa.ttlSeconds, soa.minimumSeconds) : 0
}

function soaOf({ authorities }: DnsMessage): Resource | undefined {
  return authorities.find((one) => one.type === 'SOA')
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
