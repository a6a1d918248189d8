// Laws of the codec: what is written is read as it was meant, what is changed changes nothing else, and any bytes get an answer.

import { readdirSync, readFileSync } from 'node:fs'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { latin1Decode, latin1Encode, utf8Decode, utf8Encode } from '../../../platform/text.ts'
import { type Header, request, response } from '../../../stack/sip/message/build.ts'
import { change, type Edit } from '../../../stack/sip/message/change.ts'
import { HEADERS, headerId } from '../../../stack/sip/message/headers.ts'
import { peekLabel } from '../../../stack/sip/message/label.ts'
import type { Message } from '../../../stack/sip/message/message.ts'
import { parseNameAddr, printNameAddr } from '../../../stack/sip/message/nameAddr.ts'
import { NO_PARAMETERS, type Parameters } from '../../../stack/sip/message/parameters.ts'
import { parseMessage } from '../../../stack/sip/message/parse.ts'
import { print } from '../../../stack/sip/message/print.ts'
import { parseUri, printUri, type Uri } from '../../../stack/sip/message/uri.ts'
import { survivor } from './survival.ts'

const CORPUS = 'bench/corpus'
const originals = readdirSync(CORPUS).map((name) => new Uint8Array(readFileSync(`${CORPUS}/${name}`)))

const ofCharacters = (characters: string, minLength = 1): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength: 12 })
const ALPHANUM = 'abcXYZ019'
const token = ofCharacters(`${ALPHANUM}-.!%*_+\`'~`)
const escaped = (characters: string): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...characters), fc.constantFrom('%20', '%C3%A9', '%00', '%41')), {
      minLength: 1,
      maxLength: 8,
    })
    .map((all) => all.join(''))
const host = fc.oneof(
  fc.constantFrom('example.com', 'a', 'x-1.example.org', 'h.'),
  fc.ipV4(),
  fc.ipV6().filter((address) => !address.includes('.')),
)
const parameters: fc.Arbitrary<Parameters> = fc
  .array(
    fc.tuple(
      ofCharacters(ALPHANUM),
      fc.option(fc.oneof(ofCharacters(ALPHANUM), fc.string({ unit: 'grapheme' }).filter(isLine)), { nil: undefined }),
    ),
  )
  .map((list) => list.reduce<Parameters>((made, [name, value]) => made.with(name, value), NO_PARAMETERS))
const uriParameters: fc.Arbitrary<Parameters> = fc
  .array(fc.tuple(ofCharacters(ALPHANUM), fc.option(ofCharacters(ALPHANUM), { nil: undefined })))
  .map((list) => list.reduce<Parameters>((made, [name, value]) => made.with(name, value), NO_PARAMETERS))
const sipUri: fc.Arbitrary<Uri> = fc.record({
  scheme: fc.constantFrom('sip', 'sips'),
  user: fc.option(escaped(`${ALPHANUM}-_.!~*'()&=+$,;?/`), { nil: undefined }),
  host,
  port: fc.option(fc.nat(65535), { nil: undefined }),
  parameters: uriParameters,
  headers: fc.constantFrom('', 'subject=a%20b', 'a=b&c='),
})

function isLine(text: string): boolean {
  return !/[\r\n]/.test(text)
}

function parsed(bytes: Uint8Array): Message {
  const result = parseMessage(bytes)
  if (!result.ok) throw new Error(`${result.issue.at}: ${result.issue.expected}`)
  return result.value
}

describe('values', () => {
  test('a URI is read as it was meant', () => {
    fc.assert(
      fc.property(sipUri, (uri) => {
        const again = parseUri(printUri(uri))
        expect(again.ok && { ...again.value, parameters: [...again.value.parameters] }).toEqual({
          password: undefined,
          ...uri,
          parameters: [...uri.parameters],
        })
      }),
    )
  })

  test('an address with any name is read as it was meant', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter(isLine),
        sipUri,
        parameters,
        (display, uri, given) => {
          const again = parseNameAddr(printNameAddr({ display, uri, parameters: given }))
          if (!again.ok) throw new Error(again.issue.expected)
          expect(again.value.display).toBe(display)
          expect(printUri(again.value.uri)).toBe(printUri(uri))
          for (const [name] of given) expect(again.value.parameters.get(name)).toBe(given.get(name))
        },
      ),
    )
  })
})

