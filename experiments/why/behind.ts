// The fault behind a loss: the cut, crash or freeze that the packet met, where the record has one.

import type { Faulted, LossCause, Lost } from '../../platform/trace.ts'
import type { History } from './history.ts'
import { tell } from './tell.ts'

/** Which faults bring about such a loss. */
const BEHIND: Readonly<Partial<Record<LossCause, readonly string[]>>> = {
  'link cut': ['cut', 'partition'],
  'host without power': ['crash'],
  'box without power': ['reboot'],
  'port closed': ['kill', 'crash'],
  'socket buffer full': ['freeze', 'slow'],
}

/** The last fault before the loss that could have brought it about, told in a line; none where chance or the topology did. */
export function tellFaultBehind(history: History, lost: Lost): readonly string[] {
  const kinds = BEHIND[lost.why]
  if (kinds === undefined) return []
  const last = history.faults.findLast(
    (fault) => fault.at <= lost.at && kinds.includes(fault.what) && concerns(fault, lost),
  )
  return last === undefined ? [] : [`since ${tell(history, last)}`]
}

/** Whether the fault struck where the packet was lost. */
function concerns({ id, details }: Faulted, { id: at, link }: Lost): boolean {
  if (link === '') return id.node === at.node
  const [name = '', from = ''] = link.split(' from ')
  const [a = '', b = ''] = name.split('--')
  if ('nodes' in details) {
    const inside = String(details.nodes).split(', ')
    return inside.includes(a) !== inside.includes(b)
  }
  return details.on === name || details.on === `${from} -> ${from === a ? b : a}`
}
