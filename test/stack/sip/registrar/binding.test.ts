import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Binding, printBinding, registered } from '../../../../stack/sip/registrar/binding.ts'
import { RFC_BINDINGS } from '../../../../stack/sip/registrar/registrar.ts'
import { requestOf } from '../written.ts'

/** A REGISTER at a second: `[10, '<sip:a@1.1.1.1>;expires=60', 'Expires: 5']`; lines with a colon after a word are headers. */
type Step = readonly [second: number, ...lines: string[]]

/** What the bindings are after all of these REGISTERs, CSeqs counting up; a refusal in its place. */
function after(...steps: Step[]): string[] {
  let bindings: readonly Binding[] = []
  let last: string[] = []
  for (const [index, [second, ...lines]] of steps.entries()) {
    const headers = lines.map((line) => (/^[A-Z][\w-]*:/.test(line) ? line : `Contact: ${line}`))
    const given = headers.some((line) => line.startsWith('CSeq'))
      ? headers
      : [...headers, `CSeq: ${index + 1} REGISTER`]
    const made = registered(bindings, requestOf('REGISTER sip:example.com', ...given), second * 1000, RFC_BINDINGS)
    if ('status' in made) last = [String(made.status), ...(made.headers ?? []).map((header) => header.join(': '))]
    else {
      bindings = made
      last = made.map((binding) => printBinding(binding, second * 1000))
    }
  }
  return last
}

const A = '<sip:a@1.1.1.1>'
const B = '<sip:b@2.2.2.2>'

describe('RFC 3261 §10.3 step 7', () => {
  test.each<[string, Step[], string[]]>([
    ['nothing asked: nothing bound', [[0]], []],
    ['one Contact: an hour', [[0, A]], [`${A};expires=3600`]],
    ['its own expires', [[0, `${A};expires=120`, 'Expires: 500']], [`${A};expires=120`]],
    ['the header’s', [[0, A, 'Expires: 500']], [`${A};expires=500`]],
    ['what is no number is the default', [[0, `${A};expires=soon`]], [`${A};expires=3600`]],
    ['too long is cut', [[0, `${A};expires=4294967295`]], [`${A};expires=86400`]],
    ['too short is refused, and says what would do', [[0, `${A};expires=59`]], ['423', 'Min-Expires: 60']],
    ['two Contacts, in one line or two', [[0, `${A}, ${B};q=0.5`]], [`${A};expires=3600`, `${B};q=0.5;expires=3600`]],
    [
      'time goes by',
      [
        [0, A],
        [600, B],
      ],
      [`${A};expires=3000`, `${B};expires=3600`],
    ],
    ['until it is over', [[0, A], [3600]], []],
    ['a query shows them', [[0, A], [3599]], [`${A};expires=1`]],
    [
      'a refresh prolongs, in its place',
      [
        [0, A, B],
        [600, A],
      ],
      [`${A};expires=3600`, `${B};expires=3000`],
    ],
    [
      'equal URIs are one binding',
      [
        [0, '<sip:a@example.com>'],
        [1, '<sip:a@EXAMPLE.com>'],
      ],
      ['<sip:a@EXAMPLE.com>;expires=3600'],
    ],
    [
      'removed',
      [
        [0, A, B],
        [1, `${A};expires=0`],
      ],
      [`${B};expires=3599`],
    ],
    ['what is not there can be removed', [[0, `${A};expires=0`]], []],
    ['all or none', [[0, A], [1, B, `${A};expires=1`], [1]], [`${A};expires=3599`]],
    [
      'older than what is bound: 500',
      [
        [0, A, 'CSeq: 7 REGISTER'],
        [1, A, 'CSeq: 7 REGISTER'],
      ],
      ['500'],
    ],
    [
      'of another Call-ID: never older',
      [
        [0, A, 'CSeq: 7 REGISTER'],
        [1, A, 'CSeq: 7 REGISTER', 'Call-ID: 2'],
      ],
      [`${A};expires=3600`],
    ],
  ])('%s', (_what, steps, expected) => expect(after(...steps)).toEqual(expected))
})

describe('RFC 3261 §10.3 step 6: the wildcard', () => {
  test.each<[string, Step[], string[]]>([
    [
      'takes everything away',
      [
        [0, A, B],
        [1, '*', 'Expires: 0'],
      ],
      [],
    ],
    [
      'without Expires: 0 is refused',
      [
        [0, A],
        [1, '*'],
      ],
      ['400'],
    ],
    [
      'with another Expires is refused',
      [
        [0, A],
        [1, '*', 'Expires: 3600'],
      ],
      ['400'],
    ],
    [
      'older than what is bound is refused',
      [
        [0, A, 'CSeq: 7 REGISTER'],
        [1, '*', 'Expires: 0', 'CSeq: 6 REGISTER'],
      ],
      ['500'],
    ],
  ])('%s', (_what, steps, expected) => expect(after(...steps)).toEqual(expected))
})

const anyStep = fc
  .tuple(
    fc.integer({ min: 0, max: 500 }),
    fc.array(fc.tuple(fc.constantFrom(A, B), fc.constantFrom(0, 30, 60, 100, 400)), { maxLength: 3 }),
  )
  .map(([second, contacts]): Step => [second, ...contacts.map(([uri, expires]) => `${uri};expires=${expires}`)])

law.prop([fc.array(anyStep, { maxLength: 6 })])('no URI is bound twice, nothing is bound that has expired', (steps) => {
  const lines = after(...steps.toSorted((one, other) => one[0] - other[0]))
  if (/^\d/.test(lines[0] ?? '')) return
  expect(new Set(lines.map((line) => line.split(';')[0])).size).toBe(lines.length)
  for (const line of lines) expect(Number(line.split('expires=')[1])).toBeGreaterThan(0)
})
