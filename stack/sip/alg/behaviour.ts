// What a SIP ALG does to messages, as data: the right behaviour, of which each fault is a change.

/** What it rewrites, and what it leaves. */
export interface AlgBehaviour {
  /** Headers in which it writes the outside address on the way out, in requests and in responses. */
  readonly outRequests: readonly string[]
  readonly outResponses: readonly string[]
  /** Headers in which it writes the inside address on the way in. `request line`: the Request-URI. */
  readonly inRequests: readonly string[]
  readonly inResponses: readonly string[]
  /** Which media lines of a description get mappings: all, the first, or none though the address is written. */
  readonly media: 'all' | 'first' | 'none'
  /** In which messages it looks at descriptions. */
  readonly bodies: 'all' | 'requests' | 'never'
  /** Whether Content-Length follows the body. */
  readonly contentLength: boolean
  /** The outside port that it writes for SIP: the one of the mapping, or always 5060. */
  readonly port: 'mapped' | '5060'
  /** Larger messages are dropped, bytes. */
  readonly mostBytes: number
  /** How long the ways in for media stay open, ms; Infinity: like any mapping of the box. */
  readonly pinholeMs: number
}

/** An ALG without a fault: what a user agent behind it writes means outside what it meant inside. */
export const COMPLETE: AlgBehaviour = {
  outRequests: ['Via', 'Contact', 'Record-Route', 'From', 'To'],
  outResponses: ['Contact', 'Record-Route', 'From', 'To'],
  inRequests: ['request line', 'Route', 'From', 'To'],
  inResponses: ['Via', 'Contact', 'Record-Route', 'From', 'To'],
  media: 'all',
  bodies: 'all',
  contentLength: true,
  port: 'mapped',
  mostBytes: 65_535,
  pinholeMs: Number.POSITIVE_INFINITY,
}
