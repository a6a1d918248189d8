// What tells requests, calls and their ends apart: branches and tags.

import { Recent } from '../recent.ts'
import { isForwarded, type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial, Watch } from './oracle.ts'
import { remembered } from './responses.ts'

/** So many branches and tags are remembered. */
const REMEMBERED = 20_000
const COOKIE = 'z9hG4bK'

export const IDENTITY: readonly Oracle[] = [
  {
    name: 'branch',
    section: 'RFC 3261 §8.1.1.7',
    says: 'each request has a branch of its own that begins with z9hG4bK; only CANCEL and the ACK of a refusal share their INVITE’s',
    watch: (trial) => branches(trial),
  },
  {
    name: 'tags',
    section: 'RFC 3261 §19.3',
    says: 'a request has a From tag, used for no other call; a response other than 100 has a To tag',
    watch: (trial) => tags(trial),
  },
  {
    name: 'one To tag',
    section: 'RFC 3261 §8.2.6.2',
    says: 'one server gives all its responses to one request the same To tag',
    exchange: (exchange, trial) => {
      if (!trial.conditions.exact) return
      for (const transaction of exchange.transactions) {
        if (transaction.role !== 'server' || isForwarded(transaction, exchange)) continue
        const tagged = remembered(transaction, exchange, trial).filter((response) => statusOf(response) > 100)
        if (tagged.length === 0) continue
        trial.exercised()
        const other = tagged.find(({ message }) => message.toTag !== tagged[0]!.message.toTag)
        if (other === undefined) continue
        const sentence = `the To tag ${other.message.toTag ?? '(none)'} after ${tagged[0]!.message.toTag ?? '(none)'}`
        trial.violated(other.at, [tagged[0]!, other], sentence)
      }
    },
  },
]

function branches(trial: Trial): Watch {
  const users = new Recent<string, { readonly of: string; readonly sighting: Sighting }>(REMEMBERED)
  return {
    see: (sighting) => {
      const { message, out, party } = sighting
      if (!out || message.kind !== 'request' || message.method === 'CANCEL') return
      const branch = message.via.parameters.get('branch')
      if (branch?.startsWith(COOKIE) !== true) {
        // In a capture it may be a user agent of RFC 2543, which knew no better.
        if (trial.conditions.exact)
          trial.violated(sighting.at, [sighting], `the branch ${branch ?? '(none)'} of ${message.method}`)
        return
      }
      trial.exercised()
      const { number } = message.cseq
      const method = message.method === 'ACK' ? 'INVITE' : message.method
      const of = `${message.callId} ${message.fromTag ?? ''} ${number} ${method}`
      const key = `${party} ${branch}`
      const user = users.get(key)
      if (user === undefined) users.set(key, { of, sighting })
      else if (user.of !== of)
        trial.violated(
          sighting.at,
          [user.sighting, sighting],
          `the branch ${branch} was used before, for another request`,
        )
    },
  }
}

function tags(trial: Trial): Watch {
  const calls = new Recent<string, Sighting>(REMEMBERED)
  return {
    see: (sighting) => {
      const { message, out, party, at } = sighting
      if (!out) return
      if (message.kind === 'response') {
        if (message.status === 100) return
        trial.exercised()
        if (message.toTag === undefined) trial.violated(at, [sighting], `${message.status} without a To tag`)
        return
      }
      if (message.vias.length > 1) return
      const tag = message.fromTag
      if (tag === undefined) {
        if (trial.conditions.exact) trial.violated(at, [sighting], `${message.method} without a From tag`)
        return
      }
      trial.exercised()
      if (message.toTag !== undefined) return
      const key = `${party} ${tag}`
      const first = calls.get(key)
      if (first === undefined) calls.set(key, sighting)
      else if (first.message.callId !== message.callId)
        trial.violated(
          at,
          [first, sighting],
          `the From tag ${tag} was used before, in the call ${first.message.callId}`,
        )
    },
  }
}
