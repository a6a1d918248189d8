// What a message says, for comparing two of them: all that must not be lost between reading and printing.

import type { Message } from '../../../stack/sip/message/message.ts'
import { type NameAddr, parseNameAddr, printNameAddr } from '../../../stack/sip/message/nameAddr.ts'
import { type Fault, parseMessage } from '../../../stack/sip/message/parse.ts'
import { print } from '../../../stack/sip/message/print.ts'
import { parseUri, printUri } from '../../../stack/sip/message/uri.ts'
import { parseVia, printVia } from '../../../stack/sip/message/via.ts'

/** Reads, prints and reads again, the message and each of its values. The fault, if it cannot be read; what was lost, if anything was; else the message. */
export function survivor(bytes: Uint8Array): Message | Fault | string {
  const parsed = parseMessage(bytes)
  if (!parsed.ok) return parsed.issue
  const message = parsed.value
  const again = parseMessage(print(message))
  if (!again.ok) return `what was printed cannot be read: ${again.issue.at}: ${again.issue.expected}`
  if (told(again.value) !== told(message)) return `${told(message)}\nbecame\n${told(again.value)}`
  return changed(message) ?? message
}

/** All that a message says, but for Content-Length, which printing adds. */
function told(message: Message): string {
  const start =
    message.kind === 'request'
      ? `${message.method} ${printUri(message.uri)}`
      : `${message.status} ${JSON.stringify(message.reason)}`
  const { callId, cseq, fromTag, maxForwards, toTag } = message
  const named = message.head.text.slice(0, message.head.end).match(/^[^:\r\n ]+(?=[ \t]*:)/gm) ?? []
  const headers = [...new Set(named)]
    .filter((name) => !/^(content-length|l)$/i.test(name))
    .map((name) => [name, message.all(name)])
  return JSON.stringify([start, callId, cseq, fromTag, toTag, maxForwards, headers, [...message.body]])
}

/** The first value that is not the same when it is printed and read again. */
function changed(message: Message): string | undefined {
  for (const via of message.vias) {
    const again = parseVia(printVia(via))
    if (!again.ok || printVia(again.value) !== printVia(via)) return `Via: ${printVia(via)}`
  }
  const { contacts, from, recordRoutes, routes, to } = message
  for (const address of [from, to, ...routes, ...recordRoutes, ...(contacts === '*' ? [] : contacts)])
    if (!survives(address)) return `address: ${printNameAddr(address)}`
  return undefined
}

function survives(address: NameAddr): boolean {
  const again = parseNameAddr(printNameAddr(address))
  const uri = parseUri(printUri(address.uri))
  if (!again.ok || !uri.ok) return false
  return (
    again.value.display === (address.display === '' ? undefined : address.display) &&
    printUri(again.value.uri) === printUri(address.uri) &&
    printUri(uri.value) === printUri(address.uri) &&
    String(again.value.parameters) === String(address.parameters)
  )
}
