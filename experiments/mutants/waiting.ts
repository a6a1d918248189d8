// Stacks whose timers are wrong where they show on no single message: given up too soon, forgotten, or not minded.

import { ring } from '../../platform/bell.ts'
import type { Host, UdpSocket } from '../../platform/host.ts'
import { latin1Decode } from '../../platform/text.ts'
import type { Meddler, Mutant, Wire, Word } from './mutant.ts'
import { bodiless, lineOf, withStatus } from './words.ts'

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

const branchIn = (text: string): string => /^Via:[^\r]*;branch=([^;,\r]*)/m.exec(text)?.[1] ?? ''

/** A provisional response to a request that is no INVITE stops the timers of its transaction, E and F, and nothing ends it any more. */
function stalling(host: Host): Pick<Host, 'after' | 'udp'> {
  /** When each request was first sent, by its branch, ms. */
  const firstSent = new Map<string, number>()
  const stalled = new Set<string>()
  /** When those were sent: their Timer F was set at the same time. */
  const forgotten = new Set<number>()
  const hear = (text: string): void => {
    const branch = branchIn(text)
    const at = firstSent.get(branch)
    if (at === undefined || !/^SIP\/2\.0 1/.test(text)) return
    stalled.add(branch)
    forgotten.add(at)
  }
  const isHeldBack = (text: string): boolean => {
    if (!/^(?!INVITE |ACK )[A-Z]+ /.test(text)) return false
    const branch = branchIn(text)
    if (!firstSent.has(branch)) firstSent.set(branch, host.monotonic())
    return stalled.has(branch)
  }
  return {
    udp: (options, receiver) => {
      const opened = host.udp(options, {
        received: (datagram) => {
          hear(latin1Decode(datagram.bytes()))
          receiver.received(datagram)
        },
        failed: (to, why) => receiver.failed(to, why),
      })
      if (!opened.ok) return opened
      const { value: socket } = opened
      const send: UdpSocket['send'] = (to, head, body, dscp, from) => {
        if (!isHeldBack(latin1Decode(head) + latin1Decode(body))) socket.send(to, head, body, dscp, from)
      }
      return { ok: true, value: { local: socket.local, send, close: () => socket.close() } }
    },
    after: (delayMs, callback) => {
      if (delayMs !== 32_000) return host.after(delayMs, callback)
      const at = host.monotonic()
      return host.after(delayMs, () => {
        if (!forgotten.has(at)) ring(callback)
      })
    },
  }
}

/** Whose BYE came before its ACK forgets to stop waiting for that: 64·T1 after its answer it ends the call once more. */
function endingTwice(wire: Wire): Meddler {
  const invites = new Map<string, Word>()
  const answered = new Set<string>()
  const acknowledged = new Set<string>()
  const ended = new Set<string>()
  const end = ({ text, message }: Word): void => {
    const { callId } = message
    if (acknowledged.has(callId) || !ended.has(callId)) return
    const invite = invites.get(callId)?.text ?? ''
    const target = /<([^>]*)>/.exec(lineOf(invite, 'Contact'))?.[1]
    if (target === undefined) return
    const routes = [...invite.matchAll(/^Record-Route: *(.*)\r$/gm)].map(([, value]) => `Route: ${value}`)
    const lines = [
      `BYE ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${/<sip:[^@]*@([^;>]*)/.exec(lineOf(text, 'Contact'))?.[1]};branch=z9hG4bKonce${callId.slice(0, 8)}more`,
      ...[...routes, 'Max-Forwards: 70', `From: ${lineOf(text, 'To')}`, `To: ${lineOf(text, 'From')}`],
      ...[`Call-ID: ${callId}`, 'CSeq: 1 BYE', 'Content-Length: 0', '', ''],
    ]
    wire.send(lines.join('\r\n'))
  }
  return {
    sends: (word) => {
      const { label, message, text } = word
      // Who sends an INVITE on is a proxy, and ends no calls.
      if (label === 'INVITE') invites.delete(message.callId)
      if (label === '200 INVITE' && invites.has(message.callId) && !answered.has(message.callId)) {
        answered.add(message.callId)
        wire.after(32_000, () => end(word))
      }
      return [text]
    },
    hears: (word) => {
      if (word.label === 'INVITE') invites.set(word.message.callId, word)
      if (word.label === 'ACK') acknowledged.add(word.message.callId)
      if (word.label === 'BYE') ended.add(word.message.callId)
    },
  }
}

export const WAITING: readonly Mutant[] = [
  {
    name: 'stalled-by-trying',
    does: 'waits for ever once a 1xx has come to a request that is no INVITE',
    bend: stalling,
  },
  {
    name: 'bye-once-more',
    does: 'ends a call 64·T1 after its answer that was never acknowledged, though a BYE has ended it',
    meddle: endingTwice,
  },
  {
    name: 'expiry-ignored',
    does: 'takes its registration for an hour’s, whatever the registrar grants',
    campaign: 'nat-and-keepalive',
    meddle: () => ({
      sends: ({ text }) => [text],
      reads: ({ label, text }) =>
        label === '200 REGISTER' ? text.replace(/(;expires=|^Expires: *)\d+/gm, (_, name) => `${name}3600`) : text,
    }),
  },
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
