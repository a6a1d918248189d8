// Offers and answers (RFC 3264): whether there is one, and whether the answer fits.

import { asciiDecode } from '../../platform/text.ts'
import { addressOf, directionOf, type Media, type SessionDescription } from '../../stack/sdp/description.ts'
import { mayReceive, maySend } from '../../stack/sdp/offer.ts'
import { parseSdp } from '../../stack/sdp/parse.ts'
import type { Message } from '../../stack/sip/message/message.ts'
import { Recent } from '../recent.ts'
import type { Call } from './call.ts'
import { type Sighting, statusOf } from './exchange.ts'
import type { Place } from './observation.ts'
import type { Oracle, Trial } from './oracle.ts'

export const OFFERS: readonly Oracle[] = [
  {
    name: 'offer and answer',
    section: 'RFC 3261 §13.2.1',
    says: 'an INVITE’s offer is answered in its 2xx; without one the 2xx offers, and the ACK answers',
    call: (call, trial) => eachAnswered(call, (invite, answer) => isThere(invite, answer, call, trial)),
  },
  {
    name: 'answer fits offer',
    section: 'RFC 3264 §6',
    says: 'an answer has the offer’s streams in its order, with formats that were offered and no direction that was not',
    call: (call, trial) => eachAnswered(call, (invite, answer) => fits(invite, answer, call, trial)),
  },
  {
    name: 'session version',
    section: 'RFC 3264 §8',
    says: 'who sends another description in a session counts its version one up; the same one keeps it',
    call: (call, trial) => versions(call, trial),
  },
]

const read = new WeakMap<Message, SessionDescription | null>()
/** Proxies pass on what they got, and phones describe themselves in the same words call after call. */
const spelled = new Recent<string, SessionDescription | null>(1000)

/** The session description in a message; undefined where there is none, or none that can be read. */
export function descriptionIn(message: Message): SessionDescription | undefined {
  if (message.body.length === 0) return undefined
  let found = read.get(message)
  if (found === undefined) {
    const isSdp = message.contentType?.toLowerCase().startsWith('application/sdp') === true
    found = isSdp ? described(message.body) : null
    read.set(message, found)
  }
  return found ?? undefined
}

function described(body: Uint8Array): SessionDescription | null {
  const text = asciiDecode(body)
  const known = text === undefined ? undefined : spelled.get(text)
  if (known !== undefined) return known
  const parsed = parseSdp(body)
  const found = parsed.ok ? parsed.value : null
  if (text !== undefined) spelled.set(text, found)
  return found
}

/** Where a description wants its media, stream by stream, and its RTCP beside it. */
export function placesIn(description: SessionDescription): readonly Place[] {
  return description.media
    .filter(({ port }) => port !== 0)
    .map((media) => ({ address: addressOf(description, media).split('/')[0] ?? '', port: media.port }))
}

/** Each INVITE of a party with the first 2xx to it. */
function eachAnswered({ sightings }: Call, look: (invite: Sighting, answer: Sighting) => void): void {
  const answers = new Map<string, Sighting[]>()
  for (const one of sightings) {
    if (one.message.cseq.method !== 'INVITE' || statusOf(one) < 200 || statusOf(one) >= 300) continue
    const key = `${!one.out} ${one.message.cseq.number}`
    const known = answers.get(key)
    if (known === undefined) answers.set(key, [one])
    else known.push(one)
  }
  for (const invite of sightings) {
    if (invite.message.kind !== 'request' || invite.message.method !== 'INVITE') continue
    const answer = answers.get(`${invite.out} ${invite.message.cseq.number}`)?.find(({ at }) => at >= invite.at)
    if (answer !== undefined) look(invite, answer)
  }
}

