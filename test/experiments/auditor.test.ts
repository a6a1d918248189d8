import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Auditor } from '../../experiments/auditor/auditor.ts'
import type { LinkFacts } from '../../experiments/auditor/law.ts'
import { printRecordId, type RecordId, type TracedPacket, type TraceRecord } from '../../platform/trace.ts'

/** a → r → b: 1 Mbit/s and 5 ms, then no limit and 20 ms. */
const LINKS: readonly LinkFacts[] = [
  { name: 'a--r from a', from: 'a', to: 'r', rateBps: 1e6, delayNs: 5e6, queueKeepsOrder: true, arriveInOrder: true },
  { name: 'r--b from r', from: 'r', to: 'b', delayNs: 20e6, queueKeepsOrder: true, arriveInOrder: true },
]

const id = (text: string): RecordId => {
  const [node, sequence] = text.split('#') as [string, string]
  return { node, sequence: Number(sequence) }
}

/**
 * A trace in lines: `0.5 a#1 sent P 125 a--r 64 <- a#0` (time in ms, id, kind, packet, bytes, `125tcp` for a segment, link, TTL, cause);
 * `lost` has its why where the TTL stands, `transition` nothing but its cause.
 */
function read(line: string): TraceRecord {
  const [left, cause] = line.split(' <- ') as [string, string?]
  const [ms, name, kind, what, bytes, link, ...rest] = left.trim().split(' ') as [string, string, string, ...string[]]
  const common = { id: id(name), at: Math.round(Number(ms) * 1e6), cause: cause === undefined ? null : id(cause) }
  if (kind === 'transition') return { kind, ...common, machine: 'call', instance: 'c', from: 'x', event: 'y', to: 'z' }
  const protocol = bytes?.endsWith('tcp') ? 'tcp' : 'udp'
  const packet = { id: id(what as string), length: Number.parseInt(bytes as string, 10), protocol } as TracedPacket
  const named = link === 'a--r' ? 'a--r from a' : link === 'r--b' ? 'r--b from r' : ''
  const last = kind === 'lost' ? { why: rest.join(' ') } : { ttl: Number(rest[0]) }
  return { kind, ...common, packet, link: named, ...last } as TraceRecord
}

function audit(story: string, inFlight = 0, complete = true, links = LINKS): string[] {
  const auditor = new Auditor({ links, complete })
  for (const line of story.trim().split('\n')) auditor.record(read(line))
  return auditor.end(inFlight).violations.map(({ law, record, sentence }) => {
    return `${record === undefined ? 'end' : printRecordId(record)}: ${law}: ${sentence}`
  })
}

/** Two packets of 125 bytes (1 ms each at 1 Mbit/s), one after the other through both links. */
const HONEST = `
  0 a#1 sent a#1 125 a--r 64
  0 a#2 sent a#2 125 a--r 64
  0 a#3 queued a#2 125 a--r <- a#2
  6 r#1 forwarded a#1 125 r--b 63 <- a#1
  7 r#2 forwarded a#2 125 r--b 63 <- a#3
  26 b#1 delivered a#1 125 r--b 63 <- r#1
  26 b#2 transition <- b#1
  27 b#3 delivered a#2 125 r--b 63 <- r#2`

/** A box turns the first of four packets away when the second has gone on, in the time of the others' bits. `bytes`: of the first. */
const keptBack = (bytes: string): string[] =>
  audit(`
    0 a#1 sent a#1 ${bytes} a--r 64
    0 a#2 sent a#2 125 a--r 64
    7 r#1 forwarded a#2 125 r--b 63 <- a#2
    27 b#1 delivered a#2 125 r--b 63 <- r#1
    6000 a#3 sent a#3 125 a--r 64
    6000 a#4 sent a#4 125 a--r 64
    6006 r#2 lost a#3 125 - TTL exceeded <- a#3
    6006.5 r#3 lost a#1 ${bytes} - filtered by NAT <- a#1
    6007 r#4 lost a#4 125 - TTL exceeded <- a#4`)

const doctored = (...[from, to]: readonly [string, string]): string[] => audit(HONEST.replace(from, to))

