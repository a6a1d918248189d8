// Datagrams to numbers of endpoints: the same run as to the endpoints themselves, whatever they are and in whatever order.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Network } from '../../../sim/network/network.ts'
import type { UdpSocketOfHost } from '../../../sim/transport/udp.ts'

const EMPTY = new Uint8Array(0)
/** Bob's own, nobody's, and alice's. */
const ADDRESSES = ['192.0.2.2', '2001:db8:2::2', '198.51.100.7', '192.0.2.1', '2001:db8:1::1', '203.0.113.1'] as const

interface World {
  readonly network: Network
  readonly socket: UdpSocketOfHost
  readonly heard: string[]
}

function world(gateway: boolean, address: string | undefined): World {
  const network = new Network({
    seed: '1',
    level: 'everything',
    sinks: [],
    classify: () => ({ name: 'UDP', media: false }),
  })
  network.router('router')
  const interfaces = (n: number) => [{ address: `192.0.2.${n}/32` }, { address: `2001:db8:${n}::${n}/64` }]
  network.host('alice', { interfaces: interfaces(1), ...(gateway ? { gateway: 'router' } : {}) })
  network.host('bob', { interfaces: interfaces(2) })
  const way = { delayNs: 1000, mtuBytes: 1400 }
  for (const end of ['alice', 'bob']) network.link({ between: [end, 'router'], up: way, down: way })
  network.seal()
  const heard: string[] = []
  const open = (name: string, port: number, at?: string): UdpSocketOfHost => {
    const opened = network.hostOf(name).udp(
      { port, ...(at === undefined ? {} : { address: at }) },
      {
        received: ({ from, length }) => void heard.push(`${name}:${port} hears ${length} from ${from.address}`),
        failed: (to, why) => void heard.push(`${name}:${port} fails to ${to.address}:${to.port}, ${why}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  open('bob', 1)
  open('bob', 2)
  open('alice', 1)
  return { network, heard, socket: open('alice', 9, address) }
}

const datagram = fc.record({
  to: fc.constantFrom(...ADDRESSES),
  port: fc.integer({ min: 1, max: 3 }),
  bytes: fc.constantFrom(0, 1, 1352, 1372, 1373, 5000),
  dscp: fc.constantFrom(0, 46),
})

describe('to the number of an endpoint goes what would go to the endpoint', () => {
  it.prop([
    fc.boolean(),
    fc.constantFrom(undefined, '192.0.2.1', '2001:db8:1::1'),
    fc.array(datagram, { minLength: 1, maxLength: 12 }),
  ])('behind a gateway or not, of both versions, in fragments too', (gateway, address, datagrams) => {
    const runs = [true, false].map((numbered) => {
      const { network, socket, heard } = world(gateway, address)
      for (const { to, port, bytes, dscp } of datagrams) {
        const endpoint = network.hostOf('alice').endpoint(to, port)
        const body = new Uint8Array(bytes)
        if (numbered) socket.sendTo(endpoint.id, EMPTY, body, dscp)
        else socket.send(endpoint, EMPTY, body, dscp)
        network.run()
      }
      return { heard, digests: network.digests(), totals: network.recorder.totals() }
    })
    expect(runs[0]).toEqual(runs[1])
    const { sent, delivered, lost } = runs[0]!.totals
    expect(delivered + lost).toBeGreaterThanOrEqual(sent)
  })

  test('and one who speaks to two in turn, and to one of them again, is heard by whom he means', () => {
    const { network, socket, heard } = world(true, undefined)
    const [one, two] = [1, 2].map((port) => network.hostOf('alice').endpoint('192.0.2.2', port))
    for (const to of [one, two, two, one, one, one, two, two]) socket.send(to!, EMPTY, EMPTY)
    socket.sendTo(one!.id, EMPTY, EMPTY)
    socket.send(two!, EMPTY, EMPTY)
    network.run()
    expect(heard.map((line) => line.slice(4, 5)).join('')).toBe('1221112212')
  })

  test('but not to port 0, nor from a closed socket', () => {
    const { network, socket } = world(true, undefined)
    const alice = network.hostOf('alice')
    expect(() => socket.sendTo(alice.endpoint('192.0.2.2', 0).id, EMPTY, EMPTY)).toThrow('port 0')
    const bob = alice.endpoint('192.0.2.2', 1).id
    socket.sendTo(bob, EMPTY, EMPTY)
    socket.close()
    expect(() => socket.sendTo(bob, EMPTY, EMPTY)).toThrow('closed')
  })
})
