// SIP messages as text: valid, valid but odd, and broken in one named way.

import { type Arbitrary, constantFrom, record } from 'fast-check'
import { type Parts, parts, write } from './messageParts.ts'
import type { NamedText } from './sdp.ts'

type Header = readonly [name: string, value: string]
/** Undefined where it cannot be done to this message. */
type Change = (some: Parts) => Parts | string | undefined

const COMPACT: Readonly<Record<string, string>> = {
  ...{ Via: 'v', From: 'f', To: 't', 'Call-ID': 'i', Contact: 'm', 'Content-Length': 'l', 'Content-Type': 'c' },
  ...{ Subject: 's', 'Refer-To': 'r', Event: 'o' },
}

const headers =
  (change: (header: Header) => Header | undefined): Change =>
  (some) => ({
    ...some,
    headers: some.headers.flatMap((header) => [change(header) ?? []].filter((one): one is Header => one.length === 2)),
  })
const value = (name: string, change: (value: string) => string): Change =>
  headers((one) => (one[0] === name ? [name, change(one[1])] : one))
const without = (name: string): Change => headers((one) => (one[0] === name ? undefined : one))
const withMore =
  (...more: readonly Header[]): Change =>
  (some) => ({ ...some, headers: [...more, ...some.headers] })
const asText =
  (change: (text: string) => string): Change =>
  (some) =>
    change(write(some))
const ofRequest =
  (change: Change): Change =>
  (some) =>
    some.isRequest ? change(some) : undefined
const ofResponse =
  (change: Change): Change =>
  (some) =>
    some.isRequest ? undefined : change(some)
const start =
  (change: (start: string) => string): Change =>
  (some) => ({ ...some, start: change(some.start) })

/** Nothing has two Subjects. */
const subject =
  (text: string): Change =>
  (some) => ({ ...some, headers: [...some.headers.filter(([name]) => name !== 'Subject'), ['Subject', text]] })

/** RFC 3261 allows all of this. */
const ODDITIES: Readonly<Record<string, Change>> = {
  'a folded line': subject('first\r\n  second\r\n\tthird'),
  'compact names': headers(([name, text]) => [COMPACT[name] ?? name, text]),
  'names in capitals': headers(([name, text]) => [name.toUpperCase(), text]),
  'space before the colon': headers(([name, text]) => [`${name} \t`, text]),
  'no space after the colon': asText((text) => text.replace(/^([A-Za-z-]+): /gm, '$1:')),
  'a header that nobody knows': withMore(['X-Odd', 'anything; "a \\" quote, a comma", <>@[]']),
  'an empty header': withMore(['Supported', '']),
  'values of one line': (some) => joined(some, 'Via'),
  'an escaped user': value('To', (text) => text.replace(/<sip:[^>;]*/, '<sip:%61%2fb@example.com')),
  'a quoted name with escapes': value('From', (text) => text.replace(/^[^<]*</, '"a \\"b\\\\ <sip:x>;tag=no" <')),
  'parameters that nobody knows': value('To', (text) => `${text};odd;x="a;b";y=1`),
  'space around separators': value('From', (text) => text.replace(/;tag=/, ' ; tag = ')),
  'an IPv6 reference': withMore(['Via', 'SIP/2.0/UDP [2001:db8::9]:5070;branch=z9hG4bKsix']),
  'a telephone number': value('To', (text) => text.replace(/<[^>]*>/, '<tel:+1-201-555-0123;phone-context=example>')),
  'a method that nobody knows': ofRequest((some) => renamed(some, "INV!T%E*_+`.~'")),
  'a scheme that nobody knows': ofRequest(start((line) => line.replace(/ \S+ /, ' nobody:knows-this '))),
  'a status that nobody knows': ofResponse(start(() => 'SIP/2.0 299 Strange')),
  'a reason of nothing': ofResponse(start(() => 'SIP/2.0 200 ')),
  'a reason in UTF-8': ofResponse(start(() => 'SIP/2.0 200 Всё хорошо')),
  'no more forwards': ofRequest(value('Max-Forwards', () => '0')),
  'empty lines first': asText((text) => `\r\n\r\n${text}`),
  'a line of 3,000 characters': subject('long '.repeat(600).trim()),
  'no Content-Length': (some) => (some.body === '' ? without('Content-Length')(some) : undefined),
  'bytes behind the end': asText((text) => `${text}BYE sip:nobody`),
  'a version in small letters': asText((text) => text.replace(/sip\/2\.0/gi, 'sip/2.0')),
  'leading zeros': value('CSeq', (text) => text.replace(/^\d+/, '000000009')),
}

