// Rates that send something.

import { quantity } from '../yaml/shape.ts'

/** A rate above 0. */
export const positiveRate = quantity('rate').check((context) => {
  if (context.value > 0) return
  const message = 'a rate above 0; a link that sends nothing is cut'
  context.issues.push({ code: 'custom', message, input: context.value })
})
