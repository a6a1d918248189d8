// How a host's TCP behaves, as a topology writes it.

import { z } from 'zod'
import type { TcpSettings } from '../sim/transport/tcp/settings.ts'
import { quantity, shape, whole } from './yaml/shape.ts'

const MS = 1e6

/** A quantity from `least` to `most`, in base units; else the complaint is `expected`. */
function bounded(kind: 'duration' | 'size', least: number, most: number, expected: string) {
  return quantity(kind).check((context) => {
    const { value, issues } = context
    if (value < least || value > most) issues.push({ code: 'custom', message: expected, input: value })
  })
}

const moment = bounded('duration', 1, Number.MAX_SAFE_INTEGER, 'a duration of more than zero')
const often = bounded('duration', MS, Number.MAX_SAFE_INTEGER, 'at least 1 ms: more often there would be nothing else')
const buffer = bounded('size', 1, 1_073_741_824, 'a size from 1 B to 1 GiB')

/** A host's `tcp`. */
export const tcp = shape({
  /** Whether small pieces wait until all that was sent before is acknowledged (RFC 9293 §3.7.4). */
  nagle: z.boolean().default(true),
  /** For how long an acknowledgment may wait for company; `0 s`: none waits. */
  delayedAck: bounded('duration', 0, 499_999_999, 'less than 500 ms (RFC 9293 §3.8.6.3)').default(40 * MS),
  /** Whether silent connections are probed. */
  keepAlive: z.boolean().default(false),
  /** Silence before the first probe. */
  keepAliveAfter: often.default(7_200_000 * MS),
  /** Time between probes. */
  keepAliveEvery: often.default(75_000 * MS),
  /** Probes without an answer after which the connection is given up. */
  keepAliveProbes: whole(1, 1000).default(9),
  /** Whether timestamps are offered and taken (RFC 7323 §3). */
  timestamps: z.boolean().default(true),
  /** Whether window scale is offered and taken (RFC 7323 §2). */
  windowScale: z.boolean().default(true),
  /** Whether selective acknowledgments are offered and taken (RFC 2018, RFC 6675). */
  sack: z.boolean().default(true),
  /** What may wait for a program that reads slowly: the largest window. */
  receiveBuffer: buffer.default(1_048_576),
  /** What a program can hand over before it must wait. */
  sendBuffer: buffer.default(1_048_576),
  /** The most data in a segment, bytes. Absent: 1460, in IPv6 1440. */
  mss: whole(64, 65_495).exactOptional(),
  /** The congestion window at first, in segments. Absent: 2 to 4 by their size (RFC 5681 §3.1). */
  initialWindow: whole(1, 1000).exactOptional(),
  /** The shortest retransmission timeout: 1 s by RFC 6298, less in most systems. */
  minimumRto: often.default(1000 * MS),
  /** How long a packet may live: TIME-WAIT lasts twice that. */
  msl: moment.default(120_000 * MS),
  /** How long data may stay unacknowledged before the connection is given up. */
  giveUp: moment.default(300_000 * MS),
  /** The same for the handshake. */
  giveUpOpening: moment.default(180_000 * MS),
})

/** The same for the simulator. */
export function tcpSettingsOf(written: z.output<typeof tcp>): TcpSettings {
  const { nagle, keepAlive, keepAliveProbes, timestamps, windowScale, sack, mss, initialWindow } = written
  return {
    ...{ nagle, keepAlive, keepAliveProbes, timestamps, windowScale },
    selectiveAcknowledgments: sack,
    delayedAckMs: written.delayedAck / MS,
    keepAliveAfterMs: written.keepAliveAfter / MS,
    keepAliveEveryMs: written.keepAliveEvery / MS,
    receiveBufferBytes: written.receiveBuffer,
    sendBufferBytes: written.sendBuffer,
    minimumRtoMs: written.minimumRto / MS,
    mslMs: written.msl / MS,
    giveUpMs: written.giveUp / MS,
    giveUpOpeningMs: written.giveUpOpening / MS,
    ...(mss !== undefined && { mss }),
    ...(initialWindow !== undefined && { initialWindowSegments: initialWindow }),
  }
}
