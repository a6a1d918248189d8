import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { hashBytes, hashText, NodeDigests } from '../../platform/digest.ts'

type Word = readonly [node: number, left: number, right: number]
const words = fc.array(fc.tuple(fc.nat(3), fc.integer(), fc.integer()), { minLength: 1, maxLength: 30 })

function digest(list: readonly Word[]): string {
  const digests = new NodeDigests(4)
  for (const [node, left, right] of list) digests.add(node, left, right)
  return digests.print()
}

law.prop([words])('how the words of different nodes interleave does not matter', (list) => {
  const byNode = [...list].sort(([a], [b]) => a - b)
  expect(digest(byNode)).toBe(digest(list))
  expect(digest(list)).toMatch(/^[0-9a-f]{16}$/)
})

law.prop([words, fc.nat(), fc.nat(63)])('one bit changed anywhere changes the digest', (list, which, bit) => {
  const at = which % list.length
  const changed = list.map(([node, left, right], index): Word => {
    if (index !== at) return [node, left, right]
    return bit < 32 ? [node, left ^ (1 << bit), right] : [node, left, right ^ (1 << (bit - 32))]
  })
  expect(digest(changed)).not.toBe(digest(list))
})

law.prop([fc.integer(), fc.integer(), fc.integer(), fc.integer()])(
  'the order of one node’s words matters',
  (a, b, c, d) => {
    fc.pre(a !== c || b !== d)
    const here = digest([
      [0, a, b],
      [0, c, d],
    ])
    expect(
      digest([
        [0, c, d],
        [0, a, b],
      ]),
    ).not.toBe(here)
    expect(
      digest([
        [0, a, b],
        [1, c, d],
      ]),
    ).not.toBe(here)
  },
)

test('200,000 short runs of near-equal words have 200,000 digests', () => {
  const seen = new Set<string>()
  for (let time = 0; time < 2000; time += 1) {
    for (let length = 0; length < 100; length += 1)
      seen.add(
        digest([
          [0, time * 1000, length],
          [1, time * 1000 + 1, length],
        ]),
      )
  }
  expect(seen.size).toBe(200_000)
})

test('hashes tell apart what differs in one place', () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => `z9hG4bK${index}`)
  expect(new Set(texts.map(hashText)).size).toBe(10_000)
  expect(hashBytes(new Uint8Array(3))).not.toBe(hashBytes(new Uint8Array(4)))
})

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 })

law.prop([fc.array(fc.tuple(fc.nat(2), word, word, word, word), { minLength: 1, maxLength: 10 })])(
  'a pair mixes as its two do',
  (pairs) => {
    const [one, other] = [new NodeDigests(3), new NodeDigests(3)]
    for (const [node, left, right, nextLeft, nextRight] of pairs) {
      one.addPair(node, left, right, nextLeft, nextRight)
      other.add(node, left, right)
      other.add(node, nextLeft, nextRight)
      expect(one.print()).toBe(other.print())
    }
  },
)