function isThere(invite: Sighting, answer: Sighting, { sightings }: Call, trial: Trial): void {
  trial.exercised()
  const offered = invite.message.body.length > 0
  const early = sightings.some(
    (one) =>
      one.message.kind === 'response' &&
      one.message.cseq.number === invite.message.cseq.number &&
      statusOf(one) < 200 &&
      one.message.body.length > 0,
  )
  if (answer.message.body.length === 0) {
    if (!early)
      trial.violated(
        answer.at,
        [invite, answer],
        offered ? 'the offer is not answered in the 2xx' : 'neither INVITE nor 2xx has an offer',
      )
    return
  }
  if (offered || isAgreedEarlier(sightings, invite, answer)) return
  const ack = sightings.find(
    (one) =>
      one.out === invite.out &&
      one.message.cseq.method === 'ACK' &&
      one.message.cseq.number === invite.message.cseq.number,
  )
  if (ack !== undefined && ack.message.body.length === 0)
    trial.violated(ack.at, [answer, ack], 'the ACK does not answer the offer of the 2xx')
}

/** True where a PRACK or an UPDATE carried an offer or an answer before the 2xx (RFC 3262 §5, RFC 3311 §5): what the 2xx says again is neither. */
function isAgreedEarlier(sightings: readonly Sighting[], invite: Sighting, answer: Sighting): boolean {
  return sightings.some(
    ({ message, at }) =>
      at >= invite.at && at <= answer.at && /^(?:PRACK|UPDATE)$/.test(message.cseq.method) && message.body.length > 0,
  )
}

function fits(invite: Sighting, answer: Sighting, { sightings }: Call, trial: Trial): void {
  if (isAgreedEarlier(sightings, invite, answer)) return
  const [offer, answered] = [descriptionIn(invite.message), descriptionIn(answer.message)]
  if (offer === undefined || answered === undefined) return
  trial.exercised()
  if (offer.media.length !== answered.media.length) {
    trial.violated(answer.at, [invite, answer], `${answered.media.length} streams answer ${offer.media.length}`)
    return
  }
  offer.media.forEach((wanted, index) => {
    const given = answered.media[index]!
    const wrong = misfit(wanted, given) ?? turned(offer, wanted, answered, given)
    if (wrong !== undefined) trial.violated(answer.at, [invite, answer], `stream ${index + 1}: ${wrong}`)
  })
}

function misfit(wanted: Media, given: Media): string | undefined {
  if (given.kind !== wanted.kind) return `${given.kind} answers ${wanted.kind}`
  if (given.protocol !== wanted.protocol) return `${given.protocol} answers ${wanted.protocol}`
  if (wanted.port === 0 && given.port !== 0) return 'a stream that was not offered is taken'
  if (given.port === 0 || given.formats.some((format) => wanted.formats.includes(format))) return undefined
  return `the formats ${given.formats.join(' ')} answer ${wanted.formats.join(' ')}`
}

function turned(
  offer: SessionDescription,
  wanted: Media,
  answered: SessionDescription,
  given: Media,
): string | undefined {
  if (given.port === 0) return undefined
  const [theirs, ours] = [directionOf(offer, wanted), directionOf(answered, given)]
  const allowed = (!maySend(ours) || mayReceive(theirs)) && (!mayReceive(ours) || maySend(theirs))
  return allowed ? undefined : `${ours} answers ${theirs}`
}

function versions({ sightings }: Call, trial: Trial): void {
  const last = new Map<string, Sighting>()
  for (const sighting of sightings) {
    const description = descriptionIn(sighting.message)
    if (description === undefined || !sighting.out) continue
    const { username, sessionId, address } = description.origin
    // Behind NATs both ends may have one address, and one idea of an id.
    const { message } = sighting
    const speaker = message.kind === 'request' ? message.fromTag : message.toTag
    const key = `${speaker} ${username} ${sessionId} ${address}`
    const before = last.get(key)
    last.set(key, sighting)
    const earlier = before === undefined ? undefined : descriptionIn(before.message)
    if (before === undefined || earlier === undefined) continue
    trial.exercised()
    // Read from the same words, version and all.
    if (description === earlier) continue
    const same = JSON.stringify({ ...description, origin: '' }) === JSON.stringify({ ...earlier, origin: '' })
    const [now, then] = [BigInt(description.origin.version), BigInt(earlier.origin.version)]
    // RFC 3264 counts up what modifies the session, and does not forbid to count up what does not.
    const isKept = now === then || (!trial.conditions.exact && now === then + 1n)
    if (same ? !isKept : now !== then + 1n)
      trial.violated(
        sighting.at,
        [before, sighting],
        `the version ${now} of ${same ? 'the same' : 'another'} description follows ${then}`,
      )
  }
}
