// The words of a run's record. The trace is the product: ladders, captures, statistics, oracles and reports only read it.
// Packets and what becomes of them are written by the network; transitions and remarks by the programs, through `HostTrace`;
// requests and faults by the scenario. Every record names its cause, so the trace is a tree.

/** How much is recorded. Each level has all of the one before it; what a level leaves out costs nothing. */
export const TRACE_LEVELS = ['counters', 'signalling', 'everything'] as const
/** `counters`: totals and digests only. `signalling`: all but media packets, and all transitions. `everything`: media packets and queueing as well. */
export type TraceLevel = (typeof TRACE_LEVELS)[number]

/** Names one record of a run: the n-th of its node. Printed as `alice#12`. */
export interface RecordId {
  readonly node: string
  readonly sequence: number
}

/** What every record has. */
interface Recorded {
  readonly id: RecordId
  /** When, in nanoseconds of virtual time since the run's start: an integer. */
  readonly at: number
  /** The record that brought this one about; null for what the run began with. */
  readonly cause: RecordId | null
}

/** What a classifier says a packet is. Cached on the packet; the same object may be given for many packets. */
export interface PacketLabel {
  /** Such as `INVITE`, `200 INVITE`, `RTP`, `STUN binding request`, `UDP`. */
  readonly name: string
  /** True for what level `signalling` leaves out. */
  readonly media: boolean
  /** What groups the packets of one call: the Call-ID. */
  readonly call?: string
  /** True where the packet may begin a call: an INVITE. */
  readonly begins?: true
  /** RTP: the SSRC, 0 to 2³²−1. */
  readonly stream?: number
  /** RTP: the sequence number, 0–65535. */
  readonly sequence?: number
}

/** Says what a packet's payload is, from its transport and bytes alone. */
export type Classify = (protocol: TransportProtocol, payload: Uint8Array) => PacketLabel

export type TransportProtocol = 'udp' | 'tcp' | 'icmp'

/** One packet as it stood when it was recorded; all records of its journey share the object, until a box rewrites it. */
export interface TracedPacket {
  /** The record that sent it first: its name all the way, through boxes that rewrite it. */
  readonly id: RecordId
  readonly protocol: TransportProtocol
  readonly source: string
  readonly sourcePort: number
  readonly destination: string
  readonly destinationPort: number
  readonly dscp: number
  /** The IP packet's length in bytes, headers included, link framing not. */
  readonly length: number
  readonly label: PacketLabel
  /** The transport's payload: a UDP datagram's data, an ICMP message from its type on. Of a fragment: what follows its IP headers. */
  readonly payload: Uint8Array
  /** Present where the sender forbids routers to fragment it: IPv4's DF. */
  readonly dontFragment?: true
  /** Present where the packet is a fragment of another; its ports are then 0. */
  readonly fragment?: TracedFragment
}

/** A fragment's place in its datagram. */
export interface TracedFragment {
  /** The datagram, by the record that sent it first. */
  readonly of: RecordId
  /** What its fragments have in common; in IPv4 the lower 16 bits of it are written. */
  readonly identification: number
  /** Bytes of the datagram's IP payload before this fragment: a multiple of 8. */
  readonly offset: number
  /** Others follow it. */
  readonly more: boolean
}

/** A host hands a packet to a link, or to itself (`link` is `loopback`). */
export interface Sent extends Recorded {
  readonly kind: 'sent'
  readonly packet: TracedPacket
  /** The direction's name: the link's id and the sending node, such as `alice--proxy from alice`. */
  readonly link: string
  readonly ttl: number
}
/** A router or box passes a packet on, over `link`. */
export interface Forwarded extends Recorded {
  readonly kind: 'forwarded'
  readonly packet: TracedPacket
  readonly link: string
  readonly ttl: number
}
/** A box rewrote a packet: `packet` is the new one, `before` the old one, both with the same id. */
export interface Translated extends Recorded {
  readonly kind: 'translated'
  readonly packet: TracedPacket
  readonly before: TracedPacket
}
/** A packet waits for a link's transmitter (level `everything`). */
export interface Queued extends Recorded {
  readonly kind: 'queued'
  readonly packet: TracedPacket
  readonly link: string
  /** How long it will wait before its first bit goes out, ns; behind a queue that chooses or drops, if nobody else comes and all before it go. */
  readonly waitNs: number
}
/** A link made a second copy of a packet. */
export interface Duplicated extends Recorded {
  readonly kind: 'duplicated'
  readonly packet: TracedPacket
  readonly link: string
}
/** Bits were changed on the medium. */
export interface Corrupted extends Recorded {
  readonly kind: 'corrupted'
  readonly packet: TracedPacket
  readonly link: string
}
/** A packet ends here, and why: no packet is ever lost without one. */
export interface Lost extends Recorded {
  readonly kind: 'lost'
  readonly packet: TracedPacket
  /** The link direction, or empty where the node itself gave it up. */
  readonly link: string
  readonly why: LossCause
}
/** A node cuts a packet up: it ends here, and `into` fragments begin, each with a record `sent` of its own, by the same node. */
export interface Fragmented extends Recorded {
  readonly kind: 'fragmented'
  readonly packet: TracedPacket
  /** The direction for which it was too large. */
  readonly link: string
  readonly into: number
  /** The largest packet for that way, bytes. */
  readonly mtuBytes: number
}
/** A node has put a datagram together again from `from` fragments, all of which were delivered to it. */
export interface Reassembled extends Recorded {
  readonly kind: 'reassembled'
  readonly packet: TracedPacket
  readonly from: number
}
/** A packet reached the host that it was for; a fragment, the node that puts it together. */
export interface Delivered extends Recorded {
  readonly kind: 'delivered'
  readonly packet: TracedPacket
  /** The direction over which it came in. */
  readonly link: string
  readonly ttl: number
}

