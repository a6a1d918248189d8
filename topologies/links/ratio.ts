// Shares of packets, as links write them.

import { printQuantity } from '../../platform/units.ts'
import { quantity } from '../yaml/shape.ts'

/** From 0 % to 100 %. */
export const ratio = quantity('ratio').check((context) => {
  if (context.value > 1) {
    const message = `a ratio from 0 % to 100 %, not ${printQuantity('ratio', context.value)}`
    context.issues.push({ code: 'custom', message, input: context.value })
  }
})
