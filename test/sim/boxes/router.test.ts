// A router's ways: whatever it has passed on or refused before, a datagram fares as it would alone.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { UdpSocket } from '../../../platform/host.ts'
import { Network } from '../../../sim/network/network.ts'

const EMPTY = new Uint8Array(0)
/** What becomes of a datagram from a to port 1. */
const FATES: Readonly<Record<string, string>> = {
  '10.0.2.1': 'heard',
  '10.0.2.2': 'administratively prohibited',
  '10.0.2.3': 'port unreachable',
  '10.0.2.9': 'host unreachable',
  '10.9.0.1': 'network unreachable',
  '10.0.3.254': 'port unreachable',
  '10.0.1.254': 'port unreachable',
}
const addresses = Object.keys(FATES)

/** a, through r, which may refuse something, and s, to b and its three addresses, at the first of which it listens. */
function world() {
  const network = new Network({
    ...{ seed: '1', level: 'counters', sinks: [] },
    classify: (name) => ({ name, media: false }),
  })
  const b = [1, 2, 3].map((n) => ({ address: `10.0.2.${n}/24` }))
  network.host('a', { interfaces: [{ address: '10.0.1.1/24' }], gateway: 'r' })
  network.host('b', { interfaces: b, gateway: 's' })
  network.router('r', {
    interfaces: [{ address: '10.0.1.254/24' }],
    unreachable: [{ to: '10.0.2.2/32', why: 'administratively prohibited' }],
  })
  network.router('s', { interfaces: [{ address: '10.0.3.254/24' }] })
  for (const [one, other] of [
    ['a', 'r'],
    ['r', 's'],
    ['b', 's'],
  ] as const) {
    network.link({ between: [one, other], up: { delayNs: 1000 }, down: { delayNs: 1000 } })
  }
  network.seal()
  const fates: string[] = []
  const open = (name: string, port: number, address?: string): UdpSocket => {
    const opened = network
      .hostOf(name)
      .udp(
        { port, ...(address === undefined ? {} : { address }) },
        { received: () => void fates.push('heard'), failed: (_, why) => void fates.push(why) },
      )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  const [a] = [open('a', 1), open('b', 1, '10.0.2.1')]
  const fate = (address: string, port = 1): string | undefined => {
    a!.send(network.hostOf('a').endpoint(address, port), EMPTY, EMPTY)
    network.run()
    return fates.pop()
  }
  return { fate, open }
}

describe('a datagram fares as it would alone', () => {
  it.prop([fc.array(fc.constantFrom(...addresses), { minLength: 1, maxLength: 20 })])('in any order', (order) => {
    const { fate } = world()
    expect(order.map((address) => fate(address))).toEqual(order.map((address) => FATES[address]))
  })

  test('and so where sockets open and close meanwhile', () => {
    const { fate, open } = world()
    const fares = (): (string | undefined)[] => ['10.0.2.1', '10.0.2.2', '10.0.2.3'].map((address) => fate(address, 2))
    const closed = ['port unreachable', 'administratively prohibited', 'port unreachable']
    const heard = ['heard', 'administratively prohibited', 'heard']
    expect(fares()).toEqual(closed)
    const socket = open('b', 2)
    expect([fares(), fares()]).toEqual([heard, heard])
    socket.close()
    expect(fares()).toEqual(closed)
  })
})
