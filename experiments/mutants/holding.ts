// Stacks that remember wrongly, or do not let go.

import type { Mutant, Word } from './mutant.ts'
import { isRequest, lineOf, plain, withLine, without } from './words.ts'

/** The message with another CSeq number. */
function renumbered({ text, message }: Word, by: number): string {
  return withLine(text, 'CSeq', `${message.cseq.number + by} ${message.cseq.method}`)
}

export const HOLDING: readonly Mutant[] = [
  plain('contact-elsewhere', 'gives a Contact at which it does not listen', ({ label, text }) => [
    label === '200 INVITE' ? withLine(text, 'Contact', lineOf(text, 'Contact').replace(/:5060>/, ':5999>')) : text,
  ]),
  {
    name: 'cseq-miscounted',
    does: 'counts its requests otherwise than it writes',
    meddle: () => ({
      sends: (word) => [isRequest(word) && word.message.vias.length === 1 ? renumbered(word, 1) : word.text],
      reads: (word) => (isRequest(word) || word.message.vias.length > 1 ? word.text : renumbered(word, -1)),
    }),
  },
  plain('hung-up-in-silence', 'ends its calls without a word', ({ label, text, message }) =>
    label === 'BYE' && message.kind === 'request' && message.vias.length === 1 ? [] : [text],
  ),
  {
    name: 'route-set-unread',
    does: 'does not read the Record-Route of responses',
    meddle: () => ({
      sends: ({ text }) => [text],
      reads: ({ text, message }) =>
        message.kind === 'response' && message.vias.length === 1 ? without(text, 'Record-Route') : text,
    }),
  },
  {
    name: 'media-port-kept',
    does: 'closes no port',
    bend: (host) => ({
      udp: (options, receiver) => {
        const opened = host.udp(options, receiver)
        if (!opened.ok) return opened
        const { local } = opened.value
        return { ok: true, value: { local, send: (...given) => opened.value.send(...given), close: () => {} } }
      },
    }),
  },
  {
    name: 'timer-kept',
    does: 'stops no timer',
    bend: () => ({ cancel: () => {} }),
    campaign: 'nat-and-keepalive',
  },
  {
    name: 'timer-lost',
    does: 'forgets what it wanted to do half a minute later',
    bend: (host) => ({
      after: (delayMs, callback) => host.after(delayMs, delayMs === 32_000 ? () => {} : callback),
    }),
  },
]