/** A program's state machine took a step. */
export interface Transition extends Recorded {
  readonly kind: 'transition'
  /** The table's name, such as `inviteClient` or `call`. */
  readonly machine: string
  /** Which one: a transaction's branch, a call's Call-ID. */
  readonly instance: string
  readonly from: string
  /** The event's name in the table, such as `1xx`, `ACK`, or a timer's. */
  readonly event: string
  readonly to: string
  /** The timer that fired, where one did: `A`, `G`, `2xx core`. What is sent because of it is sent again. */
  readonly timer?: string
}
/** A program says something that no machine of it shows: `media started`, `answered with 486`. */
export interface Remark extends Recorded {
  readonly kind: 'remark'
  readonly what: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}
/** What a program wrote to a connection, or read from it: one piece of a stream, in the order and at the time of the program. */
export interface StreamPiece {
  /** What the program spoke to; of TLS this is the plain text. */
  readonly over: 'tcp' | 'tls'
  /** The program's own end, as its host knows it. */
  readonly local: { readonly address: string; readonly port: number }
  readonly remote: { readonly address: string; readonly port: number }
  readonly bytes: Uint8Array
}
/**
 * A program hands bytes to a connection: a stream that carries messages of calls. Its segments follow when TCP sends them, which is never
 * where the connection is not there yet and never comes to be.
 */
export interface Written extends Recorded, StreamPiece {
  readonly kind: 'written'
}
/** A program is handed bytes by a connection, in the order of the stream. */
export interface Read extends Recorded, StreamPiece {
  readonly kind: 'read'
}
/** The scenario asked a node's program for something. */
export interface Asked extends Recorded {
  readonly kind: 'asked'
  readonly verb: string
  readonly parameters: Readonly<Record<string, unknown>>
}
/** A fault of a link or node began or ended: `cut`, `heal`, `crash`, `restart`. Its node is where it struck; a link's is its first end. */
export interface Faulted extends Recorded {
  readonly kind: 'faulted'
  readonly what: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

export type PacketRecord =
  | Sent
  | Forwarded
  | Translated
  | Queued
  | Duplicated
  | Corrupted
  | Lost
  | Delivered
  | Fragmented
  | Reassembled
export type TraceRecord = PacketRecord | Transition | Remark | Written | Read | Asked | Faulted

/** Why a packet ended before its destination. Faults of the tape say `fault: …`; the rest is this table. */
export type LossCause =
  | 'queue full'
  | 'lost on the medium'
  | 'lost at ingress'
  | 'link cut'
  | 'host without power'
  | 'box without power'
  | 'socket buffer full'
  | 'no route'
  | 'TTL exceeded'
  | 'port closed'
  | 'corrupted'
  | 'IP header corrupted'
  | 'fragment missing'
  | 'duplicate fragment'
  | 'overlapping fragments'
  | 'no room to reassemble'
  | 'fragment dropped by policy'
  | 'too large to send unfragmented'
  | 'filtered by NAT'
  | 'no mapping left'
  | 'filtered by firewall'
  | 'policed'
  | 'active queue management'
  | `fault: ${string}`

/** A node's remark that it sends no ICMP error for what it has lost, for it has sent as many as it may: why, to whom, and by which limit. */
export const ERROR_WITHHELD = 'ICMP error withheld'

/** Takes each record as it comes, in the run's order. It must not keep the run waiting, nor act upon it. */
export type TraceSink = (record: TraceRecord) => void

/** What a program can put on record. All calls are cheap where the level leaves them out. */
export interface HostTrace {
  /** False at level `counters`: then nothing need be prepared for the record. */
  readonly on: boolean
  /** A machine's step: what is sent, started or answered after it, until the next record, has it as its cause. */
  transition(machine: string, instance: string, from: string, event: string, to: string, timer?: string): void
  remark(what: string, details?: Readonly<Record<string, string | number | boolean>>): void
  /** What is on record of connections; absent where nothing is. For the simulator's transports. */
  readonly streams?: StreamTrace
}

/** How streams get on record. A record of them is no cause of others. */
export interface StreamTrace {
  /** True for a stream that begins so, if it is to be on record: it has messages that would be, as packets. */
  concerns(beginning: Uint8Array): boolean
  tell(kind: 'written' | 'read', piece: StreamPiece): void
}

/** `alice#12`. */
export function printRecordId(id: RecordId): string {
  return `${id.node}#${id.sequence}`
}
