import { describe, expect, test } from 'vitest'
import { readExperiment } from '../../experiments/experiment.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

const TOPOLOGY = `nodes:
  alice: { kind: host, address: 192.0.2.10/24, runs: { program: phone, aor: sip:alice@example.com } }
  bob:   { kind: host, address: 192.0.2.20/24, runs: { program: phone, aor: sip:bob@example.com } }
links: [{ between: [alice, bob], delay: 5 ms }]
`

const SOUND = `question: Does bob answer?
topology: pair
set: { links.0.delay: 20 ms }
scenario:
  - { at: 0 s, who: alice, do: call, to: sip:bob@192.0.2.20 }
  - { when: bob is ringing, after: 2 s, who: bob, do: answer }
faults: [{ drop: { nth: 1, of: 200 INVITE, on: bob -> alice } }]
expect:
  - call is established
measure: [loss]
until: 1 min
`

/** The complaints about SOUND with its first `before` turned into `after`, each as `file:line:column sentence`. */
function complaints(before: string, after: string): readonly string[] {
  expect(SOUND).toContain(before)
  const document = readYaml('e', SOUND.replace(before, after))
  const reading = readExperiment(document, (name) =>
    name === 'pair' ? readYaml('t', TOPOLOGY) : { hint: 'there is only pair' },
  )
  return reading.ok ? [] : reading.mistakes.map((one) => `${one.at} ${one.expected}`)
}

