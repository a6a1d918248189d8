// What a run can measure, and in which unit it speaks of it.

import { printDuration, printQuantity, type QuantityKind } from '../../platform/units.ts'

interface Measure {
  readonly unit: QuantityKind
  readonly says: string
}

/** Every measure by its name in `measure:` and in sentences. */
export const MEASURES = {
  'post-dial delay': {
    unit: 'duration',
    says: 'from the moment in which the caller had dialled to the first 180, 183 or final response that the call does not go on from (it goes on after a challenge, and where a 3xx or a next server is followed), the mean of all calls (ITU-T E.721, RFC 6076 §3); it has in it what comes before the INVITE: names that are looked up and connections, not what a phone with `stun` asks before',
  },
  'session request delay': {
    unit: 'duration',
    says: 'the same from the first INVITE of a call on (RFC 6076 §4.3)',
  },
  loss: {
    unit: 'ratio',
    says: 'RTP packets that were lost, of those expected, at all ends together (RFC 3550 §6.4.1)',
  },
  jitter: {
    unit: 'duration',
    says: 'interarrival jitter of RTP when the media ended, at the worst of the ends (RFC 3550 §6.4.1)',
  },
  delay: {
    unit: 'duration',
    says: 'from the sending of an RTP packet to its arrival at the host that it is for, the mean of the stream that has it worst; where media packets are recorded (`--trace everything`, which an experiment that measures it has by default)',
  },
  bandwidth: {
    unit: 'rate',
    says: 'what the busiest direction of media took from its start to its end, IP headers included',
  },
} as const satisfies Readonly<Record<string, Measure>>

export type MeasureName = keyof typeof MEASURES

/** A measure for people: durations to six decimals, ratios to a thousandth of a percent, rates to 0.1 kbps. */
export function printMeasure(name: MeasureName, value: number): string {
  const { unit } = MEASURES[name]
  if (unit === 'duration') return printDuration(value, 6)
  if (unit === 'ratio') return `${Number((value * 100).toFixed(3))} %`
  return printQuantity(unit, unit === 'rate' ? Math.round(value / 100) * 100 : value)
}
