// The moment in which a call has been dialled.

import type { Transition } from '../../platform/trace.ts'

/** Whether the step begins a call: its user has dialled, nothing is sent yet. Its instance is the Call-ID. */
export function isDialling({ machine, from, to, event }: Transition): boolean {
  return machine === 'call' && from === 'idle' && to === 'calling' && event === 'call'
}
