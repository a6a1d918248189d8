// What a run measures: folds over its records, the same at every trace level that has signalling; the delay of media where media is recorded.

import type { Remark, TraceRecord } from '../../platform/trace.ts'
import { bandwidthBps, codecNamed } from '../../stack/rtp/codec.ts'
import { Recent } from '../recent.ts'
import type { Measured } from '../sentences/judge.ts'
import { MediaDelay } from './delay.ts'
import { isDialling } from './dialling.ts'

/** Finals that ask for credentials are not the answer that the caller waits for. */
const CHALLENGES: readonly number[] = [401, 407]
const RTP_PACKETS_PER_SECOND_TO_BPS = 1000

/** A call that was dialled; times in ns. */
interface Dialled {
  readonly node: string
  readonly at: number
  /** When its first INVITE went out. */
  invitedAt: number | undefined
  /** When its caller got the sign for which it waited; undefined while it waits. */
  heardAt: number | undefined
  /** Whether that sign was a refusal, which another INVITE of the caller's takes back. */
  refused: boolean
}

const WAITING = { invitedAt: undefined, heardAt: undefined, refused: false }

/** Takes each record of a run; at its end it has every measure that there was something to measure for. */
export class Measurement {
  /** By Call-ID. */
  readonly #dialled = new Recent<string, Dialled>()
  readonly #talking = new Map<string, Remark[]>()
  #delays = 0
  #requestDelays = 0
  #delayed = 0
  #expected = 0
  #lost = 0
  #jitter: number | undefined
  #bandwidth: number | undefined
  readonly #journeys = new MediaDelay()

  see(record: TraceRecord): void {
    if ('packet' in record && record.packet.label.media) this.#journeys.see(record)
    if (record.kind === 'sent' || record.kind === 'delivered') {
      const { name, call } = record.packet.label
      if (call === undefined) return
      if (name === 'INVITE' && record.kind === 'sent') this.#invited(record.id.node, call, record.at)
      else if (name.endsWith(' INVITE') && record.kind === 'delivered')
        this.#answered(record.id.node, call, name, record.at)
    } else if (record.kind === 'remark') this.#remark(record)
    else if (record.kind === 'transition' && isDialling(record)) {
      const { id, at, instance } = record
      this.#dialled.set(instance, { node: id.node, at, ...WAITING })
    }
  }

  measured(): Measured {
    return {
      ...(this.#delayed > 0 && {
        'post-dial delay': Math.round(this.#delays / this.#delayed),
        'session request delay': Math.round(this.#requestDelays / this.#delayed),
      }),
      ...(this.#expected > 0 && { loss: this.#lost / this.#expected }),
      ...(this.#jitter !== undefined && { jitter: this.#jitter }),
      ...(this.#journeys.worstNs !== undefined && { delay: this.#journeys.worstNs }),
      ...(this.#bandwidth !== undefined && { bandwidth: this.#bandwidth }),
    }
  }

  #invited(node: string, call: string, at: number): void {
    const dialled = this.#dialled.get(call)
    if (dialled === undefined) this.#dialled.set(call, { node, at, ...WAITING, invitedAt: at })
    else if (dialled.node === node) {
      dialled.invitedAt ??= at
      if (dialled.refused) this.#goOn(dialled)
    }
  }

  #answered(node: string, call: string, name: string, at: number): void {
    const dialled = this.#dialled.get(call)
    const status = Number.parseInt(name, 10)
    if (dialled?.node !== node || dialled.heardAt !== undefined || CHALLENGES.includes(status)) return
    if (status !== 180 && status !== 183 && status < 200) return
    dialled.heardAt = at
    dialled.refused = status >= 300
    this.#count(dialled, at, 1)
  }

  /** The caller tries whom a 3xx named, or the next server: its call was not refused yet (RFC 6076 §3, §4.3.1). */
  #goOn(dialled: Dialled): void {
    if (dialled.heardAt !== undefined) this.#count(dialled, dialled.heardAt, -1)
    dialled.heardAt = undefined
    dialled.refused = false
  }

  #count({ at, invitedAt }: Dialled, heardAt: number, sign: 1 | -1): void {
    this.#delays += sign * (heardAt - at)
    this.#requestDelays += sign * (heardAt - (invitedAt ?? at))
    this.#delayed += sign
  }

  #remark(record: Remark): void {
    const { node } = record.id
    if (record.what === 'media started') this.#talking.set(node, [...(this.#talking.get(node) ?? []), record])
    if (record.what !== 'media ended') return
    const { expected, lost, received, jitterMs, sent } = record.details
    this.#expected += Number(expected)
    this.#lost += Number(lost)
    if (Number(received) > 0) this.#jitter = Math.max(this.#jitter ?? 0, Math.round(Number(jitterMs) * 1e6))
    const started = this.#talking.get(node)?.shift()
    if (started !== undefined) this.#took(started, Number(sent), record.at)
  }

  /** What the packets that were sent took in the time that they had. */
  #took(started: Remark, sent: number, at: number): void {
    const codec = codecNamed(String(started.details.codec))
    const packetMs = Number(started.details.packetMs)
    const ns = at - started.at
    if (codec === undefined || ns <= 0) return
    const to = String(started.details.to)
    const packetBits =
      (bandwidthBps(codec, packetMs, to.startsWith('[') ? 6 : 4) * packetMs) / RTP_PACKETS_PER_SECOND_TO_BPS
    this.#bandwidth = Math.max(this.#bandwidth ?? 0, (sent * packetBits * 1e9) / ns)
  }
}
