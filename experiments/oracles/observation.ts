// What was seen of a packet: by a run's record or by a capture, in the same words, so that one oracle judges both.

import type { Label } from '../../stack/sip/message/label.ts'
import type { Message } from '../../stack/sip/message/message.ts'
import type { Fault } from '../../stack/sip/message/parse.ts'

/** One end of a packet's way: an IP address in its canonical text, and a port. */
export interface Place {
  readonly address: string
  readonly port: number
}

/** What every observation has. */
interface Seen {
  /** When, ns: of virtual time in a run, since the first packet in a capture. Never runs back. */
  readonly at: number
  /** The node that sent or received it; empty for a packet that was seen on its way. */
  readonly where: string
  /** `passing`: in a capture, which knows neither that it was sent just now nor that it arrived. */
  readonly side: 'sent' | 'received' | 'passing'
  /** What proves it: a record such as `alice#12`, or `packet 17`. */
  readonly proof: string
  readonly transport: 'udp' | 'tcp' | 'ws'
  readonly from: Place
  readonly to: Place
}

/** A SIP message. */
export interface SipObservation extends Seen {
  readonly kind: 'sip'
  readonly message: Message
  /** Bytes of the datagram beyond the message's end. */
  readonly surplusBytes: number
}

/** What began as SIP and is no message. */
export interface MalformedObservation extends Seen {
  readonly kind: 'malformed'
  readonly fault: Fault
  /** What a glance gives: `INVITE`, `200 INVITE`, and the Call-ID, empty where none was seen. */
  readonly label: Label
}

/** The head of an RTP packet (RFC 3550 §5.1). */
export interface RtpObservation extends Seen {
  readonly kind: 'rtp'
  readonly marker: boolean
  readonly payloadType: number
  readonly sequence: number
  readonly timestamp: number
  readonly ssrc: number
  /** Of one that was received: between which places it was sent, before boxes translated it. */
  readonly sentAs?: { readonly from: Place; readonly to: Place }
  /** The packet, or its head at least; its bytes must not be kept. */
  readonly payload: Uint8Array
}

/** The network's word that what was sent to a place does not get there. */
export interface UnreachableObservation extends Seen {
  readonly kind: 'unreachable'
  readonly about: Place
}

/** A fault struck a node, or left it: it lost its power, came back, stood still, and so on: what it owed until then is forgiven. From inside a run only. */
export interface PowerObservation {
  readonly kind: 'power'
  /** Its programs are gone: what it had under way is over, and what is seen of it later is begun anew. */
  readonly gone: boolean
  /** It is not itself from now on, until told otherwise: it stands still, is slow, or its clock runs too fast or too slow. */
  readonly impaired: boolean
  readonly at: number
  readonly where: string
  readonly proof: string
}

export type Observation =
  | SipObservation
  | MalformedObservation
  | RtpObservation
  | UnreachableObservation
  | PowerObservation