const subject = fc.string({ unit: 'grapheme' }).filter((text) => /^[^\0-\x1f\x7f]*$/.test(text) && text === text.trim())

describe('messages', () => {
  test('a request is read as it was built, whatever its names and its body', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter(isLine)
    fc.assert(
      fc.property(
        token,
        sipUri,
        name,
        subject,
        token,
        fc.nat(0xffffffff),
        fc.uint8Array(),
        (method, uri, display, about, tag, number, body) => {
          const target = { ...uri, headers: '' }
          const from = { display, uri, parameters: NO_PARAMETERS.with('tag', tag) }
          const headers: Header[] = [
            ['Via', `SIP/2.0/UDP ${uri.host.includes(':') ? `[${uri.host}]` : uri.host};branch=z9hG4bK${tag}`],
            ['From', printNameAddr(from)],
            ['To', '<sip:b@example.com>'],
            ['Call-ID', 'a@b'],
            ['CSeq', `${number} ${method}`],
            ['Subject', about],
          ]
          const message = parsed(print(request({ method, uri: target, headers, body })))
          if (message.kind !== 'request') throw new Error('a request was read as a response')
          expect(message.method).toBe(method)
          expect(printUri(message.uri)).toBe(printUri(target))
          expect([message.from.display, message.fromTag, message.via.host]).toEqual([display, tag, uri.host])
          expect([message.cseq, message.first('s')]).toEqual([{ number, method }, about])
          expect(message.body).toEqual(body)
          expect(peekLabel(print(message))).toEqual({ name: method, call: 'a@b' })
        },
      ),
    )
  })

  test('a response is read as it was built', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 699 }), subject, (status, reason) => {
        const made = change(parsed(originals[0]!), [])
        const headers = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name): Header => [name, made.first(name) ?? ''])
        const message = parsed(print(response({ status, reason, headers })))
        expect(message.kind === 'response' && [message.status, message.reason]).toEqual([status, reason])
      }),
    )
  })

  test.each([0, 1])('what is malformed is not written (%i)', (line) => {
    const uri = parseUri('sip:a@b')
    if (!uri.ok) throw new Error('uri')
    const headers: Header[] = [
      ['From', '<sip:a@b>;tag=1'],
      ['To', '<sip:a@b>'],
      ['Call-ID', 'x'],
      ['CSeq', '1 A'],
    ]
    headers.push(line === 0 ? ['Subject', 'a\r\nb: c'] : ['Via', 'nonsense'])
    expect(() => request({ method: 'A', uri: uri.value, headers })).toThrow(line === 0 ? 'line break' : 'Via')
  })

  test.each(['\nX: y', '\rX: y', 'a\r\nX: y', 'é\n', '\n'])('no change writes the line break of %j', (value) => {
    expect(() => change(parsed(originals[0]!), [{ append: 'X-Note', value }])).toThrow('line break')
  })

  test.each(['a b', 'é', 'a\r\n'])('no change writes the Request-URI sip:%j@h', (user) => {
    const uri = { scheme: 'sip', user, host: 'h', parameters: NO_PARAMETERS, headers: '' }
    expect(() => change(parsed(originals[0]!), [{ uri }])).toThrow('Request-URI')
  })

  test('bytes that are not UTF-8 go on as they came', () => {
    const bytes = latin1Encode(
      latin1Decode(originals[0]!).replace(/\r\nTo: [^\r]*/, '\r\nTo: "Z\xfcrich" <sip:z@example.com>'),
    )
    const message = parsed(bytes)
    expect(message.to.display).toBe('Zürich')
    expect(print(message)).toEqual(bytes)
    const changed = print(change(message, [{ append: 'X-Note', value: 'Ж' }]))
    expect(latin1Decode(changed)).toContain('"Z\xfcrich"')
    expect(parsed(changed).first('x-note')).toBe('Ж')
  })

  test('every message of the corpus survives', () => {
    for (const bytes of originals) expect(survivor(bytes)).toMatchObject({ callId: expect.any(String) })
  })
})

