// The order of SRV records (RFC 2782): by priority; within one, drawn by weight.

import type { DnsRecord, Host } from '../../../platform/host.ts'

export type SrvRecord = DnsRecord & { readonly type: 'SRV' }

/** The records in the order in which they are to be tried. Draws from the host's stream `srv`, where there is a choice. */
export function inOrder(records: readonly SrvRecord[], host: Pick<Host, 'random'>): readonly SrvRecord[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b)
  return priorities.flatMap((priority) =>
    drawn(
      records.filter((one) => one.priority === priority),
      host,
    ),
  )
}

/** One after another, each with a chance that is its weight; those of weight 0 first in line, so that theirs is small (RFC 2782 page 3). */
function drawn(records: readonly SrvRecord[], host: Pick<Host, 'random'>): readonly SrvRecord[] {
  const left = [...records].sort(byWeightZeroAndName)
  const order: SrvRecord[] = []
  while (left.length > 1) {
    const sum = left.reduce((total, { weight }) => total + weight, 0)
    const draw = Math.floor(host.random('srv').next() * (sum + 1))
    let running = 0
    const at = left.findIndex(({ weight }) => {
      running += weight
      return running >= draw
    })
    order.push(...left.splice(at, 1))
  }
  return [...order, ...left]
}

function byWeightZeroAndName(one: SrvRecord, other: SrvRecord): number {
  const zeros = Number(one.weight > 0) - Number(other.weight > 0)
  return zeros || (one.target < other.target ? -1 : one.target > other.target ? 1 : one.port - other.port)
}
