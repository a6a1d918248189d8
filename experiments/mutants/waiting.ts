// Stacks whose timers are wrong where they show on no single message: given up too soon, forgotten, or not minded.

import type { Host } from '../../platform/host.ts'
import type { Meddler, Mutant, Wire, Word } from './mutant.ts'
import { bodiless, withStatus } from './words.ts'

/** Timers of some lengths run otherwise: `otherwise` gives the new length, ms, or undefined for never. */
function timed(otherwise: (delayMs: number) => number | undefined): (host: Host) => Pick<Host, 'after'> {
  return (host) => ({
    after: (delayMs, callback) => {
      const other = otherwise(delayMs)
      return host.after(other ?? delayMs, other === undefined ? () => {} : callback)
    },
  })
}

/** Hears what comes for the second time: `again` is told, with the last that was said of the kind that `said` names. */
function whenAgain(label: string, said: string, again: (wire: Wire, last: string) => void): (wire: Wire) => Meddler {
  return (wire) => {
    const heard = new Set<string>()
    const last = new Map<string, string>()
    return {
      sends: (word: Word) => {
        if (word.label === said) last.set(word.message.callId, word.text)
        return [word.text]
      },
      hears: ({ label: name, text, message: { callId } }) => {
        const before = last.get(callId)
        if (name === label && heard.has(text) && before !== undefined) again(wire, before)
        if (name === label) heard.add(text)
      },
    }
  }
}

export const WAITING: readonly Mutant[] = [
  {
    name: 'timer-c-early',
    does: 'gives up on whom it calls for others after 20 s of ringing',
    bend: timed((ms) => (ms > 180_000 && ms < 200_000 ? 20_000 : ms)),
  },
  {
    name: 'timer-k-missing',
    does: 'says BYE again when its answer comes again',
    meddle: whenAgain('200 BYE', 'BYE', (wire, bye) => wire.send(bye)),
  },
  {
    name: 'timer-l-missing',
    does: 'refuses an INVITE that comes again when it has answered it',
    meddle: whenAgain('INVITE', '200 INVITE', (wire, ok) => wire.send(withStatus(bodiless(ok), '482 Loop Detected'))),
  },
  {
    name: 'copies-unanswered',
    does: 'says nothing to an INVITE that comes again',
    meddle: (wire) => {
      let copyAt = -1
      const heard = new Set<string>()
      return {
        sends: ({ text, label, times }) => (wire.now() === copyAt && times > 0 && / INVITE$/.test(label) ? [] : [text]),
        hears: ({ label, text }) => {
          if (label === 'INVITE' && heard.has(text)) copyAt = wire.now()
          heard.add(text)
        },
      }
    },
  },
  {
    name: 'unacknowledged-and-silent',
    does: 'ends no call whose answer nobody acknowledged',
    meddle: () => {
      const waiting = new Set<string>()
      return {
        sends: ({ label, text, message: { callId } }) => {
          if (label === '200 INVITE') waiting.add(callId)
          return label === 'BYE' && waiting.has(callId) ? [] : [text]
        },
        hears: ({ label, message: { callId } }) => {
          if (label === 'ACK') waiting.delete(callId)
        },
      }
    },
  },
  {
    name: 'refresh-forgotten',
    does: 'does not refresh its registration',
    campaign: 'nat-and-keepalive',
    bend: timed((ms) => (ms > 60_000 && ms <= 120_000 ? undefined : ms)),
  },
  {
    name: 'keep-alive-missing',
    does: 'says nothing that keeps its NAT’s memory alive',
    campaign: 'nat-and-keepalive',
    meddle: () => ({ sends: ({ text }) => [text], carries: (packet) => (packet.length === 4 ? [] : [packet]) }),
  },
]
