import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const SOUND = `nodes:
  alice: { kind: host, address: 192.0.2.10/24, gateway: r, runs: { program: phone, aor: sip:alice@example.com } }
  bob:   { kind: host, address: 198.51.100.20/24, gateway: r }
  r:     { kind: router }
links:
  - { between: [alice, r], profile: wifi }
  - { between: [bob, r], delay: 5 ms, loss: 1 %, queue: 64 kB, down: { rate: 1 Mbps } }
`

/** The complaints about SOUND with its first `before` turned into `after`, each as `line:column sentence`. */
function complaints(before: string, after: string): readonly string[] {
  expect(SOUND).toContain(before)
  const reading = readTopology(readYaml('t.yaml', SOUND.replace(before, after)))
  return reading.ok ? [] : reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
}

describe('a mistake in a topology is found where it stands', () => {
  test('the sound one has none', () => {
    expect(complaints('alice', 'alice')).toEqual([])
  })

  test.each<[string, string, string]>([
    ['5 ms', '5 mz', '7:33 a duration such as 20 ms: there is no unit "mz" (did you mean ms?)'],
    ['5 ms', '5', '7:33 a duration such as 20 ms: "5" has no unit (d, h, min, s, ms, µs, ns)'],
    ['5 ms', '5 kB', '7:33 a duration such as 20 ms: "5 kB" is a size'],
    ['5 ms', '-5 ms', '7:33 a duration of zero or more, not -5 ms'],
    ['1 %', '101 %', '7:45 a ratio from 0 % to 100 %, not 101 %'],
    [
      '1 %',
      '{ gilbert-elliot: { mean: 1 % } }',
      '7:47 there is no key "gilbert-elliot" here: did you mean gilbert-elliott?',
    ],
    ['1 %', '{ gemodel: { p: 1 %, h: 5 % } }', '7:66 there is no key "h" here: did you mean p?'],
    [
      '1 %',
      '{ gilbert-elliott: { mean: 80 %, burst: 1 } }',
      '7:72 a mean of at most 50 % where a burst is 1 packets, not 80 %',
    ],
    ['1 %', '{ four-states: { p13: 60 %, p14: 60 % } }', '7:78 p13 and p14 of at most 100 % together, not 120 %'],
    ['1 %', '{ windows: [{ from: 5 s, until: 5 s, loss: 1 % }] }', '7:77 an end after 5 s, where the window begins'],
    [
      '1 %',
      '{ windows: [{ until: 5 s, loss: 1 % }, { from: 4 s, until: 6 s, loss: 1 % }] }',
      '7:104 a window of its own: one from 0 s until 5 s is there already',
    ],
    [
      'loss: 1 %',
      'jitter: { law: norml, deviation: 2 ms }',
      '7:54 one of uniform, normal, pareto, pareto-normal, right-skewed, measured, not "norml": did you mean normal?',
    ],
    ['loss: 1 %', 'jitter: { law: measured, values: "1, two" }', '7:72 delays in ms, such as 1.5, 2, 2.25, not "two"'],
    ['loss: 1 %', 'rate: 0 bps', '7:45 a rate above 0; a link that sends nothing is cut'],
    [
      'loss: 1 %',
      'changes: [{ at: 5 s }]',
      '7:49 something that changes at 5 s: one of rate, delay, jitter, loss, duplication, corruption, reordering',
    ],
    [
      '64 kB',
      '{ discipline: priority, bands: [[EG]] }',
      '7:90 a DSCP such as EF, AF41 or 46: there is no "EG" (did you mean EF?)',
    ],
    ['64 kB', '{ discipline: priority, bands: [[EF], [VA, 46]] }', '7:95 code points that no entry before it has'],
    [
      '64 kB',
      '{ discipline: weighted, classes: [{ dscp: EF, weight: 1 }, { dscp: 46, weight: 2 }] }',
      '7:124 code points that no entry before it has',
    ],
    [
      'loss: 1 %',
      'loss: { markov: 1 }',
      '7:47 there is no key "markov" here: one of random, correlation, gilbert-elliott, gemodel, four-states, windows',
    ],
    [
      'loss: 1 %',
      'loss: { gilbert-eliot: 1 }',
      '7:47 there is no key "gilbert-eliot" here: did you mean gilbert-elliott?',
    ],
    ['64 kB', '{ discipline: priority, bands: [] }', '7:88 at least one entry'],
    ['loss: 1 %', 'jitter: { law: measured, values: [] }', '7:72 at least one entry'],
    ['64 kB', '{ discipline: weighted, classes: [{ dscp: 64, weight: 1 }] }', '7:99 a whole number from 0 to 63'],
    [
      '64 kB',
      '{ discipline: red, min: 10 kB, max: 50 kB, limit: 10 kB }',
      '7:107 a limit above min: below that nothing is dropped early, and the queue would never be longer',
    ],
    [
      '64 kB',
      '{ discipline: codel, target: 100 ms }',
      '7:86 a target below the interval, 100 ms (RFC 8289 §4.4: a twentieth to a tenth of it), not 100 ms',
    ],
    [
      '64 kB',
      '{ discipline: fq-codel, target: 20 ms, interval: 5 ms }',
      '7:89 a target below the interval, 5 ms (RFC 8289 §4.4: a twentieth to a tenth of it), not 20 ms',
    ],
    [
      '64 kB',
      '{ discipline: codel, interval: 5 ms }',
      '7:88 an interval above the target, 5 ms (RFC 8289 §4.4: ten to twenty times as long), not 5 ms',
    ],
    [
      '192.0.2.10/24',
      '192.0.2.0/24',
      '2:33 an address that a node can have, not 192.0.2.0/24: it is the name of its whole prefix',
    ],
    [
      '192.0.2.10/24',
      '192.0.2.63/26',
      '2:33 an address that a node can have, not 192.0.2.63/26: it is the broadcast address of its prefix',
    ],
    ['192.0.2.10/24', '"ff02::1/64"', '2:33 an address that a node can have, not ff02::1/64: it is a group’s'],
    ['program: phone', 'program: phone, codecs: [PCMU, PCMA, PCMU]', '2:105 each codec once: PCMU is there already'],
    [
      'program: phone',
      'program: phone, stun: 203.0.113.300',
      '2:90 a STUN server such as 192.0.2.1, stun.example.com:3478 or [2001:db8::1], not "203.0.113.300"',
    ],
    ['64 kB', '-5 packets', '7:57 a queue of a whole number of bytes or packets, zero or more, not -5 packets'],
    ['64 kB', '2.5 packets', '7:57 a queue of a whole number of bytes or packets, zero or more, not 2.5 packets'],
    ['64 kB', '{ discipline: fq-codel, quantum: 0 B }', '7:90 a quantum of 1 B or more'],
    ['loss: 1 %', 'reordering: { ratio: 5 %, by: 0 ms }', '7:69 a duration of at least 1 ns, not 0 s'],
    [
      ', down: { rate: 1 Mbps }',
      '',
      '7:50 a queue where packets wait: with `rate`, `shaper` or `opportunities` beside it; as it is none ever does',
    ],
    [
      ', down: {',
      ', up: { queue: 32 kB }, down: {',
      '7:70 a queue where packets wait: with `rate`, `shaper` or `opportunities` beside it; as it is none ever does',
    ],
    [
      'loss: 1 %, queue: 64 kB, down: { rate: 1 Mbps }',
      'loss: 1 %, opportunities: "1 2", changes: [{ at: 5 s, rate: 1 Mbps }]',
      '7:93 no rate where the link has opportunities: the trace says when packets leave',
    ],
    [', gateway: r }', ', gateway: r, resolver: { servers: [192.0.2.10], timeout: 0 s } }', '3:107 a time above zero'],
    [
      ', gateway: r }',
      ', gateway: r, resolver: { servers: [192.0.2.10], edns: 100 } }',
      '3:104 0, or a whole number from 512 to 65535 (RFC 6891 §6.2.3)',
    ],
    ['64 kB', '{ discipline: red, min: 10 kB, max: 5 kB }', '7:93 a max above min'],
    [
      '64 kB',
      '{ discipline: red, min: 10 kB, max: 50 packets }',
      '7:93 a max in the unit of min: both as 10 kB or both as 10 packets',
    ],
    [
      '64 kB',
      '{ discipline: codle }',
      '7:71 one of priority, weighted, codel, fq-codel, red, not "codle": did you mean codel?',
    ],
    [
      'loss: 1 %',
      'rate: 1 Mbps, shaper: { rate: 2 Mbps, burst: 3 kB }',
      "7:69 a shaper slower than the link's own 1 Mbps",
    ],
    [
      'loss: 1 %',
      'rate: 1 Mbps, opportunities: "1 2"',
      '7:53 either opportunities or a rate: the trace says when packets leave',
    ],
    ['loss: 1 %', 'opportunities: "1 3 2"', '7:54 times that never fall, but line 3 has 2 after 3'],
    ['loss: 1 %', 'trace: "a,b"', '7:46 a first line that begins with t_rel_s,seq,rtp_ts, not "a,b"'],
    [
      'loss: 1 %',
      'jitter: 3 ms, trace: "t_rel_s,seq,rtp_ts\\n0,1,0\\n0.02,2,160"',
      '7:53 either a trace or a jitter: the trace has delays of its own',
    ],
    ['64 kB', '64 Mbps', '7:57 a queue such as 64 kB or 50 packets: "64 Mbps" is a rate'],
    ['delay', 'dealy', '7:26 there is no key "dealy" here: did you mean delay?'],
    ['wifi', 'wify', '6:37 one of ethernet, …, not "wify": did you mean wifi?'],
    ['[bob, r]', '[bop, r]', '7:17 a node of this topology, not "bop": did you mean bob?'],
    ['[bob, r]', '[bob]', '7:16 the two nodes that it joins, such as [alice, router]'],
    ['[bob, r]', '[bob, bob]', '7:16 two different nodes, not "bob" twice'],
    ['[bob, r]', '[r, alice]', '7:16 one link between r and alice: this is the second'],
    ['kind: router', 'kind: rooter', '4:18 one of host, router, nat, firewall, not "rooter": did you mean router?'],
    ['{ kind: router }', '{}', '4:3 `kind` is missing here'],
    ['198.51.100.20/24', '192.0.2.10/24', "3:33 an address of its own: 192.0.2.10 is alice's already"],
    [
      '198.51.100.20/24',
      '198.51.100.20',
      '3:33 an address with its prefix such as 198.51.100.20/24, not "198.51.100.20"',
    ],
    [
      '198.51.100.20/24',
      '198.51.100.320/24',
      '3:33 an address with its prefix such as 192.168.1.10/24, not "198.51.100.320/24"',
    ],
    ['address: 198.51.100.20/24, ', '', '3:3 `address` is missing here'],
    [
      ', gateway: r }',
      ' }',
      '3:3 `gateway: r` here: without a gateway bob cannot reach 192.0.2.10 (alice), which is outside 198.51.100.20/24',
    ],
    ['gateway: r }', 'gateway: rr }', '3:60 a node of this topology, not "rr": did you mean r?'],
    ['gateway: r }', 'gateway: alice }', '3:60 a gateway that a link joins to bob (r), not alice'],
    [
      '{ kind: router }',
      '{ kind: router, addresses: [192.0.2.1/24] }',
      '3:60 a gateway inside 198.51.100.20/24: r has 192.0.2.1/24',
    ],
    ['program: phone', 'program: fone', '2:77 one of phone, …, not "fone": did you mean phone?'],
    [
      'aor: sip:alice@example.com',
      'aor: alice@example.com',
      '2:89 a SIP URI such as sip:bob@example.com, not "alice@example.com"',
    ],
    [
      'aor: sip:alice@example.com',
      'aor: sips:alice@example.com',
      '2:89 a sip: URI, not "sips:alice@example.com": that asks for TLS, over which no SIP is spoken here',
    ],
    [', aor: sip:alice@example.com', '', '2:60 `aor` is missing here'],
    ['nodes:', 'node:', '1:1 there is no key "node" here: did you mean nodes?'],
    [
      '  r: ',
      '  r--s: ',
      '4:3 a name that begins with a letter and goes on with letters, digits, ".", "_" and single "-", not "r--s"',
    ],
    [
      '[bob, r]',
      '[bob, r',
      '7:86 YAML that can be read: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['delay: 5 ms', 'delay: 5 ms, delay: 6 ms', '7:39 each key once: this one was given before'],
    ['{ kind: router }', '*router', '4:10 an alias (*) whose anchor (&) stands before it'],
    ['{ kind: router }', '{ <<: router }', '4:16 a map after <<, or an alias of one: its keys are taken over'],
    ['  r: ', '  __proto__: {}\n  r: ', '4:3 another key than __proto__, which no map here can have'],
    ['[bob, r]', '[bob, __proto__]', '7:22 a node of this topology, not "__proto__": one of alice, bob, r'],
    ['[bob, r]', '[bob, constructor]', '7:22 a node of this topology, not "constructor": one of alice, bob, r'],
    ['gateway: r }', 'gateway: toString }', '3:60 a node of this topology, not "toString": one of alice, bob, r'],
    ['links:', 'names: { x: valueOf }\nlinks:', '5:13 an address, or a node of this topology, not "valueOf": …'],
    ['links:', '---\nlinks:', '5:1 one document: a file has no second one after ---'],
  ])('%s → %s: %s', (before, after, expected) => {
    const [start, end] = expected.split('…') as [string, string?]
    const isExpected = (one: string): boolean => {
      return end === undefined ? one === expected : one.startsWith(start) && one.endsWith(end)
    }
    expect(complaints(before, after).find(isExpected) ?? complaints(before, after)).toEqual(expect.any(String))
  })

  test('<< takes over the keys of another map, and what is wrong there is shown where it was taken over', () => {
    const merged = SOUND.replace('alice: {', 'alice: &phone {').replace('bob:   {', 'bob:   { <<: *phone,')
    const reading = readTopology(readYaml('t.yaml', merged))
    expect(reading.ok && reading.value.nodes.bob).toMatchObject({ runs: { program: 'phone' }, gateway: 'r' })
    const wrong = readTopology(readYaml('t.yaml', merged.replace('program: phone', 'program: fone')))
    expect(wrong.ok ? [] : wrong.mistakes.map(({ at }) => at)).toEqual(['t.yaml:2:84', 't.yaml:3:16'])
  })

  test('a host that no link reaches is said to be so', () => {
    expect(
      complaints('  - { between: [bob, r], delay: 5 ms, loss: 1 %, queue: 64 kB, down: { rate: 1 Mbps } }\n', ''),
    ).toEqual(['3:3 a link to bob: no link reaches it, so no other node can'])
  })

  test('several mistakes come in the order of the file', () => {
    const text = SOUND.replace('wifi', 'wify').replace('5 ms', '5 mz').replace('kind: router', 'kind: rooter')
    const reading = readTopology(readYaml('t.yaml', text))
    expect(reading.ok ? [] : reading.mistakes.map(({ at }) => at)).toEqual([
      't.yaml:4:18',
      't.yaml:6:37',
      't.yaml:7:33',
    ])
  })

  test('it is shown with its line and a caret', () => {
    const reading = readTopology(readYaml('t.yaml', SOUND.replace('5 ms', '5 mz')))
    expect(reading.ok ? '' : printMistake(reading.mistakes[0]!)).toBe(
      [
        't.yaml:7:33: a duration such as 20 ms: there is no unit "mz" (did you mean ms?)',
        '  7 |   - { between: [bob, r], delay: 5 mz, loss: 1 %, queue: 64 kB, down: { rate: 1 Mbps } }',
        '    |                                 ^^^^',
      ].join('\n'),
    )
  })

  law.prop([fc.string({ unit: 'grapheme' }), fc.nat({ max: SOUND.length })])(
    'any text is read or refused in place',
    (noise, at) => {
      const reading = readTopology(readYaml('t.yaml', SOUND.slice(0, at) + noise + SOUND.slice(at)))
      if (!reading.ok) expect(reading.mistakes.every((one) => one.line >= 1 && one.column >= 1)).toBe(true)
    },
  )
})

test('what a sentence quotes is cut and made printable, whatever the file holds', () => {
  const reading = readTopology(readYaml('t.yaml', `\u0007"${'x\u001b[2J'.repeat(1000)}`))
  const shown = reading.ok ? '' : reading.mistakes.map(printMistake).join('\n')
  expect(shown).not.toBe('')
  expect(shown.length).toBeLessThan(1500)
  expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
