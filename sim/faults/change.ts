// What changes on a link, in words: those of a file, so that whoever reads a ladder finds them there.

import { printDuration, printQuantity } from '../../platform/units.ts'
import type { DirectionChange } from '../network/direction.ts'
import type { DelayLaw } from '../network/laws/delay.ts'
import type { Loss } from '../network/medium.ts'

/** `rate 64 kbps, delay 300 ms, loss 20 %`. */
export function printChange(change: DirectionChange): string {
  const { rateBps, delayNs, jitter, loss, duplication, corruption, reordering } = change
  const parts: string[] = []
  if (rateBps !== undefined) parts.push(`rate ${printQuantity('rate', rateBps)}`)
  if (delayNs !== undefined) parts.push(`delay ${printDuration(delayNs)}`)
  if (jitter !== undefined)
    parts.push(`jitter ${'mostNs' in jitter ? printDuration(jitter.mostNs) : printLaw(jitter.law)}`)
  if (loss !== undefined) parts.push(`loss ${printLoss(loss)}`)
  if (duplication !== undefined) parts.push(`duplication ${percent(duplication.ratio)}${later(duplication.afterNs)}`)
  if (corruption !== undefined) parts.push(`corruption ${percent(corruption.ratio)}`)
  if (reordering !== undefined)
    parts.push(`reordering ${percent(reordering.ratio)} by ${printDuration(reordering.byNs)}`)
  return parts.join(', ')
}

function printLaw(law: DelayLaw): string {
  switch (law.law) {
    case 'uniform':
      return `uniform ${printDuration(law.spreadNs)}`
    case 'normal':
    case 'pareto':
    case 'pareto-normal':
      return `${law.law} ${printDuration(law.deviationNs)}`
    case 'right-skewed':
      return `right-skewed ${printDuration(law.meanNs)} ${printDuration(law.deviationNs)}`
    default:
      return law.law
  }
}

function printLoss(loss: Loss): string {
  switch (loss.model) {
    case 'random':
      return percent(loss.ratio)
    case 'gilbert-elliott':
      return `gilbert-elliott ${percent(loss.meanRatio)} in bursts of ${loss.burstPackets}`
    case 'states':
      return `gemodel p ${percent(loss.toBad)} r ${percent(loss.toGood)}`
    default:
      return loss.model
  }
}

function later(ns: number): string {
  return ns === 0 ? '' : ` after ${printDuration(ns)}`
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(6))} %`
}
