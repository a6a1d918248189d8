// How a message is kept: head, body, and what the parser found; each field is read out of the head when it is first asked for.

import { bug } from '../../../platform/assert.ts'
import { CODE } from './characters.ts'
import { type BodyPlace, contentOf, placeOf } from './content.ts'
import { findLine, firstEnd, type Head, isList, STRIDE, splitList, valueAt } from './head.ts'
import { bitOf, headerId, ID } from './headers.ts'
import type { CSeq, Fields, Message, Request, Response } from './message.ts'
import { type NameAddr, passNameAddr, readNameAddr } from './nameAddr.ts'
import { passUri, readUri, type Uri } from './uri.ts'
import { scanHead, tagAt, textAt, valuesOf } from './values.ts'
import type { Findings } from './verdict.ts'
import { passVia, readVia, type Via } from './via.ts'

const { FAIL } = CODE

const NO_BODY = new Uint8Array(0)
const NO_ADDRESSES: readonly NameAddr[] = []

class Stored implements Fields {
  readonly kind: 'request' | 'response'
  readonly method: string
  readonly status: number
  readonly head: Head
  readonly place: BodyPlace
  private readonly findings: Findings | undefined
  /** The message that this one was made of, and a bit for each header of which it may say something else (see {@link bitOf}). */
  private readonly base: Stored | undefined
  private readonly touched: number
  private keptBytes: Uint8Array | undefined
  private keptBody: Uint8Array | undefined
  keptUri: Uri | undefined
  private keptVia: Via | undefined
  private keptVias: readonly Via[] | undefined
  private keptCSeq: CSeq | undefined
  /** Null where there is none. */
  private keptFromTag: string | null | undefined
  keptToTag: string | null | undefined
  private keptCallId: string | undefined
  /** By header id. */
  private keptAddresses: (readonly NameAddr[])[] | undefined

  constructor(
    method: string,
    status: number,
    head: Head,
    place: BodyPlace,
    findings: Findings | undefined,
    base: Stored | undefined,
    touched: number,
  ) {
    this.kind = status === 0 ? 'request' : 'response'
    this.method = method
    this.status = status
    this.head = head
    this.place = place
    this.findings = findings
    this.base = base
    this.touched = touched
    this.keptBytes = undefined
    this.keptBody = undefined
    this.keptUri = findings?.uri
    this.keptVia = findings?.via
    this.keptVias = undefined
    this.keptCSeq = undefined
    this.keptFromTag = undefined
    this.keptToTag = undefined
    this.keptCallId = undefined
    this.keptAddresses = undefined
  }

  first(name: string): string | undefined {
    const id = headerId(name)
    const same = this.sayingSame(id)
    if (same !== undefined) return same.first(name)
    const line = findLine(this.head, id, name)
    if (line < 0) return undefined
    const value = valueAt(this.head, line)
    return isList(id) ? value.slice(0, firstEnd(value, 0, value.length)).trimEnd() : value
  }

  all(name: string): readonly string[] {
    const id = headerId(name)
    const same = this.sayingSame(id)
    if (same !== undefined) return same.all(name)
    const values: string[] = []
    for (let line = findLine(this.head, id, name); line >= 0; line = findLine(this.head, id, name, line + STRIDE)) {
      const value = valueAt(this.head, line)
      if (isList(id)) for (const part of splitList(value)) values.push(part)
      else values.push(value)
    }
    return values
  }

  get uri(): Uri {
    if (this.keptUri === undefined) {
      const { head, method } = this
      scanHead(head, method.length + 1, head.text.indexOf('\r'))
      if (passUri(0, true) === FAIL) bug('a Request-URI that was checked cannot be read')
      this.keptUri = readUri()
    }
    return this.keptUri
  }

  get reason(): string {
    const { status, base, head } = this
    if (status === 0) return ''
    return base?.status === status ? base.reason : textAt(head, 12, head.text.indexOf('\r'))
  }

  get via(): Via {
    this.keptVia ??=
      this.keptVias?.[0] ?? this.sayingSame(ID.via)?.via ?? valuesOf(this.head, ID.via, passVia, readVia, true)[0]
    return this.keptVia ?? bug('the message has no Via yet')
  }

  get vias(): readonly Via[] {
    this.keptVias ??= this.sayingSame(ID.via)?.vias ?? valuesOf(this.head, ID.via, passVia, readVia)
    return this.keptVias
  }

  get from(): NameAddr {
    return this.addresses(ID.from)[0]!
  }

  get to(): NameAddr {
    return this.addresses(ID.to)[0]!
  }

  get fromTag(): string | undefined {
    if (this.keptFromTag === undefined) {
      const { findings, head } = this
      const same = this.sayingSame(ID.from)
      const tag =
        same !== undefined
          ? same.fromTag
          : findings === undefined
            ? this.from.parameters.get('tag')
            : tagAt(head, findings.fromParametersFrom, findings.fromParametersTo)
      this.keptFromTag = tag ?? null
    }
    return this.keptFromTag ?? undefined
  }

  get toTag(): string | undefined {
    if (this.keptToTag === undefined) {
      const { findings, head } = this
      const same = this.sayingSame(ID.to)
      const tag =
        same !== undefined
          ? same.toTag
          : findings === undefined
            ? this.to.parameters.get('tag')
            : tagAt(head, findings.toParametersFrom, findings.toParametersTo)
      this.keptToTag = tag ?? null
    }
    return this.keptToTag ?? undefined
  }

