// How a host's TCP behaves: what an operating system leaves to its administrator.

/** All have defaults: those of the RFCs, with the buffers of today's systems. */
export interface TcpSettings {
  /** Whether small pieces wait until all that was sent before is acknowledged (RFC 9293 §3.7.4). Default true. */
  readonly nagle?: boolean
  /** For how long an acknowledgment may wait for company, ms; 0: none waits; less than 500 by RFC 9293 §3.8.6.3. Default 40. */
  readonly delayedAckMs?: number
  /** Whether silent connections are probed (RFC 9293 §3.8.4). Default false. */
  readonly keepAlive?: boolean
  /** Silence before the first probe, ms. Default 2 h. */
  readonly keepAliveAfterMs?: number
  /** Time between probes, ms. Default 75 s. */
  readonly keepAliveEveryMs?: number
  /** Probes without an answer after which the connection is given up, 1 and up. Default 9. */
  readonly keepAliveProbes?: number
  /** Whether timestamps are offered and taken (RFC 7323 §3). Default true. */
  readonly timestamps?: boolean
  /** Whether window scale is offered and taken (RFC 7323 §2). Default true. */
  readonly windowScale?: boolean
  /** Whether selective acknowledgments are offered and taken (RFC 2018, RFC 6675). Default true. */
  readonly selectiveAcknowledgments?: boolean
  /** What may wait for a program that reads slowly, bytes: the largest window, 1 to 2³⁰. Default 1 MiB. */
  readonly receiveBufferBytes?: number
  /** What `send` takes, unacknowledged bytes included, before it says to wait. Default 1 MiB. */
  readonly sendBufferBytes?: number
  /** The most data in a segment, options included, bytes, 64–65495; less where the link of the host bears less. Default 1460, in IPv6 1440. */
  readonly mss?: number
  /** The congestion window at first, segments of the largest size, 1 and up. Default: RFC 5681 §3.1, 3 for an MSS of 1460. */
  readonly initialWindowSegments?: number
  /** The shortest retransmission timeout, ms. Default 1000 (RFC 6298 §2.4); common systems have 200. */
  readonly minimumRtoMs?: number
  /** How long a packet may live, ms: TIME-WAIT lasts twice that. Default 2 min (RFC 9293 §3.4.2). */
  readonly mslMs?: number
  /** How long data may stay unacknowledged before the connection is given up, ms. Default 5 min (RFC 9293 §3.9.1). */
  readonly giveUpMs?: number
  /** The same for the handshake, ms. Default 3 min (RFC 9293 §3.8.3). */
  readonly giveUpOpeningMs?: number
}

/** Settings with the defaults filled in. */
export type FilledTcpSettings = Required<Omit<TcpSettings, 'mss' | 'initialWindowSegments'>> &
  Pick<TcpSettings, 'mss' | 'initialWindowSegments'>

const DEFAULTS: FilledTcpSettings = {
  nagle: true,
  delayedAckMs: 40,
  keepAlive: false,
  keepAliveAfterMs: 7_200_000,
  keepAliveEveryMs: 75_000,
  keepAliveProbes: 9,
  timestamps: true,
  windowScale: true,
  selectiveAcknowledgments: true,
  receiveBufferBytes: 1_048_576,
  sendBufferBytes: 1_048_576,
  minimumRtoMs: 1000,
  mslMs: 120_000,
  giveUpMs: 300_000,
  giveUpOpeningMs: 180_000,
}

/** `settings` with the defaults for what it leaves out. */
export function filled(settings: TcpSettings): FilledTcpSettings {
  return { ...DEFAULTS, ...settings }
}
