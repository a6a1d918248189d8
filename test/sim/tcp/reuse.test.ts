// A packet's row is used again: what a data segment left there is not the next one's.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import { Network } from '../../../sim/network/network.ts'

/** Sends 20 kB over one connection, then opens ten others; all that is on record. */
function played(faults: readonly FaultRule[], fused: boolean): readonly TraceRecord[] {
  const records: TraceRecord[] = []
  const sinks = [(record: TraceRecord) => records.push(record)]
  const network = new Network({ seed: '1', level: 'everything', classify, sinks, faults, fused })
  network.host('a', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('b', { interfaces: [{ address: '10.0.0.2/24' }] })
  const direction = { delayNs: 5e6 }
  network.link({ between: ['a', 'b'], up: direction, down: direction })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  const nobody = { received: () => {}, ended: () => {}, closed: () => {} }
  b.tcp.listen({ port: 80 }, { accepted: () => nobody })
  network.ask(0, 'a', () => {
    const opened = a.tcp.connect(a.endpoint('10.0.0.2', 80), {}, nobody)
    if (opened.ok) opened.value.send(new Uint8Array(20_000).fill(7))
  })
  network.ask(1e9, 'a', () => {
    for (let n = 0; n < 10; n++) a.tcp.connect(a.endpoint('10.0.0.2', 80), {}, nobody)
  })
  network.run(5e9)
  return records
}

test.each([true, false])('a connection opens where data has been, links fused: %s', (fused) => {
  const records = played([], fused)
  const syns = records.filter((one) => one.kind === 'sent' && one.packet.label.name === 'TCP SYN')
  expect(syns.map((one) => 'packet' in one && one.packet.payload.length)).toEqual(Array(11).fill(40))
  expect(records.filter((one) => one.kind === 'transition' && one.timer === 'RTO')).toEqual([])
})

test('a segment of which a bit is turned over keeps its length', () => {
  const of = { where: 'a -> b', match: { label: 'TCP data' } }
  const records = played([{ ...of, action: { corruptBit: 900 } }], true).filter((one) => one.kind === 'corrupted')
  expect(records.length).toBeGreaterThan(3)
  for (const { packet } of records) expect(packet.payload.length).toBe(packet.length - 20)
})
