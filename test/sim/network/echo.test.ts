// Echoes between two hosts of IPv6, where one way bears less than the other: what comes back is about a question, or about an answer.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'
import { ping } from '../../../sim/network/ping.ts'

const MS = 1e6
const near = { delayNs: MS }

/** What both hosts say of their pings, where the way from a to b bears 1,300 bytes only, and the one from b to a 9,000. */
function told(asked: readonly (readonly [atMs: number, who: 'a' | 'b', bytes: number])[]): readonly string[] {
  const said: string[] = []
  const record = (one: TraceRecord): void => {
    if (one.kind !== 'remark' || one.what === 'ping ended') return
    said.push(`${one.id.node}: ${one.what.slice(5)} ${one.details.ms ?? one.details.why}`)
  }
  const network = new Network({ seed: '1', level: 'signalling', classify, sinks: [record] })
  network.host('a', { interfaces: [{ address: '2001:db8:1::1/64' }], gateway: 'r' })
  network.host('b', { interfaces: [{ address: '2001:db8:2::1/64' }], gateway: 's' })
  network.router('r', { interfaces: [{ address: '2001:db8:1::ff/64' }] })
  network.router('s', { interfaces: [{ address: '2001:db8:2::ff/64' }] })
  network.link({ between: ['a', 'r'], up: near, down: near })
  network.link({
    between: ['r', 's'],
    up: { delayNs: 20 * MS, mtuBytes: 1300 },
    down: { delayNs: 20 * MS, mtuBytes: 9000 },
  })
  network.link({ between: ['b', 's'], up: near, down: near })
  network.seal()
  const addresses = { a: '2001:db8:1::1', b: '2001:db8:2::1' }
  for (const [atMs, who, bytes] of asked) {
    const to = addresses[who === 'a' ? 'b' : 'a']
    const options = { to, bytes, count: 1, everyMs: 1000, timeoutMs: 1000 }
    network.ask(atMs * MS, who, () => ping(network.hostOf(who), options))
  }
  network.run()
  return said
}

test("a question that is too big for the way ends with the router's word", () => {
  expect(told([[0, 'a', 1400]])).toEqual(['a: unanswered fragmentation needed'])
})

test('a word about an answer is none about the question of the same number that waits', () => {
  const asked = [
    [0, 'b', 1400],
    [15, 'a', 10],
  ] as const
  expect(told(asked)).toEqual(['a: answered 44', 'b: unanswered no answer for 1 s'])
})
