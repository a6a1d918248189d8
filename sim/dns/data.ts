// What stands in each type of record, bytes to fields and back. One row a type.

import { parseAddress, printAddress } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import { latin1Decode } from '../../platform/text.ts'
import { type KnownType, type ResourceData, TYPE_NUMBERS } from './message.ts'
import { type NamePlaces, readName, writeName } from './name.ts'

/** The data of one record: `bytes` is the whole message. */
interface Span {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

type Fields<Type extends KnownType> = ResourceData & { readonly type: Type }

interface Form<Type extends KnownType> {
  /** Undefined where the bytes are none of these. */
  read(span: Span): Fields<Type> | undefined
  write(bytes: number[], data: Fields<Type>, places: NamePlaces): void
}

const FORMS: { readonly [Type in KnownType]: Form<Type> } = {
  A: {
    read: (span) => onlyAddress(span, 4, (one) => ({ type: 'A', address: one })),
    write: (bytes, { address: text }) => putAddress(bytes, text),
  },
  AAAA: {
    read: (span) => onlyAddress(span, 16, (one) => ({ type: 'AAAA', address: one })),
    write: (bytes, { address: text }) => putAddress(bytes, text),
  },
  NS: {
    read: (span) => onlyName(span, (target) => ({ type: 'NS', target })),
    write: (bytes, { target }, places) => writeName(bytes, target, places),
  },
  CNAME: {
    read: (span) => onlyName(span, (target) => ({ type: 'CNAME', target })),
    write: (bytes, { target }, places) => writeName(bytes, target, places),
  },
  PTR: {
    read: (span) => onlyName(span, (target) => ({ type: 'PTR', target })),
    write: (bytes, { target }, places) => writeName(bytes, target, places),
  },
  SOA: {
    read: ({ bytes, from, to }) => {
      const primary = readName(bytes, from)
      const mailbox = primary && readName(bytes, primary.next)
      if (mailbox === undefined || mailbox.next + 20 !== to) return undefined
      const [serial, refresh, retry, expire, minimum] = [0, 4, 8, 12, 16].map((at) => uint32(bytes, mailbox.next + at))
      return {
        ...{ type: 'SOA', primary: primary!.name, mailbox: mailbox.name, serial: serial!, refreshSeconds: refresh! },
        ...{ retrySeconds: retry!, expireSeconds: expire!, minimumSeconds: minimum! },
      }
    },
    write: (bytes, soa, places) => {
      writeName(bytes, soa.primary, places)
      writeName(bytes, soa.mailbox, places)
      const { serial, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds } = soa
      for (const one of [serial, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds]) put32(bytes, one)
    },
  },
  TXT: {
    read: ({ bytes, from, to }) => {
      const texts: string[] = []
      for (let at = from; at < to; ) {
        const one = text(bytes, at, to)
        if (one === undefined) return undefined
        texts.push(one)
        at += one.length + 1
      }
      return texts.length === 0 ? undefined : { type: 'TXT', texts }
    },
    write: (bytes, { texts }) => {
      for (const one of texts) putText(bytes, one)
    },
  },
  // RFC 2782: the target is not compressed by who writes it; RFC 3597 §4: who reads it must cope.
  SRV: {
    read: ({ bytes, from, to }) => {
      const target = from + 6 < to ? readName(bytes, from + 6) : undefined
      if (target?.next !== to) return undefined
      const [priority, weight, port] = [uint16(bytes, from), uint16(bytes, from + 2), uint16(bytes, from + 4)]
      return { type: 'SRV', priority, weight, port, target: target.name }
    },
    write: (bytes, { priority, weight, port, target }) => {
      for (const one of [priority, weight, port]) put16(bytes, one)
      writeName(bytes, target)
    },
  },
  NAPTR: {
    read: ({ bytes, from, to }) => {
      const flags = text(bytes, from + 4, to)
      const service = flags === undefined ? undefined : text(bytes, from + 5 + flags.length, to)
      const third = service === undefined ? to : from + 6 + flags!.length + service.length
      const regexp = text(bytes, third, to)
      const replacement = regexp === undefined ? undefined : readName(bytes, third + 1 + regexp.length)
      if (replacement?.next !== to) return undefined
      const [order, preference] = [uint16(bytes, from), uint16(bytes, from + 2)]
      const texts = { flags: flags!, service: service!, regexp: regexp! }
      return { type: 'NAPTR', order, preference, ...texts, replacement: replacement.name }
    },
    write: (bytes, { order, preference, flags, service, regexp, replacement }) => {
      put16(bytes, order)
      put16(bytes, preference)
      for (const one of [flags, service, regexp]) putText(bytes, one)
      writeName(bytes, replacement)
    },
  },
}

const BY_NUMBER: ReadonlyMap<number, Form<KnownType>> = new Map(
  Object.entries(TYPE_NUMBERS).map(([name, number]) => [
    number,
    FORMS[name as KnownType] as unknown as Form<KnownType>,
  ]),
)

/** Reads the data of a record of this type; undefined where it is malformed. */
export function readData(type: number, bytes: Uint8Array, from: number, to: number): ResourceData | undefined {
  const form = BY_NUMBER.get(type)
  return form === undefined ? { type, bytes: bytes.slice(from, to) } : form.read({ bytes, from, to })
}

/** Appends the data of a record. */
export function writeData(bytes: number[], data: ResourceData, places: NamePlaces): void {
  if ('bytes' in data) bytes.push(...data.bytes)
  else (FORMS[data.type] as unknown as Form<KnownType>).write(bytes, data as Fields<KnownType>, places)
}

function onlyAddress<Made>({ bytes, from, to }: Span, length: number, make: (text: string) => Made): Made | undefined {
  return to - from === length ? make(printAddress(bytes.subarray(from, to))) : undefined
}

function putAddress(bytes: number[], written: string): void {
  const parsed = parseAddress(written)
  if (!parsed.ok) bug(`a record's address is "${written}"`)
  bytes.push(...parsed.value)
}

function onlyName<Made>({ bytes, from, to }: Span, make: (name: string) => Made): Made | undefined {
  const read = readName(bytes, from)
  return read?.next === to ? make(read.name) : undefined
}

/** A length and so many bytes, a character each. */
function text(bytes: Uint8Array, at: number, end: number): string | undefined {
  const length = bytes[at]
  if (length === undefined || at >= end || at + 1 + length > end) return undefined
  return latin1Decode(bytes.subarray(at + 1, at + 1 + length))
}

function putText(bytes: number[], written: string): void {
  bytes.push(written.length, ...Array.from(written, (one) => one.charCodeAt(0)))
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 65536 + uint16(bytes, at + 2)
}

/** Appends 16 bits. */
export function put16(bytes: number[], value: number): void {
  bytes.push(value >> 8, value & 255)
}

/** Appends 32 bits. */
export function put32(bytes: number[], value: number): void {
  put16(bytes, value >>> 16)
  put16(bytes, value & 65535)
}
