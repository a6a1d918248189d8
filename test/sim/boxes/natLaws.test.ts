// Laws of NATs over random traffic, judged from the record alone by a model that knows only RFC 4787's words.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { destination, FIRST, IDLE_NS, judge, kind, LAST, options, play, sends, source } from './natTraffic.ts'
import { boxWorld, INSIDE, OUTSIDE } from './story.ts'

describe('any NAT without overloading, any traffic', () => {
  law.prop([options, sends])(
    'shares no outside endpoint, lets a mapping die exactly at its time, admits who may come in and nobody else',
    (nat, traffic) => {
      const { records } = play(nat, traffic)
      judge(records, nat.mapping, nat.filtering)
    },
  )

  law.prop([kind, kind, fc.integer({ min: 1, max: 9e9 }), fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }))])(
    'is open to whom it was spoken to until the last tick of its life, and not at the next',
    (mapping, filtering, udpNs, gaps) => {
      for (const [earlier, state] of [
        [1, 'open'],
        [0, 'dead'],
      ] as const) {
        const { network, records } = boxWorld({ nat: { mapping, filtering, timers: { udpNs } } })
        const nobody = { received: () => {}, failed: () => {} }
        const [inner, outer] = [network.hostOf('in0'), network.hostOf('out0')]
        const [near, far] = [inner.udp({ port: 5060 }, nobody), outer.udp({ port: 80 }, nobody)]
        if (!near.ok || !far.ok) throw new Error('no socket')
        let at = 5000
        const speak = (): void => near.value.send(inner.endpoint(OUTSIDE[0]!, 80), new Uint8Array(0), Uint8Array.of(1))
        network.ask(at, 'in0', speak)
        for (const gap of gaps) {
          at += Math.ceil(gap * udpNs)
          network.ask(at, 'in0', speak)
        }
        // From inside it is 1 µs to the box, from outside 2.
        const knock = (): void =>
          far.value.send(outer.endpoint('203.0.113.9', 5060), new Uint8Array(0), Uint8Array.of(2))
        network.ask(at - 1000 + udpNs - earlier, 'out0', knock)
        network.run()
        const lost = records.some((record) => record.kind === 'lost' && record.why === 'filtered by NAT')
        expect(lost ? 'dead' : 'open').toBe(state)
      }
    },
  )

  law.prop([sends, fc.constantFrom(FIRST + 2, LAST)])(
    'shares ports by remote, where it is like Linux: two who speak to one remote endpoint never have the same',
    (traffic, last) => {
      const ports = { overload: 'by remote', parity: false, first: FIRST, last } as const
      const rest = { mapping: 'address-and-port-dependent', timers: { udpNs: IDLE_NS } } as const
      const { records } = play({ ...rest, ports }, traffic)
      const owners = new Map<string, { readonly inside: string; at: number }>()
      for (const record of records) {
        if (record.kind !== 'translated') continue
        const { before, packet, at } = record
        const isOut = INSIDE.includes(before.source)
        const flow = isOut ? `${source(packet)} ${destination(packet)}` : `${destination(before)} ${source(before)}`
        const owner = owners.get(flow)
        const isOwned = owner !== undefined && at - owner.at < IDLE_NS
        const inside = isOut ? source(before) : destination(packet)
        if (isOwned || !isOut) expect(inside, flow).toBe(owner?.inside)
        if (isOut) owners.set(flow, { inside, at })
      }
    },
  )

  law.prop([options, sends])('breaks no law of physics, and loses nothing without a why', (nat, traffic) => {
    const { network, auditor } = play(nat, traffic)
    expect(auditor().end(network.inFlight).violations).toEqual([])
    const { sent, delivered, lost } = network.recorder.totals()
    expect(sent).toBe(delivered + lost + network.inFlight)
  })

  law.prop([options, sends])('is the same run each time', (nat, traffic) => {
    expect(play(nat, traffic).network.digests()).toEqual(play(nat, traffic).network.digests())
  })
})
