// Reads a session description, strictly: the lines in the order of RFC 8866 §9, each in its grammar, or an issue that names the line.
// Two leniencies: lines may end in LF alone (§5 asks for it), and `s=` may be empty (RFC 5118 §4.8 sends it so).

import { parseAddress } from '../../platform/address.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import { decodeText } from './charset.ts'
import type { Attribute, Bandwidth, Connection, Media, Origin, SessionDescription, Time } from './description.ts'
import { type Field, Lines } from './lines.ts'

const TOKEN = "[!#-'*+\\-.0-9A-Z^-~]+"
const TEXT = '[^\\0\\r\\n]+'
const WORD = '[!-~\\u0080-\\uffff]+'
const DURATION = '\\d+[dhms]?'
const INSTANT = '0|[1-9]\\d{9,}'

function field(type: string, pattern: string, expected: string): Field {
  return { type, pattern: new RegExp(`^(?:${pattern})$`), expected }
}

// biome-ignore format: a table
const FIELDS = {
  version:     field('v', '0', 'the version, v=0'),
  origin:      field('o', `(${WORD}) (\\d+) (\\d+) (${TOKEN}) (${TOKEN}) (${WORD})`, 'an origin such as o=- 1 1 IN IP4 192.0.2.1'),
  name:        field('s', '[^\\0\\r\\n]*', 'a session name, such as s=-'),
  information: field('i', TEXT, 'some text, i='),
  uri:         field('u', '[!-~]+', 'a URI, u='),
  email:       field('e', TEXT, 'an e-mail address, e='),
  phone:       field('p', TEXT, 'a phone number, p='),
  connection:  field('c', `(${TOKEN}) (${TOKEN}) (${WORD})`, 'a connection such as c=IN IP4 192.0.2.1'),
  bandwidth:   field('b', `(${TOKEN}):(\\d+)`, 'a bandwidth such as b=AS:64'),
  time:        field('t', `(${INSTANT}) (${INSTANT})`, 'a time such as t=0 0'),
  repeat:      field('r', `[1-9]\\d*[dhms]? ${DURATION}(?: ${DURATION})+`, 'a repetition such as r=7d 1h 0 25h'),
  zones:       field('z', `\\d{10,} -?${DURATION}(?: \\d{10,} -?${DURATION})*`, 'time zones such as z=2882844526 -1h'),
  key:         field('k', `prompt|clear:${TEXT}|base64:[A-Za-z0-9+/]*={0,2}|uri:[!-~]+`, 'a key such as k=prompt'),
  attribute:   field('a', `(${TOKEN})(?::(${TEXT}))?`, 'an attribute such as a=sendrecv'),
  media:       field('m', `(${TOKEN}) (0|[1-9]\\d*)(?:/([1-9]\\d*))? (${TOKEN}(?:/${TOKEN})*)((?: ${TOKEN})+)`, 'media such as m=audio 49170 RTP/AVP 0'),
} as const satisfies Readonly<Record<string, Field>>

/** The description in these bytes, or what is wrong in which line. Never throws; linear in the length. */
export function parseSdp(bytes: Uint8Array): Result<SessionDescription> {
  const text = decodeText(bytes)
  if (text === undefined) return failure('text', 'UTF-8, or the attribute charset:ISO-8859-1')
  const lineEnd = text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n'
  const lines = new Lines(text, lineEnd)
  const description = readSession(lines, lineEnd)
  lines.end()
  return lines.issue === undefined ? success(description) : { ok: false, issue: lines.issue }
}

function readSession(lines: Lines, lineEnd: '\r\n' | '\n'): SessionDescription {
  lines.one(FIELDS.version)
  const origin = readOrigin(lines)
  const name = lines.one(FIELDS.name)?.[0] ?? ''
  const information = lines.maybe(FIELDS.information)?.[0]
  const uri = lines.maybe(FIELDS.uri)?.[0]
  const emails = lines.many(FIELDS.email).map(([email]) => email)
  const phones = lines.many(FIELDS.phone).map(([phone]) => phone)
  const connection = readConnection(lines)
  const bandwidths = readBandwidths(lines)
  const times = readTimes(lines)
  const key = lines.maybe(FIELDS.key)?.[0]
  const attributes = readAttributes(lines)
  const media = readAllMedia(lines, connection !== undefined)
  return {
    ...{ origin, name, information, uri, emails, phones, connection },
    ...{ bandwidths, times, key, attributes, media, lineEnd },
  }
}

