// Stories of rules that our own stack does not speak of yet, or not often: each one that holds, and each way to break it.

import { describe, expect, test } from 'vitest'
import { CAPTURED } from '../../experiments/oracles/jury.ts'
import { judged, names } from './wire.ts'

const ASK = 'Supported=100rel'
const reliable = (ms: number, rseq: number, more = ''): string =>
  `${ms} b>a 183_INVITE Require=100rel RSeq=${rseq} ${more}`
const prack = (ms: number, rack: string, cseq = 2, more = ''): string =>
  `${ms} a>b PRACK to=b1 uri=sip:b@10.0.0.3 cseq=${cseq} RAck=${rack} branch=z9hG4bKp${cseq} ${more}\n${ms + 10} b>a 200_PRACK cseq=${cseq} branch=z9hG4bKp${cseq}`
const DONE = '5000 b>a 200_INVITE\n5010 a>b ACK branch=z9hG4bKack to=b1 uri=sip:b@10.0.0.3'
const RELIABLE = `0 a>b INVITE ${ASK}\n${reliable(100, 7)}\n${prack(110, '7_1_INVITE')}\n${DONE}`

const TALK =
  '0 a>b INVITE\n20 b>a 180_INVITE\n100 b>a 200_INVITE\n110 a>b ACK branch=z9hG4bKack to=b1 uri=sip:b@10.0.0.3'
const fromB = 'client=b from=b1 to=a1 From=<sip:b@example.com>;tag=b1 To=<sip:a@example.com>;tag=a1 uri=sip:a@10.0.0.1'
const again = (ms: number, cseq: number): string =>
  `${ms} a>b INVITE branch=z9hG4bKr${cseq} cseq=${cseq} to=b1 uri=sip:b@10.0.0.3`
const refused = (ms: number, cseq: number): string =>
  `${ms} b>a 491_INVITE branch=z9hG4bKr${cseq} cseq=${cseq}\n${ms + 10} a>b ACK branch=z9hG4bKr${cseq} cseq=${cseq} to=b1 uri=sip:b@10.0.0.3`
const theirs = (ms: number, cseq: number): string => `${ms} b>a INVITE branch=z9hG4bKt${cseq} cseq=${cseq} ${fromB}`
const refusedByA = (ms: number, cseq: number): string =>
  `${ms} a>b 491_INVITE branch=z9hG4bKt${cseq} cseq=${cseq} ${fromB}\n${ms + 10} b>a ACK branch=z9hG4bKt${cseq} cseq=${cseq} ${fromB}`

const SESSION = (seconds: number, more = ''): string =>
  `0 a>b INVITE Session-Expires=1800 ${more}\n100 b>a 200_INVITE Session-Expires=${seconds};refresher=uac\n110 a>b ACK branch=z9hG4bKack to=b1 uri=sip:b@10.0.0.3`
const update = (ms: number, cseq: number): string =>
  `${ms} a>b UPDATE to=b1 uri=sip:b@10.0.0.3 cseq=${cseq} branch=z9hG4bKu${cseq} Session-Expires=120;refresher=uac\n${ms + 10} b>a 200_UPDATE cseq=${cseq} branch=z9hG4bKu${cseq} Session-Expires=120;refresher=uac`
const bye = (ms: number, cseq: number): string =>
  `${ms} a>b BYE cseq=${cseq} to=b1 uri=sip:b@10.0.0.3\n${ms + 10} b>a 200_BYE cseq=${cseq}`

const REFUSED = '0 a>b INVITE\n20 b>a 180_INVITE\n100 b>a 486_INVITE\n115 a>b ACK to=b1'
const SUBSCRIBED = '0 a>b SUBSCRIBE Event=presence Contact=<sip:a@10.0.0.1>\n100 b>a 200_SUBSCRIBE Expires=600'
const notify = (ms: number, status: string): string =>
  `${ms} b>a NOTIFY ${fromB} Event=presence Subscription-State=active\n${ms + 20} a>b ${status}_NOTIFY ${fromB}`

