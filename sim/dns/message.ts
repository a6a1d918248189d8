// A DNS message as a value (RFC 1035 §4.1), and the numbers of its types and codes.

/** The numbers of the record types that are read and written field by field. */
export const TYPE_NUMBERS = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
} as const

export type KnownType = keyof typeof TYPE_NUMBERS

/** Says `SRV` of 33; `TYPE65` of others (RFC 3597 §5). */
export function typeName(type: number): string {
  return NAMES.get(type) ?? `TYPE${type}`
}

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name]))

/** What a response says of the question as a whole (RFC 1035 §4.1.1). */
export const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const

/** The number of a code. */
export function codeNumber(code: (typeof CODES)[number]): number {
  return CODES.indexOf(code)
}

export interface Question {
  readonly name: string
  /** 0–65535: one of {@link TYPE_NUMBERS}, or another. */
  readonly type: number
}

/** What a record of each type says. Names are texts as in `name.ts`; the other texts have a character for each byte. */
export type ResourceData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'NS' | 'CNAME' | 'PTR'; readonly target: string }
  | {
      readonly type: 'SOA'
      readonly primary: string
      readonly mailbox: string
      readonly serial: number
      readonly refreshSeconds: number
      readonly retrySeconds: number
      readonly expireSeconds: number
      /** How long "there is no such thing" may be believed (RFC 2308 §4). */
      readonly minimumSeconds: number
    }
  /** Texts of 255 bytes at most; at least one. */
  | { readonly type: 'TXT'; readonly texts: readonly string[] }
  | {
      readonly type: 'SRV'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }
  | {
      readonly type: 'NAPTR'
      readonly order: number
      readonly preference: number
      readonly flags: string
      readonly service: string
      readonly regexp: string
      readonly replacement: string
    }
  /** A type that is none of these, by its number. */
  | { readonly type: number; readonly bytes: Uint8Array }

/** One resource record, of class IN. */
export type Resource = { readonly name: string; readonly ttlSeconds: number } & ResourceData

export interface DnsMessage {
  /** 0–65535; a response has its query's. */
  readonly id: number
  readonly isResponse: boolean
  /** 0–15; 0 is a query. */
  readonly opcode: number
  /** AA. */
  readonly isAuthoritative: boolean
  /** TC: there is more, which did not fit. */
  readonly isTruncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  /** 0–15, see {@link CODES}. */
  readonly code: number
  readonly questions: readonly Question[]
  readonly answers: readonly Resource[]
  readonly authorities: readonly Resource[]
  readonly additionals: readonly Resource[]
  /** EDNS (RFC 6891): the largest UDP payload that the sender can take. Absent: no EDNS, so 512. */
  readonly udpBytes?: number
}
