// Stacks that offer and answer wrongly.

import type { Mutant } from './mutant.ts'
import { bodiless, lineOf, plain, withLine } from './words.ts'

/** With more text at the end of its body. */
function longer(text: string, more: string): string {
  return withLine(`${text}${more}`, 'Content-Length', String(Number(lineOf(text, 'Content-Length')) + more.length))
}

export const DESCRIBING: readonly Mutant[] = [
  plain('answer-forgotten', 'answers a call without a session description', ({ label, text }) => [
    label === '200 INVITE' ? bodiless(text) : text,
  ]),
  plain('answer-with-more', 'answers one stream with two', ({ label, text }) => [
    label === '200 INVITE' ? longer(text, 'm=audio 0 RTP/AVP 0\r\n') : text,
  ]),
  plain('version-counted-up', 'counts the version of its description up with each copy', ({ label, text, times }) => [
    label === '200 INVITE' && times > 0
      ? text.replace(/^(o=\S+ \S+ )(\d)( .*)$/m, (_, before: string, version: string, after: string) => {
          return `${before}${(Number(version) + 1) % 10}${after}`
        })
      : text,
  ]),
]