describe('right stories hold', () => {
  test.each([
    ['a reliable 183', RELIABLE, ['PRACK', 'RSeq']],
    [
      'a reliable 183 that is repeated without a cap',
      `0 a>b INVITE ${ASK}\n${[0, 500, 1500, 3500, 7500, 15500].map((ms) => reliable(100 + ms, 7, 'lost')).join('\n')}\n${reliable(31_600, 7)}\n${prack(31_620, '7_1_INVITE')}\n40000 b>a 200_INVITE\n40010 a>b ACK branch=z9hG4bKack to=b1 uri=sip:b@10.0.0.3`,
      ['reliable 1xx', 'PRACK'],
    ],
    [
      'two reliable responses, the second after the PRACK of the first',
      `0 a>b INVITE ${ASK}\n${reliable(100, 7)}\n${prack(110, '7_1_INVITE')}\n${reliable(300, 8)}\n${prack(310, '8_1_INVITE', 3)}\n${DONE}`,
      ['RSeq', 'PRACK'],
    ],
    [
      'the owner waits 2.5 s after a 491',
      `${TALK}\n${again(1000, 2)}\n${refused(1100, 2)}\n${again(3610, 3)}`,
      ['491 wait'],
    ],
    [
      'the other end waits 0.5 s',
      `${TALK}\n${theirs(1000, 2)}\n${refusedByA(1100, 2)}\n${theirs(1610, 3)}`,
      ['491 wait'],
    ],
    [
      'an INVITE that crosses another is refused',
      `${TALK}\n${again(1000, 2)}\n${theirs(1005, 2)}\n1011 b>a 491_INVITE branch=z9hG4bKr2 cseq=2\n1016 a>b 491_INVITE branch=z9hG4bKt2 cseq=2 ${fromB}\n1022 a>b ACK branch=z9hG4bKr2 cseq=2 to=b1 uri=sip:b@10.0.0.3\n1027 b>a ACK branch=z9hG4bKt2 cseq=2 ${fromB}`,
      ['glare'],
    ],
    [
      'a session that is refreshed, and ended',
      `${SESSION(120)}\n${update(60_000, 2)}\n${bye(150_000, 3)}`,
      ['session interval', 'session refresh'],
    ],
    ['copies after the ACK of a refusal', `${REFUSED}\n120 a>b INVITE\n130 a>b ACK to=b1`, ['Timer I']],
    ['a final response that comes twice', '0 a>b OPTIONS\n100 b>a 200_OPTIONS\n130 b>a 200_OPTIONS', ['Timer K']],
    ['a NOTIFY at once', `${SUBSCRIBED}\n${notify(110, '200')}`, ['Timer N']],
    [
      'a NOTIFY that comes too late is refused',
      `0 a>b SUBSCRIBE lost Event=presence\n${notify(40_000, '481')}`,
      ['Timer N'],
    ],
    ['by the first Route', '0 a>p OPTIONS Route=<sip:10.0.0.2;lr>\n10 p>a 200_OPTIONS', ['next hop']],
    ['to itself, where it stands twice', '0 p>p OPTIONS Route=<sip:10.0.0.2;lr>\n10 p>p 200_OPTIONS', ['next hop']],
  ])('%s', (_, story, exercised) => {
    const verdicts = judged(story)
    const about = verdicts.filter(({ name }) => exercised.includes(name))
    expect(about.flatMap(({ name, violations }) => violations.map(({ sentence }) => `${name}: ${sentence}`))).toEqual(
      [],
    )
    expect(about.map(({ state }) => state)).toEqual(exercised.map(() => 'holds'))
  })
})

