// TCP between links of which one does not carry 1500 bytes: each end offers what its own link has room for, and nothing is too large.

import { expect, test } from 'vitest'
import { Auditor } from '../../../experiments/auditor/auditor.ts'
import { classify } from '../../../experiments/classify.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'

/** 100 kB from `a` to `b` over links of these MTUs: what arrived, the sizes that were lost, and what the audit says. */
function transfer(mtus: readonly [number, number], ipv6: boolean) {
  const records: TraceRecord[] = []
  const network = new Network({ seed: '1', level: 'everything', classify, sinks: [(one) => records.push(one)] })
  const [from, to] = ipv6 ? ['2001:db8:1::1', '2001:db8:2::1'] : ['10.0.1.1', '10.0.2.1']
  const bits = ipv6 ? 64 : 24
  network.host('a', { interfaces: [{ address: `${from}/${bits}` }] })
  network.host('b', { interfaces: [{ address: `${to}/${bits}` }] })
  network.router('r')
  const direction = (mtuBytes: number) => ({ delayNs: 1e6, rateBps: 1e8, mtuBytes })
  network.link({ between: ['a', 'r'], up: direction(mtus[0]), down: direction(mtus[0]) })
  network.link({ between: ['b', 'r'], up: direction(mtus[1]), down: direction(mtus[1]) })
  network.seal()
  let arrived = 0
  const nothing = { ended: () => {}, closed: () => {} }
  network.hostOf('b').tcp.listen(
    { port: 80 },
    {
      accepted: (connection) => ({
        ...nothing,
        received: (_, start, end) => {
          arrived += end - start
        },
        ended: () => connection.close(),
      }),
    },
  )
  network.ask(0, 'a', () => {
    const host = network.hostOf('a')
    const opened = host.tcp.connect(host.endpoint(to, 80), {}, { ...nothing, received: () => {} })
    if (!opened.ok) throw new Error(opened.issue.expected)
    opened.value.send(new Uint8Array(100_000))
    opened.value.close()
  })
  network.run(60e9)
  const auditor = new Auditor({
    links: (['a', 'b'] as const).flatMap((end, i) =>
      [end, 'r'].map((sender) => ({
        ...{ name: `${end}--r from ${sender}`, from: sender, to: sender === 'r' ? end : 'r', delayNs: 1e6 },
        ...{ mtuBytes: mtus[i]!, queueKeepsOrder: true, mediumKeepsOrder: true, arriveInOrder: true },
      })),
    ),
    complete: true,
  })
  for (const record of records) auditor.record(record)
  const lost = records.flatMap((one) => (one.kind === 'lost' ? [one.packet.length] : []))
  const fragments = records.filter((one) => one.kind === 'fragmented').length
  return { arrived, fragments, lost: new Set(lost), violations: auditor.end(network.inFlight).violations }
}

test.each([
  [[1400, 1500], false],
  [[1500, 1400], false],
  [[1500, 600], false],
  [[1300, 1500], true],
  [[1500, 1280], true],
] as const)(
  'over %o bytes (IPv6: %o) all arrives, nothing in fragments, and nothing larger than a link carries is tried',
  (mtus, ipv6) => {
    const { arrived, fragments, lost, violations } = transfer(mtus, ipv6)
    expect([arrived, fragments, violations]).toEqual([100_000, 0, []])
    expect([...lost]).toEqual([])
  },
)
