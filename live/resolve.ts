// DNS for a live host: the system's resolver, and its hosts file for addresses.

import dns from 'node:dns'
import type { DnsRecord, RecordType, Resolution } from '../platform/host.ts'

/** Asks for the records of `name`; addresses that only the hosts file knows come with a TTL of 0. Never answers from within the call. */
export function resolveLive(name: string, type: RecordType, answer: (result: Resolution) => void): void {
  query(name, type).then(
    (records) => answer(records.length === 0 ? { ok: false, why: 'no such record' } : { ok: true, records }),
    (error: NodeJS.ErrnoException) => answer({ ok: false, why: whyNot(error.code) }),
  )
}

async function query(name: string, type: RecordType): Promise<DnsRecord[]> {
  const resolver = dns.promises
  if (type === 'SRV') {
    const records = await resolver.resolveSrv(name)
    return records.map(({ name: target, priority, weight, port }) => {
      return { type, ttlSeconds: 0, priority, weight, port, target }
    })
  }
  if (type === 'NAPTR') {
    const records = await resolver.resolveNaptr(name)
    return records.map((record) => ({ type, ttlSeconds: 0, ...record }))
  }
  return addresses(name, type)
}

async function addresses(name: string, type: 'A' | 'AAAA'): Promise<DnsRecord[]> {
  const resolver = dns.promises
  try {
    const withTtl = { ttl: true } as const
    const records = await (type === 'A' ? resolver.resolve4(name, withTtl) : resolver.resolve6(name, withTtl))
    return records.map(({ address, ttl }) => ({ type, ttlSeconds: ttl, address }))
  } catch (error) {
    const records = await resolver.lookup(name, { all: true, family: type === 'A' ? 4 : 6 }).catch(() => undefined)
    if (records === undefined) throw error
    return records.map(({ address }) => ({ type, ttlSeconds: 0, address }))
  }
}

function whyNot(code: string | undefined): 'no such name' | 'no such record' | 'timeout' | 'server failure' {
  if (code === 'ENOTFOUND') return 'no such name'
  if (code === 'ENODATA') return 'no such record'
  return code === 'ETIMEOUT' || code === 'EAI_AGAIN' ? 'timeout' : 'server failure'
}
