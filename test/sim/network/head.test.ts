// Heads: what is copied is what was there at that time, whichever arrays they come in, and however often in turn.

import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { HEAD_BYTES, Heads } from '../../../sim/network/head.ts'

/** The first bytes that a packet's head has. */
const headOf = ({ bytes }: Heads, packet: number, length: number): number[] => [
  ...bytes.subarray(packet * HEAD_BYTES, packet * HEAD_BYTES + length),
]

test('an array that talkers share is copied as it is each time', () => {
  const heads = new Heads()
  heads.grow(4)
  const shared = new Uint8Array(12)
  for (let packet = 0; packet < 4; packet++) heads.copy(shared.fill(packet + 1), packet)
  expect([0, 1, 2, 3].map((packet) => headOf(heads, packet, 13))).toEqual(
    [1, 2, 3, 4].map((byte) => [...Array(12).fill(byte), 0]),
  )
})

// Arrays of a head's usual length and others, whole buffers and parts of one, at multiples of four and not.
const buffer = new ArrayBuffer(128)
const ARRAYS = [
  ...[new Uint8Array(0), new Uint8Array(12), new Uint8Array(12), new Uint8Array(11), new Uint8Array(HEAD_BYTES)],
  ...[new Uint8Array(buffer, 0, 12), new Uint8Array(buffer, 20, 12), new Uint8Array(buffer, 42, 12)],
]

law.prop([
  fc.array(fc.tuple(fc.nat(ARRAYS.length - 1), fc.nat(255), fc.integer({ min: 1, max: 3 })), { minLength: 1 }),
])('each packet keeps its head, while arrays are used again and heads grow', (steps) => {
  const heads = new Heads()
  heads.grow(1)
  const copied: number[][] = []
  for (const [which, byte, times] of steps) {
    const head = ARRAYS[which]!
    for (let time = 0; time < times; time++) {
      head.forEach((_, at) => {
        head[at] = byte + at + time
      })
      if (copied.length * HEAD_BYTES === heads.bytes.length) heads.grow(copied.length * 2)
      heads.copy(head, copied.length)
      copied.push([...head])
    }
  }
  expect(copied.map(({ length }, packet) => headOf(heads, packet, length))).toEqual(copied)
})
