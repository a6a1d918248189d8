// A server's zones: what they say of a name (RFC 1034 §4.3.2), aliases followed, wildcards and "no such thing" included.

import { codeNumber, type Question, type Resource, TYPE_NUMBERS } from './message.ts'
import { canonicalName, isWithin, parentOf } from './name.ts'

/** One zone, of which the server knows all. */
export interface Zone {
  /** Such as `example.com`. */
  readonly name: string
  /** Within it. Without an SOA among them, one is made: its minimum is `negativeSeconds`. */
  readonly records: readonly Resource[]
  /** How long "there is no such thing" may be believed, seconds. */
  readonly negativeSeconds: number
}

/** What a server says to a question. */
export interface ZoneAnswer {
  readonly code: number
  readonly answers: readonly Resource[]
  readonly authorities: readonly Resource[]
  readonly additionals: readonly Resource[]
}

const LONGEST_CHAIN = 8

/** Zones, ready to be asked. */
export class Zones {
  readonly #zones: readonly { readonly name: string; readonly soa: Resource }[]
  readonly #records = new Map<string, Resource[]>()
  /** All names that have records, or names below them that do. */
  readonly #names = new Set<string>()

  constructor(zones: readonly Zone[]) {
    this.#zones = zones
      .map((zone) => ({ name: canonicalName(zone.name), soa: soaOf(zone) }))
      .sort((a, b) => b.name.length - a.name.length)
    for (const { name, records } of zones) {
      const apex = canonicalName(name)
      this.#names.add(apex)
      const soa = records.some(({ type }) => type === 'SOA') ? [] : [this.#soa(apex)!]
      for (const record of [...soa, ...records]) this.#add(apex, record)
    }
  }

  /** The zone that a name is in, canonical: of several the narrowest. */
  of(name: string): string | undefined {
    const asked = canonicalName(name)
    return this.#zones.find((zone) => isWithin(asked, zone.name))?.name
  }

  /** The answer to a question: REFUSED for what is in none of the zones. */
  answer({ name, type }: Question): ZoneAnswer {
    const answers: Resource[] = []
    let asked = canonicalName(name)
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const soa = this.#soa(asked)
      if (soa === undefined) {
        const code = codeNumber(answers.length === 0 ? 'REFUSED' : 'NOERROR')
        return { code, answers, authorities: [], additionals: [] }
      }
      const found = this.#at(asked)
      if (found === undefined) return negative(codeNumber('NXDOMAIN'), answers, soa)
      const matching = found.filter((one) => numberOf(one) === type)
      if (matching.length > 0) {
        answers.push(...matching)
        return { code: 0, answers, authorities: [], additionals: this.#besides(matching) }
      }
      const alias = found.find((one) => one.type === 'CNAME')
      if (alias?.type !== 'CNAME') return negative(0, answers, soa)
      answers.push(alias)
      asked = canonicalName(alias.target)
    }
    return { code: codeNumber('SERVFAIL'), answers: [], authorities: [], additionals: [] }
  }

  #add(apex: string, record: Resource): void {
    const name = canonicalName(record.name)
    this.#records.set(name, [...(this.#records.get(name) ?? []), record])
    for (let one: string | undefined = name; one !== undefined && isWithin(one, apex); one = parentOf(one)) {
      this.#names.add(one)
    }
  }

  /** The records of a name, those of a wildcard under the name asked for (RFC 1034 §4.3.3); undefined if there is no such name. */
  #at(name: string): readonly Resource[] | undefined {
    if (this.#names.has(name)) return this.#records.get(name) ?? []
    for (let one = parentOf(name); one !== undefined; one = parentOf(one)) {
      if (!this.#names.has(one)) continue
      return this.#records.get(`*.${one}`)?.map((record) => ({ ...record, name }))
    }
    return undefined
  }

  /** The addresses of what the records lead to, which the asker will want next (RFC 2782, RFC 3403 §5). */
  #besides(records: readonly Resource[]): readonly Resource[] {
    const targets = records.flatMap((one) =>
      one.type === 'SRV' ? [one.target] : one.type === 'NAPTR' ? [one.replacement] : [],
    )
    return [...new Set(targets.map(canonicalName))].flatMap((target) =>
      (this.#at(target) ?? []).filter(({ type }) => type === 'A' || type === 'AAAA' || type === 'SRV'),
    )
  }

  #soa(name: string): Resource | undefined {
    return this.#zones.find((zone) => isWithin(name, zone.name))?.soa
  }
}

/** RFC 2308 §3: its TTL is the lesser of its own and its minimum. */
function negative(code: number, answers: readonly Resource[], soa: Resource): ZoneAnswer {
  const minimum = soa.type === 'SOA' ? soa.minimumSeconds : soa.ttlSeconds
  const authorities = [{ ...soa, ttlSeconds: Math.min(soa.ttlSeconds, minimum) }]
  return { code, answers, authorities, additionals: [] }
}

function soaOf({ name, records, negativeSeconds }: Zone): Resource {
  const known = records.find(({ type }) => type === 'SOA')
  if (known !== undefined) return known
  const times = { refreshSeconds: 3600, retrySeconds: 600, expireSeconds: 86400, minimumSeconds: negativeSeconds }
  const who = { primary: `ns.${name}`, mailbox: `hostmaster.${name}`, serial: 1 }
  return { name, ttlSeconds: negativeSeconds, type: 'SOA', ...who, ...times }
}

function numberOf({ type }: Resource): number {
  return typeof type === 'number' ? type : TYPE_NUMBERS[type]
}