describe('an honest trace', () => {
  test('breaks no law', () => expect(audit(HONEST)).toEqual([]))
  test('may lose, copy and corrupt, and end early', () => {
    const story = `
      0 a#1 sent a#1 125 a--r 64
      0 a#2 lost a#1 125 a--r queue full <- a#1
      0 a#3 sent a#3 125 a--r 64
      0 a#4 corrupted a#3 125 a--r <- a#3
      0 a#5 duplicated a#3 125 a--r <- a#4
      6 r#1 lost a#3 125 - TTL exceeded <- a#4
      6 r#2 forwarded a#3 125 r--b 63 <- a#5
      6 r#3 lost a#3 125 r--b lost on the medium <- r#2
      6 a#6 sent a#6 125 a--r 64`
    expect(audit(story, 1)).toEqual([])
  })
  test('may have a host that stands still, at which a wrong header is noticed before what waits there is served', () => {
    const story = `
      0 a#1 sent a#1 125 a--r 64
      0 a#2 sent a#2 125 a--r 64
      7 r#1 lost a#2 125 - IP header corrupted <- a#2
      20 r#2 delivered a#1 125 a--r 64 <- a#1`
    expect(audit(story)).toEqual([])
  })
  test('may have a NAT that keeps a SYN for a while before it turns it away', () => {
    expect(keptBack('125tcp')).toEqual([])
  })
})

describe('a doctored trace is caught', () => {
  test('a datagram that a NAT keeps', () =>
    expect(keptBack('125')).toContain('r#3: what is promised in order arrives in order: overtaken on a--r from a'))
  test('too early for the light', () =>
    expect(doctored('26 b#1', '25.9 b#1')).toEqual([
      'b#1: nothing arrives before the light could: 100000 ns too early over r--b from r',
    ]))
  test('too early for the packet’s own bits', () =>
    expect(doctored('6 r#1', '5.5 r#1')).toEqual([
      'r#1: no link exceeds its rate: 500000 ns too early for the rate of a--r from a',
    ]))
  test('two in the time of one', () =>
    expect(doctored('7 r#2', '6.5 r#2')).toEqual([
      'r#2: no link exceeds its rate: 500000 ns too early for the rate of a--r from a',
    ]))
  test('two in the time of one, however much was dropped behind others long before', () => {
    const many = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const story = [
      ...many.map((n) => `0 a#${n} sent a#${n} 125 a--r 64`),
      ...many.slice(1, -1).map((n) => `1 a#${n + 8} lost a#${n} 125 a--r active queue management <- a#${n}`),
      '6 r#1 lost a#1 125 - TTL exceeded <- a#1',
      '7 r#2 lost a#9 125 - TTL exceeded <- a#9',
      ...['50 a#18 sent a#18 125 a--r 64', '50 a#19 sent a#19 125 a--r 64'],
      '56 r#3 lost a#18 125 - TTL exceeded <- a#18',
      '56.5 r#4 lost a#19 125 - TTL exceeded <- a#19',
    ].join('\n')
    expect(audit(story)).toEqual(['r#4: no link exceeds its rate: 500000 ns too early for the rate of a--r from a'])
  })
  test('more than a shaper has tokens for', () => {
    const shaped = LINKS.map((one) => ({ ...one, rateBps: 1e9, shaper: { rateBps: 1e6, burstBytes: 125 } }))
    const second = (ms: number): string =>
      [
        ...['0 a#1 sent a#1 125 a--r 64', '0 a#2 sent a#2 125 a--r 64'],
        ...['5.001 r#1 lost a#1 125 - TTL exceeded <- a#1', `${ms} r#2 lost a#2 125 - TTL exceeded <- a#2`],
      ].join('\n')
    expect(audit(second(6.001), 0, true, shaped)).toEqual([])
    expect(audit(second(5.5), 0, true, shaped)).toEqual([
      'r#2: no link exceeds its rate: 501000 ns too early for the rate of a--r from a',
    ])
  })
  test('overtaking', () => {
    const story = HONEST.replace('26 b#1 delivered a#1 125 r--b 63 <- r#1', '27 b#1 delivered a#2 125 r--b 63 <- r#2')
      .replace('26 b#2', '27 b#2')
      .replace('27 b#3 delivered a#2 125 r--b 63 <- r#2', '27 b#3 delivered a#1 125 r--b 63 <- r#1')
    expect(audit(story)).toEqual(['b#3: what is promised in order arrives in order: overtaken on r--b from r'])
  })
  test('a packet that vanishes', () =>
    expect(audit(HONEST.split('\n').slice(0, -1).join('\n'))).toEqual([
      'end: sent = delivered + lost + in flight: the records leave 1 packets in flight, the network has 0',
    ]))
  test('a packet that nobody sent', () =>
    expect(audit('0 b#1 delivered a#1 125 r--b 63 <- a#1')).toEqual([
      'b#1: a cause comes before its effect: its cause a#1 is not there yet',
      'b#1: a packet is where its last record left it: delivered from nowhere',
    ]))
  test('delivered twice', () =>
    expect(audit(`${HONEST}\n27 b#4 delivered a#2 125 r--b 63 <- r#2`)).toEqual([
      'b#4: a packet is where its last record left it: delivered from nowhere',
    ]))
  test('delivered where the link does not lead', () =>
    expect(doctored('26 b#1 delivered', '26 c#1 delivered')).toContain(
      'c#1: a packet is where its last record left it: at c, but r--b from r leads to b',
    ))
  test('sent on another node’s link', () =>
    expect(doctored('6 r#1 forwarded a#1 125 r--b', '6 r#1 forwarded a#1 125 a--r')[0]).toBe(
      'r#1: a packet is where its last record left it: r sends on a--r from a',
    ))
  test('lost on a link where it is not', () =>
    expect(doctored('26 b#1 delivered a#1 125 r--b 63', '26 r#3 lost a#1 125 a--r queue full')[0]).toBe(
      'r#3: a packet is where its last record left it: lost on a--r from a, but it is on r--b from r',
    ))
  test('a loss without a why', () =>
    expect(audit('0 a#1 sent a#1 9 a--r 64\n0 a#2 lost a#1 9 a--r  <- a#1')).toEqual([
      'a#2: no loss without a why: lost, and nobody says why',
    ]))
  test('a TTL that stays', () =>
    expect(doctored('r--b 63 <- a#3', 'r--b 64 <- a#3')).toEqual([
      'r#2: a TTL falls at every hop: TTL 64 after 64 at r',
    ]))
  test('time that runs back', () =>
    expect(doctored('26 b#2', '25 b#2')[0]).toBe('b#2: time never runs back: 25000000 ns after 26000000 ns'))
  test('a number used again', () =>
    expect(doctored('b#2 transition', 'b#1 transition')[0]).toBe(
      'b#1: records are numbered as they come: b#1 after b#1',
    ))
  test('knowledge from afar', () =>
    expect(doctored('b#2 transition <- b#1', 'b#2 transition <- r#1')).toEqual([
      'b#2: a node learns of others only by packets: transition at b because of r#1',
    ]))
})

