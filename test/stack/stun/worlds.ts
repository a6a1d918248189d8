// A probe behind a NAT and a STUN server with two addresses, on the real simulator; and what it says it found.

import { classify } from '../../../experiments/classify.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { NatOptions } from '../../../sim/boxes/nat/options.ts'
import { Network } from '../../../sim/network/network.ts'
import { type NatProbeOptions, natProbe } from '../../../stack/programs/natProbe.ts'
import { type StunServerOptions, stunServer } from '../../../stack/programs/stunServer.ts'

export interface ProbeOptions {
  /** Absent: no NAT at all, a router in its place. */
  readonly nat?: Partial<NatOptions>
  /** A carrier's NAT behind the first one; absent: none. */
  readonly outer?: Partial<NatOptions>
  /** Whether the server has a second address; true. */
  readonly twoAddresses?: boolean
  readonly server?: Partial<StunServerOptions>
  readonly probe?: Partial<NatProbeOptions>
  readonly seed?: string
}

const DIRECTION = { delayNs: 5e6, mtuBytes: 1500 }

/** The probe's remarks, in their order. */
export function discovered(options: ProbeOptions): readonly string[] {
  const { nat, outer, twoAddresses = true, server = {}, probe = {}, seed = 'probe' } = options
  const records: TraceRecord[] = []
  const network = new Network({ seed, level: 'signalling', classify, sinks: [(record) => records.push(record)] })
  const inside = nat === undefined ? '203.0.113.77/24' : '10.0.0.2/24'
  network.host('alice', { interfaces: [{ address: inside }], gateway: 'box' })
  if (nat === undefined) network.router('box')
  else
    network.nat('box', {
      inside: '10.0.0.1/24',
      outside: outer === undefined ? '203.0.113.9/24' : '100.64.0.9/24',
      ...nat,
    })
  if (outer === undefined) network.router('carrier')
  else network.nat('carrier', { inside: '100.64.0.1/24', outside: '203.0.113.9/24', ...outer })
  network.router('internet')
  const addresses = ['198.51.100.7/24', ...(twoAddresses ? ['198.51.100.8/24'] : [])]
  network.host('stun', { interfaces: addresses.map((address) => ({ address })), gateway: 'internet' })
  for (const [a, b] of [
    ['alice', 'box'],
    ['box', 'carrier'],
    ['carrier', 'internet'],
    ['internet', 'stun'],
  ] as const)
    network.link({ between: [a, b], up: DIRECTION, down: DIRECTION })
  network.seal()
  stunServer.start(network.hostOf('stun'), server)
  const running = natProbe.start(network.hostOf('alice'), { server: '198.51.100.7', ...probe })
  network.ask(0, 'alice', () => {
    const issue = running.do('discover', {})
    if (issue !== undefined) records.push({ kind: 'remark', what: issue.expected } as TraceRecord)
  })
  network.run()
  return records.flatMap((one) => (one.kind === 'remark' && one.what !== 'NAT discovered' ? [one.what] : []))
}
