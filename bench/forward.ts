// The row forward: a message is read, changed as a record-routing proxy changes it, and printed, beside npm sip's parser and printer.

import { bug } from '../platform/assert.ts'
import { change } from '../stack/sip/message/change.ts'
import type { Message } from '../stack/sip/message/message.ts'
import { parseMessage } from '../stack/sip/message/parse.ts'
import { print } from '../stack/sip/message/print.ts'
import { corpus, npmSip, PASSES } from './corpus.ts'
import { type BenchRow, compare, cpuSeconds } from './row.ts'

/** Messages per CPU second. */
export const forward: BenchRow = {
  name: 'forward',
  what: 'a SIP message read, forwarded as a proxy does and printed, beside npm sip reading and printing it',
  measure: () => {
    const messages = corpus()
    const buffers = messages.map((bytes) => Buffer.from(bytes))
    const count = messages.length * PASSES
    const ours = () => count / cpuSeconds(() => repeat(messages, forwarded))
    const theirs = () => count / cpuSeconds(() => repeat(buffers, printedByNpm))
    return [compare('forward', 'messages per CPU second', ours, theirs)]
  },
}

function repeat<T>(messages: readonly T[], work: (message: T) => number): void {
  let bytes = 0
  for (let pass = 0; pass < PASSES; pass++) for (const message of messages) bytes += work(message)
  if (!(bytes > 0)) bug('nothing was printed')
}

/** Read, and printed to the bytes that its transport hands to a socket. The string alone is none yet: it is a tree of its pieces. */
function printedByNpm(bytes: Buffer): number {
  return Buffer.from(npmSip.stringify(npmSip.parse(bytes)), 'binary').length
}

function forwarded(bytes: Uint8Array): number {
  const parsed = parseMessage(bytes)
  if (!parsed.ok) return bug(`${parsed.issue.at}: ${parsed.issue.expected}`)
  const message = parsed.value
  return print(onward(message)).length + read(message)
}

/** What a proxy looks at before it sends a message on: whose it is, and whether a Route leads it (§16.4, §17.1.3, §17.2.3). */
function read({ via, cseq, routes }: Message): number {
  return (via.parameters.get('branch') ?? '').length + via.host.length + cseq.method.length + routes.length
}

/** RFC 3261 §16.6 steps 2–4 and 8 for a request, §16.7 step 3 for a response. */
function onward(message: Message): Message {
  if (message.kind === 'response') return change(message, [{ removeFirst: 'Via' }])
  return change(message, [
    { uri: message.uri },
    { set: 'Max-Forwards', value: String((message.maxForwards ?? 70) - 1) },
    { prepend: 'Record-Route', value: '<sip:203.0.113.5;lr>' },
    { prepend: 'Via', value: 'SIP/2.0/UDP 203.0.113.5:5060;branch=z9hG4bKb3c1.8a7f2d9e0c5514aa' },
  ])
}
