// What an arrow says: the method, or the status and its reason, and whether there is SDP in it.

import type { Remark, TracedPacket } from '../../platform/trace.ts'
import { parseMessage } from '../../stack/sip/message/parse.ts'
import { tellDns } from './dns.ts'
import { tellIcmp } from './icmp.ts'
import type { Tone } from './row.ts'
import { tellStun } from './stun.ts'

/** What a packet's arrow says, and its tone. */
interface Told {
  readonly text: string
  readonly tone: Tone
}

/** A packet is told at each of its hops, and wherever it is a cause: it is read once. */
const told = new WeakMap<TracedPacket, Told>()

/** `INVITE (SDP)`, `180 Ringing`, `200 OK (BYE)`, `ICMP port unreachable`, `UDP, 12 bytes`; and its tone. */
export function tellPacket(packet: TracedPacket): Told {
  const known = told.get(packet)
  if (known !== undefined) return known
  const now = read(packet)
  told.set(packet, now)
  return now
}

function read(packet: TracedPacket): Told {
  const { label, payload, fragment } = packet
  if (fragment !== undefined) {
    const bytes = `bytes ${fragment.offset}–${fragment.offset + payload.length - 1}`
    return { text: `${label.name}, ${bytes}`, tone: 'plain' }
  }
  if (packet.protocol === 'icmp') return tellIcmp(packet)
  if (label.name.startsWith('DNS ')) return tellDns(packet) ?? tellLabel(label.name, payload.length)
  if (label.name === 'STUN') return tellStun(payload)
  const said = packet.protocol === 'tcp' ? payload.subarray((payload[12]! >> 4) * 4) : payload
  const parsed = label.call === undefined ? undefined : parseMessage(said)
  if (parsed?.ok !== true) return tellLabel(label.name, payload.length)
  const message = parsed.value
  const sdp = message.body.length > 0 && /^application\/sdp\b/i.test(message.contentType ?? '') ? ' (SDP)' : ''
  if (message.kind === 'request') return { text: message.method + sdp, tone: 'request' }
  const of = message.cseq.method === 'INVITE' ? '' : ` (${message.cseq.method})`
  return { text: `${message.status} ${message.reason}${of}${sdp}`, tone: toneOf(message.status) }
}

/** `call failed: 408 Request Timeout (local)`. */
export function tellRemark({ what, details }: Remark): Told {
  const { status, reason, local, ...others } = details
  const words = [what]
  if (status !== undefined) words[0] += `: ${status}${reason === undefined ? '' : ` ${reason}`}`
  else if (reason !== undefined) words[0] += `: ${reason}`
  if (local === true) words.push('(local)')
  const rest = Object.entries(others).flatMap(([name, value]) =>
    isUntold(name, value) ? [] : [`${name} ${tellValue(value)}`],
  )
  if (rest.length > 0) words.push(`(${rest.join(', ')})`)
  return { text: words.join(' '), tone: typeof status === 'number' ? toneOf(status) : 'plain' }
}

/** Names for machines: they would only take room. */
const UNTOLD: readonly string[] = ['call', 'ssrc', 'packetMs', 'branch']

/** Of media, what was expected follows from what was received and lost; of a text, it is the point. */
function isUntold(name: string, value: string | number | boolean): boolean {
  return UNTOLD.includes(name) || (name === 'expected' && typeof value === 'number')
}

function tellValue(value: string | number | boolean): string {
  return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value)
}

function tellLabel(name: string, length: number): Told {
  const status = /^(\d{3}) /.exec(name)
  if (status !== null) return { text: name, tone: toneOf(Number(status[1])) }
  return { text: name === 'UDP' || name === 'TCP data' ? `${name}, ${length} bytes` : name, tone: 'plain' }
}

function toneOf(status: number): Tone {
  if (status < 200) return 'progress'
  if (status < 300) return 'success'
  return status < 400 ? 'redirect' : 'failure'
}
