// What a phone can be told when it starts.

import type { SipTimers } from '../sip/transaction/timers.ts'
import type { KeepAliveOptions } from '../sip/user-agent/keepAlive.ts'

/** What a phone is told when it starts. What is not said is as the comments have it. */
export interface PhoneOptions {
  /** Its address of record, such as `sip:alice@example.com`. */
  readonly aor: string
  /** Where its requests go first: a host or an address, with a port if it is not 5060. Absent: to the URI's host. */
  readonly proxy?: string | undefined
  /** Port for SIP, 1–65535; 5060. */
  readonly port?: number
  /** Over what its requests go; udp. With tcp it takes both. */
  readonly transport?: 'udp' | 'tcp' | undefined
  /** Ports for RTP, the even ones; `10000-20000`. */
  readonly rtpPorts?: string
  /** Names in order of preference; PCMU, PCMA. */
  readonly codecs?: readonly string[]
  /** RFC 3261's. */
  readonly timers?: SipTimers
  /** Answers by itself after ringing so long, ms, 0 or more. Absent: only when told. */
  readonly answerAfterMs?: number | undefined
  /** Refuses every call with this status, 300–699. Absent: none, or 302 where it forwards. */
  readonly reject?: number | undefined
  /** Forwards every call: a 3xx names these SIP URIs, to be tried one after the other. Absent: none. */
  readonly forwardTo?: readonly string[] | undefined
  /** Whether it sends voice; true. */
  readonly talk?: boolean
  /** The DSCP of its voice, 0–63; 46, expedited forwarding. */
  readonly dscp?: number
  /** How many calls it can have at once, 1 or more; further ones find it busy. 1. */
  readonly lines?: number
  /** Whether a 3xx is followed to its contacts or ends the call; follow. */
  readonly redirects?: 'follow' | 'report'
  /** How many 3xx it follows in one call, 0 or more; the next one ends it. 10. */
  readonly redirectLimit?: number
  /** How it speaks to its proxy so that NATs remember it. Absent: it does not. */
  readonly keepAlive?: KeepAliveOptions | undefined
  /** A STUN server, a name or an address, with a port if it is not 3478: it is asked how the phone's ports are seen, for Contact and SDP. */
  readonly stun?: string | undefined
  /** Whether it registers as soon as it starts; false: when told. */
  readonly register?: boolean
  /** Where it registers, a URI without a user; the host of its address of record. */
  readonly registrar?: string
  /** How long it asks to be registered, seconds, 1 to 2³²−1; 3600. */
  readonly expiresSeconds?: number
  /** What its INVITEs say besides what they must, by the names of the headers; several values, several headers. */
  readonly inviteHeaders?: Readonly<Record<string, string | readonly string[]>>
  /** With it, it answers challenges, as the user of its address of record. Absent: a challenge is a refusal. */
  readonly password?: string
}
