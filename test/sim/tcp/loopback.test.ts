// A host that talks to itself, and programs that do what they should not: all of it ends in order, or in an issue.

import { describe, expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Connection } from '../../../platform/connection.ts'
import { Network } from '../../../sim/network/network.ts'

function alone() {
  const network = new Network({ seed: '1', level: 'everything', classify, sinks: [] })
  network.host('a', { interfaces: [{ address: '10.0.0.1/24' }, { address: '2001:db8::1/64' }], tcp: { mslMs: 1000 } })
  network.seal()
  return { network, host: network.hostOf('a') }
}

test.each(['127.0.0.1', '10.0.0.1', '::1', '2001:db8::1'])('a host reaches its own port at %s', (address) => {
  const { network, host } = alone()
  const heard: string[] = []
  network.ask(0, 'a', () => {
    host.tcp.listen(
      { port: 80 },
      {
        accepted: (connection) => ({
          received: (_, start, end) => heard.push(`got ${end - start}`),
          ended: () => connection.close(),
          closed: ({ how }) => heard.push(how),
        }),
      },
    )
    const opened = host.tcp.connect(
      host.endpoint(address, 80),
      {},
      { received: () => {}, ended: () => {}, closed: ({ how }) => heard.push(how) },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    opened.value.send(new Uint8Array(1000))
    opened.value.close()
  })
  network.run(10e9)
  expect(heard).toEqual(['got 1000', 'done', 'done'])
  expect(network.inFlight).toBe(0)
})

describe('what a program may not do', () => {
  const nobody = { received: () => {}, ended: () => {}, closed: () => {} }

  test('a port that is taken, an address of others, a version that the host does not have: issues', () => {
    const { host } = alone()
    const says = (result: { ok: boolean; issue?: { expected: string } }): string =>
      result.ok ? 'ok' : result.issue!.expected
    expect(says(host.tcp.listen({ port: 80 }, { accepted: () => undefined }))).toBe('ok')
    expect(says(host.tcp.listen({ port: 80 }, { accepted: () => undefined }))).toBe('a free port; a has 80 in use')
    expect(says(host.tcp.listen({ address: '10.0.0.9' }, { accepted: () => undefined }))).toContain(
      'an address of a (10.0.0.1',
    )
    expect(says(host.tcp.connect(host.endpoint('10.0.0.2', 80), { port: 70_000 }, nobody))).toBe(
      'a port from 1 to 65535, not 70000',
    )
  })

  test('to send, close or abort after the end does nothing', () => {
    const { network, host } = alone()
    let connection: Connection | undefined
    network.ask(0, 'a', () => {
      const opened = host.tcp.connect(host.endpoint('10.0.0.1', 9), {}, nobody)
      if (opened.ok) connection = opened.value
    })
    network.run(1e9)
    expect(connection!.send(new Uint8Array(5))).toBe(false)
    connection!.close()
    connection!.abort()
    connection!.pause()
    connection!.resume()
    network.run(2e9)
    expect(network.inFlight).toBe(0)
  })

  test('to abort or close from within any callback', () => {
    for (const verb of ['abort', 'close'] as const) {
      for (const where of ['connected', 'received', 'ended', 'drained'] as const) {
        const { network, host } = alone()
        network.ask(0, 'a', () => {
          host.tcp.listen(
            { port: 80 },
            {
              accepted: (one) => {
                one.send(new Uint8Array(2_000_000))
                return { ...nobody, [where]: () => one[verb](), closed: () => {} }
              },
            },
          )
          const opened = host.tcp.connect(
            host.endpoint('10.0.0.1', 80),
            {},
            {
              ...nobody,
              [where]: () => opened.ok && opened.value[verb](),
            },
          )
          if (opened.ok) opened.value.send(new Uint8Array(2_000_000))
        })
        network.run(400e9)
        expect(network.inFlight).toBe(0)
      }
    }
  })
})
