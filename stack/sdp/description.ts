// A session description as a value (RFC 8866): what was written, line for line, so that printing gives the same bytes again.
// Numbers that only pass through stay text, since they may be longer than a JavaScript number is exact.

/** A whole description. Lists are in the order written. */
export interface SessionDescription {
  readonly origin: Origin
  /** `s=`: `-` where there is nothing to say; empty in some that people send. */
  readonly name: string
  readonly information?: string | undefined
  readonly uri?: string | undefined
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  readonly connection?: Connection | undefined
  readonly bandwidths: readonly Bandwidth[]
  /** At least one. */
  readonly times: readonly Time[]
  readonly key?: string | undefined
  readonly attributes: readonly Attribute[]
  readonly media: readonly Media[]
  /** How its lines end: CRLF, or the bare LF that §5 tells parsers to bear with. */
  readonly lineEnd: '\r\n' | '\n'
}

/** `o=`: who made the session, and which version of it this is. */
export interface Origin {
  /** `-` for none. */
  readonly username: string
  /** Decimal digits, any number of them. */
  readonly sessionId: string
  /** Decimal digits; one higher with each change (RFC 3264 §8). */
  readonly version: string
  readonly netType: string
  /** `IP4`, `IP6` or another token. */
  readonly addressType: string
  readonly address: string
}

/** `c=`: where media is wanted. */
export interface Connection {
  readonly netType: string
  readonly addressType: string
  /** With `/ttl` and `/count` where it is multicast. */
  readonly address: string
}

/** `b=AS:64` is `{ type: 'AS', amount: '64' }`, in kb/s for most types. */
export interface Bandwidth {
  readonly type: string
  readonly amount: string
}

/** `t=` with the `r=` and `z=` that follow it. `0 0` is always. */
export interface Time {
  readonly start: string
  readonly stop: string
  readonly repeats: readonly string[]
  readonly zones?: string | undefined
}

/** `a=name:value`, or `a=name`. */
export interface Attribute {
  readonly name: string
  readonly value?: string | undefined
}

/** `m=` and the lines that belong to it. */
export interface Media {
  /** `audio`, `video`, … */
  readonly kind: string
  /** 0–65535; 0 is a stream refused or ended. */
  readonly port: number
  /** How many ports, where written. */
  readonly portCount?: number | undefined
  /** `RTP/AVP`, … */
  readonly protocol: string
  /** At least one; for RTP payload types, in order of preference. */
  readonly formats: readonly string[]
  readonly information?: string | undefined
  readonly connections: readonly Connection[]
  readonly bandwidths: readonly Bandwidth[]
  readonly key?: string | undefined
  readonly attributes: readonly Attribute[]
}

/** Which way a stream flows, as its writer sees it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

const DIRECTIONS: ReadonlySet<string> = new Set<Direction>(['sendrecv', 'sendonly', 'recvonly', 'inactive'])

/** The value of the first attribute of this name; empty for one without a value, undefined where there is none. */
export function attributeOf(part: { readonly attributes: readonly Attribute[] }, name: string): string | undefined {
  const found = part.attributes.find((attribute) => attribute.name === name)
  return found === undefined ? undefined : (found.value ?? '')
}

/** A stream's direction: its own attribute, else the session's, else `sendrecv` (RFC 8866 §6.7). */
export function directionOf(description: SessionDescription, media: Media): Direction {
  for (const part of [media, description]) {
    const found = part.attributes.find((attribute) => DIRECTIONS.has(attribute.name))
    if (found !== undefined) return found.name as Direction
  }
  return 'sendrecv'
}

/** Where a stream is wanted: its own `c=` address, else the session's. */
export function addressOf(description: SessionDescription, media: Media): string {
  return media.connections[0]?.address ?? description.connection?.address ?? description.origin.address
}