function readOrigin(lines: Lines): Origin {
  const parts = lines.one(FIELDS.origin)
  const [, username = '', sessionId = '', version = '', netType = '', addressType = '', address = ''] = parts ?? []
  if (parts !== undefined && !isAddress(addressType, address)) {
    lines.fail(`an ${addressType} address or a name in the line before, not "${address}"`)
  }
  return { username, sessionId, version, netType, addressType, address }
}

function readConnection(lines: Lines): Connection | undefined {
  const parts = lines.maybe(FIELDS.connection)
  if (parts === undefined) return undefined
  const [, netType = '', addressType = '', address = ''] = parts
  const [unicast = '', ...counts] = address.split('/')
  if (!isAddress(addressType, unicast) || counts.length > 2 || counts.some((count) => !/^\d{1,5}$/.test(count))) {
    lines.fail(`an ${addressType} address or a name in the line before, not "${address}"`)
  }
  return { netType, addressType, address }
}

/** RFC 8866 §9: an address of its type, or a domain name of at least four letters; any word for other types of address. */
function isAddress(addressType: string, address: string): boolean {
  if (addressType !== 'IP4' && addressType !== 'IP6') return true
  const parsed = parseAddress(address)
  if (parsed.ok) return parsed.value.length === (addressType === 'IP4' ? 4 : 16)
  return /^[A-Za-z0-9.-]{4,}$/.test(address) && !/^[\d.]+$/.test(address)
}

function readBandwidths(lines: Lines): Bandwidth[] {
  return lines.many(FIELDS.bandwidth).map(([, type = '', amount = '']) => ({ type, amount }))
}

function readTimes(lines: Lines): Time[] {
  const times: Time[] = []
  for (let time = lines.one(FIELDS.time); time !== undefined; time = lines.maybe(FIELDS.time)) {
    const [, start = '', stop = ''] = time
    const repeats = lines.many(FIELDS.repeat).map(([repeat]) => repeat)
    times.push({ start, stop, repeats, zones: lines.maybe(FIELDS.zones)?.[0] })
  }
  return times
}

function readAttributes(lines: Lines): Attribute[] {
  return lines.many(FIELDS.attribute).map(([, name = '', value]) => ({ name, value }))
}

function readAllMedia(lines: Lines, sessionConnected: boolean): Media[] {
  const all: Media[] = []
  for (
    let media = readMedia(lines, sessionConnected);
    media !== undefined;
    media = readMedia(lines, sessionConnected)
  ) {
    all.push(media)
  }
  return all
}

function readMedia(lines: Lines, sessionConnected: boolean): Media | undefined {
  const parts = lines.maybe(FIELDS.media)
  if (parts === undefined) return undefined
  const [, kind = '', port = '', portCount, protocol = '', formats = ''] = parts
  if (Number(port) > 65535) lines.fail(`a port of 0 to 65535 in the line before, not ${port.slice(0, 40)}`)
  const information = lines.maybe(FIELDS.information)?.[0]
  const connections: Connection[] = []
  for (let one = readConnection(lines); one !== undefined; one = readConnection(lines)) connections.push(one)
  // §5.7: in the session, or in each of its media.
  if (!sessionConnected && connections.length === 0) lines.fail(`${FIELDS.connection.expected}, here or in the session`)
  return {
    ...{ kind, port: Number(port), portCount: portCount === undefined ? undefined : Number(portCount), protocol },
    ...{ formats: formats.slice(1).split(' '), information, connections },
    bandwidths: readBandwidths(lines),
    key: lines.maybe(FIELDS.key)?.[0],
    attributes: readAttributes(lines),
  }
}
