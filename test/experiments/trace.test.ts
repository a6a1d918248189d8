import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { TraceReader } from '../../experiments/trace/read.ts'
import { TraceWriter } from '../../experiments/trace/write.ts'
import type { TracedPacket, TraceRecord } from '../../platform/trace.ts'
import { network, sendMedia, sendMessages } from './world.ts'

const id = fc.record({
  node: fc.constantFrom('alice', 'bob#1', 'a b'),
  sequence: fc.integer({ min: 1, max: 4294967295 }),
})
const common = { id, at: fc.maxSafeNat(), cause: fc.option(id) }
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
)
const label = fc.record(
  { name: fc.string(), media: fc.boolean(), call: fc.string(), stream: fc.nat(4294967295), sequence: fc.nat(65535) },
  { requiredKeys: ['name', 'media'] },
)
const packet: fc.Arbitrary<TracedPacket> = fc.record({
  ...{ id, protocol: fc.constantFrom('udp', 'tcp', 'icmp'), source: fc.ipV4(), sourcePort: fc.nat(65535) },
  ...{
    destination: fc.ipV6(),
    destinationPort: fc.nat(65535),
    dscp: fc.nat(63),
    length: fc.nat(65535),
    label,
    payload,
  },
})
const details = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()))
const place = fc.record({ address: fc.ipV4(), port: fc.nat(65535) })
const journey = { ...common, packet, link: fc.string() }
const records: fc.Arbitrary<TraceRecord> = fc.oneof(
  fc.record({ kind: fc.constantFrom('sent', 'forwarded', 'delivered'), ...journey, ttl: fc.nat(255) }),
  fc.record({ kind: fc.constant('queued'), ...journey, waitNs: fc.maxSafeNat() }),
  fc.record({ kind: fc.constantFrom('duplicated', 'corrupted'), ...journey }),
  fc.record({ kind: fc.constant('lost'), ...journey, why: fc.string() }),
  fc.record({ kind: fc.constant('translated'), ...common, packet, before: packet }),
  fc.record(
    {
      kind: fc.constant('transition'),
      ...common,
      machine: fc.string(),
      instance: fc.string(),
      from: fc.string(),
      event: fc.string(),
      to: fc.string(),
      timer: fc.string(),
    },
    { requiredKeys: ['kind', 'id', 'at', 'cause', 'machine', 'instance', 'from', 'event', 'to'] },
  ),
  fc.record({ kind: fc.constant('remark'), ...common, what: fc.string(), details }),
  fc.record({
    kind: fc.constantFrom('written', 'read'),
    ...common,
    over: fc.constantFrom('tcp', 'tls'),
    local: place,
    remote: place,
    bytes: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('asked'), ...common, verb: fc.string(), parameters: details }),
  fc.record({ kind: fc.constant('faulted'), ...common, what: fc.string(), details }),
) as fc.Arbitrary<TraceRecord>

function roundTrip(list: readonly TraceRecord[]): readonly TraceRecord[] {
  const writer = new TraceWriter()
  const reader = new TraceReader()
  return list.map((record) => {
    const line = writer.line(record)
    expect(line).not.toContain('\n')
    const read = reader.read(line)
    if (!read.ok) throw new Error(`${read.issue.at}: ${read.issue.expected}`)
    return read.value
  })
}

law.prop([fc.array(records, { maxLength: 10 })])('what is written is read back', (list) => {
  expect(roundTrip(list)).toEqual(list.map((record) => structuredClone(record)))
})

test('a real run is read back, and a packet is printed in full once', () => {
  const list: TraceRecord[] = []
  const faults = [{ where: 'router -> bob', match: { nth: 2 }, action: { corruptBit: 5 } }]
  const world = network({ delayNs: 2e6 }, [(record) => list.push(record)], { faults })
  sendMessages(world, [
    ['10.0.2.1', 5060],
    ['10.0.2.1', 5060],
    ['10.9.9.9', 1],
  ])
  sendMedia(world, [1, 2, 3])
  world.run()
  expect(roundTrip(list)).toEqual(list)
  const writer = new TraceWriter()
  const full = list.map((record) => writer.line(record)).filter((line) => line.includes('"protocol"'))
  expect(full).toHaveLength(3 + 3 + 1 + 1) // as sent, an ICMP error, and one again with other bits
  expect(full[0]).toContain('"text":"MESSAGE sip:bob@10.0.2.1 SIP/2.0\\r\\n')
})

const GOOD = '{"at":1,"id":"a#1","cause":null,"kind":"remark","what":"x","details":{}}'

test.each([
  ['', 'line 2', 'a JSON object'],
  ['[]', 'line 2', 'a JSON object'],
  [GOOD.replace('1,', '-1,'), 'line 2: at', 'a time in ns, an integer of 0 or more'],
  [GOOD.replace('a#1', 'a'), 'line 2: id', 'the name of a record such as alice#12'],
  [GOOD.replace('null', '7'), 'line 2: cause', 'null or the name of a record such as alice#12'],
  [GOOD.replace('"x"', '7'), 'line 2: what', 'a string'],
  [GOOD.replace('{}', 'null'), 'line 2: details', 'an object'],
  [GOOD.replace('remark', 'sent'), 'line 2: packet', 'a packet, or the name of one that was printed before'],
])('%s is an issue at its line', (line, at, expected) => {
  const reader = new TraceReader()
  expect(reader.read(GOOD).ok).toBe(true)
  expect(reader.read(line)).toEqual({ ok: false, issue: { at, expected } })
})

law.prop([
  fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.json()).map((list) => list.join('')),
  ),
])('any line gives a record or an issue', (line) => {
  expect(new TraceReader().read(line)).toHaveProperty('ok')
})

law.prop([records, fc.nat(), fc.string({ maxLength: 2 })])(
  'a line with a hole gives a record or an issue',
  (record, at, put) => {
    const line = new TraceWriter().line(record)
    const where = at % line.length
    expect(new TraceReader().read(line.slice(0, where) + put + line.slice(where + 1))).toHaveProperty('ok')
  },
)