describe('a mistake in an experiment is found where it stands', () => {
  test('the sound one has none', () => {
    expect(complaints('bob', 'bob')).toEqual([])
  })

  test.each<[string, string, string]>([
    ['question: Does bob answer?\n', '', 'e:1:1 `question` is missing here'],
    ['question', 'qestion', 'e:1:1 there is no key "qestion" here: did you mean question?'],
    ['pair', 'pear', 'e:2:11 a topology that exists, not "pear": there is only pair'],
    ['20 ms', '20 mz', 'e:3:23 a duration such as 20 ms: there is no unit "mz" (did you mean ms?)'],
    ['links.0.delay', 'links.1.delay', 'e:3:23 a position from 0 to 0 in links, not "1"'],
    [
      'links.0.delay',
      'lniks.0.delay',
      'e:3:23 a path to something that is there: the top has no "lniks": did you mean links?',
    ],
    ['links.0.delay', 'links.0.dealy', 'e:3:23 there is no key "dealy" here: did you mean delay?'],
    [
      'nth: 1, of: 200 INVITE, on: bob -> alice } }',
      'on: bob -> alice } }, { jitter: { on: bob -> alice, by: -2 d } }',
      'e:7:76 a duration of at most 1 d, later or earlier',
    ],
    ['[loss]', '[loss, loss]', 'e:10:17 each measure once: loss is there already'],
    [
      'do: call, to: sip:bob@192.0.2.20',
      'do: ping, to: 192.0.2.300',
      'e:5:42 a domain name such as sip.example.com, or an address, and "192.0.2.300" is neither',
    ],
    [
      'do: call, to: sip:bob@192.0.2.20',
      'do: ping, to: 10 ms',
      'e:5:42 a domain name such as sip.example.com, without spaces, not "10 ms"',
    ],
    ['at: 0 s, ', '', 'e:5:5 `at` (a time) or `when` (a condition) is missing here'],
    ['at: 0 s', 'at: 0 s, when: bob is ringing', 'e:5:16 `at` alone, or `when` with `after`: here is `at` with `when`'],
    ['who: alice', 'who: alcie', 'e:5:21 a node of the topology, not "alcie": did you mean alice?'],
    ['do: call', 'do: cal', 'e:5:32 something that a phone can do, not "cal": did you mean call?'],
    [', to: sip:bob@192.0.2.20', '', 'e:5:5 `to` is missing here'],
    ['to: sip:bob@192.0.2.20', 'to: bob', 'e:5:42 a SIP URI such as sip:bob@example.com, not "bob"'],
    ['to: sip', 'too: sip', 'e:5:38 there is no key "too" here: did you mean to?'],
    ['bob is ringing', 'bob is rigning', 'e:6:13 a state of a call, not "rigning": did you mean ringing?'],
    ['bob is ringing', 'bobby is ringing', 'e:6:13 a node of the topology, not "bobby": did you mean bob?'],
    ['after: 2 s', 'after: 2', 'e:6:36 a duration such as 20 ms: "2" has no unit (d, h, min, s, ms, µs, ns)'],
    ['drop', 'dropp', 'e:7:12 there is no key "dropp" here: did you mean drop?'],
    ['nth: 1', 'nth: 0', 'e:7:25 a whole number from 1 to 1000000000'],
    [
      'of: 200 INVITE',
      'of: 200 INVIT',
      'e:7:32 a label such as INVITE, 200 INVITE or RTP, not "200 INVIT": did you mean 200 INVITE?',
    ],
    [
      'of: 200 INVITE',
      "of: '200'",
      'e:7:32 a label such as INVITE, 200 INVITE or RTP, not "200": did you mean 200 INVITE?',
    ],
    [
      'call is established',
      '180 INVIT is never sent',
      'e:9:5 a label such as INVITE, 200 INVITE or RTP, not "180 INVIT": did you mean 180 INVITE?',
    ],
    ['bob -> alice', 'bob -> alcie', 'e:7:48 a direction between two nodes such as alice -> bob, not "bob -> alcie"'],
    ['drop', 'ahead', 'e:7:19 `stage: netem`: at medium (the default) nothing of it happens'],
    [
      SOUND.slice(SOUND.indexOf('set:'), SOUND.indexOf('expect:')),
      'set: { links.0.opportunities: 1 2 3 }\nfaults: [{ at: 1 s, degrade: { on: alice -> bob, rate: 1 Mbps } }]\n',
      'e:4:50 no rate where the link has opportunities: the trace says when packets leave',
    ],
    [
      'drop: { nth: 1',
      'drop: { since: 5 s, before: 4 s',
      'e:7:40 a time after 5 s, when the rule begins: else it never strikes',
    ],
    [
      'drop: { nth: 1',
      'corrupt: { header: IP, bit: 3',
      'e:7:40 no `bit` beside `header`: whichever bit of a header it is, the packet is dropped',
    ],
    ['bob -> alice', 'bob -> bob', 'e:7:48 a direction between two nodes such as alice -> bob, not "bob -> bob"'],
    [
      'call is established',
      'call of bob fails with 200',
      'e:9:5 a status that a call can fail with, 300 to 699, not 200',
    ],
    [
      'call is established',
      'call is established between 5 s and 3 s',
      'e:9:5 the earlier time first: between 3 s and 5 s',
    ],
    [
      'call is established',
      'BYE is sent 5 to 3 times by bob',
      'e:9:5 how often, the smaller number first: 3 to 5 times, not 5 to 3 times',
    ],
    [
      'call is established',
      'BYE is sent again by bob because of Timer Z',
      'e:9:5 a timer from Timer A to Timer N, not Timer Z',
    ],
    ['call is established', 'the 0th BYE is sent by bob', 'e:9:5 which one, counted from the 1st, not the 0th'],
    ['call is established', 'the 22th BYE is sent by bob', 'e:9:5 which one, such as the 22nd, not the 22th'],
    ['drop: { nth: 1', 'swap: { stage: queue', 'e:7:27 `stage: medium`: at queue nothing of it happens'],
    [
      'drop: { nth: 1',
      'drop: { stage: netem',
      'e:7:27 a link with a `netem` for `stage: netem`: bob -> alice leads over none',
    ],
    [
      'drop: { nth: 1',
      'drop: { stage: queue',
      'e:7:27 a link with `queue: { discipline: red }`, the only queue that chance decides in, for `stage: queue`: bob -> alice leads over none',
    ],
    [
      'drop: { nth: 1',
      'jitter: { by: 1 ms, stage: slot',
      'e:7:39 `nth` or `packet` alone at `stage: slot`, the number of a slot: it is no packet, and has no label',
    ],
    [
      'drop: { nth: 1, of: 200 INVITE,',
      'jitter: { by: 1 ms, stage: slot,',
      'e:7:39 a link whose `netem` has a `slot` for `stage: slot`: bob -> alice leads over none',
    ],
    [
      'drop: { nth: 1',
      'duplicate: { after: 1 ms, stage: netem',
      "e:7:45 no `after` at `stage: netem`: the copy takes netem's own delay; or `stage: medium`",
    ],
    ['established', 'establishd', 'e:9:5 a state of a call, not "establishd": did you mean established?'],
    [
      'loss]',
      'lost]',
      'e:10:11 one of post-dial delay, session request delay, loss, jitter, delay, bandwidth, not "lost": did you mean loss?',
    ],
    ['1 min', '1 mib', 'e:11:8 a duration such as 20 ms: there is no unit "mib" (did you mean min?)'],
    [SOUND, '', 'e:1:1 a map of keys and values, not nothing'],
    [SOUND, '[]', 'e:1:1 a map of keys and values, not a list'],
    [SOUND, '{{{', 'e:1:4 YAML that can be read'],
    ['question: Does', 'question: !!js/function Does', 'e:1:11 a value without this tag, which means nothing here'],
  ])('%s → %s: %s', (before, after, expected) => {
    expect(complaints(before, after).join('\n')).toContain(expected)
  })

  test('a document too deep to be read is said to be so, once', () => {
    expect(complaints(SOUND, '['.repeat(50_000))).toEqual([
      expect.stringMatching(/^e:1:\d+ lists and maps that stand less deep in each other$/),
    ])
  })

  test('mistakes of different kinds come together, in the order of the file', () => {
    const document = readYaml(
      'e',
      SOUND.replace('2 s', '2').replace('200 INVITE, on', '200 INVITE, onn').replace('established', 'settled'),
    )
    const reading = readExperiment(document, () => readYaml('t', TOPOLOGY))
    expect(reading.ok ? [] : reading.mistakes.map(({ line }) => line)).toEqual([6, 7, 9])
  })
})

