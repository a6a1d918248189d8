// A notation for calls between phones on the real simulator: what was asked, what stood on the wire, what became of the calls.

import { classify } from '../../../experiments/classify.ts'
import { Repetitions } from '../../../experiments/repetition.ts'
import { printRecordId, type TraceRecord } from '../../../platform/trace.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'
import { Phone } from '../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'

/** One wish of the scenario, such as `0 alice call bob`, times in ms. */
export type Asked = string

export interface PhonesOptions extends Partial<Pick<NetworkOptions, 'seed' | 'faults' | 'level' | 'calm'>> {
  /** One way between the phones, ms; default 10. */
  readonly delayMs?: number
  /** Chance of loss each way; default 0. */
  readonly lossRatio?: number
  readonly alice?: Partial<PhoneOptions>
  readonly bob?: Partial<PhoneOptions>
  readonly bobHasPower?: boolean
  readonly untilMs?: number
}

/** The network of Alice and Bob, joined by one link, after what was asked of them was done. */
export class Phones {
  readonly records: TraceRecord[] = []
  readonly network: Network
  readonly alice: Phone
  readonly bob: Phone
  /** What a wish was answered with, where it did not fit: `1000 bob answer: …`. */
  readonly refusals: string[] = []

  constructor(scenario: readonly Asked[], options: PhonesOptions = {}) {
    const { delayMs = 10, lossRatio = 0 } = options
    this.network = new Network({
      seed: options.seed ?? 'phones',
      level: options.level ?? 'signalling',
      classify,
      sinks: [(record) => this.records.push(record)],
      faults: options.faults ?? [],
      calm: options.calm ?? false,
    })
    const { network } = this
    network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
    network.host('bob', { interfaces: [{ address: '10.0.0.2/24' }], power: options.bobHasPower ?? true })
    const direction = {
      delayNs: delayMs * 1e6,
      ...(lossRatio > 0 ? { loss: { model: 'random' as const, ratio: lossRatio } } : {}),
    }
    network.link({ between: ['alice', 'bob'], up: direction, down: direction })
    network.seal()
    this.alice = new Phone(network.hostOf('alice'), { aor: 'sip:alice@a.example', talk: false, ...options.alice })
    this.bob = new Phone(network.hostOf('bob'), { aor: 'sip:bob@b.example', talk: false, ...options.bob })
    for (const line of scenario) this.#ask(line)
    network.run(options.untilMs === undefined ? undefined : options.untilMs * 1e6)
  }

  #ask(line: Asked): void {
    const [, ms = '', who = '', wish = ''] = /^(\S+) (\S+) (.+)$/.exec(line) ?? []
    const [, verb = wish, argument] = /^(call|options|reject) (\S+)$/.exec(wish) ?? []
    const parameters = verb === 'reject' ? { status: Number(argument) } : { to: argument }
    this.network.ask(Number(ms) * 1e6, who, () => {
      const issue = (who === 'alice' ? this.alice : this.bob).do(verb, parameters)
      if (issue !== undefined) this.refusals.push(`${line}: ${issue.expected}`)
    })
  }

  /** Each message but media as it was sent: `0 alice INVITE`, with what sent it again, and `✗` if it was lost. */
  get ladder(): string[] {
    const repetitions = new Repetitions()
    for (const record of this.records) repetitions.record(record)
    const lost = new Set(
      this.records.flatMap((record) => (record.kind === 'lost' ? [printRecordId(record.packet.id)] : [])),
    )
    return this.records.flatMap((record) => {
      if (record.kind !== 'sent' || record.packet.label.media) return []
      const again = repetitions.again(record.id)
      const mark = `${again === undefined ? '' : ` (${again})`}${lost.has(printRecordId(record.packet.id)) ? ' ✗' : ''}`
      return `${ms(record.at)} ${record.id.node} ${record.packet.label.name}${mark}`
    })
  }

  /** The call's steps at `node`, with their times: `0 calling, 20 ringback`. */
  steps(node: string): string {
    const steps = this.records.flatMap((record) =>
      record.kind === 'transition' && record.machine === 'call' && record.id.node === node && record.from !== record.to
        ? `${ms(record.at)} ${record.to}`
        : [],
    )
    return steps.join(', ')
  }

  /** What `node` put on record: `call failed 486 Busy Here`. */
  remarks(node: string): string[] {
    return this.records.flatMap((record) =>
      record.kind === 'remark' && record.id.node === node
        ? [
            record.what,
            ...Object.entries(record.details).flatMap(([name, value]) => (name === 'call' ? [] : `${value}`)),
          ].join(' ')
        : [],
    )
  }
}

function ms(atNs: number): number {
  return Math.round(atNs / 1e4) / 100
}

/** Loses the n-th packet of this label that is sent by this node. */
export function lose(label: string, nth: number | undefined, from: 'alice' | 'bob'): FaultRule {
  return {
    where: from === 'alice' ? 'alice -> bob' : 'bob -> alice',
    match: { label, ...(nth === undefined ? {} : { nth }) },
    action: { drop: true },
  }
}
