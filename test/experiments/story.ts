// Traces as stories: one line a record, for tests of what is folded over them.

import { classify } from '../../experiments/classify.ts'
import type { PacketLabel, RecordId, TracedPacket, TraceRecord } from '../../platform/trace.ts'

export const NODES = [
  { name: 'alice', addresses: ['10.0.0.1'] },
  { name: 'proxy', addresses: ['10.0.0.2'] },
  { name: 'bob', addresses: ['10.0.0.3'] },
  { name: 'router', addresses: ['10.0.0.254'] },
]

/**
 * Reads a story. A line is `ms node#n kind …`, and after `<-` its cause:
 * `sent INVITE+sdp to bob` (`200 INVITE` is written `200_INVITE`, `RTP/7` is the packet of that number, a word after `as` makes bytes that
 * differ), `forwarded alice#3`, `delivered alice#3`, `lost alice#3 queue full`, `duplicated alice#3`, `transition call x event y`
 * (`!` behind the event: a timer), `remark words`, `asked verb`. The cause of a packet's next record is its last.
 */
export function story(text: string): TraceRecord[] {
  const packets = new Map<string, TracedPacket>()
  const last = new Map<string, RecordId>()
  return text
    .trim()
    .split('\n')
    .map((line) => record(line.trim(), packets, last))
}

function record(line: string, packets: Map<string, TracedPacket>, last: Map<string, RecordId>): TraceRecord {
  const [left, because] = line.split(' <- ') as [string, string?]
  const [ms, name, kind, ...words] = left.trim().split(/ +/) as [string, string, string, ...string[]]
  const id = idOf(name)
  const common = { id, at: Math.round(Number(ms) * 1e6), cause: because === undefined ? null : idOf(because) }
  const rest = words.slice(1).join(' ')
  switch (kind) {
    case 'transition': {
      const [machine, from, event, to] = words as [string, string, string, string]
      const timer = event.endsWith('!') ? event.slice(0, -1).replace('_', ' ') : undefined
      const named = { event: timer ?? event, ...(timer === undefined ? {} : { timer }) }
      return { ...common, kind, machine, instance: 'c1', from, to, ...named }
    }
    case 'remark':
      return remark(common, words)
    case 'asked':
      return { ...common, kind, verb: words[0] ?? '', parameters: {} }
    case 'faulted':
      return { ...common, kind, what: words.join(' '), details: {} }
    case 'sent': {
      const packet = packetOf(words[0] ?? '', id, words[2] ?? '', words[4] ?? '')
      packets.set(name, packet)
      last.set(name, id)
      return { ...common, kind, packet, link: `${id.node}--net from ${id.node}`, ttl: 64 }
    }
    default: {
      const packet = packets.get(words[0] ?? '') as TracedPacket
      const cause = common.cause ?? last.get(words[0] ?? '') ?? null
      if (kind !== 'duplicated') last.set(words[0] ?? '', id)
      const link = kind === 'delivered' ? `${id.node}--net from net` : `${id.node}--net from ${id.node}`
      return { ...common, kind, cause, packet, link, ttl: 63, ...(kind === 'lost' ? { why: rest } : {}) } as TraceRecord
    }
  }
}

function remark(common: { id: RecordId; at: number; cause: RecordId | null }, words: readonly string[]): TraceRecord {
  const [what, ...details] = words.join(' ').split('; ')
  const entries = details.map((detail): [string, string | number | boolean] => {
    const [name, value] = detail.split('=') as [string, string]
    return [name, value === 'true' ? true : /^[\d.]+$/.test(value) ? Number(value) : value]
  })
  return { ...common, kind: 'remark', what: what ?? '', details: Object.fromEntries(entries) }
}

function packetOf(word: string, id: RecordId, to: string, variant: string): TracedPacket {
  const payload = payloadOf(word, variant)
  const icmp = word.startsWith('ICMP')
  const label: PacketLabel = classify(icmp ? 'icmp' : 'udp', payload)
  const port = label.media ? 10000 : 5060
  return {
    ...{ id, protocol: icmp ? 'icmp' : 'udp', source: addressOf(id.node), sourcePort: icmp ? 0 : port },
    ...{
      destination: addressOf(to),
      destinationPort: icmp ? 0 : port,
      dscp: 0,
      length: 28 + payload.length,
      label,
      payload,
    },
  }
}

function payloadOf(word: string, variant: string): Uint8Array {
  if (word.startsWith('RTP')) {
    const sequence = Number(word.split('/')[1] ?? 0)
    return Uint8Array.of(0x80, 0, sequence >> 8, sequence, 0, 0, 0, 0, 0, 0, 0, 9, ...new Uint8Array(20))
  }
  if (word.startsWith('ICMP')) return Uint8Array.of(3, 3, 0, 0, 0, 0, 0, 0)
  const [name, sdp] = word.split('+') as [string, string?]
  const [first, second] = name.split('_') as [string, string?]
  const reasons: Record<string, string> = { 100: 'Trying', 180: 'Ringing', 200: 'OK', 486: 'Busy Here' }
  const start = second === undefined ? `${first} sip:bob@example.com SIP/2.0` : `SIP/2.0 ${first} ${reasons[first]}`
  const body = sdp === undefined ? '' : 'v=0\r\n'
  const lines = [
    start,
    'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1',
    'From: <sip:alice@example.com>;tag=1',
    `To: <sip:bob@example.com>${variant === '' ? '' : `;tag=${variant}`}`,
    'Call-ID: c1',
    `CSeq: 1 ${second ?? first}`,
    'Max-Forwards: 70',
    'Contact: <sip:alice@10.0.0.1>',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
  ]
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

function addressOf(node: string): string {
  return NODES.find(({ name }) => name === node)?.addresses[0] ?? node
}

function idOf(name: string): RecordId {
  const [node, sequence] = name.split('#') as [string, string]
  return { node, sequence: Number(sequence) }
}
