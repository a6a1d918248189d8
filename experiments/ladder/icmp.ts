// What an arrow says of ICMP: who pings whom, or what became of a packet (RFC 792, RFC 1191, RFC 1812; RFC 4443).

import type { TracedPacket } from '../../platform/trace.ts'
import type { Tone } from './row.ts'

/** What messages of one type say; those of errors depend on the code, or tell of an MTU. */
interface Kind {
  readonly tone: Tone
  say(code: number, payload: Uint8Array): string | undefined
}

const TIMES: Readonly<Record<number, string>> = { 0: 'time exceeded', 1: 'reassembly time exceeded' }
const UNREACHABLE_4: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  3: 'port unreachable',
  9: 'administratively prohibited',
  10: 'administratively prohibited',
  13: 'administratively prohibited',
}
const UNREACHABLE_6: Readonly<Record<number, string>> = {
  0: 'no route',
  1: 'administratively prohibited',
  3: 'address unreachable',
  4: 'port unreachable',
}

/** An echo's sequence number (RFC 792), and the MTU that an error tells of (RFC 1191 §4, RFC 4443 §3.2). */
function lastWordOf(payload: Uint8Array): number {
  return ((payload[6] ?? 0) << 8) | (payload[7] ?? 0)
}

const ECHO: Kind = { tone: 'plain', say: (_, payload) => `echo ${lastWordOf(payload)}` }
const REPLY: Kind = { tone: 'plain', say: (_, payload) => `echo reply ${lastWordOf(payload)}` }
const TIME: Kind = { tone: 'failure', say: (code) => TIMES[code] ?? 'time exceeded' }

/** By type. */
const KINDS_4: Readonly<Record<number, Kind>> = {
  0: REPLY,
  3: {
    tone: 'failure',
    say: (code, payload) => (code === 4 ? `fragmentation needed, MTU ${lastWordOf(payload)}` : UNREACHABLE_4[code]),
  },
  8: ECHO,
  11: TIME,
}
const KINDS_6: Readonly<Record<number, Kind>> = {
  1: { tone: 'failure', say: (code) => UNREACHABLE_6[code] },
  2: { tone: 'failure', say: (_, payload) => `packet too big, MTU ${lastWordOf(payload)}` },
  3: TIME,
  128: ECHO,
  129: REPLY,
}

/** `ICMP port unreachable`, `ICMP echo 1`, `ICMP type 5, code 1`; and its tone: only echoes are no failure. */
export function tellIcmp({ payload, source }: TracedPacket): { readonly text: string; readonly tone: Tone } {
  const type = payload[0] ?? 0
  const code = payload[1] ?? 0
  const kind = (source.includes(':') ? KINDS_6 : KINDS_4)[type]
  const said = kind?.say(code, payload) ?? `type ${type}, code ${code}`
  return { text: `ICMP ${said}`, tone: kind?.tone ?? 'failure' }
}
