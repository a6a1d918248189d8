// TCP through NATs (RFC 5382) and firewalls: how long they remember connections, and what becomes of a SYN that nobody asked for.

import { describe, expect, test } from 'vitest'
import type { Connection, ConnectionReceiver } from '../../../platform/connection.ts'
import type { FirewallOptions } from '../../../sim/boxes/firewall/options.ts'
import type { NatOptions } from '../../../sim/boxes/nat/options.ts'
import type { Network } from '../../../sim/network/network.ts'
import { boxWorld } from './story.ts'

const MINUTE = 60e9
const OUTSIDE = '198.51.100.7'

/** Inside host `in0` at 10.0.0.2, NAT at 203.0.113.9, outside host `out0`; what each program hears, with the second. */
function stage(nat: Partial<NatOptions> = {}, firewall?: Partial<FirewallOptions>) {
  const { network } = boxWorld(firewall === undefined ? { nat } : { firewall })
  const heard: string[] = []
  const connections: Record<string, Connection> = {}
  const say = (who: string, what: string): void => {
    heard.push(`${Math.floor(network.kernel.now / 1e9)} s ${who} ${what}`)
  }
  const receiver = (who: string): ConnectionReceiver => ({
    connected: () => say(who, 'connected'),
    received: (_, start, end) => say(who, `got ${end - start}`),
    ended: () => say(who, 'ended'),
    closed: ({ how, icmp }) => say(who, icmp === undefined ? how : `${how} (${icmp})`),
  })
  const listen = (who: string, port: number): (() => void) => {
    const opened = network.hostOf(who).tcp.listen(
      { port },
      {
        accepted: (connection) => {
          connections[who] = connection
          say(who, `accepted ${connection.remote.address}:${connection.remote.port}`)
          return receiver(who)
        },
      },
    )
    return () => opened.ok && opened.value.close()
  }
  const connect = (atNs: number, who: string, address: string, port: number, from?: number): void => {
    network.ask(atNs, who, () => {
      const host = network.hostOf(who)
      const options = from === undefined ? {} : { port: from }
      const opened = host.tcp.connect(host.endpoint(address, port), options, receiver(who))
      if (opened.ok) connections[who] = opened.value
    })
  }
  const ask = (atNs: number, who: string, what: (connection: Connection) => void): void => {
    network.ask(atNs, who, () => what(connections[who]!))
  }
  return { network, heard, listen, connect, ask }
}

function say(connection: Connection): void {
  connection.send(new Uint8Array(5))
}

function open(nat: Partial<NatOptions> = {}) {
  const made = stage(nat)
  made.listen('out0', 80)
  made.connect(0, 'in0', OUTSIDE, 80, 5000)
  return made
}

const end = (network: Network): unknown => network.run(9000 * 1e9)

describe('a connection from inside', () => {
  test('is known outside by the NAT’s address', () => {
    const { heard, network, ask } = open()
    ask(1e9, 'out0', say)
    network.run(2e9)
    expect(heard).toEqual(['0 s in0 connected', '0 s out0 accepted 203.0.113.9:5000', '1 s in0 got 5'])
  })

  test('an established one lives 2 h 4 min in silence, and not a minute longer', () => {
    const alive = open()
    alive.ask(123 * MINUTE, 'out0', say)
    end(alive.network)
    expect(alive.heard.at(-1)).toBe('7380 s in0 got 5')
    const dead = open()
    dead.ask(125 * MINUTE, 'out0', say)
    end(dead.network)
    expect(dead.heard.at(-1)).toBe('7800 s out0 timed out')
  })

  test('one that is closed on both sides lives 4 min more', () => {
    const mappings = (atNs: number): boolean => {
      const { network, ask, heard, connect } = open({ filtering: 'endpoint-independent' })
      ask(MINUTE, 'in0', (one) => one.close())
      ask(MINUTE, 'out0', (one) => one.close())
      connect(atNs, 'out1', '203.0.113.9', 5000)
      network.run(atNs + 5e9)
      return heard.at(-1)!.endsWith('refused')
    }
    expect([mappings(4.9 * MINUTE), mappings(5.1 * MINUTE)]).toEqual([true, false])
  })

  test('one of two on the same mapping is closed: the other keeps it', () => {
    const { network, ask, heard, listen } = open()
    listen('out1', 80)
    network.ask(1e9, 'in0', () => {
      const host = network.hostOf('in0')
      const nobody = { received: () => {}, ended: () => {}, closed: () => {} }
      const second = host.tcp.connect(host.endpoint('198.51.100.8', 80), { port: 5000 }, nobody)
      if (second.ok) host.after(1000, () => second.value.abort())
    })
    ask(60 * MINUTE, 'out0', say)
    end(network)
    expect(heard).toContain('3600 s in0 got 5')
  })

  test('a reset ends it as well', () => {
    const { network, ask, heard, connect } = open({ filtering: 'endpoint-independent' })
    ask(MINUTE, 'in0', (one) => one.abort())
    connect(5.1 * MINUTE, 'out1', '203.0.113.9', 5000)
    network.run(5.1 * MINUTE + 10e9)
    expect(heard.at(-1)).toBe('312 s out1 unreachable (port unreachable)')
  })
})

describe('a SYN that nobody asked for', () => {
  test('is answered after 6 s', () => {
    const { network, connect, heard } = stage()
    connect(0, 'out0', '203.0.113.9', 5000)
    network.run(100e9)
    expect(heard).toEqual(['6 s out0 unreachable (port unreachable)'])
    expect(network.inFlight).toBe(0)
  })

  test('is dropped without a word if the inside host opens the same connection meanwhile', () => {
    const { network, connect, heard } = stage()
    connect(0, 'out0', '203.0.113.9', 5000, 80)
    connect(0.5e9, 'in0', OUTSIDE, 80, 5000)
    network.run(100e9)
    expect(heard).toEqual(['0 s in0 connected', '0 s out0 connected'])
  })
})

describe('a firewall', () => {
  const late = (atNs: number, close: boolean): string => {
    const { network, listen, connect, ask, heard } = stage({}, {})
    const deaf = listen('out0', 80)
    connect(0, 'in0', OUTSIDE, 80, 5000)
    if (close) ask(MINUTE, 'in0', (one) => one.abort())
    network.ask(2 * MINUTE, 'out0', deaf)
    // The same ends again, from outside: a firewall that remembers the flow lets the SYN in, and in0 answers that nobody listens.
    if (close) connect(atNs, 'out0', '10.0.0.2', 5000, 80)
    else ask(atNs, 'out0', say)
    network.run(atNs + 400e9)
    return heard.at(-1)!
  }
  test('remembers an established connection for 2 h 4 min', () => {
    expect(late(123 * MINUTE, false)).toBe('7380 s in0 got 5')
    expect(late(125 * MINUTE, false)).toBe('7800 s out0 timed out')
  })
  test('remembers one that was reset for 4 min', () => {
    expect(late(4.9 * MINUTE, true)).toMatch(/refused/)
    expect(late(5.2 * MINUTE, true)).toMatch(/timed out/)
  })
})
