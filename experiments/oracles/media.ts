// Media: RTP's own order, and whether it goes where it was asked for, as long as it was asked for, and both ways.

import { Oldest } from '../../platform/oldest.ts'
import { printDuration } from '../../platform/units.ts'
import { directionOf, type SessionDescription } from '../../stack/sdp/description.ts'
import { Recent } from '../recent.ts'
import { endsDialog, printPlace, type Sighting, statusOf } from './exchange.ts'
import { descriptionIn, placesIn } from './offers.ts'
import type { Oracle, Trial, Watch } from './oracle.ts'
import type { RtpSighting, Stream } from './stream.ts'

const REMEMBERED = 20_000
/** RFC 3550 appendix A.1. */
const MAX_DROPOUT = 3000
const MAX_MISORDER = 100
/** What is on its way, or was handed to the network card, when a call ends, ns. */
const FRAME_NS = 4e7
/** So many packets one way, and none the other: 2 s of speech. */
const MANY_PACKETS = 100

export const MEDIA: readonly Oracle[] = [
  {
    name: 'RTP sequence',
    section: 'RFC 3550 §5.1',
    says: 'a stream’s sequence numbers go up by one with each packet',
    watch: (trial) => sequences(trial),
  },
  {
    name: 'RTP timestamps',
    section: 'RFC 3550 §5.1',
    says: 'a voice’s timestamps never go back from one sequence number to the next; those of pictures may',
    watch: (trial) => timestamps(trial),
  },
  {
    name: 'media to a known port',
    section: 'RFC 3264 §5',
    says: 'media goes to a place that the far end has described, or from which its media came',
    watch: (trial) => knownPorts(trial),
  },
  {
    name: 'no media after BYE',
    section: 'RFC 3261 §15',
    says: 'who has sent a BYE, or answered one, sends no more media of that call',
    watch: (trial) => afterBye(trial),
  },
  {
    name: 'no one-way audio',
    section: 'RFC 3264 §5.1',
    says: 'where both sides send and receive, who sends also hears',
    watch: (trial) => bothWays(trial),
  },
]

function sequences(trial: Trial): Watch {
  const last = new Recent<Stream, RtpSighting>(REMEMBERED)
  return {
    see: () => {},
    media: (sighting) => {
      const key = sighting.stream
      if (!key.out) return
      const before = last.get(key)
      const ahead =
        before === undefined ? 1 : ((sighting.seen.sequence - before.seen.sequence + 0x8000) & 0xffff) - 0x8000
      if (before === undefined || ahead > 0) last.set(key, sighting)
      if (before === undefined) return
      trial.exercised()
      const wrong = trial.conditions.exact ? ahead !== 1 : ahead > MAX_DROPOUT || ahead < -MAX_MISORDER
      if (!wrong) return
      last.set(key, sighting)
      trial.violated(
        sighting.at,
        [before, sighting],
        `sequence ${sighting.seen.sequence} after ${before.seen.sequence}`,
      )
    },
  }
}

/** Payload types of RFC 3551's table that are pictures, or both; and from where on they are what a description says. */
const PICTURES: ReadonlySet<number> = new Set([25, 26, 28, 31, 32, 33, 34])
const FIRST_DYNAMIC = 96

