// Where a program sends, as people write it: a name or an address, with a port or without.

import { canonicalAddress } from '../../platform/address.ts'
import type { Endpoint, Host } from '../../platform/host.ts'
import { lookUp } from '../../platform/lookup.ts'

/** `server`, `server:9`, `192.0.2.1:9`, `[2001:db8::1]:9`, `[2001:db8::1]` and `2001:db8::1`. */
function parts(written: string): readonly [name: string, port: number | undefined] {
  const bare = canonicalAddress(written)
  if (bare !== undefined) return [bare, undefined]
  const [, name = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(written) ?? []
  return [/^\[.*\]$/.test(name) ? name.slice(1, -1) : name, port === undefined ? undefined : Number(port)]
}

/** Gives the endpoint, of an address at once, of a name later; or why there is none. `port`: where `written` has none. */
export function findDestination(
  host: Host,
  written: string,
  port: number,
  found: (to: Endpoint | undefined, why: string) => void,
): void {
  const [name, own = port] = parts(written)
  const literal = canonicalAddress(name)
  if (literal !== undefined) found(host.endpoint(literal, own), '')
  else lookUp(host, name, ([first], why) => found(first === undefined ? undefined : host.endpoint(first, own), why))
}
