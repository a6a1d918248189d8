// Most datagrams are delivered without a look at their host. Whoever's clock was stated, right as it may be, takes them the general way: the
// two ways are the same run, whatever happens to the hosts meanwhile.

import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import type { TraceLevel } from '../../../platform/trace.ts'
import type { Incident } from '../../../sim/faults/incident.ts'
import type { Clock } from '../../../sim/network/clock.ts'
import { Network } from '../../../sim/network/network.ts'

const NAMES = ['a', 'b', 'c'] as const
const EMPTY = new Uint8Array(0)
const classify = () => ({ name: 'UDP', media: false })

type Step =
  | { readonly do: 'send'; readonly atMs: number; readonly from: number; readonly to: number; readonly port: number }
  | { readonly do: 'close'; readonly atMs: number; readonly from: number }
  | { readonly do: 'strike'; readonly atMs: number; readonly incident: Incident }

/** Three hosts on a router, each with a socket at port 5; what each heard and when, and the run's digests. */
function play(steps: readonly Step[], level: TraceLevel, clock: Clock | undefined) {
  const network = new Network({ seed: '1', level, classify, sinks: [] })
  network.router('r')
  for (const [index, name] of NAMES.entries()) {
    network.host(name, { interfaces: [{ address: `10.0.${index}.1/24` }], ...(clock && { clock }) })
    const direction = { delayNs: 1e6, rateBps: 1e5 }
    network.link({ between: [name, 'r'], up: direction, down: direction })
  }
  network.seal()
  const heard: string[] = []
  const sockets = NAMES.map((name) => {
    const host = network.hostOf(name)
    const opened = host.udp(
      { port: 5 },
      {
        received: (datagram) => {
          expect(datagram.arrivedMs).toBe(host.monotonic())
          heard.push(`${datagram.arrivedMs} ${name} ${datagram.bytes()[0]} from ${datagram.from.address}`)
        },
        failed: (to, why) => heard.push(`${host.monotonic()} ${name} ${to.address} ${why}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  })
  const closed = new Set<number>()
  for (const [index, step] of steps.entries()) {
    if (step.do === 'strike') network.strike(step.atMs * 1e6, step.incident)
    else {
      network.ask(step.atMs * 1e6, NAMES[step.from]!, () => {
        if (closed.has(step.from)) return
        if (step.do === 'close') {
          closed.add(step.from)
          sockets[step.from]!.close()
          return
        }
        const host = network.hostOf(NAMES[step.from]!)
        sockets[step.from]!.send(host.endpoint(`10.0.${step.to}.1`, step.port), Uint8Array.of(index), EMPTY)
      })
    }
  }
  network.run()
  return { heard, digests: network.digests(), totals: network.recorder.totals(), inFlight: network.inFlight }
}

const atMs = fc.nat({ max: 30 })
const node = fc.constantFrom(...NAMES)
const forNs = fc.integer({ min: 1, max: 15 }).map((ms) => ms * 1e6)
const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({ kind: fc.constant('freeze' as const), node, forNs }),
  fc.record({
    ...{ kind: fc.constant('slow' as const), node, forNs },
    ...{ packetNs: fc.nat({ max: 3e6 }), timerNs: fc.nat({ max: 1e6 }) },
  }),
  fc.record({
    ...{ kind: fc.constant('clock' as const), node, stepMs: fc.integer({ min: -50, max: 50 }) },
    driftRatio: fc.constantFrom(0, 0.01, -0.5),
  }),
)
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        ...{ do: fc.constant('send' as const), atMs, from: fc.nat({ max: 2 }), to: fc.nat({ max: 2 }) },
        port: fc.constantFrom(5, 5, 5, 6),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), atMs, from: fc.nat({ max: 2 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('strike' as const), atMs, incident }) },
  ),
  { minLength: 1, maxLength: 25 },
)

law.prop([steps, fc.constantFrom<TraceLevel>('counters', 'signalling', 'everything')])(
  'a host of the prompt way and one of the general way hear the same at the same times',
  (list, level) => {
    const prompt = play(list, level, undefined)
    expect(play(list, level, {})).toEqual(prompt)
    expect(prompt.inFlight).toBe(0)
  },
)

const SENDS: readonly Step[] = [0, 10, 20].map((at) => ({ do: 'send', atMs: at, from: 0, to: 1, port: 5 }))
const GONE = { kind: 'crash', node: 'b', forNs: 10e6 } as const

test.each<[string, readonly Step[], readonly string[]]>([
  ['as it comes', SENDS, ['6.64 b 0 from 10.0.0.1', '16.64 b 1 from 10.0.0.1', '26.64 b 2 from 10.0.0.1']],
  [
    'when it thaws',
    [...SENDS, { do: 'strike', atMs: 5, incident: { kind: 'freeze', node: 'b', forNs: 20e6 } }],
    ['25 b 0 from 10.0.0.1', '25 b 1 from 10.0.0.1', '26.64 b 2 from 10.0.0.1'],
  ],
  ['not without power, and not by a socket that is gone', [...SENDS, { do: 'strike', atMs: 5, incident: GONE }], []],
  [
    'by the pace of its clock',
    [...SENDS, { do: 'strike', atMs: 10, incident: { kind: 'clock', node: 'b', stepMs: 500, driftRatio: 1 } }],
    ['6.64 b 0 from 10.0.0.1', '23.28 b 1 from 10.0.0.1', '43.28 b 2 from 10.0.0.1'],
  ],
])('a host hears %s', (_, list, heard) => {
  expect(play(list, 'counters', undefined).heard.filter((line) => line.includes(' b '))).toEqual(heard)
})
