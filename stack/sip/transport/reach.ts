// Where the host of a URI is (RFC 3263 §4, as far as A and AAAA records go): a literal at once, a name when the resolver has answered.

import { canonicalAddress } from '../../../platform/address.ts'
import type { Endpoint, Host, Resolution } from '../../../platform/host.ts'
import type { Uri } from '../message/uri.ts'
import { SIP_PORT } from './via.ts'

/** Gives the endpoint of `uri`, at once or later; or undefined and why there is none, such as `no such name`. */
export function reach(host: Host, uri: Uri, found: (next: Endpoint | undefined, why: string) => void): void {
  const name = uri.parameters.get('maddr') ?? uri.host
  const port = uri.port ?? SIP_PORT
  const literal = canonicalAddress(name)
  if (literal !== undefined) {
    found(host.endpoint(literal, port), '')
    return
  }
  host.resolve(name, 'A', (four) => {
    const address = addressOf(four)
    if (address !== undefined) {
      found(host.endpoint(address, port), '')
      return
    }
    host.resolve(name, 'AAAA', (six) => {
      const other = addressOf(six)
      const why = four.ok ? 'no such record' : four.why
      found(other === undefined ? undefined : host.endpoint(other, port), why)
    })
  })
}

function addressOf(resolution: Resolution): string | undefined {
  const record = resolution.ok ? resolution.records[0] : undefined
  return record !== undefined && 'address' in record ? record.address : undefined
}