/** Pictures may be sent in another order than they were taken (RFC 3550 §5.1); an event has the time at which it began (RFC 4733 §2.2.1). */
function timestamps(trial: Trial): Watch {
  const last = new Recent<Stream, RtpSighting>(REMEMBERED)
  const kinds = new Recent<string, string>(REMEMBERED)
  const isVoice = ({ seen: { payloadType, from, to } }: RtpSighting): boolean => {
    if (PICTURES.has(payloadType)) return false
    const kind = kinds.get(printPlace(from)) ?? kinds.get(printPlace(to))
    return kind === undefined ? payloadType < FIRST_DYNAMIC || trial.conditions.exact : kind === 'audio'
  }
  return {
    see: ({ message }) => {
      const description = descriptionIn(message)
      for (const media of description?.media ?? [])
        if (description !== undefined && media.port !== 0)
          for (const place of placesIn({ ...description, media: [media] })) kinds.set(printPlace(place), media.kind)
    },
    media: (sighting) => {
      const key = sighting.stream
      if (!key.out) return
      const before = last.get(key)
      last.set(key, sighting)
      if (before === undefined || ((sighting.seen.sequence - before.seen.sequence) & 0xffff) !== 1) return
      if (before.seen.payloadType !== sighting.seen.payloadType || !isVoice(sighting)) return
      trial.exercised()
      if (((sighting.seen.timestamp - before.seen.timestamp) | 0) < 0)
        trial.violated(
          sighting.at,
          [before, sighting],
          `timestamp ${sighting.seen.timestamp} after ${before.seen.timestamp}`,
        )
    },
  }
}

function knownPorts(trial: Trial): Watch {
  const described = new Recent<string, boolean>(REMEMBERED)
  const signalling = new Set<string>()
  /** Who may send to any candidate that answered a check (RFC 8445 §7.2.5.3): a capture's oracles do not follow those. */
  const checking = new Set<string>()
  const judged = new Recent<Stream, boolean>(REMEMBERED)
  return {
    see: ({ message, out, party }) => {
      const description = descriptionIn(message)
      if (description === undefined) return
      signalling.add(party)
      if (!trial.conditions.exact && usesIce(description)) checking.add(party)
      // A capture shows who is described, not who has heard it.
      if (out && trial.conditions.exact) return
      for (const place of placesIn(description))
        described.set(trial.conditions.exact ? `${party} ${printPlace(place)}` : printPlace(place), true)
    },
    media: (sighting) => {
      const { seen, party, stream } = sighting
      const { exact } = trial.conditions
      if (judged.get(stream) !== undefined) return
      if (!stream.out) {
        judged.set(stream, true)
        described.set(exact ? stream.far : printPlace(seen.from), true)
        return
      }
      if (!signalling.has(party) || checking.has(party)) return
      judged.set(stream, true)
      // In a capture a relay may be described where the capture did not look.
      if (!exact && described.get(printPlace(seen.from)) === undefined) return
      trial.exercised()
      const to = printPlace(seen.to)
      if (described.get(exact ? `${party} ${to}` : to) === undefined)
        trial.violated(sighting.at, [sighting], `media to ${to}, which nobody has described`)
    },
  }
}

function usesIce({ attributes, media }: SessionDescription): boolean {
  return [attributes, ...media.map((one) => one.attributes)].some((all) => all.some(({ name }) => name === 'ice-ufrag'))
}

/** A party's own end of a call's media. */
interface End {
  readonly call: string
  readonly both: boolean
  sent: number
  heard: number
  first: RtpSighting | undefined
  endedAt: number | undefined
  bye: Sighting | undefined
}

/** What a party described as its own end, by place; a place that is described again belongs to the new call. */
class Ends {
  readonly #byPlace = new Map<string, End>()
  readonly #oldestPlace = new Oldest(this.#byPlace)
  readonly #byCall = new Map<string, Set<string>>()
  /** By call: the tags of those who took part in it (where it was forked there are several), as long as no BYE of theirs was answered. */
  readonly #parties = new Map<string, Set<string>>()
  readonly #oldestParties = new Oldest(this.#parties)
  readonly #over: (end: End) => void

  constructor(over: (end: End) => void) {
    this.#over = over
  }

  /** `own`: the party and the place. */
  at(own: string): End | undefined {
    return this.#byPlace.get(own)
  }