test('what a lower level leaves out is no breach', () => {
  expect(audit('0 a#1 sent a#1 9 a--r 64\n9 b#1 transition <- a#1', 5, false)).toEqual([])
  expect(audit('0 a#1 sent a#1 9 a--r 64', 0, false)).toHaveLength(1)
})

/** A drop-tail link of its own making: sends packets of these sizes at these gaps, loses some in the queue or on the medium. */
const traffic = fc.array(
  fc.record({
    gapNs: fc.nat(3_000_000),
    bytes: fc.integer({ min: 20, max: 1500 }),
    fate: fc.constantFrom('ok', 'ok', 'queue full', 'lost on the medium'),
  }),
  { minLength: 1, maxLength: 40 },
)

function simulate(packets: readonly { gapNs: number; bytes: number; fate: string }[]): TraceRecord[] {
  const lines: { at: number; line: string }[] = []
  let at = 0
  let freeAt = 0
  packets.forEach(({ gapNs, bytes, fate }, index) => {
    at += gapNs
    const name = `a#${2 * index + 1}`
    lines.push({ at, line: `${at / 1e6} ${name} sent ${name} ${bytes} a--r 64` })
    if (fate !== 'queue full') freeAt = Math.max(at, freeAt) + bytes * 8000
    const arrival = freeAt + 5_000_000
    const end =
      fate === 'ok'
        ? { at: arrival, line: `${arrival / 1e6} r#${index + 1} delivered ${name} ${bytes} a--r 63 <- ${name}` }
        : { at, line: `${at / 1e6} a#${2 * index + 2} lost ${name} ${bytes} a--r ${fate} <- ${name}` }
    lines.push(end)
  })
  return lines
    .map((line, index) => ({ ...line, index }))
    .sort((x, y) => x.at - y.at || x.index - y.index)
    .map(({ line }) => read(line))
}

law.prop([traffic, fc.nat(), fc.integer({ min: 2, max: 100_000 })])(
  'any honest link passes, and one arrival made earlier than the link can is caught',
  (packets, which, earlierNs) => {
    const honest = simulate(packets)
    const run = (records: readonly TraceRecord[]): number => {
      const auditor = new Auditor({ links: LINKS, complete: true })
      for (const record of records) auditor.record(record)
      return auditor.end(0).count
    }
    expect(run(honest)).toBe(0)
    const arrivals = honest.filter(({ kind }) => kind === 'delivered')
    if (arrivals.length === 0) return
    const chosen = arrivals[which % arrivals.length]
    const early = honest.map((record) => (record === chosen ? { ...record, at: record.at - earlierNs } : record))
    expect(run(early.sort((x, y) => x.at - y.at))).toBeGreaterThan(0)
  },
)
