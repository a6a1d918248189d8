// A fault of a link or a node, as data: a cut, a crash, a frozen host. When it happens is the scenario's affair.

import { printDuration } from '../../platform/units.ts'
import type { DnsImpairment } from '../dns/impairment.ts'
import type { DirectionChange } from '../network/direction.ts'
import type { QueueLimit } from '../network/queue.ts'
import { printChange } from './change.ts'

/** A link, or one of its directions. */
export interface LinkPlace {
  /** The link's id, such as `alice--proxy`. */
  readonly link: string
  /** Only the direction that this end sends on; absent: both. */
  readonly from?: string
}

/** What ends by itself. */
interface Lasting {
  /** After so long it ends, ns, more than 0; absent: never by itself. */
  readonly forNs?: number
}

/** What strikes. Faults of one kind at one place that overlap last until all of them have ended. */
export type Incident =
  /** What waits or is under way on the link is lost, and all that comes. */
  | ({ readonly kind: 'cut' } & LinkPlace & Lasting)
  /** Ends all cuts of the link, those of partitions and flaps as well. */
  | ({ readonly kind: 'heal' } & LinkPlace)
  /** Cut for `downNs`, whole for `upNs`, `times` times (1 or more). */
  | ({ readonly kind: 'flap'; readonly downNs: number; readonly upNs: number; readonly times: number } & LinkPlace)
  /** All links between these nodes and the others are cut. */
  | ({ readonly kind: 'partition'; readonly nodes: readonly string[] } & Lasting)
  /** A box forgets what it has learnt, and swallows what comes while it starts (`forNs`; absent: it is back at once). */
  | ({ readonly kind: 'reboot'; readonly node: string } & Lasting)
  /** A host loses its power: programs, timers and sockets are gone, what comes is swallowed; its `store` is kept. Its end starts its programs anew. */
  | ({ readonly kind: 'crash'; readonly node: string } & Lasting)
  /** A host's programs die: timers and sockets are gone, senders learn by ICMP that the port is closed. Its end starts them anew. */
  | ({ readonly kind: 'kill'; readonly node: string } & Lasting)
  /** A host stands still: what comes waits (up to `buffer`, default {@link SOCKET_BUFFER}; else it is lost), its timers fire when it thaws. */
  | ({ readonly kind: 'freeze'; readonly node: string; readonly buffer?: QueueLimit } & Lasting)
  /** Ends all freezes of a host. */
  | { readonly kind: 'thaw'; readonly node: string }
  /** A host serves one thing after another: each packet takes `packetNs`, each timer `timerNs`; what comes waits as with `freeze`. The latest counts. */
  | ({
      readonly kind: 'slow'
      readonly node: string
      readonly packetNs: number
      readonly timerNs: number
      readonly buffer?: QueueLimit
    } & Lasting)
  /** A host's DNS servers fail, or are slow, for the questions that it names. Of faults that overlap the latest counts. */
  | ({ readonly kind: 'dns'; readonly node: string } & DnsImpairment & Lasting)
  /** A host's clock jumps by `stepMs` and runs `driftRatio` faster than true time from now on (absent: as before). */
  | { readonly kind: 'clock'; readonly node: string; readonly stepMs: number; readonly driftRatio?: number }
  /** A link or direction changes for what comes from now on; its end brings back what the topology says. Of what overlaps the latest counts. */
  | ({ readonly kind: 'degrade'; readonly change: DirectionChange } & LinkPlace & Lasting)
  /** Ends all degradations of a link. */
  | ({ readonly kind: 'restore' } & LinkPlace)
  /** Ends all crashes and kills of a host: its programs start anew. */
  | { readonly kind: 'restart'; readonly node: string }

export type IncidentKind = Incident['kind']

/** In which order faults of one node and one time that were planned together strike. */
export const INCIDENT_ORDER: readonly IncidentKind[] = [
  ...([
    'restore',
    'degrade',
    'heal',
    'cut',
    'partition',
    'flap',
    'reboot',
    'clock',
    'thaw',
    'slow',
    'dns',
    'freeze',
    'restart',
    'kill',
    'crash',
  ] as const),
]

/** The incident in words: `cut alice--proxy for 2 s`. */
export function printIncident(incident: Incident): string {
  const { kind } = incident
  const what =
    'link' in incident ? printPlace(incident) : 'nodes' in incident ? incident.nodes.join(', ') : incident.node
  const times =
    kind === 'flap'
      ? ` ${incident.times} times, ${printDuration(incident.downNs)} down and ${printDuration(incident.upNs)} up`
      : ''
  const costs =
    kind === 'slow'
      ? `, ${printDuration(incident.packetNs)} a packet and ${printDuration(incident.timerNs)} a timer,`
      : ''
  const impairment = kind === 'dns' ? `: ${printImpairment(incident)}` : ''
  const clock = kind === 'clock' ? ` of ${printClock(incident)}` : ''
  const change = kind === 'degrade' ? ` (${printChange(incident.change)})` : ''
  const lasting = 'forNs' in incident && incident.forNs !== undefined ? ` for ${printDuration(incident.forNs)}` : ''
  return `${kind} ${what}${times}${costs}${impairment}${clock}${change}${lasting}`
}

/** `5 s ahead, 100 ppm fast`. */
export function printClock({ stepMs, driftRatio }: { readonly stepMs: number; readonly driftRatio?: number }): string {
  const step = `${printDuration(Math.abs(stepMs) * 1e6)} ${stepMs < 0 ? 'back' : 'ahead'}`
  const ppm = Number(((driftRatio ?? 0) * 1e6).toFixed(3))
  const drift = `${Math.abs(ppm)} ppm ${ppm < 0 ? 'slow' : 'fast'}`
  return [...(stepMs === 0 ? [] : [step]), ...(driftRatio === undefined ? [] : [drift])].join(', ') || 'nothing'
}

/** `SERVFAIL, 3 s late for SRV of sip.example.com`. */
export function printImpairment({ fails, delayNs = 0, name, type }: DnsImpairment): string {
  const words = fails === undefined ? [] : [fails === 'timeout' ? 'no answer' : fails]
  if (delayNs > 0) words.push(`${printDuration(delayNs)} late`)
  const asked = name === undefined ? type : type === undefined ? name : `${type} of ${name}`
  return `${words.join(', ')}${asked === undefined ? '' : ` for ${asked}`}`
}

/** `alice--proxy`, or `alice -> proxy` for one direction. */
export function printPlace({ link, from }: LinkPlace): string {
  if (from === undefined) return link
  const [a, b] = link.split('--')
  return from === a ? `${a} -> ${b}` : `${b} -> ${a}`
}
