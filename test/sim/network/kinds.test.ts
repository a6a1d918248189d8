// Kinds of endpoints: whatever is bound and closed in whatever order, each endpoint keeps its owner and has its own receiver.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, it as plain } from 'vitest'
import type { UdpReceiver } from '../../../platform/host.ts'
import { Kinds } from '../../../sim/network/kinds.ts'

const receiver = (): UdpReceiver => ({ received: () => {}, failed: () => {} })
const RECEIVERS = Array.from({ length: 4 }, receiver)
const ENDPOINTS = 24

/** Endpoint n is of owner n mod 3 − 1, IPv6 from the second half on, and without a port where n mod 5 is 0. */
function kinds(count = ENDPOINTS): Kinds {
  const made = new Kinds()
  for (let n = 0; n < count; n++) made.describe(n, (n % 3) - 1, n * 2 >= count, n % 5 === 0)
  return made
}

const step = fc.record({ id: fc.nat(ENDPOINTS - 1), receiver: fc.nat(RECEIVERS.length - 1) })

describe('an endpoint has the receiver that was bound to it', () => {
  it.prop([fc.array(step, { maxLength: 60 })])(
    'and is what it was, in whatever order sockets open and close',
    (steps) => {
      const made = kinds()
      const bound = new Map<number, UdpReceiver>()
      const owners = new Map<number, number>()
      const isRight = (id: number): boolean => {
        const kind = made.of(id)
        const owner = (id % 3) - 1
        const isIpv6 = id * 2 >= ENDPOINTS
        if (!owners.has(kind)) owners.set(kind, owner)
        return (
          made.receiverAt(id, owner) === bound.get(id) &&
          made.receiverAt(id, owner + 1) === undefined &&
          made.ownerOf(kind) === owner &&
          owners.get(kind) === owner &&
          made.isPlain(kind, isIpv6, 5) === (id % 5 !== 0) &&
          !made.isPlain(kind, !isIpv6, 5) &&
          !made.isPlain(kind, isIpv6, owner)
        )
      }
      const wrong = steps.flatMap(({ id, receiver: n }) => {
        if (bound.delete(id)) made.release(id)
        else {
          bound.set(id, RECEIVERS[n]!)
          made.bind(id, RECEIVERS[n]!)
        }
        return Array.from({ length: ENDPOINTS }, (_, each) => each).filter((each) => !isRight(each))
      })
      expect(wrong).toEqual([])
    },
  )

  plain(
    'that can be looked at if it is for that endpoint alone; which is needed where there are 16,384 or more',
    () => {
      const made = kinds(20_000)
      made.bind(1, RECEIVERS[0]!)
      expect([0, 1, 2, 19_999, 20_000].filter((id) => made.foresee(id))).toEqual([1])
      for (const id of [4, 7]) made.bind(id, RECEIVERS[0]!)
      expect([1, 4, 7].filter((id) => made.foresee(id))).toEqual([1])
      made.release(1)
      expect(made.foresee(1)).toBe(false)
      made.bind(16_382, RECEIVERS[1]!)
      expect(made.hasManyReceivers()).toBe(false)
      made.bind(16_383, RECEIVERS[2]!)
      expect([made.hasManyReceivers(), made.foresee(16_382), made.foresee(16_383)]).toEqual([true, true, true])
    },
  )

  plain('of one kind are those that share a receiver, but for the first', () => {
    const made = kinds()
    const unbound = made.of(1)
    for (const id of [1, 4, 7]) made.bind(id, RECEIVERS[0]!)
    made.bind(11, RECEIVERS[1]!)
    expect(made.of(7)).toBe(made.of(4))
    expect(made.of(11)).not.toBe(made.of(4))
    expect([made.of(1), made.of(4) === unbound]).toEqual([unbound, false])
  })

  plain('of the kind of those that are not bound, where each has its own', () => {
    const made = kinds()
    const unbound = made.of(1)
    for (const [n, id] of [1, 4, 7].entries()) made.bind(id, RECEIVERS[n]!)
    expect([1, 4, 7].map((id) => made.of(id))).toEqual([unbound, unbound, unbound])
  })

  plain('and closed sockets leave no kinds behind', () => {
    const made = kinds()
    const shared = (): number => {
      const one = receiver()
      for (const id of [1, 4]) made.bind(id, one)
      return made.of(4)
    }
    const kind = shared()
    for (let n = 0; n < 10; n++) {
      for (const id of [1, 4]) made.release(id)
      expect(shared()).toBe(kind)
    }
  })
})

describe('very many', () => {
  plain('receivers, more than two bytes can tell apart, are found as well, and let go', () => {
    const count = 66_000
    const made = kinds(count)
    const own = Array.from({ length: count }, receiver)
    const receivers = own.map((one, id) => (id < 1000 ? one : own[id - (Math.floor(id / 3) % 3)]!))
    for (let id = 0; id < count; id++) made.bind(id, receivers[id]!)
    const wrong = (): number[] =>
      receivers.flatMap((one, id) => (made.receiverAt(id, made.ownerOf(made.of(id))) === one ? [] : [id]))
    expect(wrong()).toEqual([])
    for (const id of [0, 1, 65_900, count - 1]) made.release(id)
    expect(wrong()).toEqual([0, 1, 65_900, count - 1])
    for (const id of [count - 1, 65_900, 1, 0]) made.bind(id, receivers[id]!)
    expect(wrong()).toEqual([])
  })

  plain('receivers of two endpoints each, more than that, as well', () => {
    const made = new Kinds()
    const receivers = Array.from({ length: 66_000 }, receiver)
    for (let n = 0; n < receivers.length * 2; n++) {
      made.describe(n, 7, false, false)
      made.bind(n, receivers[n >> 1]!)
    }
    const wrong = receivers.filter(
      (one, n) => made.receiverAt(2 * n, 7) !== one || made.receiverAt(2 * n + 1, 7) !== one,
    )
    expect(wrong).toEqual([])
  })

  plain('owners, more than that, have their own each', () => {
    const made = new Kinds()
    const count = 70_000
    for (let n = 0; n < count; n++) made.describe(n, n, false, false)
    const wrong = Array.from({ length: count }, (_, n) => n).filter((n) => made.ownerOf(made.of(n)) !== n)
    expect(wrong).toEqual([])
  })
})