describe('what can never be true of a node is no sentence about it', () => {
  const NETWORK = `nodes:
  alice:    { kind: host, address: 192.0.2.10/24, runs: { program: phone, aor: sip:alice@example.com } }
  town:     { kind: host, address: 192.0.2.20/24, runs: { program: phones, count: 2, aor: 'sip:t*@example.com' } }
  exchange: { kind: host, address: 192.0.2.5/24, runs: { program: proxy, domain: example.com, registrar: {} } }
  router:   { kind: router }
links:
  - { between: [alice, router] }
  - { between: [town, router] }
  - { between: [exchange, router] }
`
  const told = (rest: string, own = {}): readonly string[] => {
    const written = `question: What?\ntopology: net\nscenario: []\n${rest}\n`
    const reading = readExperiment(readYaml('e', written), () => readYaml('t', NETWORK), own)
    return reading.ok ? [] : reading.mistakes.map((one) => `${one.at} ${one.expected}`)
  }

  test.each([
    ['router is ringing', 'a node with a phone, which can have calls, not "router": alice, town'],
    ['town hears alice', 'a node with a phone, which can hear, not "town": alice'],
    ['exchange is never ringing', 'a node with a phone, which can have calls, not "exchange": alice, town'],
    [
      'call of router fails with 486 between 1 s and 2 s',
      'a node with a phone, which can have calls, not "router": alice, town',
    ],
    ['exchange is registered', 'a node with a phone, which can register, not "exchange": alice, town'],
    ['exchange hears alice', 'a node with a phone, which can hear, not "exchange": alice'],
    ['alice hears router', 'a node that can send RTP, not "router": alice'],
    ['alice never hears router', 'a node that can send RTP, not "router": alice'],
  ])('%s', (sentence, expected) => {
    expect(told(`expect: [${sentence}]`)).toEqual([`e:4:10 ${expected}`])
  })

  test('nor a condition, also of a fault', () => {
    const fault = '{ when: router is ringing, crash: { node: alice } }'
    const expected = 'a node with a phone, which can have calls, not "router": alice, town'
    expect(told(`faults: [${fault}]`)).toEqual([`e:4:18 ${expected}`])
  })

  test('but of a node with a program that is not ours anything may be', () => {
    const mine = { name: 'mine', start: () => ({ do: () => undefined }) }
    expect(told('expect: [exchange is ringing, alice hears exchange]', { exchange: mine })).toEqual([])
  })

  test('and these may be', () => {
    expect(
      told('expect: [alice is ringing, town is registered at 1 s, town is ringing, call of alice fails with 404]'),
    ).toEqual([])
  })
})
