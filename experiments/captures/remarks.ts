// What an audit of a capture must be read with: what could not be read of it, and where its clock cannot be trusted.

import { printDuration } from '../../platform/units.ts'

/** One kind of remark, and how often it had to be made. */
export interface Remark {
  readonly kind: 'link type' | 'cut' | 'compressed' | 'encrypted' | 'clock'
  /** For people. */
  readonly sentence: string
  /** The first packet that it is about. */
  readonly packet: number
  readonly count: number
}

/** Gathers remarks. */
export class Remarks {
  readonly #made = new Map<string, { packet: number; count: number; kind: Remark['kind']; detail: number }>()

  /** `detail` of a link type: its number; of the clock: by how many ns it went back. */
  make(kind: Remark['kind'], packet: number, detail = 0): void {
    const key = kind === 'link type' ? `${kind} ${detail}` : kind
    const made = this.#made.get(key)
    if (made === undefined) this.#made.set(key, { packet, count: 1, kind, detail })
    else made.count += 1
  }

  get list(): readonly Remark[] {
    return [...this.#made.values()].map(({ kind, packet, count, detail }) => {
      return { kind, packet, count, sentence: SENTENCES[kind](packet, count, detail) }
    })
  }
}

const SENTENCES: Readonly<Record<Remark['kind'], (packet: number, count: number, detail: number) => string>> = {
  'link type': (packet, count, type) => {
    const name = LINK_TYPES[type]
    const which = `${type}${name === undefined ? '' : ` (${name})`}`
    return `${packets(count)}, from packet ${packet} on, ${are(count)} of link type ${which}, which is not read: capture at an Ethernet, a cooked ("any"), a loopback or a raw IP interface`
  },
  cut: (packet, count) =>
    `${count === 1 ? '1 SIP message was' : `${count} SIP messages were`} captured in part, from packet ${packet} on, and cannot be judged: capture whole packets (tcpdump -s 0)`,
  compressed: (packet, count) =>
    `${count === 1 ? '1 WebSocket message is' : `${count} WebSocket messages are`} compressed (permessage-deflate), from packet ${packet} on, and not read`,
  encrypted: (packet, count) =>
    `${count === 1 ? '1 connection of port 5061 is' : `${count} connections of port 5061 are`} encrypted (TLS), from packet ${packet} on, and not read: capture where its messages are in the clear`,
  clock: (packet, count, backNs) => {
    const more = count === 1 ? '' : `, and so it goes back ${count - 1} more ${count === 2 ? 'time' : 'times'}`
    return `packet ${packet} is stamped ${printDuration(backNs)} before what came before it${more}: the clock was set back, or captures were joined out of order (reordercap sorts them); what lies across such a place may be misjudged`
  },
}

function packets(count: number): string {
  return count === 1 ? '1 packet' : `${count} packets`
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}

/** Some of the registry that SIP is met in. */
const LINK_TYPES: Readonly<Record<number, string>> = {
  9: 'PPP',
  51: 'PPP over Ethernet',
  105: 'IEEE 802.11',
  127: 'IEEE 802.11 with radiotap',
  252: 'exported by Wireshark from above IP',
}
