// The row parse: a strict verdict on a message and every field that a proxy reads, beside npm sip's parser.

import { bug } from '../platform/assert.ts'
import type { Message } from '../stack/sip/message/message.ts'
import { parseMessage } from '../stack/sip/message/parse.ts'
import { corpus, npmSip, PASSES } from './corpus.ts'
import { type BenchRow, compare, cpuSeconds } from './row.ts'

/** Messages per CPU second. */
export const parse: BenchRow = {
  name: 'parse',
  what: 'a SIP message judged strictly and read as a proxy reads it, beside npm sip',
  measure: () => {
    const messages = corpus()
    const buffers = messages.map((bytes) => Buffer.from(bytes))
    const count = messages.length * PASSES
    const ours = () => count / cpuSeconds(() => repeat(messages, readByProxy))
    const theirs = () =>
      count / cpuSeconds(() => repeat(buffers, (bytes) => npmSip.parse(bytes)?.headers.via.length ?? 0))
    return [compare('parse', 'messages per CPU second', ours, theirs)]
  },
}

function repeat<T>(messages: readonly T[], read: (message: T) => number): void {
  let sum = 0
  for (let pass = 0; pass < PASSES; pass++) for (const message of messages) sum += read(message)
  if (!(sum > 0)) bug('nothing was read')
}

/** Something of each field that a proxy reads, so that none can be left out. */
function readByProxy(bytes: Uint8Array): number {
  const parsed = parseMessage(bytes)
  if (!parsed.ok) return bug(`${parsed.issue.at}: ${parsed.issue.expected}`)
  const message = parsed.value
  const { via, cseq } = message
  return (
    targetOf(message) +
    via.host.length +
    (via.port ?? 5060) +
    (via.parameters.get('branch') ?? '').length +
    (message.fromTag ?? '').length +
    (message.toTag ?? '').length +
    message.callId.length +
    cseq.number +
    cseq.method.length +
    (message.maxForwards ?? 70) +
    message.routes.length
  )
}

function targetOf(message: Message): number {
  if (message.kind === 'response') return message.status
  const { host, port, user } = message.uri
  return message.method.length + host.length + (port ?? 5060) + (user ?? '').length
}
