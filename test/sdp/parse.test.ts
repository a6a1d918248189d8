import { readdirSync, readFileSync } from 'node:fs'
import { fc, test as law } from '@fast-check/vitest'
import { parse as oracle } from 'sdp-transform'
import { describe, expect, test } from 'vitest'
import type { SessionDescription } from '../../stack/sdp/description.ts'
import { parseSdp } from '../../stack/sdp/parse.ts'
import { printSdp } from '../../stack/sdp/print.ts'
import { data, testWith } from '../data.ts'

const HEAD = 'v=0|o=alice 1 1 IN IP4 192.0.2.1|s=-|c=IN IP4 192.0.2.1|t=0 0'

/** Lines between bars, each ended by CRLF. */
const bytes = (notation: string, end = '\r\n'): Uint8Array =>
  new TextEncoder().encode(notation.split('|').join(end) + end)

function issueOf(text: Uint8Array): string {
  const parsed = parseSdp(text)
  return parsed.ok ? 'none' : `${parsed.issue.at}: ${parsed.issue.expected}`
}

function parsed(text: Uint8Array): SessionDescription {
  const result = parseSdp(text)
  if (!result.ok) throw new Error(`${result.issue.at}: ${result.issue.expected}`)
  return result.value
}

describe('stories: what is wrong, and where', () => {
  test.each([
    ['', 'line 1: the version, v=0, not ""'],
    ['v=1', 'line 1: the version, v=0, not "1"'],
    ['v=0|s=-', 'line 2: an origin such as o=- 1 1 IN IP4 192.0.2.1, not "s=-"'],
    [
      'v=0|o=alice 1 IN IP4 192.0.2.1',
      'line 2: an origin such as o=- 1 1 IN IP4 192.0.2.1, not "alice 1 IN IP4 192.0.2.1"',
    ],
    [
      'v=0|o=a 1 1 IN IP4 2001:db8::1|s=-|t=0 0',
      'line 3: an IP4 address or a name in the line before, not "2001:db8::1"',
    ],
    ['v=0|o=a 1 1 IN IP4 1.2.3.256|s=-|t=0 0', 'line 3: an IP4 address or a name in the line before, not "1.2.3.256"'],
    ['v=0|o=a 1 1 IN IP4 a.example|t=0 0', 'line 3: a session name, such as s=-, not "t=0 0"'],
    ['v=0|o=a 1 1 IN IP4 a.example|s=-', 'line 4: a time such as t=0 0, not the end'],
    [`${HEAD}|m=audio 70000 RTP/AVP 0`, 'line 7: a port of 0 to 65535 in the line before, not 70000'],
    [`${HEAD}|m=audio 5004 RTP/AVP`, 'line 6: media such as m=audio 49170 RTP/AVP 0, not "audio 5004 RTP/AVP"'],
    [`${HEAD}|m=audio 5004  RTP/AVP 0`, 'line 6: media such as m=audio 49170 RTP/AVP 0, not "audio 5004  RTP/AVP 0"'],
    [`${HEAD}|a=sendrecv|b=AS:64`, 'line 7: another line or the end, not "b=AS:64"'],
    [`${HEAD}|a=`, 'line 6: an attribute such as a=sendrecv, not ""'],
    [`${HEAD}|x=1`, 'line 6: another line or the end, not "x=1"'],
    [`${HEAD}|`, 'line 6: another line or the end, not ""'],
    [
      'v=0|o=a 1 1 IN IP4 a.example|s=-|t=0 0|m=audio 1 RTP/AVP 0',
      'line 6: a connection such as c=IN IP4 192.0.2.1, here or in the session',
    ],
  ])('%s → %s', (notation, issue) => {
    expect(issueOf(bytes(notation))).toBe(issue)
  })

  test('the last line must be ended: a body that was cut is known', () => {
    const whole = bytes(`${HEAD}|m=audio 49172 RTP/AVP 0`)
    expect(issueOf(whole.subarray(0, -2))).toBe('line 6: a line that ends in CRLF')
    expect(issueOf(whole.subarray(0, -1))).toBe('line 6: a line that ends in CRLF')
  })

  test('lines end all alike', () => {
    expect(issueOf(bytes(HEAD, '\n'))).toBe('none')
    expect(issueOf(new TextEncoder().encode('v=0\r\no=a 1 1 IN IP4 a.example\n'))).toBe(
      'line 2: a line that ends in CRLF',
    )
    expect(issueOf(new TextEncoder().encode('v=0\no=a 1 1 IN IP4 a.example\r\n'))).toBe(
      'line 2: a line that ends in LF, as the first does',
    )
  })

  test('other letters than UTF-8 are announced', () => {
    const latin1 = (notation: string): Uint8Array =>
      Uint8Array.from(notation.replaceAll('|', '\r\n'), (letter) => letter.charCodeAt(0))
    expect(issueOf(latin1(`${HEAD}|i=caf\xe9|`))).toBe('text: UTF-8, or the attribute charset:ISO-8859-1')
    const announced = latin1('v=0|o=a 1 1 IN IP4 a.example|s=caf\xe9|t=0 0|a=charset:ISO-8859-1|')
    expect(parsed(announced).name).toBe('café')
    expect(printSdp(parsed(announced))).toEqual(announced)
  })
})

