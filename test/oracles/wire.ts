// A notation for what was seen on the wire: one line a message, for tests of the oracles.

import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import type { Observation, Place } from '../../experiments/oracles/observation.ts'
import type { Conditions, OracleVerdict } from '../../experiments/oracles/oracle.ts'
import { contentOf } from '../../experiments/oracles/payload.ts'
import { utf8Encode } from '../../platform/text.ts'
import { writeRtpHead } from '../../stack/rtp/packet.ts'

const ADDRESSES: Readonly<Record<string, string>> = { a: '10.0.0.1', p: '10.0.0.2', b: '10.0.0.3' }

/**
 * Reads a story: `ms from>to label options`, such as `500 a>b INVITE`, `0 b>a 200_INVITE`. A message arrives 10 ms after it was sent, unless `lost` stands
 * there; `port=80` says where. The rest is `name=value`: `branch`, `cseq`, `call`, `to` and `from` (the tags), `vias` (how many more),
 * or a header with `_` for blanks: `Contact=<sip:a@10.0.0.1>`; one without a value is left out: `Contact=`.
 */
export function wire(story: string): Observation[] {
  const seen: Observation[] = []
  story
    .trim()
    .split('\n')
    .forEach((line, index) => {
      const [ms, ends, label, ...options] = line.trim().split(/\s+/) as [string, string, string, ...string[]]
      const [from, to] = ends.split('>') as [string, string]
      const at = Math.round(Number(ms) * 1e6)
      const places = {
        from: place(from),
        to: { ...place(to), port: Number(options.find((one) => one.startsWith('port='))?.slice(5) ?? 5060) },
        transport: options.includes('tcp')
          ? ('tcp' as const)
          : options.includes('ws')
            ? ('ws' as const)
            : ('udp' as const),
      }
      if (label === 'RTP') {
        seen.push(...media(at, from, to, options, `line ${index + 1}`))
        return
      }
      const content = contentOf(utf8Encode(messageOf(label, from, options)))
      if (content.kind === 'other') throw new Error(`no message: ${line}`)
      const proof = `line ${index + 1}`
      seen.push({ ...content, ...places, at, where: from, side: 'sent', proof })
      if (!options.includes('lost'))
        seen.push({ ...content, ...places, at: at + 1e7, where: to, side: 'received', proof })
    })
  return seen.sort((one, other) => one.at - other.at)
}

/** `0 a>b RTP seq=7 ts=160 times=150 port=10000 type=0`: packets of 20 ms, from port 10000. */
function media(at: number, from: string, to: string, options: readonly string[], proof: string): Observation[] {
  const given = Object.fromEntries(options.map((option) => option.split('=')))
  const { seq = 1, ts = 160, times = 1, port = 10000, type = 0 } = given as Readonly<Record<string, string>>
  return Array.from({ length: Number(times) }, (_, n) => {
    const payload = new Uint8Array(172)
    writeRtpHead(payload, false, Number(type), Number(seq) + n, Number(ts) + 160 * n, 7)
    const content = contentOf(payload)
    if (content.kind !== 'rtp') throw new Error('no RTP')
    const places = { from: { ...place(from), port: 10000 }, to: { ...place(to), port: Number(port) } }
    const common = { ...content, ...places, transport: 'udp' as const, proof }
    const sent: Observation = { ...common, at: at + n * 2e7, where: from, side: 'sent' }
    const received: Observation = { ...common, at: at + n * 2e7 + 1e7, where: to, side: 'received' }
    return options.includes('lost') ? [sent] : [sent, received]
  }).flat()
}

/** What the jury says of a story that was watched until `untilMs`: default 200 s. */
export function judged(story: string, untilMs = 200_000, conditions: Conditions = EXACT): readonly OracleVerdict[] {
  const jury = new Jury(conditions)
  for (const seen of wire(story)) jury.observe(seen)
  return jury.end(untilMs * 1e6)
}

/** Names of oracles that say so. */
export function names(verdicts: readonly OracleVerdict[], state: OracleVerdict['state']): string[] {
  return verdicts.filter((verdict) => verdict.state === state).map(({ name }) => name)
}

/** A description of one stream of G.711, its lines parted by `|`. */
export function sdp(address: string, port: number, media = `m=audio_${port}_RTP/AVP_0`, version = 1): string {
  const lines = `v=0|o=-_1_${version}_IN_IP4_${address}|s=-|c=IN_IP4_${address}|t=0_0|${media}|`
  return lines.replaceAll('_', ' ')
}

function place(name: string): Place {
  return { address: ADDRESSES[name] ?? name, port: 5060 }
}

function messageOf(label: string, sender: string, options: readonly string[]): string {
  const given = new Map(
    options
      .filter((one) => one.includes('='))
      .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1).replaceAll('_', ' ')]),
  )
  const take = (name: string, otherwise: string): string => {
    const value = given.get(name) ?? otherwise
    given.delete(name)
    return value
  }
  const [status, method] = /^\d/.test(label) ? (label.split('_') as [string, string]) : [undefined, label]
  take('port', '')
  const uri = take('uri', 'sip:b@10.0.0.3')
  const client = take('client', status === undefined ? sender : 'a')
  const branch = take('branch', `z9hG4bK-${method === 'ACK' || method === 'CANCEL' ? 'INVITE' : method}`)
  const vias = [
    `SIP/2.0/UDP ${ADDRESSES[client] ?? client};branch=${branch}`,
    ...take('under', '')
      .split('|')
      .filter(Boolean)
      .map((under) => `SIP/2.0/UDP ${ADDRESSES.a};branch=${under}`),
  ]
  const toTag = take('to', status !== undefined && status !== '100' ? 'b1' : '')
  const fromTag = take('from', 'a1')
  const session = method === 'INVITE' && (status === undefined || status.startsWith('2'))
  const body = take('body', session ? sdp(ADDRESSES[sender]!, 10000) : '').replaceAll('|', '\r\n')
  const headers = new Map<string, string>([
    ['From', `<sip:a@example.com>${fromTag === '' ? '' : `;tag=${fromTag}`}`],
    ['To', `<sip:b@example.com>${toTag === '' ? '' : `;tag=${toTag}`}`],
    ['Call-ID', take('call', 'c1')],
    ['CSeq', `${take('cseq', '1')} ${method}`],
    ...(status === undefined ? ([['Max-Forwards', '70']] as const) : []),
    ...((method === 'INVITE' && (status === undefined || status.startsWith('2'))) || method === 'REGISTER'
      ? ([['Contact', `<sip:${sender}@${ADDRESSES[sender]}>`]] as const)
      : []),
    ...(body.startsWith('v=0') ? ([['Content-Type', 'application/sdp']] as const) : []),
    ['Content-Length', String(body.length)],
  ])
  for (const [name, value] of given) headers.set(name, value)
  const lines = [...headers].filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`)
  const start = status === undefined ? `${method} ${uri} SIP/2.0` : `SIP/2.0 ${status} Reason`
  return [start, ...vias.map((via) => `Via: ${via}`), ...lines, '', body].join('\r\n')
}
