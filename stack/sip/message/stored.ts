// How a message is kept: head, body, and what the parser found; each field is read out of the head when it is first asked for.

import { bug } from '../../../platform/assert.ts'
import { utf8FromLatin1 } from '../../../platform/text.ts'
import { CODE } from './characters.ts'
import { type BodyPlace, contentOf, placeOf } from './content.ts'
import { findLine, firstEnd, type Head, isList, lineEnd, STRIDE, splitList, valueAt } from './head.ts'
import { HEADERS, headerId, ID } from './headers.ts'
import type { CSeq, Fields, Message } from './message.ts'
import { type NameAddr, passNameAddr, readNameAddr } from './nameAddr.ts'
import { parameterOf } from './parameters.ts'
import { scanner, separator } from './scanner.ts'
import { passUri, readUri, type Uri } from './uri.ts'
import type { Findings } from './verdict.ts'
import { passVia, readVia, type Via } from './via.ts'

const { FAIL, COMMA } = CODE

const NO_BODY = new Uint8Array(0)
const NO_ADDRESSES: readonly NameAddr[] = []

class Stored implements Fields {
  readonly kind: 'request' | 'response'
  readonly method: string
  readonly status: number
  readonly head: Head
  readonly place: BodyPlace
  private readonly findings: Findings | undefined
  private keptBytes: Uint8Array | undefined
  private keptBody: Uint8Array | undefined
  keptUri: Uri | undefined
  private keptVia: Via | undefined
  private keptVias: readonly Via[] | undefined
  private keptCSeq: CSeq | undefined
  /** Null where there is none. */
  private keptFromTag: string | null | undefined
  private keptToTag: string | null | undefined
  private keptCallId: string | undefined
  /** By header id. */
  private keptAddresses: (readonly NameAddr[])[] | undefined

  constructor(method: string, status: number, head: Head, place: BodyPlace, findings: Findings | undefined) {
    this.kind = status === 0 ? 'request' : 'response'
    this.method = method
    this.status = status
    this.head = head
    this.place = place
    this.findings = findings
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
    const line = findLine(this.head, id, name)
    if (line < 0) return undefined
    const value = valueAt(this.head, line)
    return isList(id) ? value.slice(0, firstEnd(value, 0, value.length)).trimEnd() : value
  }

  all(name: string): readonly string[] {
    const id = headerId(name)
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
      scanPart(head, method.length + 1, head.text.indexOf('\r'))
      if (passUri(0, true) === FAIL) bug('a Request-URI that was checked cannot be read')
      this.keptUri = readUri()
    }
    return this.keptUri
  }

  get reason(): string {
    const { text } = this.head
    return this.status === 0 ? '' : decoded(this.head, 12, text.indexOf('\r'))
  }

  get via(): Via {
    this.keptVia ??= this.keptVias?.[0] ?? this.values(ID.via, passVia, readVia, true)[0]
    return this.keptVia ?? bug('the message has no Via yet')
  }

  get vias(): readonly Via[] {
    this.keptVias ??= this.values(ID.via, passVia, readVia)
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
      const tag =
        findings === undefined
          ? this.from.parameters.get('tag')
          : tagAt(head, findings.fromParametersFrom, findings.fromParametersTo)
      this.keptFromTag = tag ?? null
    }
    return this.keptFromTag ?? undefined
  }

  get toTag(): string | undefined {
    if (this.keptToTag === undefined) {
      const { findings, head } = this
      const tag =
        findings === undefined
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
      if (findings === undefined) {
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

  private value(id: number): string | undefined {
    const line = findLine(this.head, id, '')
    return line < 0 ? undefined : valueAt(this.head, line)
  }

  private addresses(id: number): readonly NameAddr[] {
    if (findLine(this.head, id, '') < 0) return NO_ADDRESSES
    this.keptAddresses ??= []
    this.keptAddresses[id] ??= this.values(id, passNameAddr, readNameAddr)
    return this.keptAddresses[id]
  }

  /** All values of a header, or only its first. */
  private values<T>(id: number, pass: (at: number) => number, read: () => T, firstOnly = false): readonly T[] {
    const { head } = this
    const found: T[] = []
    for (let line = findLine(head, id, ''); line >= 0; line = findLine(head, id, '', line + STRIDE)) {
      scanPart(head, head.index[line + 2]!, lineEnd(head, line))
      for (let at = 0; at !== FAIL; at = separator(at, COMMA)) {
        at = pass(at)
        if (at === FAIL) bug(`${HEADERS[id]!.name} was checked and cannot be read: ${valueAt(head, line)}`)
        found.push(read())
        if (firstOnly) return found
      }
    }
    return found
  }

  /** All bytes, with the Content-Length that was perhaps lacking. */
  printed(): Uint8Array {
    this.keptBytes ??= contentOf(this.head, this.place)
    return this.keptBytes
  }
}

/** Points the scanner at a part of a head. */
function scanPart(head: Head, from: number, to: number): void {
  scanner.scanPart(head.text.slice(from, to), head.ascii, !head.isFolded)
}

/** The tag among the parameters that were found at `from…to`. */
function tagAt(head: Head, from: number, to: number): string | undefined {
  return from === to ? undefined : parameterOf(decoded(head, from, to), 'tag')
}

function decoded(head: Head, from: number, to: number): string {
  const text = head.text.slice(from, to)
  return head.ascii ? text : utf8FromLatin1(text)
}

/** Puts a message together from parts that have been checked. `method` is empty in a response, `status` 0 in a request. */
export function store(
  method: string,
  status: number,
  head: Head,
  place: BodyPlace,
  findings: Findings | undefined,
): Message {
  return new Stored(method, status, head, place, findings) as Fields as Message
}

/** The message with another head, and with another body if one is given. `sameStart`: its start line is the same. */
export function derive<M extends Message>(message: M, head: Head, body: Uint8Array | undefined, sameStart: boolean): M {
  const { place, method, status, keptUri } = message as Fields as Stored
  const kept = body === undefined ? place : placeOf(body)
  const made = new Stored(method, status, head, kept, undefined)
  if (sameStart) made.keptUri = keptUri
  return made as Fields as M
}

/** The bytes of a message as it is now, made once. */
export function bytesOf(message: Message): Uint8Array {
  return (message as Fields as Stored).printed()
}
