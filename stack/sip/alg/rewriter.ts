// An ALG at work: finds addresses in a message's text, as such boxes do, without reading it as SIP.

import type { AddressRewriter, Crossing, WrittenEndpoint } from '../../../platform/rewriter.ts'
import { latin1Decode, latin1Encode } from '../../../platform/text.ts'
import type { AlgBehaviour } from './behaviour.ts'
import { rewriteDescription } from './description.ts'

const SIP_PORT = 5060
const COMPACT: Readonly<Record<string, string>> = { v: 'Via', m: 'Contact', f: 'From', t: 'To', l: 'Content-Length' }

/** A rewriter for packets from and to port 5060 that behaves so. */
export function rewriter(behaviour: AlgBehaviour): AddressRewriter {
  return {
    ports: [SIP_PORT],
    rewrite: (payload, crossing) => {
      if (payload.length > behaviour.mostBytes) return undefined
      const text = latin1Decode(payload)
      const end = text.indexOf('\r\n\r\n')
      if (end < 0 || !/^[^\r\n]*SIP\/2\.0/.test(text)) return payload
      const made = rewritten(text.slice(0, end).split('\r\n'), text.slice(end + 4), behaviour, crossing)
      return made === text ? payload : latin1Encode(made)
    },
  }
}

function rewritten(lines: readonly string[], body: string, behaviour: AlgBehaviour, crossing: Crossing): string {
  const [first = '', ...headers] = lines
  const isResponse = first.startsWith('SIP/2.0')
  const names = namesFor(behaviour, crossing.direction, isResponse)
  const swap = swapper(behaviour, crossing)
  const start = names.has('request line') ? swap(first) : first
  const isRead = behaviour.bodies === 'all' || (behaviour.bodies === 'requests' && !isResponse)
  const made = isRead && crossing.direction === 'out' ? rewriteDescription(body, behaviour, crossing) : body
  const others = headers.map((line) => {
    const name = nameOf(line)
    if (name === 'content-length' && behaviour.contentLength && made !== body) {
      return `${line.slice(0, line.indexOf(':'))}: ${made.length}`
    }
    return names.has(name) ? swap(line) : line
  })
  return `${[start, ...others].join('\r\n')}\r\n\r\n${made}`
}

function namesFor(
  { outRequests, outResponses, inRequests, inResponses }: AlgBehaviour,
  direction: 'out' | 'in',
  isResponse: boolean,
): ReadonlySet<string> {
  const names = direction === 'out' ? (isResponse ? outResponses : outRequests) : isResponse ? inResponses : inRequests
  return new Set(names.map((name) => name.toLowerCase()))
}

function nameOf(line: string): string {
  const name = line
    .slice(0, Math.max(0, line.indexOf(':')))
    .trim()
    .toLowerCase()
  return COMPACT[name]?.toLowerCase() ?? name
}

/** Writes what an endpoint is on the far side, wherever it stands in a line. */
function swapper(
  { port }: AlgBehaviour,
  { direction, inside, outside, open, behind }: Crossing,
): (line: string) => string {
  const from = direction === 'out' ? inside.address : outside.address
  const pattern = new RegExp(`(?<![\\w.])${from.replaceAll('.', '\\.')}(?::(\\d{1,5}))?(?![\\w.])`, 'g')
  const across = (written: WrittenEndpoint): WrittenEndpoint | undefined => {
    if (direction === 'in') return written.port === outside.port ? inside : behind(written)
    if (written.port !== inside.port) return open(written)
    return port === 'mapped' ? outside : { address: outside.address, port: SIP_PORT }
  }
  return (line) =>
    line.replace(pattern, (whole: string, digits: string | undefined) => {
      const found = across({ address: from, port: digits === undefined ? SIP_PORT : Number(digits) })
      if (found === undefined) return whole
      return digits === undefined && found.port === SIP_PORT ? found.address : `${found.address}:${found.port}`
    })
}
