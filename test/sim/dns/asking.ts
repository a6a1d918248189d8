// Hosts that ask DNS servers: in lines such as `0 A sip.example.com` goes the question, in lines such as `2 A sip.example.com: 192.0.2.5 (60)`
// comes what was answered and when, in ms.

import type { DnsRecord, RecordType } from '../../../platform/host.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { parseLine } from '../../../sim/dns/line.ts'
import type { Resource } from '../../../sim/dns/message.ts'
import type { ResolverOptions } from '../../../sim/dns/resolver.ts'
import { type DnsServerOptions, dnsServer } from '../../../sim/dns/server.ts'
import type { Zone } from '../../../sim/dns/zone.ts'
import type { Incident } from '../../../sim/faults/incident.ts'
import { Network } from '../../../sim/network/network.ts'

/** Lines of a zone file as records of `example.com`, TTL 60. */
export function records(...lines: readonly string[]): readonly Resource[] {
  return lines.map((line) => {
    const read = parseLine(line, { origin: 'example.com', ttlSeconds: 60 })
    if (!read.ok) throw new Error(`${line}: ${read.issue.expected}`)
    return read.value
  })
}

/** `example.com` with these lines; what is not there may be believed for 30 s. */
export function zone(...lines: readonly string[]): Zone {
  return { name: 'example.com', records: records(...lines), negativeSeconds: 30 }
}

interface AskingOptions {
  readonly zone: Zone
  /** Of `d1` (203.0.113.1) and `d2` (203.0.113.2), how they differ; undefined: there is no such server. Both are 1 ms away. */
  readonly d1?: Partial<DnsServerOptions>
  readonly d2?: Partial<DnsServerOptions>
  readonly resolver?: Partial<ResolverOptions>
  /** What is asked, such as `0 A sip.example.com`. */
  readonly ask: readonly string[]
  /** What the scenario wants of `d1`. */
  readonly verbs?: readonly { readonly atMs: number; readonly verb: string; readonly parameters?: object }[]
  /** A host without DNS at 203.0.113.2, without power. */
  readonly dead?: boolean
  /** What strikes, and when. */
  readonly faults?: readonly { readonly atMs: number; readonly incident: Incident }[]
}

/** Runs it: the answers, the labels of what was sent, and what the asker remarked. */
export function asking({ zone: own, d1, d2, resolver, ask, verbs = [], dead = false, faults = [] }: AskingOptions) {
  const record: TraceRecord[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', sinks: [(one) => record.push(one)] },
    classify: (protocol) => ({ name: protocol, media: false }),
  })
  const [servers, delay] = [['203.0.113.1', '203.0.113.2'], { delayNs: 5e5 }]
  network.host('a', { interfaces: [{ address: '192.0.2.1/24' }], gateway: 'r', resolver: { servers, ...resolver } })
  network.router('r')
  network.host('d1', { interfaces: [{ address: '203.0.113.1/24' }], gateway: 'r' })
  network.host('d2', { interfaces: [{ address: '203.0.113.2/24' }], gateway: 'r', power: !dead })
  for (const name of ['a', 'd1', 'd2']) network.link({ between: [name, 'r'], up: delay, down: delay })
  network.seal()
  for (const [name, options] of [
    ['d1', d1],
    ['d2', d2],
  ] as const) {
    if (options === undefined) continue
    network.ask(0, name, () => {
      const running = dnsServer.start(network.hostOf(name), {
        ...{ zones: [own], impairments: network.hostOf(name).dnsImpairments },
        ...options,
      })
      if (name !== 'd1') return
      for (const { atMs, verb, parameters = {} } of verbs) {
        network.hostOf(name).after(atMs, () => void running.do(verb, { ...parameters }))
      }
    })
  }
  for (const { atMs, incident } of faults) network.strike(atMs * 1e6, incident)
  const host = network.hostOf('a')
  const answers: string[] = []
  for (const line of ask) {
    const [at, type, name] = line.split(' ') as [string, RecordType, string]
    network.ask(Number(at) * 1e6, 'a', () => {
      host.resolve(name, type, (result) => {
        const said = result.ok ? result.records.map(tell).join(', ') : result.why
        answers.push(`${Math.round(host.now() * 1000) / 1000} ${type} ${name}: ${said}`)
      })
    })
  }
  network.run()
  const remarks = record.flatMap((one) =>
    one.kind === 'remark' && one.id.node === 'a'
      ? [`${one.at / 1e6} ${one.what}, ${one.details.server ?? ''} ${one.details.reason}`]
      : [],
  )
  const sent = record.filter((one) => one.kind === 'sent' && one.id.node === 'a' && one.packet.protocol === 'udp')
  return { answers, remarks, sent: sent.length, record }
}

function tell(one: DnsRecord): string {
  if (one.type === 'SRV') return `${one.priority} ${one.weight} ${one.port} ${one.target} (${one.ttlSeconds})`
  if (one.type === 'NAPTR') return `${one.order} ${one.flags} ${one.service} ${one.replacement} (${one.ttlSeconds})`
  return `${one.address} (${one.ttlSeconds})`
}