describe('spelling', () => {
  const lines = (bytes: Uint8Array): string[] => utf8Decode(bytes).split('\r\n')
  const said = (text: string): string => {
    const message = parsed(utf8Encode(text))
    return JSON.stringify([
      message.vias,
      message.from,
      message.to,
      message.contacts,
      message.callId,
      message.cseq,
      message.all('Supported'),
    ])
  }

  test('short forms, cases and white space before the colon make no difference', () => {
    for (const bytes of originals) {
      const spelled = lines(bytes).map((line) => {
        const [, name = '', rest = ''] = /^([A-Za-z-]+):(.*)$/.exec(line) ?? []
        const compact = HEADERS[headerId(name)]?.compact ?? ''
        return name === '' ? line : `${compact === '' ? name.toUpperCase() : compact} \t:${rest}`
      })
      expect(said(spelled.join('\r\n'))).toBe(said(utf8Decode(bytes)))
    }
  })

  test.each(['\xf6', '\xd6ia', '@', '[', '{', 'Call\rID', 'CSeq\0', ''])('%j is no header name', (name) => {
    const text = latin1Decode(originals[0]!)
    expect(parseMessage(latin1Encode(text.replace('\r\n', `\r\n${name}: SIP/2.0/UDP a\r\n`)))).toMatchObject({
      ok: false,
    })
  })

  test('a line may go on after any white space', () => {
    fc.assert(
      fc.property(fc.constantFrom(...originals), fc.nat(), (bytes, seed) => {
        const text = utf8Decode(bytes)
        const end = text.indexOf('\r\n\r\n')
        const places = [...text.slice(0, end).matchAll(/(?<=\r\n[^\r]*:[^\r]*) /g)].map(({ index }) => index)
        const place = places[seed % places.length]!
        const folded = `${text.slice(0, place)}\r\n  ${text.slice(place + 1)}`
        expect(said(folded)).toBe(said(text))
        expect(utf8Decode(print(parsed(utf8Encode(folded))))).toBe(folded)
      }),
    )
  })
})

