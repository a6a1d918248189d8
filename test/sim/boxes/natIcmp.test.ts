// What a NAT rewrites inside ICMP messages: every checksum is right again, and rewriting back gives the same bytes.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { queryId, quotedProtocol, requote, withQueryId } from '../../../sim/boxes/nat/icmp.ts'
import { checksum, ipHeader, sum, udpHeader } from '../../../sim/network/ip.ts'

const address = fc.uint8Array({ minLength: 4, maxLength: 4 })
const port = fc.integer({ min: 1, max: 65_535 })

/** A port unreachable about a datagram, as a router writes it. */
function unreachable(source: Uint8Array, destination: Uint8Array, from: number, to: number, payload: Uint8Array) {
  const ip = ipHeader({ source, destination, protocol: 17, length: 28 + payload.length, ttl: 64, dscp: 0 })
  const bytes = Uint8Array.of(3, 3, 0, 0, 0, 0, 0, 0, ...ip, ...udpHeader(source, destination, from, to, payload))
  const check = checksum(sum(bytes))
  bytes[2] = check >> 8
  bytes[3] = check
  return bytes
}

describe('an ICMP error through a NAT', () => {
  law.prop([address, address, port, port, fc.uint8Array({ maxLength: 40 }), address, port, fc.boolean()])(
    'quotes what the other side knows, with all checksums right, and comes back as it was',
    (source, destination, from, to, payload, other, otherPort, ofSource) => {
      const error = unreachable(source, destination, from, to, payload)
      const side = ofSource ? 'source' : 'destination'
      const there = requote(error, side, other, otherPort)
      const wanted = ofSource
        ? unreachable(other, destination, otherPort, to, payload)
        : unreachable(source, other, from, otherPort, payload)
      expect(quotedProtocol(error)).toBe(0)
      // Where a UDP checksum may be 0 or 65,535, both are right (RFC 768, RFC 1624 §3).
      const ambiguous = (bytes: Uint8Array): boolean => bytes[34] === 0xff && bytes[35] === 0xff
      if (!ambiguous(error) && !ambiguous(there) && !ambiguous(wanted)) {
        expect(there).toEqual(wanted)
        expect(ofSource ? requote(there, side, source, from) : requote(there, side, destination, to)).toEqual(error)
      }
      expect(checksum(sum(there))).toBe(0)
      expect(checksum(sum(there.subarray(8, 28)))).toBe(0)
    },
  )

  law.prop([address, address, port, fc.uint8Array({ maxLength: 20 }), address, port])(
    'about an echo quotes the id that the inside knows, its checksum right with its data',
    (source, destination, id, data, other, otherId) => {
      const echo = (n: number) => withQueryId(Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 1, ...data), n)
      const error = (from: Uint8Array, n: number): Uint8Array => {
        const length = 28 + data.length
        const ip = ipHeader({ source: from, destination, protocol: 1, length, ttl: 1, dscp: 0 })
        const bytes = Uint8Array.of(11, 0, 0, 0, 0, 0, 0, 0, ...ip, ...echo(n).subarray(0, 8))
        const check = checksum(sum(bytes))
        bytes[2] = check >> 8
        bytes[3] = check
        return bytes
      }
      const there = requote(error(source, id), 'source', other, otherId)
      expect(quotedProtocol(there)).toBe(1)
      expect(there.subarray(8, 28)).toEqual(error(other, otherId).subarray(8, 28))
      expect(checksum(sum(Uint8Array.of(...there.subarray(28), ...data)))).toBe(0)
      expect(checksum(sum(there))).toBe(0)
    },
  )

  law.prop([port, port, fc.uint8Array({ maxLength: 20 })])(
    'a query gets another id and a right checksum',
    (id, other, data) => {
      const query = withQueryId(Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 1, ...data), id)
      const there = withQueryId(query, other)
      expect([queryId(query), queryId(there)]).toEqual([id, other])
      expect(checksum(sum(there))).toBe(0)
      expect(withQueryId(there, id)).toEqual(query)
    },
  )
})
