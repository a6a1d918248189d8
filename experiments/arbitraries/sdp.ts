// Session descriptions as text: valid, valid but odd, and broken in one named way.

import { type Arbitrary, array, constant, constantFrom, integer, oneof, record } from 'fast-check'

/** A text, and what is odd or broken about it. */
export interface NamedText {
  readonly text: string
  /** What was done to a plain one. */
  readonly what: string
}

const ADDRESSES = ['IP4 192.0.2.1', 'IP4 198.51.100.7', 'IP6 2001:db8::1'] as const
const FORMATS = [
  ['0', ''],
  ['8', ''],
  ['9', ''],
  ['18', 'a=fmtp:18 annexb=no'],
  ['101', 'a=rtpmap:101 telephone-event/8000'],
  ['111', 'a=rtpmap:111 opus/48000/2'],
] as const
const WAYS = ['', 'a=sendrecv', 'a=sendonly', 'a=recvonly', 'a=inactive'] as const

const media = record({
  port: oneof(
    { withCrossShrink: true },
    constant(10_000),
    constant(0),
    integer({ min: 512, max: 32_767 }).map((half) => 2 * half),
  ),
  formats: array(constantFrom(...FORMATS), { minLength: 1, maxLength: 4 }),
  way: constantFrom(...WAYS),
}).map(({ port, formats, way }) => {
  const seen = [...new Map(formats).entries()]
  const lines = [
    `m=audio ${port} RTP/AVP ${seen.map(([type]) => type).join(' ')}`,
    ...seen.map(([, line]) => line),
    way,
  ]
  return lines.filter((line) => line !== '')
})

const lines = record({
  session: integer({ min: 0, max: 2_147_483_647 }),
  version: integer({ min: 0, max: 2_147_483_647 }),
  address: constantFrom(...ADDRESSES),
  media: array(media, { minLength: 1, maxLength: 2 }),
}).map(({ session, version, address, media }) => [
  ...['v=0', `o=- ${session} ${version} IN ${address}`, 's=-', `c=IN ${address}`, 't=0 0'],
  ...media.flat(),
])

function print(some: readonly string[]): string {
  return some.map((line) => `${line}\r\n`).join('')
}

/** Valid descriptions of one or two audio streams; shrinking goes towards one of PCMU. */
export const sdpText: Arbitrary<string> = lines.map(print)

type Change = (some: readonly string[]) => readonly string[]

const after =
  (beginning: string, ...more: readonly string[]): Change =>
  (some) =>
    some.flatMap((line, i) => (i === some.findIndex((one) => one.startsWith(beginning)) ? [line, ...more] : [line]))
const instead =
  (beginning: string, ...others: readonly string[]): Change =>
  (some) =>
    some.flatMap((line, i) => (i === some.findIndex((one) => one.startsWith(beginning)) ? others : [line]))

/** RFC 8866 allows all of this. */
const ODDITIES: Readonly<Record<string, Change>> = {
  'an unknown attribute': (some) => [...some, 'a=x-strange:what; ever=1'],
  'an attribute without a value': (some) => [...some, 'a=rtcp-mux'],
  'information, a URI, an address and a number': after(
    's=',
    'i=Some words',
    'u=http://example.com/',
    'e=a@example.com',
    'p=+1 555',
  ),
  'a bandwidth': after('c=', 'b=AS:64', 'b=X-ODD:1'),
  'a session name of one space': instead('s=', 's= '),
  'a text in UTF-8': instead('s=', 's=Gespräch 電話'),
  'two times and a repetition': after('t=', 'r=604800 3600 0 90000', 't=3034423619 3042462419'),
  'an unknown profile': (some) => [...some, 'm=application 9 UDP/EXAMPLE 1'],
  'a number of ports': (some) => [...some, 'm=video 49170/2 RTP/AVP 31'],
  'an attribute of the session': after('t=', 'a=tool:somebody'),
  'a connection for each stream': (some) =>
    some.flatMap((line) =>
      line.startsWith('c=') ? [] : line.startsWith('m=') ? [line, 'c=IN IP4 192.0.2.9'] : [line],
    ),
  'a host name for a connection': instead('c=', 'c=IN IP4 media.example.com'),
}

/** RFC 8866 §9 allows none of this. */
const BREAKAGES: Readonly<Record<string, Change>> = {
  'no version': instead('v='),
  'another version': instead('v=', 'v=1'),
  'no origin': instead('o='),
  'an origin without an address': instead('o=', 'o=- 1 1 IN IP4'),
  'no session name': instead('s='),
  'no time': instead('t='),
  'a time of words': instead('t=', 't=now later'),
  'lines in the wrong order': (some) => [
    ...some.slice(0, 1),
    ...some.slice(2, 3),
    ...some.slice(1, 2),
    ...some.slice(3),
  ],
  'a line of an unknown type': after('s=', 'x=what'),
  'a space before the equals sign': instead('s=', 's =-'),
  'media without a format': (some) => [...some, 'm=audio 10000 RTP/AVP'],
  'media without a port': (some) => [...some, 'm=audio RTP/AVP 0'],
  'a line without an equals sign': (some) => [...some, 'nonsense'],
  'an empty line': after('s=', ''),
}

/** Descriptions that are valid, and that some implementation trips over. */
export function oddSdps(): Arbitrary<NamedText> {
  return changed(ODDITIES)
}

/** Descriptions that are broken in one way, which has a name. */
export function brokenSdps(): Arbitrary<NamedText> {
  return changed(BREAKAGES)
}

function changed(table: Readonly<Record<string, Change>>): Arbitrary<NamedText> {
  return record({ what: constantFrom(...Object.keys(table)), some: lines }).map(({ what, some }) => ({
    what,
    text: print(table[what]!(some)),
  }))
}
