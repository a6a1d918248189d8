// What NATs do besides mapping and filtering, over random traffic: ports that are kept, reboots that forget, and hairpins that lead back.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { UdpSocket } from '../../../platform/host.ts'
import { destination, FIRST, IDLE_NS, judge, kind, options, play, seen, sends, source } from './natTraffic.ts'
import { boxWorld, INSIDE } from './story.ts'

describe('any NAT, any traffic', () => {
  law.prop([kind, kind, fc.boolean(), sends])(
    'keeps the inside port where that is in its range and free, and never else',
    (mapping, filtering, parity, traffic) => {
      const ports = { assignment: 'preserve', parity, first: FIRST } as const
      const { records } = play({ mapping, filtering, timers: { udpNs: IDLE_NS }, ports }, traffic)
      /** When each outside endpoint was used last, and by which mapping. */
      const holders = new Map<string, { readonly key: string; at: number }>()
      const mapped = new Map<string, string>()
      const holderOf = (outside: string, at: number): string | undefined => {
        const holder = holders.get(outside)
        return holder !== undefined && at - holder.at < IDLE_NS ? holder.key : undefined
      }
      for (const record of records) {
        if (record.kind !== 'translated' || !INSIDE.includes(record.before.source)) continue
        const { at, before, packet } = record
        const key = `${source(before)} ${seen(mapping, destination(packet))}`
        const outside = source(packet)
        const own = mapped.get(key)
        const isNew = own === undefined || holderOf(own, at) !== key
        const kept = `203.0.113.9:${before.sourcePort}`
        const isGiven = before.sourcePort >= FIRST
        if (isNew) expect(outside === kept).toBe(isGiven && holderOf(kept, at) === undefined)
        if (isNew && parity && outside !== kept) expect(packet.sourcePort % 2).toBe(before.sourcePort % 2)
        mapped.set(key, outside)
        holders.set(outside, { key, at })
      }
    },
  )

  law.prop([options, sends, fc.array(fc.nat(20_000), { minLength: 1, maxLength: 3 })])(
    'has forgotten all that was before a reboot, and nothing that came after',
    (nat, traffic, rebootsMs) => {
      const { records } = play(
        nat,
        traffic,
        rebootsMs.map((ms) => ms * 1e6 + 1),
      )
      judge(records, nat.mapping, nat.filtering)
    },
  )

  law.prop([
    kind,
    kind,
    fc.constantFrom('external' as const, 'internal' as const, 'off' as const),
    fc.nat(2),
    fc.nat(2),
  ])(
    'leads a hairpinned datagram to whom it is for, and its echo back to whom it is from',
    (mapping, filtering, hairpin, from, to) => {
      const { network } = boxWorld({ nat: { mapping, filtering, hairpin } })
      const heard: string[] = []
      const open = (name: string, port: number, echoes: boolean): UdpSocket => {
        const opened = network.hostOf(name).udp(
          { port },
          {
            received: ({ from: sender }) => {
              heard.push(`${name}:${port} from ${sender.address}:${sender.port}`)
              if (echoes) opened.ok && opened.value.send(sender, new Uint8Array(0), Uint8Array.of(2))
            },
            failed: () => {},
          },
        )
        if (!opened.ok) throw new Error(opened.issue.expected)
        return opened.value
      }
      const caller = open(`in${from}`, 5000, false)
      const callee = open(`in${to}`, 6000, true)
      const say = (ms: number, who: string, socket: UdpSocket, address: string, port: number): void =>
        network.ask(ms * 1e6, who, () => {
          socket.send(network.hostOf(who).endpoint(address, port), new Uint8Array(0), Uint8Array.of(1))
        })
      say(0, `in${to}`, callee, '198.51.100.7', 80) // its outside endpoint is 203.0.113.9:6000 now
      say(100, `in${to}`, callee, '203.0.113.9', 5000) // and it has spoken to where the caller will be
      say(200, `in${from}`, caller, '203.0.113.9', 6000)
      network.run()
      const called = heard.filter((line) => line.startsWith(`in${to}:6000 `))
      const echoed = heard.filter((line) => line.startsWith(`in${from}:5000 `))
      if (hairpin === 'off') expect(heard).toEqual([])
      else if (mapping === 'endpoint-independent') {
        const shown = hairpin === 'external' ? '203.0.113.9:5000' : `${INSIDE[from]}:5000`
        expect(called).toEqual([`in${to}:6000 from ${shown}`])
        expect(echoed).toEqual([
          `in${from}:5000 from ${hairpin === 'external' ? '203.0.113.9:6000' : `${INSIDE[to]}:6000`}`,
        ])
      } else {
        // The callee has another port towards the caller than towards the world: only a filter that is open lets the caller in by that.
        expect(called.length > 0).toBe(filtering === 'endpoint-independent')
        for (const line of called) expect(line.includes('203.0.113.9:')).toBe(hairpin === 'external')
      }
    },
  )
})
