// What an arrow says of DNS: the question, or what came of it.

import type { TracedPacket } from '../../platform/trace.ts'
import { CODES, type Resource, typeName } from '../../sim/dns/message.ts'
import { parseDns } from '../../sim/dns/parse.ts'
import type { Tone } from './row.ts'

const SHOWN = 2

/** `SRV _sip._udp.example.com?`, `A proxy.example.com: 203.0.113.5`, `NXDOMAIN nowhere.example.com`; undefined for what cannot be read. */
export function tellDns({
  protocol,
  payload,
}: TracedPacket): { readonly text: string; readonly tone: Tone } | undefined {
  const bytes = protocol === 'tcp' ? payload.subarray(((payload[12] ?? 0) >> 4) * 4 + 2) : payload
  const read = parseDns(bytes)
  const question = read.ok ? read.value.questions[0] : undefined
  if (!read.ok || question === undefined) return undefined
  const { isResponse, isTruncated, code, answers } = read.value
  const what = `${typeName(question.type)} ${question.name}`
  if (!isResponse) return { text: `${what}?`, tone: 'request' }
  if (code !== 0) return { text: `${CODES[code] ?? `code ${code}`} ${question.name}`, tone: 'failure' }
  if (isTruncated) return { text: `${what}: truncated`, tone: 'redirect' }
  if (answers.length === 0) return { text: `no ${what}`, tone: 'failure' }
  const said = answers.slice(0, SHOWN).map(tellResource).join(', ')
  return { text: `${what}: ${said}${answers.length > SHOWN ? ', …' : ''}`, tone: 'success' }
}

function tellResource(one: Resource): string {
  if (one.type === 'A' || one.type === 'AAAA') return one.address
  if (one.type === 'SRV') return `${one.target}:${one.port}`
  if (one.type === 'NAPTR') return `${one.service} ${one.replacement}`
  if (one.type === 'CNAME' || one.type === 'NS' || one.type === 'PTR') return one.target
  return typeof one.type === 'number' ? typeName(one.type) : one.type
}
