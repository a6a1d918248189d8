// A stage for SIP stories: hosts around one router, 5 ms from each, and what they sent as lines: `500 alice → bob: INVITE (timer A)`.

import { classify } from '../../../experiments/classify.ts'
import type { Host } from '../../../platform/host.ts'
import { printRecordId, type Sent, type TraceRecord } from '../../../platform/trace.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import type { RouterOptions } from '../../../sim/network/declaration.ts'
import { Network } from '../../../sim/network/network.ts'

export interface StageOptions {
  /** Hosts without power. */
  readonly dark?: readonly string[]
  readonly faults?: readonly FaultRule[]
  /** What the router says of which addresses. */
  readonly unreachable?: RouterOptions['unreachable']
  /** What names stand for. */
  readonly names?: Readonly<Record<string, string>>
}

/** Hosts by name, each with its address. */
export class Stage {
  readonly network: Network
  readonly #names: ReadonlyMap<string, string>
  readonly #lines: string[] = []
  readonly #lineOf = new Map<string, number>()
  /** The timer of a transition, by the record's id, and the remarks. */
  readonly #timers = new Map<string, string>()
  readonly remarks: string[] = []
  readonly transitions: string[] = []

  constructor(hosts: Readonly<Record<string, string>>, options: StageOptions = {}) {
    this.#names = new Map(Object.entries(hosts).map(([name, address]) => [address, name]))
    this.network = new Network({
      seed: '1',
      level: 'everything',
      classify,
      sinks: [(record) => this.#note(record)],
      faults: options.faults ?? [],
    })
    this.network.router('net', options.unreachable === undefined ? {} : { unreachable: options.unreachable })
    for (const [name, address] of Object.entries(hosts)) {
      this.network.host(name, {
        interfaces: [{ address: `${address}/24` }],
        gateway: 'net',
        power: options.dark?.includes(name) !== true,
      })
      this.network.link({ between: [name, 'net'], up: { delayNs: 2_500_000 }, down: { delayNs: 2_500_000 } })
    }
    for (const [name, address] of Object.entries(options.names ?? {})) {
      this.network.names.set(name, [{ type: 'A', ttlSeconds: 60, address }])
    }
    this.network.seal()
  }

  host(name: string): Host {
    return this.network.hostOf(name)
  }

  /** What happens at a node at a time. */
  at(ms: number, name: string, perform: () => void): void {
    this.network.ask(ms * 1e6, name, perform)
  }

  /** Everything that was sent until `untilMs` (default: until nothing is left to happen). */
  run(untilMs = Number.POSITIVE_INFINITY): string[] {
    this.network.run(untilMs * 1e6)
    return this.#lines
  }

  #note(record: TraceRecord): void {
    const ms = Math.round(record.at / 1e4) / 100
    switch (record.kind) {
      case 'sent':
        this.#lineOf.set(printRecordId(record.packet.id), this.#lines.push(this.#sent(ms, record)) - 1)
        return
      case 'lost': {
        const line = this.#lineOf.get(printRecordId(record.packet.id))
        if (line !== undefined) this.#lines[line] += ` ✗ ${record.why.startsWith('fault') ? 'fault' : record.why}`
        return
      }
      case 'transition':
        if (record.timer !== undefined) this.#timers.set(printRecordId(record.id), record.timer)
        this.transitions.push(
          `${ms} ${record.id.node} ${record.machine}: ${record.from} ${record.event} → ${record.to}`,
        )
        return
      case 'remark':
        this.remarks.push(`${ms} ${record.id.node}: ${record.what}`)
    }
  }

  #sent(ms: number, { packet, id, cause }: Sent): string {
    const to = this.#names.get(packet.destination) ?? packet.destination
    const timer = cause === null ? undefined : this.#timers.get(printRecordId(cause))
    return `${ms} ${id.node} → ${to}: ${packet.label.name}${timer === undefined ? '' : ` (timer ${timer})`}`
  }
}
