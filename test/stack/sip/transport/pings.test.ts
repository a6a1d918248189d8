// A phone that keeps its TCP flow alive by pings: what it does when the proxy answers, falls silent, forgets, or ends the connection; and
// URIs that say over what they want to be asked. Times in s.

import { describe, expect, test } from 'vitest'
import { classify } from '../../../../experiments/classify.ts'
import { readExperiment } from '../../../../experiments/experiment.ts'
import { Run } from '../../../../experiments/run/run.ts'
import type { Endpoint, Host } from '../../../../platform/host.ts'
import type { TraceRecord } from '../../../../platform/trace.ts'
import { Network } from '../../../../sim/network/network.ts'
import { KeepAlive, type KeepAliveFlow } from '../../../../stack/sip/user-agent/keepAlive.ts'
import { type PingedFlow, StreamKeepAlive } from '../../../../stack/sip/user-agent/streamKeepAlive.ts'
import { readYaml } from '../../../../topologies/yaml/document.ts'
import { printMistake } from '../../../../topologies/yaml/mistake.ts'

interface Story {
  readonly alice?: string
  readonly bob?: string
  readonly proxy?: string
  readonly scenario?: string
  readonly faults?: string
  readonly until?: string
}

function tell({ alice = '', bob = '', proxy = '', scenario = '', faults = '', until = '200 s' }: Story) {
  const text = `question: Is the flow alive?
topology:
  nodes:
    alice: { kind: host, address: 10.0.0.1/24, gateway: r, runs: { program: phone, aor: sip:alice@a.example, ${alice} talk: false } }
    bob:   { kind: host, address: 10.0.1.2/24, gateway: r, runs: { program: phone, aor: sip:bob@a.example, ${bob} talk: false, answerAfter: 1 s } }
    proxy: { kind: host, address: 10.0.3.1/24, gateway: r, runs: { program: proxy, domain: a.example, users: { alice: [] }, registrar: {}, transport: tcp, ${proxy} } }
    r:     { kind: router }
  links:
    - { between: [alice, r], delay: 1 ms }
    - { between: [bob, r] }
    - { between: [proxy, r] }
scenario: [${scenario}]
faults: [${faults}]
until: ${until}
`
  const reading = readExperiment(readYaml('e', text), () => ({ hint: 'none' }))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  const records: TraceRecord[] = []
  const run = new Run(reading.value, { level: 'everything', sinks: [(record) => records.push(record)] })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  expect(run.result().audit.violations).toEqual([])
  const at = (one: TraceRecord): string => String(Math.round(one.at / 1e8) / 10)
  return {
    /** When it sent a message of this label, over what, and to whom if that is wanted. */
    sent: (who: string, label: string): string[] =>
      records.flatMap((one) =>
        one.kind === 'sent' && one.id.node === who && one.packet.label.name === label
          ? [`${at(one)} ${one.packet.protocol}`]
          : [],
      ),
    remarks: records.flatMap((one) =>
      one.kind === 'remark' && one.id.node === 'alice' && one.what === 'flow failed'
        ? [`${at(one)} ${one.details.why}`]
        : [],
    ),
    /** What TCP carried from the proxy that is no message. */
    pongs: records.filter((one) => {
      return one.kind === 'sent' && one.id.node === 'proxy' && one.packet.label.name === 'TCP data'
    }).length,
  }
}

const PINGS = 'proxy: 10.0.3.1, transport: tcp, register: true, keepAlive: 20 s,'

describe('a phone that pings over TCP', () => {
  test('is answered each time, and has nothing to do', () => {
    const { sent, remarks, pongs } = tell({ alice: PINGS })
    expect([sent('alice', 'REGISTER'), remarks, pongs]).toEqual([['0 tcp'], [], 9])
  })
  test('pings every 95 to 120 s if nothing else is said', () => {
    expect(tell({ alice: PINGS.replace('20 s', '{ by: crlf }'), until: '480 s' }).pongs).toBe(4)
  })
  test('that hears no pong for 10 s connects and registers anew', () => {
    const { sent, remarks } = tell({ alice: PINGS, faults: '{ at: 30 s, cut: { on: alice--r, for: 25 s } }' })
    expect(remarks).toEqual(['50 no pong for 10 s'])
    // The proxy has never heard the RST, but this is another port.
    expect(sent('alice', 'TCP SYN')).toEqual(['0 tcp', '50 tcp', '51 tcp', '53 tcp', '57 tcp'])
    expect(sent('alice', 'REGISTER')).toEqual(['0 tcp', '57 tcp'])
  })
  test('whose proxy has forgotten the connection learns it by the next ping', () => {
    const { sent, remarks } = tell({ alice: PINGS, faults: '{ at: 30 s, crash: { node: proxy, for: 1 s } }' })
    expect(remarks).toEqual(['40 connection ended'])
    expect(sent('alice', 'REGISTER')).toEqual(['0 tcp', '40 tcp'])
  })
  test('whose proxy is gone tries again with patience, and comes back', () => {
    const { sent, remarks } = tell({ alice: PINGS, faults: '{ at: 30 s, cut: { on: proxy--r, for: 60 s } }' })
    expect(remarks[0]).toBe('50 no pong for 10 s')
    const registers = sent('alice', 'REGISTER')
    expect(registers[0]).toBe('0 tcp')
    expect(Number(registers.at(-1)!.split(' ')[0])).toBeGreaterThan(90)
    expect(Number(registers.at(-1)!.split(' ')[0])).toBeLessThan(160)
  })
})

