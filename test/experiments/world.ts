// A small real network for tests of what reads its trace: alice and bob on one router, over both versions of IP.

import type { LinkFacts } from '../../experiments/auditor/law.ts'
import { classify } from '../../experiments/classify.ts'
import type { TraceSink } from '../../platform/trace.ts'
import type { FaultRule } from '../../sim/faults/rule.ts'
import type { Direction } from '../../sim/network/direction.ts'
import { Network, type NetworkOptions } from '../../sim/network/network.ts'
import type { LinkOptions } from '../../sim/network/placement.ts'
import { writeRtpHead } from '../../stack/rtp/packet.ts'

const EMPTY = new Uint8Array(0)
export const NODES = [
  { name: 'alice', addresses: ['10.0.1.1', '2001:db8:1::1'] },
  { name: 'bob', addresses: ['10.0.2.1', '2001:db8:2::1'] },
  { name: 'router', addresses: ['10.0.1.254', '2001:db8:1::254'] },
]

/** The links: 1 ms to alice; 2 ms from bob; to bob what `toBob` says. */
function linksTo(toBob: Direction): readonly LinkOptions[] {
  return [
    { between: ['alice', 'router'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } },
    { between: ['bob', 'router'], up: { delayNs: 2e6 }, down: toBob },
  ]
}

/** What the auditor may hold the links to; a fault tape that moves packets about breaks the promise of order. */
export function factsOf(toBob: Direction, faults: readonly FaultRule[]): readonly LinkFacts[] {
  const moved = faults.some(({ action }) => !('drop' in action || 'corruptBit' in action || 'jitterNs' in action))
  return linksTo(toBob).flatMap(({ between: [a, b], up, down }) => {
    const facts = (from: string, to: string, { rateBps, delayNs, framingBytes = 0, jitter }: Direction): LinkFacts => ({
      ...{ name: `${a}--${b} from ${from}`, from, to, delayNs, framingBytes, queueKeepsOrder: true },
      ...(rateBps === undefined ? {} : { rateBps }),
      arriveInOrder: jitter?.reorders !== true && !moved,
    })
    return [facts(a, b, up), facts(b, a, down)]
  })
}

export const DIRECTIONS = factsOf({ delayNs: 2e6 }, [])

/** Sealed, and not yet run. */
export function network(toBob: Direction, sinks: readonly TraceSink[], more: Partial<NetworkOptions> = {}): Network {
  const made = new Network({ seed: 'world', level: 'everything', classify, sinks, ...more })
  for (const { name, addresses } of NODES) {
    const interfaces = addresses.map((address) => ({ address: `${address}/${address.includes(':') ? 64 : 24}` }))
    if (name === 'router') made.router(name, { interfaces })
    else made.host(name, { interfaces })
  }
  for (const link of linksTo(toBob)) made.link(link)
  made.seal()
  return made
}

/** Alice sends a SIP MESSAGE of 5060 to each of these, at 1 ms; bob listens on 5060 and 10000. */
export function sendMessages(world: Network, to: readonly (readonly [address: string, port: number])[]): void {
  const heard = { received: () => {}, failed: () => {} }
  const bob = world.hostOf('bob')
  bob.udp({ port: 5060 }, heard)
  bob.udp({ port: 10000 }, heard)
  const opened = world.hostOf('alice').udp({ port: 5060 }, heard)
  if (!opened.ok) throw new Error(opened.issue.expected)
  const socket = opened.value
  world.ask(1e6, 'alice', () => {
    to.forEach(([address, port], index) => {
      const [head, body] = index % 2 === 0 ? [MESSAGE, EMPTY] : [EMPTY, MESSAGE]
      socket.send(bob.endpoint(address, port), head, body, index === 0 ? 46 : 0)
    })
  })
}

/** Alice sends RTP of 160 bytes to bob's port 10000 at these times, ms; a pause of more than 20 ms begins a spurt with the marker. */
export function sendMedia(world: Network, timesMs: readonly number[], firstSequence = 65_500): void {
  const opened = world.hostOf('alice').udp({ port: 10000 }, { received: () => {}, failed: () => {} })
  if (!opened.ok) throw new Error(opened.issue.expected)
  const socket = opened.value
  const to = world.hostOf('bob').endpoint('10.0.2.1', 10000)
  timesMs.forEach((ms, n) => {
    const head = new Uint8Array(12)
    const marker = n === 0 || ms - timesMs[n - 1]! > 20
    writeRtpHead(head, marker, 0, firstSequence + n, Math.round(ms * 8), 0xabcdef)
    world.ask(ms * 1e6, 'alice', () => socket.send(to, head, new Uint8Array(160).fill(0xff), 46))
  })
}

const MESSAGE = new TextEncoder().encode(
  [
    'MESSAGE sip:bob@10.0.2.1 SIP/2.0',
    'Via: SIP/2.0/UDP 10.0.1.1:5060;branch=z9hG4bK1',
    'From: <sip:alice@example.com>;tag=1',
    'To: <sip:bob@example.com>',
    'Call-ID: odd',
    'CSeq: 1 MESSAGE',
    'Max-Forwards: 70',
    'Content-Type: text/plain',
    'Content-Length: 5',
    '',
    'hello',
  ].join('\r\n'),
)