test('RFC 8866 §5: the example with nearly every line', () => {
  const example = [
    'v=0',
    'o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1',
    's=Call to John Smith',
    'i=SDP Offer #1',
    'u=http://www.jdoe.example.com/home.html',
    'e=Jane Doe <jane@jdoe.example.com>',
    'p=+1 617 555-6011',
    'c=IN IP4 198.51.100.1',
    'b=AS:064',
    't=3724394400 3724398000',
    'r=604800 3600 0 90000',
    'z=3730928400 -1h 3749680800 0',
    't=0 0',
    'k=prompt',
    'a=recvonly',
    'm=audio 49170 RTP/AVP 0',
    'm=audio 49180 RTP/AVP 0',
    'm=video 51372/2 RTP/AVP 99',
    'i=the slides',
    'c=IN IP6 ff15::101/3',
    'c=IN IP6 2001:db8::2',
    'b=TIAS:1000',
    'k=uri:https://keys.example/1',
    'a=rtpmap:99 h263-1998/90000',
  ].join('|')
  const description = parsed(bytes(example))
  expect(description).toMatchObject({
    origin: { username: 'jdoe', sessionId: '3724394400', version: '3724394405', address: '198.51.100.1' },
    bandwidths: [{ type: 'AS', amount: '064' }],
    times: [
      { start: '3724394400', repeats: ['604800 3600 0 90000'], zones: '3730928400 -1h 3749680800 0' },
      { start: '0', stop: '0' },
    ],
    attributes: [{ name: 'recvonly' }],
    media: [
      { kind: 'audio', port: 49170, formats: ['0'] },
      { port: 49180 },
      {
        kind: 'video',
        port: 51372,
        portCount: 2,
        connections: [{ address: 'ff15::101/3' }, { address: '2001:db8::2' }],
      },
    ],
  })
  expect(printSdp(description)).toEqual(bytes(example))
})

const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/)
const line = fc.oneof(
  fc.constantFrom(
    'v=0',
    's=-',
    's=',
    't=0 0',
    'a=sendrecv',
    'k=prompt',
    'b=AS:64',
    'r=7d 1h 0 25h',
    'e=a@b',
    'p=+1 23',
  ),
  fc.constantFrom(
    'o=- 1 1 IN IP4 192.0.2.1',
    'c=IN IP4 192.0.2.1',
    'c=IN IP6 ::1',
    'c=IN IP4 224.2.1.1/127/3',
    'z=2882844526 -1h',
  ),
  fc.tuple(word, word).map(([name, value]) => `a=${name}:${value}`),
  fc
    .tuple(word, fc.nat(70000), fc.array(word, { maxLength: 3 }))
    .map(([kind, port, formats]) => `m=${kind} ${port} RTP/AVP ${formats.join(' ')}`),
  fc.string().map((text) => `i=${text}`),
)
const HEAD_LINES = HEAD.split('|')
/** Some first lines of a good description, and then anything: most are wrong somewhere, some are not. */
const almost = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\r\n', '\n'), fc.nat(HEAD_LINES.length))
  .map(([lines, end, missing]) =>
    bytes([...HEAD_LINES.slice(0, HEAD_LINES.length - (missing % 3)), ...lines].join('|'), end),
  )

describe('laws', () => {
  law.prop([fc.oneof(almost, fc.uint8Array({ maxLength: 300 }))])('an issue, or the same bytes again', (any) => {
    const result = parseSdp(any)
    if (result.ok) expect(printSdp(result.value)).toEqual(any)
    else expect(result.issue.at).toMatch(/^(text|line \d+)$/)
  })

  law.prop([
    fc.array(
      line.filter((text) => text.startsWith('a=')),
      { maxLength: 8 },
    ),
    fc.nat(65535),
  ])('as sdp-transform reads it', (attributes, port) => {
    const text = `${HEAD}|m=audio ${port} RTP/AVP 0 8 18|b=AS:64|a=ptime:30${attributes.map((one) => `|${one}`).join('')}`
    const description = parsed(bytes(text))
    const theirs = oracle(new TextDecoder().decode(bytes(text)))
    const [media] = description.media
    expect(theirs.media[0]).toMatchObject({ type: media!.kind, port, protocol: 'RTP/AVP', payloads: '0 8 18' })
    expect(`${theirs.origin?.sessionId} ${theirs.origin?.address}`).toBe('1 192.0.2.1')
    expect(media!.attributes.length).toBe(attributes.length + 1)
  })

  test('a long line and many lines take linear time', () => {
    const long = (times: number): string =>
      `${HEAD}|a=${'x'.repeat(times)}${'|a=b'.repeat(times)}|m=audio 1 RTP/AVP${' 0'.repeat(times)}`
    expect(issueOf(bytes(long(100_000)))).toBe('none')
  })
})

testWith('callflows')('every complete description of the call flows reads and prints the same bytes', () => {
  const bodies = ['callflows', 'torture'].flatMap((folder) => bodiesIn(data(folder)))
  expect(bodies.length).toBeGreaterThan(100)
  const refused = bodies.filter(([, body]) => issueOf(body) !== 'none')
  // RFC 4475's odd ones: a space before `=`, no session name, and an empty line after the end.
  expect(refused.map(([file]) => file)).toEqual(['rfc4475/dblreq.dat', 'rfc4475/mismatch02.dat', 'rfc4475/multi01.dat'])
  for (const [, body] of bodies.filter((body) => !refused.includes(body))) expect(printSdp(parsed(body))).toEqual(body)
})

function bodiesIn(folder: string): [string, Uint8Array][] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.(sip|dat)$/.test(file))
    .flatMap((file): [string, Uint8Array][] => {
      const message = readFileSync(`${folder}/${file}`)
      const at = message.indexOf('\r\n\r\nv=')
      return at < 0 ? [] : [[file, new Uint8Array(message.subarray(at + 4))]]
    })
}
