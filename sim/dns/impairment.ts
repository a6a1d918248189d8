// What a fault makes a host's DNS servers do wrong, for a while, for all names or for one.

import { canonicalName, isWithin } from './name.ts'
import type { DnsFailure } from './server.ts'

/** One fault of a host's DNS servers. */
export interface DnsImpairment {
  /** What is said in place of the answer; absent: the answer, late. */
  readonly fails?: DnsFailure
  /** How much longer an answer takes, ns, 0 or more; default 0. */
  readonly delayNs?: number
  /** Only questions for this name; `*.example.com`: for any below example.com. Absent: for all. */
  readonly name?: string
  /** Only questions for this type, such as `SRV`. Absent: for all. */
  readonly type?: string
}

/** What the DNS servers of one host are told when they start, whatever programs they are: the faults that have begun and not ended. */
export class DnsImpairments {
  /** The latest last. */
  readonly #some: DnsImpairment[] = []

  begin(impairment: DnsImpairment): void {
    this.#some.push(impairment)
  }

  /** Ends the one that was begun as this very object. */
  end(impairment: DnsImpairment): void {
    const place = this.#some.indexOf(impairment)
    if (place >= 0) this.#some.splice(place, 1)
  }

  /** The impairment that a question meets: of several, the latest. A question that cannot be read (undefined) has neither name nor type. */
  of(question: { readonly name: string; readonly type: string } | undefined): DnsImpairment | undefined {
    return this.#some.findLast(
      ({ name, type }) =>
        (name === undefined ||
          (question !== undefined && isNamed(canonicalName(question.name), canonicalName(name)))) &&
        (type === undefined || type === question?.type),
    )
  }
}

function isNamed(asked: string, name: string): boolean {
  if (!name.startsWith('*.')) return asked === name
  const above = name.slice(2)
  return asked !== above && isWithin(asked, above)
}
