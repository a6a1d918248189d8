// Where a STUN server is (RFC 8489 §8): a literal address at once, a name by its SRV record where it has one, else by its A or AAAA.

import { canonicalAddress } from '../../platform/address.ts'
import type { Endpoint, Host } from '../../platform/host.ts'
import { lookUp } from '../../platform/lookup.ts'

/** Where STUN servers listen (RFC 8489 §18.6). */
export const STUN_PORT = 3478

/** A server as people write it: a name or an address, IPv6 in brackets, and a port if it is not the usual one. */
export interface ServerName {
  readonly host: string
  /** Undefined: none was written. */
  readonly port: number | undefined
}

/** Reads `stun.example.com`, `192.0.2.1:3478` or `[2001:db8::1]:3478`; undefined where it is no such thing. */
export function readServerName(text: string): ServerName | undefined {
  const [whole, six, other, digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = digits === undefined ? undefined : Number(digits)
  if (whole === undefined || port === 0 || (port !== undefined && port > 65_535)) return undefined
  if (six !== undefined) return canonicalAddress(six) === undefined ? undefined : { host: six, port }
  return { host: other!, port }
}

/** Gives the server's endpoint, at once or later; or undefined and why there is none, such as `no such name`. */
export function findServer(
  host: Host,
  { host: name, port }: ServerName,
  found: (server: Endpoint | undefined, why: string) => void,
): void {
  const literal = canonicalAddress(name)
  if (literal !== undefined) found(host.endpoint(literal, port ?? STUN_PORT), '')
  else if (port !== undefined) findAddress(host, name, port, found)
  else
    host.resolve(`_stun._udp.${name}`, 'SRV', (answer) => {
      const record = answer.ok ? answer.records[0] : undefined
      if (record?.type === 'SRV') findAddress(host, record.target, record.port, found)
      else findAddress(host, name, STUN_PORT, found)
    })
}

function findAddress(
  host: Host,
  name: string,
  port: number,
  found: (server: Endpoint | undefined, why: string) => void,
): void {
  lookUp(host, name, ([first], why) => found(first === undefined ? undefined : host.endpoint(first, port), why))
}
