// One entry of the fault tape, as data: where, which packet, what happens to it.

import type { LossCause } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'

export interface FaultRule {
  /**
   * A direction's name, `alice--proxy from alice`; or `a -> b`: the direction of their link, and where they share none, the last link
   * into b, for packets whose IP source is a.
   */
  readonly where: string
  /**
   * `medium` (the default): the packet has waited and used the air. `ingress`: before the queue. `queue`: as it comes to the queue, which
   * knows of it. `netem`: in the link's netem. `slot`: no packet, but the n-th slot of the link's netem.
   */
  readonly stage?: FaultStage
  readonly match: PacketMatch
  readonly action: FaultAction
}

export type FaultStage = 'ingress' | 'queue' | 'netem' | 'slot' | 'medium'

/** Which packets; all that is given must hold. An empty match is every packet. */
export interface PacketMatch {
  /** The label's name, such as `200 INVITE`. */
  readonly label?: string
  /** The n-th call of the run, from 1, by the order in which their first packets that begin one come to any link. */
  readonly call?: number
  /** RTP: the SSRC. */
  readonly stream?: number
  /** RTP: the sequence number, 0–65535. */
  readonly sequence?: number
  /** Only the n-th, from 1, of the packets that all else matches; absent: each of them. */
  readonly nth?: number
  /** The n-th packet, from 1, that was handed to the direction, whatever it is: how a frozen run names packets. */
  readonly ordinal?: number
  /** Only from this time of the run on, ns; what came before is not counted either. */
  readonly sinceNs?: number
  /** Only before this time of the run, ns. */
  readonly beforeNs?: number
}

/** What happens to the packet. Of several rules that match one packet all are done; a drop ends it. */
export type FaultAction =
  /** It is lost. `why` is kept by frozen runs; by default it is `fault: ` and the rule. */
  | { readonly drop: true; readonly why?: LossCause }
  /** It arrives that much later, ns, 0 or more, and others may overtake it. */
  | { readonly delayNs: number }
  /** It keeps to its place, however late: what the link's own jitter would do, ns. */
  | { readonly jitterNs: number }
  /** A second one arrives `duplicateAfterNs` later, ns, 0 or more. */
  | { readonly duplicateAfterNs: number }
  /** The bit of this number of the transport's payload is turned over; counted from 0, modulo the payload's length. */
  | { readonly corruptBit: number }
  /** A bit of its IP header or of its transport's header is turned over, so that this header's checksum is wrong. */
  | { readonly corruptHeader: 'IP' | 'transport' }
  /** netem sends it at once, ahead of those that it delays. */
  | { readonly ahead: true }
  /** It waits on the medium until this time of the run, ns, at least. */
  | { readonly holdUntilNs: number }
  /** It changes places with the next packet of its direction. */
  | { readonly swap: true }

/** The rule in words: `drop the 2nd 200 INVITE of call 1 on proxy -> alice`. */
export function printFaultRule(rule: FaultRule): string {
  return `${printAction(rule.action)} ${printMatch(rule.match)} on ${rule.where}${PLACES[rule.stage ?? 'medium']}`
}

const PLACES: Readonly<Record<FaultStage, string>> = {
  ...{
    medium: '',
    ingress: ' at its ingress',
    queue: ' at its queue',
    netem: ' in its netem',
    slot: ' as a slot of its netem',
  },
}

function printAction(action: FaultAction): string {
  if ('drop' in action) return 'drop'
  if ('delayNs' in action) return `delay by ${action.delayNs / 1e6} ms`
  if ('jitterNs' in action) return `jitter of ${action.jitterNs / 1e6} ms for`
  if ('duplicateAfterNs' in action) return 'duplicate'
  if ('corruptBit' in action) return `turn over bit ${action.corruptBit} of`
  if ('corruptHeader' in action) return `turn over a bit of the ${action.corruptHeader} header of`
  if ('ahead' in action) return 'send ahead'
  if ('holdUntilNs' in action) return `hold until ${action.holdUntilNs / 1e6} ms`
  return 'swap with the next'
}

function printMatch(match: PacketMatch): string {
  const what = match.label ?? 'packet'
  const words = [match.nth === undefined ? `each ${what}` : `the ${printOrdinal(match.nth)} ${what}`]
  if (match.ordinal !== undefined) words[0] = `the direction's ${printOrdinal(match.ordinal)} ${what}`
  if (match.stream !== undefined) words.push(`of stream ${match.stream}`)
  if (match.sequence !== undefined) words.push(`with sequence number ${match.sequence}`)
  if (match.call !== undefined) words.push(`of call ${match.call}`)
  if (match.sinceNs !== undefined) words.push(`since ${printDuration(match.sinceNs)}`)
  if (match.beforeNs !== undefined) words.push(`before ${printDuration(match.beforeNs)}`)
  return words.join(' ')
}

function printOrdinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}
