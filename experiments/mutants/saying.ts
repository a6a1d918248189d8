// Stacks that leave messages out, or send some that nobody should.

import { bug } from '../../platform/assert.ts'
import type { Mutant, Word } from './mutant.ts'
import { bodiless, branchOf, lineOf, plain, withBranch, withLine, without, withStatus } from './words.ts'

const leaving = (name: string, does: string, out: (word: Word) => boolean): Mutant =>
  plain(name, does, (word) => (out(word) ? [] : [word.text]))

/** One that knows which branches its INVITEs had: by them, ACKs of refusals are told from those of a 2xx. */
function acknowledging(
  name: string,
  does: string,
  sends: (ack: Word, ofRefusal: boolean, invite: string) => readonly string[],
): Mutant {
  return {
    name,
    does,
    meddle: () => {
      const invites = new Map<string, string>()
      return {
        sends: (word) => {
          if (word.label === 'INVITE') invites.set(word.message.callId, branchOf(word))
          const branch = invites.get(word.message.callId) ?? ''
          return word.label === 'ACK' ? sends(word, branch === branchOf(word), branch) : [word.text]
        },
      }
    },
  }
}

/** Sends a CANCEL of its newest INVITE when `when` is heard. */
function cancelling(name: string, does: string, when: string): Mutant {
  return {
    name,
    does,
    meddle: (wire) => {
      let cancel: string | undefined
      return {
        sends: ({ label, text, message }) => {
          if (label !== 'INVITE') return [text]
          const request = text.replace(/^INVITE /, 'CANCEL ')
          const via = lineOf(text, 'Via')
          cancel = withLine(
            bodiless(without(request, 'Via').replace('\r\n', `\r\nVia: ${via}\r\n`)),
            'CSeq',
            `${message.cseq.number} CANCEL`,
          )
          return when === '' ? [text, cancel] : [text]
        },
        hears: ({ label }) => {
          if (label !== when || cancel === undefined) return
          wire.send(cancel)
          cancel = undefined
        },
      }
    },
  }
}

export const SAYING: readonly Mutant[] = [
  acknowledging('refusal-not-acknowledged', 'sends no ACK for a refusal', ({ text }, refusal) =>
    refusal ? [] : [text],
  ),
  acknowledging(
    'refusal-acknowledged-once',
    'acknowledges only the first copy of a refusal',
    ({ text, times }, refusal) => (refusal && times > 0 ? [] : [text]),
  ),
  {
    name: 'answer-acknowledged-once',
    does: 'acknowledges only the first copy of a 2xx',
    meddle: () => {
      const acknowledged = new Set<string>()
      const heard = new Set<string>()
      return {
        sends: ({ label, text, message: { callId } }) => {
          if (label !== 'ACK' || !heard.has(callId)) return [text]
          if (acknowledged.has(callId)) return []
          acknowledged.add(callId)
          return [text]
        },
        hears: ({ label, message: { callId } }) => {
          if (label === '200 INVITE') heard.add(callId)
        },
      }
    },
  },
  acknowledging('answer-not-acknowledged', 'sends no ACK for a 2xx', ({ text }, refusal) => (refusal ? [text] : [])),
  acknowledging('ack-on-the-wrong-branch', 'acknowledges a refusal on a branch of its own', ({ text }, refusal) => [
    refusal ? withBranch(text, 'z9hG4bKanother') : text,
  ]),
  acknowledging(
    'ack-on-the-invite-branch',
    'acknowledges a 2xx on the branch of the INVITE',
    ({ text }, refusal, branch) => [refusal ? text : withBranch(text, branch)],
  ),
  acknowledging('ack-without-tag', 'acknowledges a refusal without its To tag', ({ text }, refusal) => [
    refusal ? withLine(text, 'To', lineOf(text, 'To').replace(/;tag=.*/, '')) : text,
  ]),
  acknowledging('ack-to-elsewhere', 'changes the Request-URI in the ACK of a refusal', ({ text }, refusal) => [
    refusal ? text.replace(/^ACK \S+/, 'ACK sip:elsewhere@example.com') : text,
  ]),
  leaving('bye-not-answered', 'answers no BYE', ({ label }) => label === '200 BYE'),
  leaving(
    'bye-answered-once',
    'answers only the first copy of a BYE',
    ({ label, times }) => label === '200 BYE' && times > 0,
  ),
  leaving('cancel-not-answered', 'answers no CANCEL', ({ label }) => label === '200 CANCEL'),
  leaving(
    'cancelled-without-487',
    'does not answer the INVITE that was cancelled',
    ({ label }) => label === '487 INVITE',
  ),
  cancelling('cancel-after-final', 'cancels an INVITE that was answered', '200 INVITE'),
  cancelling('cancel-at-once', 'cancels without waiting for a provisional response', ''),
  plain('ringing-after-answer', 'sends a 180 after its 200', ({ label, text }) =>
    label === '200 INVITE' ? [text, withStatus(bodiless(text), '180 Ringing')] : [text],
  ),
  plain('answered-and-busy', 'sends a 486 after its 200', ({ label, text }) =>
    label === '200 INVITE' ? [text, withStatus(bodiless(text), '486 Busy Here')] : [text],
  ),
  plain('bye-timeout', 'answers a BYE with 408', ({ label, text }) => [
    label === '200 BYE' ? withStatus(text, '408 Request Timeout') : text,
  ]),
  plain('bye-trying', 'answers a BYE with 100 at once', ({ label, text }) =>
    label === '200 BYE' ? [withStatus(text, '100 Trying'), text] : [text],
  ),
  {
    name: 'options-after-bye',
    does: 'asks within a dialog that it has ended',
    meddle: (wire) => {
      const byes = new Map<string, Word>()
      return {
        sends: (word) => {
          if (word.label === 'BYE' && word.message.vias.length === 1) byes.set(word.message.callId, word)
          return [word.text]
        },
        hears: ({ label, message: { callId } }) => {
          const bye = byes.get(callId)
          if (label !== '200 BYE' || bye === undefined) return
          byes.delete(callId)
          const asked = withBranch(bye.text.replace(/^BYE /, 'OPTIONS '), `${branchOf(bye)}again`)
          const options = withLine(asked, 'CSeq', `${bye.message.cseq.number + 1} OPTIONS`)
          wire.after(1000, () => wire.send(options))
        },
      }
    },
  },
  {
    name: 'falls-over-a-cancel',
    does: 'breaks down when somebody cancels',
    meddle: () => ({
      sends: ({ text }) => [text],
      hears: ({ label }) => {
        if (label === 'CANCEL') bug('there is nothing to cancel')
      },
    }),
  },
]
