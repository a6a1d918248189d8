// A SIP message: its head as text with an index, its body as bytes, and the fields that elements read. Immutable: see `change.ts`.

import { bug } from '../../../platform/assert.ts'
import { findLine, type Head, isList, STRIDE, splitList, valueAt } from './head.ts'
import { headerId, ID } from './headers.ts'
import { type NameAddr, scanNameAddrs } from './nameAddr.ts'
import { Scanner } from './scanner.ts'
import type { Uri } from './uri.ts'
import { scanVias, type Via } from './via.ts'

/** What requests and responses have in common. */
export interface Fields {
  /** The first value of this header, by name or compact form in any case: folds gone, text decoded. */
  first(name: string): string | undefined
  /** All its values in order; lists are parted at their commas where the header table says that it is one. */
  all(name: string): readonly string[]
  /** At least one. */
  readonly vias: readonly Via[]
  readonly from: NameAddr
  readonly to: NameAddr
  readonly callId: string
  readonly cseq: CSeq
  /** 0–255; undefined where the header is absent, as RFC 2543 let it be. */
  readonly maxForwards: number | undefined
  readonly contacts: readonly NameAddr[] | '*'
  readonly routes: readonly NameAddr[]
  readonly recordRoutes: readonly NameAddr[]
  /** Empty where there is none. Never to be written to. */
  readonly body: Uint8Array
  readonly contentType: string | undefined
  /** The head's text and index, for the codec itself. */
  readonly head: Head
}

/** CSeq (§20.16). */
export interface CSeq {
  /** 0 to 2³²−1. */
  readonly number: number
  readonly method: string
}

export interface Request extends Fields {
  readonly kind: 'request'
  readonly method: string
  readonly uri: Uri
}

export interface Response extends Fields {
  readonly kind: 'response'
  /** 100–699. */
  readonly status: number
  /** May be empty. */
  readonly reason: string
}

export type Message = Request | Response

/** What the start line says: the one or the other. */
export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: Uri }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }

/** The one implementation of both. Fields are read from the head when they are first asked for, which the parser has checked. */
class Stored implements Fields {
  readonly kind: 'request' | 'response'
  readonly method: string | undefined
  readonly uri: Uri | undefined
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly head: Head
  readonly body: Uint8Array
  private readonly addresses = new Map<number, readonly NameAddr[]>()
  private readVias: readonly Via[] | undefined
  private readCSeq: CSeq | undefined

  constructor(start: StartLine, head: Head, body: Uint8Array) {
    this.kind = start.kind
    this.method = start.kind === 'request' ? start.method : undefined
    this.uri = start.kind === 'request' ? start.uri : undefined
    this.status = start.kind === 'response' ? start.status : undefined
    this.reason = start.kind === 'response' ? start.reason : undefined
    this.head = head
    this.body = body
  }

  first(name: string): string | undefined {
    const id = headerId(name)
    const line = findLine(this.head, id, name)
    if (line < 0) return undefined
    const value = valueAt(this.head, line)
    return isList(id) ? splitList(value)[0] : value
  }

  all(name: string): readonly string[] {
    const id = headerId(name)
    const values: string[] = []
    for (let line = findLine(this.head, id, name); line >= 0; line = findLine(this.head, id, name, line + STRIDE)) {
      const value = valueAt(this.head, line)
      if (isList(id)) values.push(...splitList(value))
      else values.push(value)
    }
    return values
  }

  get vias(): readonly Via[] {
    this.readVias ??= this.read(ID.via, scanVias)
    return this.readVias
  }

  get from(): NameAddr {
    return this.addressesOf(ID.from)[0]!
  }

  get to(): NameAddr {
    return this.addressesOf(ID.to)[0]!
  }

  get callId(): string {
    return this.value(ID.callId) ?? ''
  }

  get cseq(): CSeq {
    if (this.readCSeq === undefined) {
      const [number, method] = (this.value(ID.cseq) ?? '').split(/[ \t]+/)
      this.readCSeq = { number: Number(number), method: method ?? '' }
    }
    return this.readCSeq
  }

  get maxForwards(): number | undefined {
    const value = this.value(ID.maxForwards)
    return value === undefined ? undefined : Number(value)
  }

  get contacts(): readonly NameAddr[] | '*' {
    return this.value(ID.contact) === '*' ? '*' : this.addressesOf(ID.contact)
  }

  get routes(): readonly NameAddr[] {
    return this.addressesOf(ID.route)
  }

  get recordRoutes(): readonly NameAddr[] {
    return this.addressesOf(ID.recordRoute)
  }

  get contentType(): string | undefined {
    return this.value(ID.contentType)
  }

  private value(id: number): string | undefined {
    const line = findLine(this.head, id, '')
    return line < 0 ? undefined : valueAt(this.head, line)
  }

  private addressesOf(id: number): readonly NameAddr[] {
    let read = this.addresses.get(id)
    if (read === undefined) {
      read = this.read(id, scanNameAddrs)
      this.addresses.set(id, read)
    }
    return read
  }

  private read<T>(id: number, scan: (scanner: Scanner, into: T[]) => boolean): readonly T[] {
    const into: T[] = []
    for (let line = findLine(this.head, id, ''); line >= 0; line = findLine(this.head, id, '', line + STRIDE)) {
      const value = valueAt(this.head, line)
      if (!scan(new Scanner().over(value), into)) bug(`a header that was checked cannot be read: ${value}`)
    }
    return into
  }
}

/** Puts a message together from parts that have been checked. */
export function store(start: StartLine, head: Head, body: Uint8Array): Message {
  return new Stored(start, head, body) as Fields as Message
}