describe('changes', () => {
  const NAMES = ['Via', 'Route', 'Record-Route', 'Max-Forwards', 'X-One', 'Subject'] as const
  const VALUES: Readonly<Record<string, string>> = {
    Via: 'SIP/2.0/UDP p;branch=z9hG4bKp',
    Route: '<sip:p;lr>',
    'Record-Route': '<sip:r;lr>',
    'Max-Forwards': '1',
  }
  const name = fc.constantFrom(...NAMES)
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    name.map((set) => ({ set, value: VALUES[set] ?? 'set é' })),
    name.map((setFirst) => ({ setFirst, value: VALUES[setFirst] ?? 'set first é' })),
    name.map((prepend) => ({ prepend, value: VALUES[prepend] ?? 'prepended' })),
    name.map((append) => ({ append, value: VALUES[append] ?? 'appended' })),
    name.map((removeFirst) => ({ removeFirst })),
    name.map((remove) => ({ remove })),
  )
  type Lines = (readonly [name: string, value: string])[]

  /** What an edit does to a list of header lines, by the words of its definition. */
  function edited(lines: Lines, made: Edit): Lines {
    const is =
      (wanted: string) =>
      ([line]: readonly [string, string]) =>
        headerId(line) === headerId(wanted) && (headerId(line) >= 0 || line === wanted)
    const without = (wanted: string): Lines => lines.filter((line) => !is(wanted)(line))
    if ('remove' in made) return without(made.remove)
    if ('removeFirst' in made) {
      const at = lines.findIndex(is(made.removeFirst))
      const [, ...rest] = (lines[at]?.[1] ?? '').split(/,\s*(?=SIP|<)/)
      return lines.flatMap((line, place) =>
        place !== at ? [line] : rest.length === 0 ? [] : [[line[0], rest.join(', ')] as const],
      )
    }
    if ('prepend' in made)
      return lines.toSpliced(Math.max(0, lines.findIndex(is(made.prepend))), 0, [made.prepend, made.value])
    if ('append' in made) {
      const last = lines.findLastIndex(is(made.append))
      return lines.toSpliced(last < 0 ? lines.length : last + 1, 0, [made.append, made.value])
    }
    if ('setFirst' in made) {
      const at = lines.findIndex(is(made.setFirst))
      if (at < 0) return [...lines, [made.setFirst, made.value]]
      const [, ...rest] = headerId(made.setFirst) < 0 ? [] : lines[at]![1].split(/,\s*(?=SIP|<)/)
      const others: Lines = rest.length === 0 ? [] : [[lines[at]![0], rest.join(', ')]]
      return lines.toSpliced(at, 1, [lines[at]![0], made.value], ...others)
    }
    if (!('set' in made)) throw new Error('no such edit here')
    const first = lines.findIndex(is(made.set))
    if (first < 0) return [...lines, [made.set, made.value]]
    return lines.flatMap((line, place) =>
      place === first ? [[line[0], made.value] as const] : is(made.set)(line) ? [] : [line],
    )
  }

  const linesOf = (text: string): Lines =>
    text
      .slice(text.indexOf('\r\n') + 2, text.indexOf('\r\n\r\n'))
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])

  test('do what their definition says, to nothing else, one after the other or at once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...originals), fc.array(edit, { maxLength: 6 }), (bytes, edits) => {
        const message = parsed(bytes)
        const changed = change(message, edits)
        const text = utf8Decode(print(changed))
        expect(linesOf(text)).toEqual(edits.reduce(edited, linesOf(utf8Decode(bytes))))
        expect(text.slice(text.indexOf('\r\n\r\n'))).toBe(
          utf8Decode(bytes).slice(utf8Decode(bytes).indexOf('\r\n\r\n')),
        )
        const single = edits.reduce<Message>((made, one) => change(made, [one]), message)
        expect(utf8Decode(print(single))).toBe(text)
        for (const wanted of NAMES)
          expect(changed.first(wanted)).toBe(parsedLoosely(text)?.first(wanted) ?? changed.first(wanted))
      }),
    )
  })

  /** Some edits leave no Via or two Subjects, which the parser then refuses. */
  function parsedLoosely(text: string): Message | undefined {
    const result = parseMessage(utf8Encode(text))
    return result.ok ? result.value : undefined
  }
})

describe('any bytes', () => {
  const answered = (bytes: Uint8Array): void => {
    const result = parseMessage(bytes)
    if (result.ok) expect(survivor(bytes)).toMatchObject({ callId: expect.any(String) })
    else expect(`${result.issue.at}: ${result.issue.expected}`).toMatch(/^.+: .+/s)
    peekLabel(bytes)
  }

  test('are a message that survives, or an issue', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), answered))
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom(...originals), damage, fc.nat(), (original, changes, cut) => {
        const bytes = original.slice(0, original.length - (cut % 3 === 0 ? cut % original.length : 0))
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        answered(bytes)
      }),
    )
  })

  // What is not linear in the size does not end in time.
  test.each([
    'Via: a,',
    'a: b\r\n',
    ' \r\n',
    '\r\n ',
    '"',
    '\\"',
    '<',
    '%',
    ';a=b',
    ',',
    '::',
    '\n',
    'é',
    '[',
    '<sip:a@b>,',
  ])('many of %j', (piece) => {
    const many = piece.repeat(200_000 / piece.length)
    const text = latin1Decode(originals[0]!)
    answered(utf8Encode(many))
    for (const header of ['To', 'Via', 'Contact', 'Subject', 'Route'])
      answered(utf8Encode(text.replace('\r\n', `\r\n${header}: ${many}\r\n`)))
    answered(utf8Encode(text.replace('sip:', `sip:${many}`)))
  })
})
