// A fault of a link or a node, as data: a cut, a crash, a frozen host. When it happens is the scenario's affair.

import { printDuration } from '../../platform/units.ts'

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
  /** Ends all crashes and kills of a host: its programs start anew. */
  | { readonly kind: 'restart'; readonly node: string }

export type IncidentKind = Incident['kind']

/** In which order faults of one node and one time that were planned together strike. */
export const INCIDENT_ORDER: readonly IncidentKind[] = [
  ...(['heal', 'restart', 'reboot', 'cut', 'partition', 'flap', 'crash', 'kill'] as const),
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
  const lasting = 'forNs' in incident && incident.forNs !== undefined ? ` for ${printDuration(incident.forNs)}` : ''
  return `${kind} ${what}${times}${lasting}`
}

/** `alice--proxy`, or `alice -> proxy` for one direction. */
export function printPlace({ link, from }: LinkPlace): string {
  if (from === undefined) return link
  const [a, b] = link.split('--')
  return from === a ? `${a} -> ${b}` : `${b} -> ${a}`
}
