// Where a URI's messages go: its address and port, by name if need be (RFC 3263; until there are SRV records, its A records).

import { canonicalAddress } from '../../../platform/address.ts'
import type { Endpoint, Host } from '../../../platform/host.ts'
import type { Uri } from '../message/uri.ts'
import { SIP_PORT } from './via.ts'

/**
 * Tells `answer` the endpoint for `uri`: at once where its host is an address, else when the name is resolved.
 * Undefined where there is none: no such name, or a URI without a host. A `maddr` parameter stands in for the host.
 */
export function locate(host: Host, uri: Uri, answer: (endpoint: Endpoint | undefined) => void): void {
  const name = uri.parameters.get('maddr') ?? uri.host
  const port = uri.port ?? SIP_PORT
  const address = canonicalAddress(name)
  if (name === '') answer(undefined)
  else if (address !== undefined) answer(host.endpoint(address, port))
  else {
    host.resolve(name, 'A', (resolution) => {
      const record = resolution.ok ? resolution.records[0] : undefined
      answer(record !== undefined && 'address' in record ? host.endpoint(record.address, port) : undefined)
    })
  }
}
