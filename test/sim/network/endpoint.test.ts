// Endpoints: one object each, and what packets ask of them by their numbers.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, it as plain } from 'vitest'
import { Endpoints } from '../../../sim/network/endpoint.ts'

const addresses = ['10.0.0.1', '10.0.0.2', '2001:db8::1', '2001:db8::2'] as const
const asked = fc.tuple(fc.constantFrom(...addresses), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 }))

describe('an endpoint is one object', () => {
  it.prop([
    fc.array(fc.constantFrom(0, 1, 2, 16382, 16383, 70_000, -1), { minLength: 4, maxLength: 4 }),
    fc.array(asked, { maxLength: 100 }),
  ])('that says what it was made of, whatever the ranks of the owners', (ranks, names) => {
    const endpoints = new Endpoints()
    const owners = new Map(addresses.map((address, n) => [address, ranks[n]!]))
    for (const [address, rank] of owners) if (rank >= 0) endpoints.own(endpoints.addressId(address, 0), rank)
    const made = names.map(([address, realm, port]) => endpoints.at(endpoints.addressId(address, realm), port))
    for (const [n, endpoint] of made.entries()) {
      const [address, realm, port] = names[n]!
      const owner = realm === 0 ? owners.get(address)! : -1
      const isIpv6 = address.includes(':')
      expect(endpoint).toBe(endpoints.at(endpoints.addressId(address, realm), port))
      expect(endpoint).toBe(endpoints.byId(endpoint.id))
      expect([endpoint.address, endpoint.port, endpoint.isIpv6, endpoint.owner]).toEqual([address, port, isIpv6, owner])
      for (const rank of [0, 16383, 70_000]) {
        for (const version of [false, true]) {
          const isPlain = version === isIpv6 && port > 0 && rank !== owner
          expect(endpoints.isPlain(endpoint.id, version, rank)).toBe(isPlain)
        }
      }
    }
  })

  plain('and is written down as its address and port', () => {
    const endpoints = new Endpoints()
    const endpoint = endpoints.at(endpoints.addressId('10.0.0.1', 0), 5060)
    expect(JSON.stringify(endpoint)).toBe('{"address":"10.0.0.1","port":5060}')
  })
})