/** RFC 3261 §25 allows none of this. */
const BREAKAGES: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => [`no ${name}`, without(name)])),
  'two Call-IDs': withMore(['Call-ID', 'another@example.com']),
  'two CSeqs': withMore(['CSeq', '1 OPTIONS']),
  'CSeq of another method': ofRequest(value('CSeq', (text) => `${text}X`)),
  'CSeq without a number': value('CSeq', (text) => text.replace(/^\d+ /, '')),
  'CSeq beyond 32 bits': value('CSeq', (text) => text.replace(/^\d+/, '36893488147419103232')),
  'a Content-Length beyond the end': value('Content-Length', () => '9999'),
  'a negative Content-Length': value('Content-Length', () => '-1'),
  'a Content-Length of words': value('Content-Length', () => 'some'),
  'a line without a colon': asText((text) => text.replace('\r\n', '\r\nno header at all\r\n')),
  'a name with a space in it': withMore(['Sub ject', 'x']),
  'an open quote': value('From', (text) => text.replace(/^[^<]*</, '"open <')),
  'an open bracket': value('To', (text) => text.replace('>', '')),
  'no space in the start line': start((line) => line.replaceAll(' ', '')),
  'two spaces in the start line': ofRequest(start((line) => line.replace(' ', '  '))),
  'a space at the end of the start line': ofRequest(start((line) => `${line} `)),
  'no version': ofRequest(start((line) => line.replace(' SIP/2.0', ''))),
  'a space in the Request-URI': ofRequest(start((line) => line.replace('sip:', 'sip: '))),
  'brackets around the Request-URI': ofRequest(start((line) => line.replace(/ (\S+) /, ' <$1> '))),
  'a status of four digits': ofResponse(start(() => 'SIP/2.0 2000 OK')),
  'a status of letters': ofResponse(start(() => 'SIP/2.0 abc OK')),
  'a Via without a host': value('Via', (text) => text.replace(/UDP [^;]*/, 'UDP ')),
  'a Via with a port beyond 65535': value('Via', (text) => text.replace(/UDP [^;]*/, 'UDP a.example:99999')),
  'a Via without a transport': value('Via', (text) => text.replace('/UDP', '')),
  'a Max-Forwards of words': ofRequest(value('Max-Forwards', () => 'seventy')),
  'an empty Call-ID': value('Call-ID', () => ''),
  'cut in its head': asText((text) => text.slice(0, text.indexOf('\r\n\r\n') - 5)),
}

/** Valid messages, requests and responses of all methods, with and without SDP. Shrinking goes towards an OPTIONS. */
export function sipMessages(): Arbitrary<string> {
  return parts.map(write)
}

/** Messages that are valid, and that some implementation trips over. */
export function oddSipMessages(): Arbitrary<NamedText> {
  return changed(ODDITIES)
}

/** Messages that are broken in one way, which has a name. */
export function brokenSipMessages(): Arbitrary<NamedText> {
  return changed(BREAKAGES)
}

function changed(table: Readonly<Record<string, Change>>): Arbitrary<NamedText> {
  return record({ what: constantFrom(...Object.keys(table)), some: parts })
    .filter(({ what, some }) => table[what]!(some) !== undefined)
    .map(({ what, some }) => {
      const made = table[what]!(some)!
      return { what, text: typeof made === 'string' ? made : write(made) }
    })
}

/** All values of a header in one line. */
function joined(some: Parts, name: string): Parts {
  const values = some.headers.flatMap(([one, text]) => (one === name ? [text] : []))
  const rest = some.headers.filter(([one]) => one !== name)
  return { ...some, headers: [[name, values.join(' ,')], ...rest] }
}

function renamed(some: Parts, method: string): Parts {
  const changed = some.headers.map(
    ([name, text]): Header => [name, name === 'CSeq' ? text.replace(/\S+$/, method) : text],
  )
  return { ...some, start: some.start.replace(/^\S+/, method), headers: changed }
}
