// Stacks that write a header wrongly.

import type { Mutant, Word } from './mutant.ts'
import { lineOf, plain, withBranch, withLine, without } from './words.ts'

const writing = (
  name: string,
  does: string,
  of: (word: Word) => boolean,
  write: (text: string, word: Word) => string,
): Mutant => plain(name, does, (word) => [of(word) ? write(word.text, word) : word.text])

const is =
  (...labels: readonly string[]) =>
  ({ label }: Word): boolean =>
    labels.includes(label)
const isForwarded = ({ message }: Word): boolean => message.kind === 'request' && message.vias.length > 1
const isAnything = (): boolean => true
const tagless = (text: string, header: string): string =>
  withLine(text, header, lineOf(text, header).replace(/;tag=.*/, ''))

/** Vias as lines, their order changed by `order`. */
function reordered(text: string, order: (vias: string[]) => string[]): string {
  const vias = [...text.matchAll(/^Via: *(.*)\r$/gm)].map(([, value]) => `Via: ${value}\r\n`)
  return without(text, 'Via').replace('\r\n', `\r\n${order(vias).join('')}`)
}

export const WRITING: readonly Mutant[] = [
  writing('to-tag-forgotten', 'answers an INVITE without a To tag', is('200 INVITE', '486 INVITE'), (text) =>
    tagless(text, 'To'),
  ),
  writing('to-tag-changed', 'answers with another To tag than it rang with', is('200 INVITE'), (text) =>
    withLine(text, 'To', lineOf(text, 'To').replace(/;tag=/, ';tag=x')),
  ),
  writing('from-tag-forgotten', 'sends requests without a From tag', is('INVITE', 'BYE'), (text) =>
    tagless(text, 'From'),
  ),
  writing('from-tag-not-echoed', 'answers with another From tag', is('200 INVITE', '200 BYE'), (text) =>
    withLine(text, 'From', lineOf(text, 'From').replace(/;tag=/, ';tag=x')),
  ),
  writing('cseq-not-raised', 'sends BYE with the CSeq number of the INVITE', is('BYE'), (text) =>
    withLine(text, 'CSeq', lineOf(text, 'CSeq').replace(/^\d+/, '1')),
  ),
  writing('cseq-not-echoed', 'answers with another CSeq number', is('180 INVITE', '200 BYE'), (text, { message }) =>
    withLine(text, 'CSeq', `${message.cseq.number + 1} ${message.cseq.method}`),
  ),
  writing('call-id-not-echoed', 'answers with another Call-ID', is('180 INVITE', '200 BYE'), (text) =>
    withLine(text, 'Call-ID', `x${lineOf(text, 'Call-ID')}`),
  ),
  writing('via-reversed', 'forwards with the Vias in the wrong order', isForwarded, (text) =>
    reordered(text, (vias) => vias.reverse()),
  ),
  writing('via-forgotten', 'forwards without the Via of the sender', isForwarded, (text) =>
    reordered(text, (vias) => vias.slice(0, 1)),
  ),
  writing(
    'via-not-removed',
    'passes responses on with its own Via',
    ({ label, message }) => /^\d/.test(label) && message.vias.length === 1 && label !== '100 INVITE',
    (text) => reordered(text, (vias) => [...vias, ...vias]),
  ),
  writing('cookie-forgotten', 'makes branches without the magic cookie', is('ACK'), (text) =>
    withBranch(text, 'plain'),
  ),
  writing('max-forwards-kept', 'forwards without taking one from Max-Forwards', isForwarded, (text, { message }) =>
    withLine(text, 'Max-Forwards', String((message.maxForwards ?? 69) + 1)),
  ),
  writing(
    'content-length-short',
    'counts a byte too few',
    ({ message }) => message.body.length > 0,
    (text, { message }) => withLine(text, 'Content-Length', String(message.body.length - 1)),
  ),
  writing(
    'content-length-long',
    'counts a byte too many',
    ({ message }) => message.body.length > 0,
    (text, { message }) => withLine(text, 'Content-Length', String(message.body.length + 1)),
  ),
  writing('contact-forgotten', 'answers an INVITE without a Contact', is('200 INVITE'), (text) =>
    without(text, 'Contact'),
  ),
  writing(
    'record-route-forgotten',
    'answers an INVITE without its Record-Route',
    is('180 INVITE', '200 INVITE'),
    (text) => without(text, 'Record-Route'),
  ),
  writing('received-wrong', 'writes another rport than the port it saw', isAnything, (text) =>
    text.replace(/;rport=\d+/, ';rport=9'),
  ),
  writing('via-port-changed', 'forwards with another port in the Via of the sender', isForwarded, (text) =>
    reordered(text, ([own = '', sender = '', ...rest]) => [own, sender.replace(/:5060;/, ':5061;'), ...rest]),
  ),
  writing(
    'route-kept',
    'forwards with its own Route still there',
    (word) => isForwarded(word) && word.message.toTag !== undefined,
    (text, { message: { via } }) => text.replace('\r\n', `\r\nRoute: <sip:${via.host}:${via.port ?? 5060};lr>\r\n`),
  ),
  {
    ...writing(
      'route-reversed',
      'goes through its route set from the far end',
      ({ message }) => message.kind === 'request' && message.vias.length === 1 && message.toTag !== undefined,
      (text) => {
        const routes = [...text.matchAll(/^Route: *(.*)\r$/gm)].map(([, value]) => value ?? '')
        const back = routes.flatMap((value) => value.split(/, */)).reverse()
        return routes.length === 0 ? text : without(text, 'Route').replace('\r\n', `\r\nRoute: ${back.join(', ')}\r\n`)
      },
    ),
    campaign: 'two-proxies',
  },
  {
    ...writing('nonce-count-stuck', 'counts no use of a nonce', isAnything, (text) =>
      text.replace(/\bnc=[0-9a-f]{8}/, 'nc=00000001'),
    ),
    campaign: 'crash-and-restart',
  },
]
