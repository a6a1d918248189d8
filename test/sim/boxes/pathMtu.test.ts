// Path MTU discovery through a NAT (RFC 4787 REQ-13, RFC 5508 REQ-4): whoever finds a packet too large, the host inside hears of it.

import { expect, test } from 'vitest'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'

const EMPTY = new Uint8Array(0)

/** `a` behind the NAT `box`, then a router, then `b`: what `b` hears of two datagrams of 1450 bytes that must stay whole, and who lost what. */
function play(mtus: { readonly inside?: number; readonly outside?: number; readonly far?: number }, back = false) {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', sinks: [(record) => records.push(record)] },
    classify: (protocol) => ({ name: protocol, media: false }),
  })
  const sending = { discovery: 'on' } as const
  network.host('a', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'box', sending })
  network.nat('box', { inside: '10.0.0.1/24', outside: '203.0.113.9/24' })
  network.router('r')
  network.host('b', { interfaces: [{ address: '198.51.100.7/24' }], gateway: 'r', sending })
  const { inside = 1500, outside = 1500, far = 1500 } = mtus
  const link = (between: readonly [string, string], mtuBytes: number) => {
    network.link({ between, up: { delayNs: 1e6, mtuBytes }, down: { delayNs: 1e6, mtuBytes } })
  }
  link(['a', 'box'], inside)
  link(['box', 'r'], outside)
  link(['b', 'r'], far)
  network.seal()
  const heard: string[] = []
  const open = (name: string, answers: boolean) => {
    const opened = network.hostOf(name).udp(
      { port: 5060 },
      {
        received: ({ from, length }) => {
          heard.push(`${name} hears ${length}`)
          if (answers && opened.ok) opened.value.send(from, EMPTY, new Uint8Array(1450))
        },
        failed: (_, why) => heard.push(`${name} learns ${why}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  const socket = open('a', false)
  open('b', back)
  const to = network.hostOf('a').endpoint('198.51.100.7', 5060)
  for (const at of [0, 1e9]) network.ask(at, 'a', () => socket.send(to, EMPTY, new Uint8Array(back ? 10 : 1450)))
  network.run()
  const lost = records.flatMap((one) => (one.kind === 'lost' ? [`${one.id.node}: ${one.why}`] : []))
  return { heard, lost }
}

const TOO_LARGE = 'too large to send unfragmented'

test('a NAT whose outside is narrow tells the host, not itself', () => {
  expect(play({ outside: 1400 })).toEqual({ heard: ['b hears 1450'], lost: [`box: ${TOO_LARGE}`] })
})

test('what a router beyond it says is passed on to the host', () => {
  expect(play({ far: 1400 })).toEqual({ heard: ['b hears 1450'], lost: [`r: ${TOO_LARGE}`] })
})

test('a NAT whose inside is narrow tells the sender outside', () => {
  expect(play({ inside: 1400 }, true)).toEqual({
    heard: ['b hears 10', 'b hears 10', 'a hears 1450'],
    lost: [`box: ${TOO_LARGE}`],
  })
})
