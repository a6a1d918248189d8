// A run's packets in a few words.

import type { PacketTotals } from '../../sim/trace/totals.ts'

/** Such as `12 packets sent, none lost` or `20 packets sent, 9 lost, 7 ICMP errors withheld`. */
export function printTotals({ sent, lost, withheld }: PacketTotals): string {
  const silent = withheld === 0 ? '' : `, ${withheld} ICMP error${withheld === 1 ? '' : 's'} withheld`
  return `${sent} packets sent, ${lost === 0 ? 'none' : lost} lost${silent}`
}
