// One link direction alone, on the real kernel: packets are handed to it at times, and what comes of each is told in a line.

import type { TraceRecord } from '../../../../platform/trace.ts'
import type { ChanceLog } from '../../../../sim/faults/freeze.ts'
import type { FaultRule } from '../../../../sim/faults/rule.ts'
import type { Direction, DirectionChange } from '../../../../sim/network/direction.ts'
import { Network } from '../../../../sim/network/network.ts'

/** A packet that is handed to the link. */
export interface Handed {
  readonly atMs: number
  /** IP bytes, 28 or more. */
  readonly bytes: number
  readonly dscp?: number
  /** Which flow, 0–999: its destination port. */
  readonly flow?: number
}

export interface LinkRun {
  /** What became of each packet, in the order of handing: when it arrived (ms, every copy), or why it was lost. */
  readonly fates: readonly { readonly arrivedMs: readonly number[]; readonly lost?: string; readonly lostMs?: number }[]
  readonly records: readonly TraceRecord[]
  readonly network: Network
}

export interface LinkRunOptions {
  readonly seed?: string
  readonly changes?: readonly { readonly atMs: number; readonly change: DirectionChange }[]
  readonly cutMs?: readonly [number, number]
  readonly fused?: boolean
  readonly calm?: boolean
  readonly chance?: ChanceLog
  readonly faults?: readonly FaultRule[]
  readonly tickNs?: number
}

/** Hands packets to the direction from a to b, and runs until all is still. */
export function runLink(up: Direction, packets: readonly Handed[], options: LinkRunOptions = {}): LinkRun {
  const { changes = [], cutMs, seed = '1', ...rest } = options
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed, level: 'everything', sinks: [(record) => records.push(record)], ...rest },
    classify: () => ({ name: 'UDP', media: false }),
  })
  network.host('a', { interfaces: [{ address: '192.0.2.1/24' }] })
  network.host('b', { interfaces: [{ address: '192.0.2.2/24' }] })
  network.link({ between: ['a', 'b'], up: { ...up, changes: changes.length > 0 }, down: { delayNs: 1000 } })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  const opened = a.udp({ port: 5000 }, { received: () => {}, failed: () => {} })
  if (!opened.ok) throw new Error(opened.issue.expected)
  const flows = new Set(packets.map(({ flow = 0 }) => flow))
  for (const flow of flows) b.udp({ port: 6000 + flow }, { received: () => {}, failed: () => {} })
  const names = new Map<string, number>()
  packets.forEach(({ atMs, bytes, dscp, flow = 0 }, n) => {
    network.ask(atMs * 1e6, 'a', () => {
      const before = records.length
      opened.value.send(a.endpoint('192.0.2.2', 6000 + flow), new Uint8Array(0), new Uint8Array(bytes - 28), dscp)
      const sent = records.slice(before).find(({ kind }) => kind === 'sent')!
      names.set(`${sent.id.sequence}`, n)
    })
  })
  for (const { atMs, change } of changes) network.change(atMs * 1e6, 'a--b', 'up', change)
  if (cutMs !== undefined) {
    network.strike(cutMs[0] * 1e6, { kind: 'cut', link: 'a--b' })
    network.strike(cutMs[1] * 1e6, { kind: 'heal', link: 'a--b' })
  }
  network.run()
  const fates = packets.map((): { arrivedMs: number[]; lost?: string; lostMs?: number } => ({ arrivedMs: [] }))
  for (const record of records) {
    if (record.kind !== 'delivered' && record.kind !== 'lost') continue
    const fate = fates[names.get(`${record.packet.id.sequence}`)!]!
    if (record.kind === 'delivered') fate.arrivedMs.push(record.at / 1e6)
    else Object.assign(fate, { lost: record.why, lostMs: record.at / 1e6 })
  }
  return { fates, records, network }
}

/** The fates in words: `12`, or `queue full`. */
export function told({ fates }: LinkRun): string[] {
  return fates.map(({ arrivedMs, lost }) => (lost === undefined ? arrivedMs.join(' and ') : lost))
}