describe('wrong stories are caught', () => {
  test.each([
    ['reliable 1xx', 'is not repeated', `0 a>b INVITE ${ASK}\n${reliable(100, 7, 'lost')}`],
    ['reliable 1xx', 'goes on after the PRACK', `${RELIABLE}\n${reliable(600, 7)}`],
    [
      'reliable 1xx',
      'is capped at T2',
      `0 a>b INVITE ${ASK}\n${[0, 500, 1500, 3500, 7500, 11_500].map((ms) => reliable(100 + ms, 7, 'lost')).join('\n')}`,
    ],
    ['PRACK', 'never comes', `0 a>b INVITE ${ASK}\n${reliable(100, 7)}`],
    [
      'PRACK',
      'names another response',
      `0 a>b INVITE ${ASK}\n${reliable(100, 7)}\n${prack(110, '9_1_INVITE')}\n${DONE}`,
    ],
    ['PRACK', 'comes again for a repeat', `${RELIABLE}\n${prack(300, '7_1_INVITE', 3)}`],
    ['RSeq', 'was not asked for', RELIABLE.replace(ASK, '')],
    ['RSeq', 'begins with 0', RELIABLE.replace('RSeq=7', 'RSeq=0').replace('RAck=7', 'RAck=0')],
    ['RSeq', 'leaps', `0 a>b INVITE ${ASK}\n${reliable(100, 7)}\n${prack(110, '7_1_INVITE')}\n${reliable(300, 9)}`],
    ['RSeq', 'goes on before the PRACK', `0 a>b INVITE ${ASK}\n${reliable(100, 7)}\n${reliable(105, 8)}`],
    ['RSeq', 'makes a 100 reliable', `0 a>b INVITE ${ASK}\n100 b>a 100_INVITE Require=100rel RSeq=1 to=b1`],
    [
      '491 wait',
      'the owner tries again after 1 s',
      `${TALK}\n${again(1000, 2)}\n${refused(1100, 2)}\n${again(2110, 3)}`,
    ],
    ['491 wait', 'not in steps of 10 ms', `${TALK}\n${again(1000, 2)}\n${refused(1100, 2)}\n${again(3615, 3)}`],
    [
      'glare',
      'is accepted',
      `${TALK}\n${again(1000, 2)}\n${theirs(1005, 2)}\n1016 a>b 200_INVITE branch=z9hG4bKt2 cseq=2 ${fromB}`,
    ],
    ['session interval', 'is below 90 s', SESSION(60)],
    ['session interval', 'is longer than what was asked for', SESSION(3600)],
    ['session interval', 'asks for less than its own Min-SE', '0 a>b INVITE Session-Expires=120 Min-SE=300'],
    ['session interval', 'is refused without a Min-SE', '0 a>b INVITE Session-Expires=60\n100 b>a 422_INVITE'],
    ['session refresh', 'never comes', SESSION(120)],
    ['Timer I', 'answers a copy of the INVITE', `${REFUSED}\n300 a>b INVITE\n311 b>a 180_INVITE`],
    ['Timer K', 'sends again', '0 a>b OPTIONS\n100 b>a 200_OPTIONS\n130 b>a 200_OPTIONS\n500 a>b OPTIONS'],
    [
      'Timer K',
      'passes a copy on',
      '0 a>p BYE to=b1\n11 p>b BYE to=b1 branch=z9hG4bKq under=z9hG4bK-BYE client=p\n30 b>p 200_BYE branch=z9hG4bKq under=z9hG4bK-BYE client=p\n41 p>a 200_BYE\n60 b>p 200_BYE branch=z9hG4bKq under=z9hG4bK-BYE client=p\n71 p>a 200_BYE',
    ],
    ['Timer N', 'no NOTIFY at all', SUBSCRIBED],
    [
      'Timer N',
      'a NOTIFY that is too late is accepted',
      `0 a>b SUBSCRIBE lost Event=presence\n${notify(40_000, '200')}`,
    ],
    ['next hop', 'goes past the Route', '0 a>b OPTIONS Route=<sip:10.0.0.2;lr>'],
    ['next hop', 'keeps the Route that names the sender', '0 p>b OPTIONS Route=<sip:10.0.0.2;lr>'],
  ])('%s: %s', (name, _, story) => {
    expect(names(judged(story), 'violated')).toContain(name)
  })
})

test.each([
  ['sip:10.0.0.2;lr', 5060],
  ['sip:10.0.0.2;transport=ws;lr', 80],
  ['sip:10.0.0.2;transport=TLS;lr', 5061],
  ['sips:10.0.0.2;lr', 5061],
  ['sips:10.0.0.2;transport=ws;lr', 443],
  ['sip:10.0.0.2:8080;transport=ws;lr', 8080],
])('the Route %s leads to port %d', (route, port) => {
  const sent = (to: number) => judged(`0 a>p OPTIONS ws port=${to} Route=<${route}>`)
  expect(names(sent(port), 'holds')).toContain('next hop')
  expect(names(sent(port + 1), 'violated')).toContain('next hop')
})

test('a proxy that calls itself by its outside is known so in a capture, and not where all is seen', () => {
  const story = `0 a>p INVITE
20 p>b INVITE client=p branch=z9hG4bK-p under=z9hG4bK-INVITE Max-Forwards=69 Record-Route=<sip:192.0.2.99;lr>
90 a>p MESSAGE cseq=2 Route=<sip:192.0.2.99;lr>`
  expect(names(judged(story, 200_000, CAPTURED), 'holds')).toContain('next hop')
  expect(names(judged(story), 'violated')).toContain('next hop')
})
