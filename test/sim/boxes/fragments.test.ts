// Stories of fragments at boxes that must know ports, and of what the audit says of them.

import { describe, expect, test } from 'vitest'
import { Auditor } from '../../../experiments/auditor/auditor.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { FragmentPolicy } from '../../../sim/boxes/fragments.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import { Network } from '../../../sim/network/network.ts'
import { ping } from '../../../sim/network/ping.ts'

const EMPTY = new Uint8Array(0)

/** Host `a` behind a NAT or firewall, and `b` outside; every link carries 1000 bytes. A datagram of 1500 goes out, and one comes back. */
function play(kind: 'nat' | 'firewall', fragments: FragmentPolicy, faults: readonly FaultRule[] = []) {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', faults, sinks: [(record) => records.push(record)] },
    classify: () => ({ name: 'data', media: false }),
  })
  network.host('a', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'box' })
  network.host('b', { interfaces: [{ address: '198.51.100.7/24' }], gateway: 'r' })
  network.router('r')
  if (kind === 'nat') network.nat('box', { inside: '10.0.0.1/24', outside: '203.0.113.9/24', fragments })
  else network.firewall('box', { inside: '10.0.0.1/24', fragments })
  const direction = { delayNs: 1e6, mtuBytes: 1000 }
  const ends: [string, string][] = [
    ['a', 'box'],
    ['box', 'r'],
    ['b', 'r'],
  ]
  for (const between of ends) network.link({ between, up: direction, down: direction })
  network.seal()
  const heard: string[] = []
  const open = (name: string, port: number) => {
    const host = network.hostOf(name)
    const opened = host.udp(
      { port },
      {
        received: ({ from, length, head, headAt, headLength, body }) => {
          heard.push(`${name} hears ${length} bytes from ${from.address}:${from.port}`)
          if (name === 'b' && opened.ok) opened.value.send(from, head.subarray(headAt, headAt + headLength), body)
        },
        failed: (_, why) => heard.push(`${name} learns ${why}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  const socket = open('a', 5060)
  open('b', 5060)
  const to = network.hostOf('a').endpoint('198.51.100.7', 5060)
  network.ask(0, 'a', () => socket.send(to, EMPTY, new Uint8Array(1500).fill(7)))
  network.run()
  const auditor = new Auditor({
    links: ends.flatMap(([a, b]) =>
      [a, b].map((from) => ({
        ...{ name: `${a}--${b} from ${from}`, from, to: from === a ? b : a, delayNs: 1e6 },
        ...{ queueKeepsOrder: true, arriveInOrder: faults.length === 0 },
      })),
    ),
    complete: true,
  })
  for (const record of records) auditor.record(record)
  const lost = records.flatMap((record) => (record.kind === 'lost' ? [`${record.id.node}: ${record.why}`] : []))
  return { heard, lost, violations: auditor.end(network.inFlight).violations }
}

/** The first fragment out of `a` comes behind the second. */
const LATE: FaultRule = {
  where: 'a--box from a',
  match: { label: 'fragment of data', nth: 1 },
  action: { delayNs: 5e6 },
}

describe.each(['nat', 'firewall'] as const)('a %s', (kind) => {
  const shown = kind === 'nat' ? '203.0.113.9:5060' : '10.0.0.2:5060'
  const there = [`b hears 1500 bytes from ${shown}`, 'a hears 1500 bytes from 198.51.100.7:5060']

  test('passes a datagram in fragments in both directions, as it would pass a whole one', () => {
    expect(play(kind, 'out-of-order')).toEqual({ heard: there, lost: [], violations: [] })
    expect(play(kind, 'in-order')).toEqual({ heard: there, lost: [], violations: [] })
  })

  test('passes fragments out of order only where it does that (RFC 4787 REQ-14)', () => {
    expect(play(kind, 'out-of-order', [LATE])).toEqual({ heard: there, lost: [], violations: [] })
    const { heard, lost, violations } = play(kind, 'in-order', [LATE])
    expect(lost).toEqual(['box: fragment dropped by policy', 'box: fragment missing'])
    expect(heard).toEqual(['a learns reassembly time exceeded'])
    expect(violations).toEqual([])
  })

  test('drops them where it is told to', () => {
    const { heard, lost, violations } = play(kind, 'drop')
    expect(heard).toEqual([])
    expect(lost).toEqual([
      'box: fragment dropped by policy',
      'box: fragment missing',
      'box: fragment dropped by policy',
    ])
    expect(violations).toEqual([])
  })
})

test.each(['router', 'nat', 'firewall'] as const)('a %s puts together what is for itself, and answers it', (kind) => {
  const answered: unknown[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', classify: () => ({ name: 'data', media: false }) },
    sinks: [(record) => record.kind === 'remark' && answered.push([record.what, record.details.to])],
  })
  network.host('a', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'box' })
  network.host('b', { interfaces: [{ address: '198.51.100.7/24' }], gateway: 'box' })
  const inside = '10.0.0.1/24'
  if (kind === 'router') network.router('box', { interfaces: [{ address: inside }] })
  else if (kind === 'nat') network.nat('box', { inside, outside: '198.51.100.1/24' })
  else network.firewall('box', { inside })
  const direction = { delayNs: 1e6, mtuBytes: 1000 }
  for (const name of ['a', 'b']) network.link({ between: [name, 'box'], up: direction, down: direction })
  network.seal()
  const options = { to: '10.0.0.1', count: 1, everyMs: 1000, bytes: 3000, timeoutMs: 1000 }
  network.ask(0, 'a', () => ping(network.hostOf('a'), options))
  network.run()
  expect(answered).toEqual([['ping answered', '10.0.0.1']])
  expect(network.inFlight).toBe(0)
})

/** What a large ping to a box is told where its second fragment is lost, and the box reboots perhaps before it has waited in vain. */
test.each([
  ['nat', [], ['reassembly time exceeded']],
  ['nat', [10e9], ['no answer for 60 s']],
  ['firewall', [], ['reassembly time exceeded']],
  ['firewall', [10e9], ['no answer for 60 s']],
] as const)('a %s that reboots at %j forgets the fragments of what is for itself', (kind, reboots, expected) => {
  const ended: unknown[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', classify: () => ({ name: 'data', media: false }) },
    faults: [{ where: 'a--box from a', match: { label: 'fragment of data', nth: 2 }, action: { drop: true } }],
    sinks: [(record) => record.kind === 'remark' && ended.push(record.details.why)],
  })
  network.host('a', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'box' })
  network.host('b', { interfaces: [{ address: '198.51.100.7/24' }], gateway: 'box' })
  const inside = '10.0.0.1/24'
  if (kind === 'nat') network.nat('box', { inside, outside: '198.51.100.1/24' })
  else network.firewall('box', { inside })
  const direction = { delayNs: 1e6, mtuBytes: 1000 }
  for (const name of ['a', 'b']) network.link({ between: [name, 'box'], up: direction, down: direction })
  network.seal()
  const options = { to: '10.0.0.1', count: 1, everyMs: 1000, bytes: 3000, timeoutMs: 60_000 }
  network.ask(0, 'a', () => ping(network.hostOf('a'), options))
  for (const atNs of reboots) network.strike(atNs, { kind: 'reboot', node: 'box' })
  network.run()
  expect(ended).toEqual(expected)
})
