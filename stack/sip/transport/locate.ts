// Where a URI's requests can go (RFC 3263 §4): NAPTR, SRV, then addresses; best first, the others for when that fails.

import type { DnsRecord, Endpoint, Host, RecordType, Resolution } from '../../../platform/host.ts'
import { lookUp } from '../../../platform/lookup.ts'
import { literalAddress } from '../message/host.ts'
import type { Uri } from '../message/uri.ts'
import { SIP_PORT } from './via.ts'
import { inOrder, type SrvRecord } from './weights.ts'

/** The places, best first; none: why, such as `no such name`. */
export type Located = (places: readonly Endpoint[], why: string) => void

/** What NAPTR calls SIP over each (RFC 3263 §4.1). */
const SERVICES = { udp: /^SIP\+D2U$/i, tcp: /^SIP\+D2T$/i } as const

/** Gives the endpoints of `uri`, at once for a literal address, or later. `preferred`: over what they are asked where the URI says nothing of it. */
export function locate(host: Host, uri: Uri, found: Located, preferred: 'udp' | 'tcp' = 'udp'): void {
  const name = uri.parameters.get('maddr') ?? uri.host
  const literal = literalAddress(name)
  const why = unreachable(uri)
  if (why !== undefined) found([], why)
  else if (literal !== undefined) found([host.endpoint(literal, uri.port ?? SIP_PORT)], '')
  else if (uri.port !== undefined) findAddresses(host, name, uri.port, found)
  else if (uri.parameters.has('transport')) findServers(host, `_sip._${transportOf(uri)}.${name}`, name, found)
  else {
    host.resolve(name, 'NAPTR', (answer) => {
      if (!answer.ok && answer.why === 'no such name') {
        found([], answer.why)
        return
      }
      const [best] = recordsOf(answer, 'NAPTR')
        .filter(({ service, flags }) => SERVICES[preferred].test(service) && /^[sa]$/i.test(flags))
        .sort((one, other) => one.order - other.order || one.preference - other.preference)
      if (best?.flags.toLowerCase() === 'a') findAddresses(host, best.replacement, SIP_PORT, found)
      else findServers(host, best?.replacement ?? `_sip._${preferred}.${name}`, name, found)
    })
  }
}

/** Why requests can go nowhere by this URI, whatever DNS says. */
function unreachable({ scheme, port, parameters }: Uri): string | undefined {
  if (scheme === 'sips') return 'TLS is not spoken here'
  if (scheme !== 'sip') return `a ${scheme} URI has no host`
  const transport = parameters.get('transport')?.toLowerCase() ?? 'udp'
  if (transport !== 'udp' && transport !== 'tcp') return `${transport} is not spoken here`
  return port === 0 ? 'nobody listens on port 0' : undefined
}

function transportOf(uri: Uri): 'tcp' | 'udp' {
  return uri.parameters.get('transport')?.toLowerCase() === 'tcp' ? 'tcp' : 'udp'
}

/** By SRV (RFC 2782); where a name has none, it is a host itself. */
function findServers(host: Host, service: string, name: string, found: Located): void {
  host.resolve(service, 'SRV', (answer) => {
    const servers = inOrder(recordsOf(answer, 'SRV'), host)
    if (servers.length === 0) findAddresses(host, name, SIP_PORT, found)
    else if (servers.length === 1 && servers[0]!.target === '.') found([], 'no such service')
    else findEach(host, servers, [], found)
  })
}

/** The addresses of one server after the other. */
function findEach(host: Host, servers: readonly SrvRecord[], places: readonly Endpoint[], found: Located): void {
  const [first, ...rest] = servers
  if (first === undefined) found(places, places.length === 0 ? 'no such record' : '')
  else {
    findAddresses(host, first.target, first.port, (more) => findEach(host, rest, [...places, ...more], found))
  }
}

function findAddresses(host: Host, name: string, port: number, found: Located): void {
  lookUp(host, name, (addresses, why) => {
    found(
      addresses.map((address) => host.endpoint(address, port)),
      why,
    )
  })
}

function recordsOf<Type extends RecordType>(answer: Resolution, type: Type): (DnsRecord & { readonly type: Type })[] {
  const is = (one: DnsRecord): one is DnsRecord & { readonly type: Type } => one.type === type
  return answer.ok ? answer.records.filter(is) : []
}
