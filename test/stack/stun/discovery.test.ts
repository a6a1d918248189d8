// Behaviour discovery from inside (RFC 5780) against our own NATs: the model of the one is the test of the other.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { DEPENDENCES, type Dependence } from '../../../sim/boxes/nat/options.ts'
import { discovered } from './worlds.ts'

const KINDS = DEPENDENCES.flatMap((mapping) => DEPENDENCES.map((filtering) => ({ mapping, filtering })))

describe('each of the nine kinds is named', () => {
  test.each(KINDS)('$mapping mapping, $filtering filtering', ({ mapping, filtering }) => {
    const found = discovered({ nat: { mapping, filtering } })
    expect(found.slice(0, 3)).toEqual(['a NAT', `${mapping} mapping`, `${filtering} filtering`])
  })

  test('whatever the ports, the pooling and the chance', () => {
    const nat = fc.record({
      mapping: fc.constantFrom(...DEPENDENCES),
      filtering: fc.constantFrom(...DEPENDENCES),
      ports: fc.record({
        assignment: fc.constantFrom('preserve' as const, 'sequential' as const, 'random' as const),
        parity: fc.boolean(),
      }),
      refresh: fc.constantFrom('outbound' as const, 'both' as const),
    })
    fc.assert(
      fc.property(nat, fc.string({ minLength: 1, maxLength: 5 }), (options, seed) => {
        const found = discovered({ nat: options, seed })
        expect(found).toContain(`${options.mapping} mapping`)
        expect(found).toContain(`${options.filtering} filtering`)
      }),
      { numRuns: 40 },
    )
  })
})

test('of two NATs, one behind the other, the stricter is seen, in mapping and in filtering', () => {
  const stricter = (one: Dependence, other: Dependence): Dependence =>
    DEPENDENCES.indexOf(one) > DEPENDENCES.indexOf(other) ? one : other
  for (const inner of KINDS) {
    for (const outer of KINDS) {
      expect(discovered({ nat: inner, outer }).slice(1, 3)).toEqual([
        `${stricter(inner.mapping, outer.mapping)} mapping`,
        `${stricter(inner.filtering, outer.filtering)} filtering`,
      ])
    }
  }
})

test('without a NAT there is none', () => {
  expect(discovered({})).toEqual([
    'no NAT',
    'endpoint-independent mapping',
    'endpoint-independent filtering',
    'ports preserved',
    'fragments pass',
  ])
})

test.each([
  ['preserve', 'ports preserved'],
  ['sequential', 'ports not preserved'],
  ['random', 'ports not preserved'],
] as const)('ports that are given by %s are %s', (assignment, sentence) => {
  expect(discovered({ nat: { ports: { assignment } } })).toContain(sentence)
})

test.each([
  ['external', 'hairpinning with the external source'],
  ['internal', 'hairpinning with the internal source'],
  ['off', 'no hairpinning'],
] as const)('a NAT whose hairpinning is %s: %s', (hairpin, sentence) => {
  expect(discovered({ nat: { hairpin, filtering: 'endpoint-independent' } })).toContain(sentence)
})

test.each([
  ['out-of-order', 'fragments pass'],
  ['in-order', 'fragments pass'],
  ['drop', 'fragments are lost'],
] as const)('a NAT whose policy for fragments is %s: %s', (fragments, sentence) => {
  expect(discovered({ nat: { fragments } }).at(-1)).toBe(sentence)
})

describe('lifetimes', () => {
  test.each([
    [30, 'outbound', 'a mapping dies after 30 s', 'what comes in prolongs no mapping'],
    [61, 'both', 'a mapping dies after 61 s', 'what comes in prolongs a mapping'],
    [120, 'outbound', 'a mapping dies after 120 s', 'what comes in prolongs no mapping'],
  ] as const)('%s s, refreshed %s', (seconds, refresh, dies, prolongs) => {
    const nat = { timers: { udpNs: seconds * 1e9 }, refresh }
    expect(discovered({ nat, probe: { lifetimeMs: 300_000 } }).slice(-2)).toEqual([dies, prolongs])
  })

  test('a mapping that outlives the search', () => {
    const nat = { timers: { udpNs: 300e9 } }
    expect(discovered({ nat, probe: { lifetimeMs: 200_000 } }).at(-1)).toBe('a mapping outlives 200 s')
  })
})

test('Linux looks as if its mapping were endpoint-independent, for it keeps the inside port towards everybody while it can', () => {
  const ports = { overload: 'by remote', parity: false } as const
  const nat = { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent', ports } as const
  expect(discovered({ nat }).slice(0, 4)).toEqual([
    ...['a NAT', 'endpoint-independent mapping', 'address-and-port-dependent filtering'],
    'ports preserved',
  ])
})

test('a server with one address shows the ports and the lifetime, but no kind', () => {
  expect(discovered({ nat: {}, twoAddresses: false })).toEqual([
    'a NAT',
    'ports preserved',
    'hairpinning with the external source',
    'fragments pass',
  ])
})

test('where nothing comes back UDP is blocked; a port that is shut says so at once', () => {
  expect(discovered({ probe: { server: '198.51.100.9' } })).toEqual(['UDP is blocked'])
  expect(discovered({ probe: { server: '198.51.100.7:3480' } })).toEqual(['UDP is blocked'])
  expect(discovered({ probe: { server: 'stun.example.com' } })).toEqual(['STUN server not found'])
  expect(discovered({ probe: { server: 'not a name' } })).toEqual(['a name or an address, not "not a name"'])
})

test('with a password', () => {
  const server = { passwords: { alice: 'secret' }, realm: 'example.com' }
  const credentials = { username: 'alice', password: 'secret' }
  expect(discovered({ nat: {}, server, probe: { credentials } })).toContain('endpoint-independent mapping')
  expect(discovered({ nat: {}, server, probe: { credentials: { ...credentials, password: 'no' } } })).toEqual([
    'the server refuses with 401',
  ])
})
