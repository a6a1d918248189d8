// One record as a sentence.

import { printEndpoint } from '../../platform/endpoint.ts'
import {
  ERROR_WITHHELD,
  type LossCause,
  type Lost,
  printRecordId,
  type RecordId,
  type TraceRecord,
} from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { tellFault } from '../ladder/fault.ts'
import { tellPacket, tellRemark } from '../ladder/text.ts'
import type { History } from './history.ts'

/** `alice#3, 0.5 s: alice sends INVITE (SDP) to proxy, again: Timer A`. */
export function tell(history: History, record: TraceRecord): string {
  return `${printRecordId(record.id)}, ${printDuration(record.at)}: ${tellWhat(history, record)}`
}

/** Without its name and time. */
function tellWhat(history: History, record: TraceRecord): string {
  const { node } = record.id
  switch (record.kind) {
    case 'sent': {
      const again = history.again(record.id)
      const to = history.destinationOf(record.packet)
      return `${node} sends ${tellPacket(record.packet).text} to ${to}${again === undefined ? '' : `, again: ${again}`}`
    }
    case 'forwarded':
      return `${node} passes ${tellPacket(record.packet).text} on`
    case 'delivered':
      return `${tellPacket(record.packet).text} from ${record.packet.id.node} reaches ${node}`
    case 'lost':
      return `${tellPacket(record.packet).text} from ${record.packet.id.node} is lost ${placeOf(record.id, record.link)}: ${record.why}`
    case 'fragmented':
      return `${node} cuts ${tellPacket(record.packet).text} into ${record.into} fragments: it has ${record.packet.length} bytes, and ${record.link} carries ${record.mtuBytes}`
    case 'reassembled':
      return `${node} puts ${tellPacket(record.packet).text} together from ${record.from} fragments`
    case 'queued':
      return `${tellPacket(record.packet).text} waits ${printDuration(record.waitNs)} for ${record.link}`
    case 'transition': {
      const { machine, from, to, event, timer } = record
      const by = timer === undefined ? `on "${event}"` : `${nameOf(timer)} fired`
      return `${node}'s ${machine}: ${from === to ? `stays ${from}` : `${from} → ${to}`}, ${by}`
    }
    case 'remark':
      return `${node}: ${tellRemark(record).text}`
    case 'written':
    case 'read': {
      const { address, port } = record.remote
      const [bytes, way] = [record.bytes.length, record.kind === 'written' ? 'writes' : 'reads']
      return `${node} ${way} ${bytes} bytes ${record.kind === 'written' ? 'to' : 'from'} ${printEndpoint({ address, port })}, over ${record.over.toUpperCase()}`
    }
    case 'asked':
      return `the scenario asks ${node} to ${record.verb === 'options' ? 'send OPTIONS' : record.verb}`
    case 'faulted':
      return tellFault(record).text
    default:
      return `${tellPacket(record.packet).text} is ${record.kind} at ${node}`
  }
}

/** `Timer A`, `the timer "2xx core"`. */
export function nameOf(timer: string): string {
  return timer.length === 1 ? `Timer ${timer}` : `the timer "${timer}"`
}

function placeOf({ node }: RecordId, link: string): string {
  return link === '' ? `at ${node}` : `on ${link}`
}

/** What stands behind each cause of loss. */
const LOSSES: Readonly<Record<Exclude<LossCause, `fault: ${string}`>, string>> = {
  'queue full': 'more came than the link could send, and its queue had no room left (drop-tail)',
  'lost on the medium': 'by chance, at the rate that the topology gives this link',
  'lost at ingress': 'before it came to the queue',
  'link cut': 'the link was cut while it was on it, or before it came',
  'host without power':
    'the host is off: it takes what comes and says nothing, not even ICMP, so that senders learn it from their timers alone',
  'box without power': 'the box is starting: it takes what comes and says nothing',
  'socket buffer full': 'the host was frozen or too slow, and no more could wait for it',
  'no route': 'the node knows no way to the destination; its sender is told by ICMP',
  'TTL exceeded': 'it passed more routers than its TTL allowed',
  'port closed': 'no program listens on that port; the sender is told by ICMP',
  corrupted: 'bits were changed on the way, and its checksum showed it',
  'IP header corrupted':
    'bits of its IP header were changed on the way, and the header checksum showed it to the next node',
  'fragment missing': 'it travelled in fragments, and a datagram of which one is lost is lost as a whole',
  'duplicate fragment': 'the same fragment had come already',
  'overlapping fragments': 'fragments that overlap are a forgery or a fault: their datagram is discarded (RFC 5722)',
  'no room to reassemble': 'the node had too many unfinished datagrams in its memory',
  'fragment dropped by policy': 'the box on its way lets no fragments through',
  'too large to send unfragmented': 'it exceeds a link and may not be fragmented',
  'filtered by NAT': 'the NAT has no mapping that lets it in',
  'no mapping left': 'the NAT has no port left',
  'filtered by firewall': 'a rule of the firewall is against it',
  policed: 'it exceeded the rate that was agreed',
  'active queue management': 'the queue sheds load before it is full',
}

/** Why there is such a loss. */
function tellCause(why: LossCause): string {
  return why.startsWith('fault: ') ? 'the experiment asks for it, under faults' : LOSSES[why as keyof typeof LOSSES]
}

/** `; its sender is told by ICMP`, at the end of a cause. */
const TOLD = /; (its|the) sender is told by ICMP$/
/** As `experiments/classify.ts` names an error, not an echo. */
const ICMP_ERROR = 'ICMP'

/** The same of one loss: where a loss of that cause is told by ICMP and this one is not, why not. */
export function tellLoss(history: History, { id, why, packet }: Lost): string {
  const cause = tellCause(why)
  const silent = cause.replace(TOLD, '')
  const withheld = history.effectsOf(id).find((effect) => effect.kind === 'remark' && effect.what === ERROR_WITHHELD)
  if (withheld?.kind === 'remark') {
    const { reason, limit } = withheld.details
    return `${silent}; its sender is not told: ${id.node} has sent as many ICMP errors as it may (${limit}) and withholds "${reason}"`
  }
  if (silent === cause) return cause
  if (packet.label.name === ICMP_ERROR)
    return `${silent}; nobody is told: it is an ICMP error itself (RFC 1122 §3.2.2, RFC 4443 §2.4)`
  if (packet.fragment !== undefined && packet.fragment.offset > 0)
    return `${silent}; its sender is not told: it is no first fragment (RFC 1122 §3.2.2)`
  return cause
}

/** The same of so many losses, of so many of which the ICMP error was withheld. */
export function tellLossesOf(why: LossCause, count: number, withheld: number): string {
  const cause = tellCause(why)
  if (withheld === 0) return cause
  if (withheld === count) return `${cause.replace(TOLD, '')}; the sender is told of none: the ICMP errors are withheld`
  const but = TOLD.test(cause) ? `, but not of ${withheld}` : `; the sender is not told of ${withheld}`
  return `${cause}${but}: those ICMP errors are withheld`
}
