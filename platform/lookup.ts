// The addresses of a name that a host can reach: of the versions of IP that it has itself (RFC 7984 §2), IPv4 before IPv6.

import type { DnsRecord, Host, RecordType } from './host.ts'

/** What looking up asks of a host. */
export type LookingHost = Pick<Host, 'addresses' | 'resolve'>

/** Gives the addresses of the first version of which there are any, later; none: why, such as `no such name`. */
export function lookUp(
  host: LookingHost,
  name: string,
  found: (addresses: readonly string[], why: string) => void,
): void {
  const own = host.addresses()
  const types = (['A', 'AAAA'] as const).filter((type) =>
    own.some((address) => address.includes(':') === (type === 'AAAA')),
  )
  next(host, name, types.length === 0 ? ['A', 'AAAA'] : types, undefined, found)
}

function next(
  host: LookingHost,
  name: string,
  [type, ...others]: readonly ('A' | 'AAAA')[],
  before: string | undefined,
  found: (addresses: readonly string[], why: string) => void,
): void {
  if (type === undefined) {
    found([], before ?? 'no such record')
    return
  }
  host.resolve(name, type, (answer) => {
    const addresses = answer.ok ? answer.records.filter(is(type)).map(({ address }) => address) : []
    if (addresses.length > 0) found(addresses, '')
    else next(host, name, others, before ?? (answer.ok ? undefined : answer.why), found)
  })
}

function is<Type extends RecordType>(type: Type) {
  return (one: DnsRecord): one is DnsRecord & { readonly type: Type } => one.type === type
}
