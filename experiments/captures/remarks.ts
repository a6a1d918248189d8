// What an audit of a capture must be read with: what could not be read of it, and where its clock cannot be trusted.

import { printDuration } from '../../platform/units.ts'
import { Recent } from '../recent.ts'

/** One kind of remark, and how often it had to be made. */
export interface Remark {
  readonly kind: 'link type' | 'cut' | 'compressed' | 'encrypted' | 'clock'
  /** For people. */
  readonly sentence: string
  /** The first packet that it is about. */
  readonly packet: number
  /** What was seen at several points of its way counts once. */
  readonly count: number
  /** Where it was seen, where that is more than one place: nodes, or else `interface 0` and so on. */
  readonly places?: readonly string[]
}

/** What a remark is about, seen at one point of its way. */
export interface RemarkedSight {
  /** The same text at every point. */
  readonly identity: string
  readonly point: number
  /** The point for people. */
  readonly place: string
}

interface Made {
  readonly kind: Remark['kind']
  readonly packet: number
  readonly detail: number
  readonly places: Set<string>
  count: number
}

/** How often a thing was seen: at each point, and at that which saw it most. */
interface Seen {
  readonly at: Map<number, number>
  most: number
}

const REMEMBERED = 20_000

/** Gathers remarks. Memory: what was seen lately. */
export class Remarks {
  readonly #made = new Map<string, Made>()
  readonly #seen = new Recent<string, Seen>(REMEMBERED)

  /**
   * `detail` of a link type: its number; of the clock: by how many ns it went back. `sight`: of what may be in the file several times, each
   * time at another point. True where it was counted before.
   */
  make(kind: Remark['kind'], packet: number, detail = 0, sight?: RemarkedSight): boolean {
    const key = kind === 'link type' ? `${kind} ${detail}` : kind
    let made = this.#made.get(key)
    if (made === undefined) {
      made = { packet, count: 0, kind, detail, places: new Set() }
      this.#made.set(key, made)
    }
    if (sight !== undefined) made.places.add(sight.place)
    if (sight !== undefined && !this.#isMore(kind, sight)) return true
    made.count += 1
    return false
  }

  get list(): readonly Remark[] {
    return [...this.#made.values()].map(({ kind, packet, count, detail, places }) => {
      const said = SENTENCES[kind](packet, count, detail)
      if (places.size < 2) return { kind, packet, count, sentence: said }
      return { kind, packet, count, sentence: `${said}; seen at ${printPlaces([...places])}`, places: [...places] }
    })
  }

  /** True where no other point has seen it so often: the same bytes may be sent again. A connection begins once. */
  #isMore(kind: Remark['kind'], { identity, point }: RemarkedSight): boolean {
    const key = `${kind} ${identity}`
    let seen = this.#seen.get(key)
    if (seen === undefined) {
      seen = { at: new Map(), most: 0 }
      this.#seen.set(key, seen)
    }
    const times = kind === 'encrypted' ? 1 : (seen.at.get(point) ?? 0) + 1
    seen.at.set(point, times)
    if (times <= seen.most) return false
    seen.most = times
    return true
  }
}

const PLACES_SHOWN = 5

function printPlaces(places: readonly string[]): string {
  const shown = places.slice(0, places.length > PLACES_SHOWN + 1 ? PLACES_SHOWN : places.length)
  const left = places.length - shown.length
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} and ${left} more places`
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
