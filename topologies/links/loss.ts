// Loss on a link's medium, as a topology writes it: `1 %`, or one of the models with its numbers.

import { z } from 'zod'
import { printQuantity } from '../../platform/units.ts'
import type { Loss as SimulatedLoss } from '../../sim/network/medium.ts'
import { shape } from '../yaml/shape.ts'
import { ratio } from './ratio.ts'
import { runTime } from './time.ts'

const bursts = shape({
  /** The share of packets lost in the long run. */
  mean: ratio,
  /** How many packets a burst of losses takes on average, at least 1. */
  burst: z.number().min(1, { error: () => 'a mean burst of 1 packet or more' }),
}).check((context) => {
  const { mean, burst } = context.value
  const most = burst / (burst + 1)
  if (mean <= most) return
  const message = `a mean of at most ${printQuantity('ratio', Math.floor(most * 1e4) / 1e4)} where a burst is ${burst} packets, not ${printQuantity('ratio', mean)}`
  context.issues.push({ code: 'custom', message, input: mean, path: ['mean'] })
})

const fourStates = shape({
  p13: ratio,
  /** Default: 100 % − p13. */
  p31: ratio.exactOptional(),
  p32: ratio.default(0),
  p23: ratio.default(1),
  p14: ratio.default(0),
}).check((context) => {
  const { p13, p14, p31 = 1 - p13, p32 } = context.value
  for (const [sum, one, other] of [
    [p13 + p14, 'p13', 'p14'],
    [p31 + p32, 'p31', 'p32'],
  ] as const) {
    if (sum <= 1 + 1e-12) continue
    const message = `${one} and ${other} of at most 100 % together, not ${printQuantity('ratio', sum)}`
    context.issues.push({ code: 'custom', message, input: context.value, path: [other] })
  }
})

const model = z.union([
  ratio,
  /** Each draw resembles the last, as in netem; the share lost is then not quite `random`. */
  shape({ random: ratio, correlation: ratio.default(0) }),
  shape({ 'gilbert-elliott': bursts }),
  /** netem's: from good to bad by p and back by r, packet by packet; lost is 1-h of the bad ones and 1-k of the good. */
  shape({ gemodel: shape({ p: ratio, r: ratio.exactOptional(), '1-h': ratio.default(1), '1-k': ratio.default(0) }) }),
  /** netem's `state`: 1 received, 2 received within a burst, 3 lost within a burst, 4 lost alone. */
  shape({ 'four-states': fourStates }),
])

const windows = z
  .array(shape({ from: runTime.default(0), until: runTime, loss: model }))
  .min(1)
  .check((context) => {
    context.value.forEach(({ from, until }, n) => {
      const clash = context.value.slice(0, n).find((other) => from < other.until && other.from < until)
      const message =
        until <= from
          ? `an end after ${printQuantity('duration', from)}, where the window begins`
          : clash &&
            `a window of its own: one from ${printQuantity('duration', clash.from)} until ${printQuantity('duration', clash.until)} is there already`
      if (message !== undefined) context.issues.push({ code: 'custom', message, input: until, path: [n, 'until'] })
    })
  })

/** Loss on the medium: `1 %` at random, by a model, or by time: outside the windows nothing is lost. */
export const loss = z.union([...model.options, shape({ windows })])

/** The loss as the simulator takes it. */
export function lossOf(written: z.output<typeof loss>): SimulatedLoss {
  if (typeof written === 'number') return { model: 'random', ratio: written }
  if ('random' in written) return { model: 'random', ratio: written.random, correlation: written.correlation }
  if ('gilbert-elliott' in written) {
    const { mean, burst } = written['gilbert-elliott']
    return { model: 'gilbert-elliott', meanRatio: mean, burstPackets: burst }
  }
  if ('gemodel' in written) {
    const { p, r = 1 - p, '1-h': badRatio, '1-k': goodRatio } = written.gemodel
    return { model: 'states', toBad: p, toGood: r, badRatio, goodRatio }
  }
  if ('four-states' in written) {
    const { p13, p31 = 1 - p13, p32, p23, p14 } = written['four-states']
    return { model: 'four-states', p13, p31, p32, p23, p14 }
  }
  const windows = written.windows.map(({ from, until, loss: inside }) => {
    return { fromNs: from, untilNs: until, loss: lossOf(inside) }
  })
  return { model: 'windows', windows }
}