  get callId(): string {
    if (this.keptCallId === undefined) {
      const { findings, head } = this
      this.keptCallId =
        findings === undefined ? (this.value(ID.callId) ?? '') : head.text.slice(findings.callIdFrom, findings.callIdTo)
    }
    return this.keptCallId
  }

  get cseq(): CSeq {
    if (this.keptCSeq === undefined) {
      const { findings } = this
      const same = this.sayingSame(ID.cseq)
      if (same !== undefined) this.keptCSeq = same.cseq
      else if (findings === undefined) {
        const [number, method] = (this.value(ID.cseq) ?? '').split(/[ \t]+/)
        this.keptCSeq = { number: Number(number), method: method ?? '' }
      } else {
        this.keptCSeq = { number: findings.cseqNumber, method: findings.cseqMethod }
      }
    }
    return this.keptCSeq
  }

  get maxForwards(): number | undefined {
    const { findings } = this
    if (findings !== undefined) return findings.maxForwards === FAIL ? undefined : findings.maxForwards
    const same = this.sayingSame(ID.maxForwards)
    if (same !== undefined) return same.maxForwards
    const value = this.value(ID.maxForwards)
    return value === undefined ? undefined : Number(value)
  }

  get contacts(): readonly NameAddr[] | '*' {
    return this.value(ID.contact) === '*' ? '*' : this.addresses(ID.contact)
  }

  get routes(): readonly NameAddr[] {
    return this.addresses(ID.route)
  }

  get recordRoutes(): readonly NameAddr[] {
    return this.addresses(ID.recordRoute)
  }

  get contentType(): string | undefined {
    return this.value(ID.contentType)
  }

  get body(): Uint8Array {
    if (this.keptBody === undefined) {
      const { datagram, bodyFrom, bodyTo } = this.place
      this.keptBody = bodyFrom === bodyTo ? NO_BODY : datagram.subarray(bodyFrom, bodyTo)
    }
    return this.keptBody
  }

  get origin(): Uint8Array | undefined {
    const { findings, head, place } = this
    if (findings === undefined || findings.contentLength === FAIL || place.bodyFrom === 0) return undefined
    if (head.isFolded) return undefined
    return place.bodyTo === place.datagram.length ? place.datagram : place.datagram.subarray(0, place.bodyTo)
  }

  /** The message that this one was made of, if both say the same of this header. */
  private sayingSame(id: number): Stored | undefined {
    return (this.touched & bitOf(id)) === 0 ? this.base : undefined
  }

  private value(id: number): string | undefined {
    const same = this.sayingSame(id)
    if (same !== undefined) return id === ID.callId ? same.callId : same.value(id)
    const line = findLine(this.head, id, '')
    return line < 0 ? undefined : valueAt(this.head, line)
  }

  private addresses(id: number): readonly NameAddr[] {
    const same = this.sayingSame(id)
    if (same !== undefined) return same.addresses(id)
    if (findLine(this.head, id, '') < 0) return NO_ADDRESSES
    this.keptAddresses ??= []
    this.keptAddresses[id] ??= valuesOf(this.head, id, passNameAddr, readNameAddr)
    return this.keptAddresses[id]
  }

  /** All bytes, with the Content-Length that was perhaps lacking. */
  printed(): Uint8Array {
    this.keptBytes ??= contentOf(this.head, this.place)
    return this.keptBytes
  }
}

/** Puts a message together from parts that have been checked. `method` is empty in a response, `status` 0 in a request. */
export function store(
  method: string,
  status: number,
  head: Head,
  place: BodyPlace,
  findings: Findings | undefined,
): Message {
  return new Stored(method, status, head, place, findings, undefined, 0) as Fields as Message
}

/**
 * The message with another head, and with another body if one is given. `sameStart`: its start line is the same; `touched`: a bit for
 * each header that is not (see {@link bitOf}): all others are read out of the message that was there before.
 */
export function derive<M extends Message>(
  message: M,
  head: Head,
  body: Uint8Array | undefined,
  sameStart: boolean,
  touched: number,
): M {
  const base = message as Fields as Stored
  const { place, method, status, keptUri } = base
  const kept = body === undefined ? place : placeOf(body)
  const made = new Stored(method, status, head, kept, undefined, base, touched)
  if (sameStart) made.keptUri = keptUri
  return made as Fields as M
}

/** A response to `request`, whose Vias, From, Call-ID and CSeq it has; its To too, but for the `tag`, if that was added. */
export function reply(
  request: Request,
  status: number,
  head: Head,
  body: Uint8Array,
  tag: string | undefined,
): Response {
  const base = request as Fields as Stored
  const same =
    bitOf(ID.via) | bitOf(ID.from) | bitOf(ID.callId) | bitOf(ID.cseq) | (tag === undefined ? bitOf(ID.to) : 0)
  const made = new Stored('', status, head, placeOf(body), undefined, base, ~same)
  if (tag !== undefined) made.keptToTag = tag
  return made as Fields as Response
}

/** The bytes of a message as it is now, made once. */
export function bytesOf(message: Message): Uint8Array {
  return (message as Fields as Stored).printed()
}
