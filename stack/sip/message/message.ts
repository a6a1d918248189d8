// A SIP message: its head as text with an index, its body as bytes, and the fields that elements read. Immutable: see `change.ts`.

import type { Head } from './head.ts'
import type { NameAddr } from './nameAddr.ts'
import type { Uri } from './uri.ts'
import type { Via } from './via.ts'

/** What requests and responses have in common. Fields are read when they are asked for, and then kept. */
export interface Fields {
  /** The first value of this header, by name or compact form in any case: folds gone, text decoded. */
  first(name: string): string | undefined
  /** All its values in order; lists are parted at their commas where the header table says that it is one. */
  all(name: string): readonly string[]
  /** At least one in a message that was received. */
  readonly vias: readonly Via[]
  /** The first of them, without reading the others. */
  readonly via: Via
  readonly from: NameAddr
  readonly to: NameAddr
  /** The tag of From, without reading the rest of it. */
  readonly fromTag: string | undefined
  readonly toTag: string | undefined
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
  /** All its bytes, where it is as it came and has a Content-Length; for the codec itself. */
  readonly origin: Uint8Array | undefined
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
