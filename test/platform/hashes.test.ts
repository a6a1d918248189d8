// The hashes: vectors of RFC 1321 §A.5, FIPS 180-4 and RFC 6234, then Node's own as the oracle.

import { createHash, createHmac } from 'node:crypto'
import { crc32 as nodeCrc32 } from 'node:zlib'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { crc32 } from '../../platform/crc32.ts'
import { hex, unhex } from '../../platform/hex.ts'
import { hmacSha1, hmacSha256 } from '../../platform/hmac.ts'
import { md5 } from '../../platform/md5.ts'
import { sha1 } from '../../platform/sha1.ts'
import { sha256 } from '../../platform/sha256.ts'
import { sha512_256 } from '../../platform/sha512_256.ts'
import { utf8Encode } from '../../platform/text.ts'

const TWO_BLOCKS = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'

const VECTORS = [
  [md5, 'md5', '', 'd41d8cd98f00b204e9800998ecf8427e'],
  [md5, 'md5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
  [md5, 'md5', 'message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  [sha1, 'sha1', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  [sha1, 'sha1', TWO_BLOCKS, '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
  [sha256, 'sha256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [sha256, 'sha256', TWO_BLOCKS, '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  [sha512_256, 'sha512-256', 'abc', '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23'],
] as const

describe('hashes', () => {
  test.each(VECTORS)('%s %s of "%s" is %s', (hash, _, text, digest) => {
    expect(hex(hash(utf8Encode(text)))).toBe(digest)
  })

  test('agree with Node at every length about the block bounds, and for any bytes', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, place) => (place * 7) & 255)
    const same = (input: Uint8Array) => {
      for (const [hash, name] of [
        [md5, 'md5'],
        [sha1, 'sha1'],
        [sha256, 'sha256'],
        [sha512_256, 'sha512-256'],
      ] as const)
        if (hex(hash(input)) !== createHash(name).update(input).digest('hex')) return false
      return true
    }
    for (let length = 0; length <= 300; length++) expect(same(bytes.subarray(0, length))).toBe(true)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1000 }), same))
  })

  test('HMAC and CRC-32 agree with Node for any key and any bytes; hexadecimal can be read back', () => {
    const same = (key: Uint8Array, bytes: Uint8Array): void => {
      expect(hex(hmacSha1(key, bytes))).toBe(createHmac('sha1', key).update(bytes).digest('hex'))
      expect(hex(hmacSha256(key, bytes))).toBe(createHmac('sha256', key).update(bytes).digest('hex'))
      expect(crc32(bytes)).toBe(nodeCrc32(bytes))
      expect(unhex(hex(bytes))).toEqual(bytes)
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 300 }), same))
    expect(unhex('abc')).toBeUndefined()
  })
})
