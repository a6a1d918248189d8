// One way from `a` to `b` over routers, each link with an MTU: what is sent at one end, what the other hears, and what the record tells.

import type { TraceRecord } from '../../../platform/trace.ts'
import type { HostOptions, RouterOptions } from '../../../sim/network/declaration.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'

const EMPTY = new Uint8Array(0)

interface WayOptions {
  /** MTUs of the links from `a` to `b`; 0 for none. Between them are routers `r1`, `r2`, … */
  readonly mtus: readonly number[]
  readonly ipv6?: boolean
  readonly a?: Partial<HostOptions>
  readonly b?: Partial<HostOptions>
  readonly router?: RouterOptions
  /** All links besides their MTU. */
  readonly link?: Partial<Direction>
  readonly network?: Partial<NetworkOptions>
}

/** A way that can be walked. */
export function way({ mtus, ipv6 = false, a, b, router, link, network: more }: WayOptions) {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: 'one', level: 'everything', sinks: [(record) => records.push(record)] },
    classify: () => ({ name: 'data', media: false }),
    ...more,
  })
  const [from, to] = ipv6 ? ['2001:db8:1::1', '2001:db8:2::1'] : ['10.0.1.1', '10.0.2.1']
  const bits = ipv6 ? 64 : 24
  network.host('a', { interfaces: [{ address: `${from}/${bits}` }], ...a })
  network.host('b', { interfaces: [{ address: `${to}/${bits}` }], ...b })
  const nodes = ['a', ...mtus.slice(1).map((_, i) => `r${i + 1}`), 'b']
  for (const name of nodes.slice(1, -1)) network.router(name, router)
  for (const [i, mtu] of mtus.entries()) {
    const direction = { delayNs: 1e6, ...link, ...(mtu > 0 && { mtuBytes: mtu }) }
    network.link({ between: [nodes[i]!, nodes[i + 1]!], up: direction, down: direction })
  }
  network.seal()
  const heard: string[] = []
  const received: Uint8Array[] = []
  const open = (name: 'a' | 'b') => {
    const host = network.hostOf(name)
    const opened = host.udp(
      { port: 5060 },
      {
        received: (datagram) => {
          heard.push(`${host.now()} ${name} hears ${datagram.length}`)
          received.push(datagram.bytes())
        },
        failed: (_, why) => heard.push(`${host.now()} ${name} learns ${why}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  const socket = open('a')
  open('b')
  return {
    ...{ network, records, heard, received },
    /** Sends so many bytes of UDP payload at `atMs`. */
    send(bytes: number, atMs = 0): void {
      network.ask(atMs * 1e6, 'a', () => socket.send(network.hostOf('a').endpoint(to, 5060), EMPTY, pattern(bytes)))
    },
    /** A line for each record of packets: what, how long, and of a fragment where it stands. */
    story: () => records.flatMap(tell),
  }
}

/** Bytes that differ from their neighbours near and far. */
export function pattern(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + (i >> 8)) & 255)
}

function tell(record: TraceRecord): string[] {
  if (!('packet' in record)) return []
  const { packet } = record
  const place = packet.fragment ? ` @${packet.fragment.offset}${packet.fragment.more ? '+' : ''}` : ''
  const more =
    'why' in record
      ? `: ${record.why}`
      : record.kind === 'fragmented'
        ? ` into ${record.into} for ${record.mtuBytes}`
        : record.kind === 'reassembled'
          ? ` from ${record.from}`
          : ''
  return [`${record.at / 1e6} ${record.id.node} ${record.kind} ${packet.protocol} ${packet.length}${place}${more}`]
}