describe('a phone that is stopped while it still looks for its proxy says nothing more', () => {
  type Found = (next: Endpoint | undefined) => void
  function silenced(
    begin: (host: Host, flow: PingedFlow & KeepAliveFlow) => { stop(): void; pong?(from: Endpoint): void },
  ) {
    const network = new Network({ seed: '1', level: 'everything', sinks: [], classify })
    network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
    network.seal()
    const host = network.hostOf('alice')
    const said: string[] = []
    const asked: Found[] = []
    const say = (what: string) => (): void => void said.push(what)
    const found = (answer: Found): void => void asked.push(answer)
    const words = { ping: say('ping'), send: say('send'), drop: say('drop'), changed: say('changed') }
    const keepAlive = begin(host, { first: found, ...words })
    const proxy = host.endpoint('10.0.0.2', 5060)
    asked[0]!(proxy)
    keepAlive.pong?.(proxy)
    network.run(25e9)
    keepAlive.stop()
    asked[1]!(proxy)
    expect(network.run()).toBe('idle')
    return said
  }
  test('over TCP', () => expect(silenced((host, flow) => new StreamKeepAlive(host, flow, 20_000))).toEqual(['ping']))
  test('over UDP', () => {
    const options = { by: 'crlf', everyMs: 20_000 } as const
    expect(silenced((host, flow) => new KeepAlive(host, flow, options))).toEqual(['send'])
  })
})

test('a phone that asks by STUN has no timer of its own while it looks for its proxy and waits for the answer', () => {
  const network = new Network({ seed: '1', level: 'everything', sinks: [], classify })
  network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.seal()
  const host = network.hostOf('alice')
  const asked: ((next: Endpoint | undefined) => void)[] = []
  const flow: KeepAliveFlow = { first: (found) => void asked.push(found), send: () => {}, changed: () => {} }
  const keepAlive = new KeepAlive(host, flow, { by: 'stun', everyMs: 20_000 })
  const timers = [keepAlive.timers]
  const next = (then: () => void): void => {
    then()
    timers.push(keepAlive.timers)
  }
  next(() => asked[0]!(undefined))
  next(() => network.run(25e9))
  next(() => asked[1]!(host.endpoint('10.0.0.2', 5060)))
  next(() => network.run(80e9))
  next(() => keepAlive.stop())
  expect(timers).toEqual([0, 1, 0, 0, 1, 0])
})

describe('a URI that says over what it wants to be asked', () => {
  const bob = 'transport: tcp,'
  const ask = (uri: string): string =>
    `{ at: 1 s, who: alice, do: call, to: '${uri}' }, { at: 4 s, who: alice, do: hang up }`
  test('is asked over TCP by a phone of UDP, the whole call long', () => {
    const { sent } = tell({ bob, scenario: ask('sip:bob@10.0.1.2;transport=tcp') })
    expect([sent('alice', 'INVITE'), sent('bob', '200 INVITE')]).toEqual([['1 tcp'], ['2 tcp']])
    expect([sent('alice', 'ACK'), sent('alice', 'BYE')]).toEqual([['2 tcp'], ['4 tcp']])
  })
  test('is asked over UDP by a phone of TCP', () => {
    const { sent } = tell({ alice: 'transport: tcp,', scenario: ask('sip:bob@10.0.1.2;transport=udp') })
    expect([sent('alice', 'INVITE'), sent('alice', 'BYE')]).toEqual([['1 udp'], ['4 udp']])
  })
  test('that says nothing is asked as the phone likes it', () => {
    expect(tell({ bob, scenario: ask('sip:bob@10.0.1.2') }).sent('alice', 'INVITE')).toEqual(['1 udp'])
    expect(tell({ bob, alice: 'transport: tcp,', scenario: ask('sip:bob@10.0.1.2') }).sent('alice', 'INVITE')).toEqual([
      '1 tcp',
    ])
  })
  test('where nobody takes TCP, the call fails at once', () => {
    const { sent } = tell({ scenario: ask('sip:bob@10.0.1.2;transport=tcp') })
    expect([sent('alice', 'TCP SYN'), sent('bob', 'TCP RST'), sent('alice', 'INVITE')]).toEqual([
      ['1 tcp'],
      ['1 tcp'],
      [],
    ])
  })
})