  take(sighting: Sighting): void {
    const { message, out, party, at } = sighting
    const call = `${party} ${message.callId}`
    const description =
      out && message.vias.length === 1
        ? descriptionIn(message)
        : out && message.kind === 'response'
          ? descriptionIn(message)
          : undefined
    if (description !== undefined) {
      const both = description.media.every((media) => directionOf(description, media) === 'sendrecv')
      for (const place of placesIn(description)) {
        const key = `${party} ${printPlace(place)}`
        const known = this.#byPlace.get(key)
        if (known?.call === call && known.both === both) continue
        if (known !== undefined) this.#leave(key, known)
        this.#makeRoom()
        this.#byPlace.set(key, { call, both, sent: 0, heard: 0, first: undefined, endedAt: undefined, bye: undefined })
        const keys = this.#byCall.get(call) ?? new Set()
        this.#byCall.set(call, keys.add(key))
      }
    }
    if (message.kind !== 'response' || statusOf(sighting) < 200) return
    if (message.cseq.method === 'INVITE' && message.status < 300) this.#join(call, message.toTag ?? '')
    if (!endsDialog(sighting) || !this.#isLast(call, message.fromTag ?? '', message.toTag ?? '')) return
    for (const key of this.#byCall.get(call) ?? []) {
      const end = this.#byPlace.get(key)
      if (end?.call !== call) continue
      end.endedAt ??= at
      end.bye ??= sighting
    }
    this.#byCall.delete(call)
  }

  #join(call: string, tag: string): void {
    const tags = this.#parties.get(call) ?? new Set()
    this.#parties.set(call, tags.add(tag))
    if (this.#parties.size > REMEMBERED) this.#parties.delete(this.#oldestParties.next())
  }

  /** True where the dialog of these tags was the last one of its call. */
  #isLast(call: string, one: string, other: string): boolean {
    const tags = this.#parties.get(call)
    tags?.delete(one)
    tags?.delete(other)
    if (tags !== undefined && tags.size > 0) return false
    this.#parties.delete(call)
    return true
  }

  /** So many ends are remembered: the oldest goes first. */
  #makeRoom(): void {
    if (this.#byPlace.size < REMEMBERED) return
    const key = this.#oldestPlace.next()
    const end = this.#byPlace.get(key)!
    this.#byPlace.delete(key)
    this.#leave(key, end)
  }

  /** The place is its call's no more, of which a party that passes it on may never hear again. */
  #leave(key: string, end: End): void {
    const keys = this.#byCall.get(end.call)
    keys?.delete(key)
    if (keys?.size === 0) this.#byCall.delete(end.call)
    this.#over(end)
  }

  end(): void {
    for (const end of this.#byPlace.values()) this.#over(end)
  }
}

function afterBye(trial: Trial): Watch {
  const ends = new Ends(() => {})
  return {
    see: (sighting) => {
      ends.take(sighting)
      if (sighting.out && sighting.message.kind === 'response' && sighting.message.cseq.method === 'BYE')
        trial.exercised()
    },
    media: (sighting) => {
      if (!sighting.stream.out) return
      const end = ends.at(sighting.stream.own)
      if (end?.endedAt === undefined || end.bye === undefined) return
      const slack = FRAME_NS + (trial.conditions.exact ? 0 : 4 * trial.conditions.slackNs)
      if (sighting.at <= end.endedAt + slack) return
      const late = printDuration(sighting.at - end.endedAt)
      trial.violated(sighting.at, [sighting, end.bye], `media ${late} after the BYE was answered`)
      end.endedAt = undefined
    },
  }
}

function bothWays(trial: Trial): Watch {
  const ends = new Ends(({ both, sent, heard, first, call }) => {
    if (!both || first === undefined || sent < MANY_PACKETS) return
    trial.exercised()
    if (heard === 0) trial.violated(first.at, [first], `${sent} packets of ${call.split(' ')[1]} sent, none received`)
  })
  return {
    see: (sighting) => ends.take(sighting),
    media: (sighting) => {
      const end = ends.at(sighting.stream.own)
      if (end === undefined) return
      if (!sighting.stream.out) {
        end.heard += 1
        return
      }
      end.sent += 1
      end.first ??= sighting
    },
    end: () => ends.end(),
  }
}
