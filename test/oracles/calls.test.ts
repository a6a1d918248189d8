import { describe, expect, test } from 'vitest'
import { CAPTURED } from '../../experiments/oracles/jury.ts'
import { judged, names, sdp } from './wire.ts'

const TALK =
  '0 a>b INVITE\n20 b>a 180_INVITE\n100 b>a 200_INVITE\n110 a>b ACK branch=z9hG4bKack to=b1 uri=sip:b@10.0.0.3'
const BYE = '5000 a>b BYE cseq=2 to=b1 uri=sip:b@10.0.0.3\n5010 b>a 200_BYE cseq=2'
const ROUTE = 'Record-Route=<sip:10.0.0.3;lr>'
const ROUTED = `0 a>b INVITE ${ROUTE}\n100 b>a 200_INVITE ${ROUTE}\n110 a>b ACK branch=z9hG4bKack to=b1 Route=<sip:10.0.0.3;lr>`
const GRANT = '0 a>b REGISTER\n100 b>a 200_REGISTER Contact=<sip:a@10.0.0.1>;expires=60'
const again = (ms: number): string =>
  `${ms} a>b REGISTER branch=z9hG4bK2 cseq=2\n${ms + 10} b>a 200_REGISTER branch=z9hG4bK2 cseq=2 Contact=<sip:a@10.0.0.1>;expires=600`
const AUTH = 'Authorization=Digest_nonce="n",nc='
const SPEECH = '200 a>b RTP times=150\n200 b>a RTP times=150'

describe('right stories hold', () => {
  test.each([
    [
      'a call',
      `${TALK}\n${SPEECH}\n${BYE}`,
      [
        'CSeq order',
        'dialog identity',
        'dialog routing',
        'nothing new after BYE',
        'offer and answer',
        'answer fits offer',
        'RTP sequence',
        'RTP timestamps',
        'media to a known port',
        'no media after BYE',
        'no one-way audio',
      ],
    ],
    [
      'a call by a route',
      `${ROUTED}\n5000 a>b BYE cseq=2 to=b1 Route=<sip:10.0.0.3;lr>\n5010 b>a 200_BYE cseq=2`,
      ['dialog routing'],
    ],
    [
      'a branch that is refused when another has answered: its ACK is its INVITE’s, not its dialog’s',
      '0 a>b INVITE\n1 a>b INVITE branch=z9hG4bKf\n20 b>a 180_INVITE\n21 b>a 180_INVITE branch=z9hG4bKf to=c1 Contact=<sip:c@10.0.0.3>\n100 b>a 200_INVITE\n110 a>b ACK branch=z9hG4bKack to=b1 uri=sip:b@10.0.0.3\n120 b>a 487_INVITE branch=z9hG4bKf to=c1\n130 a>b ACK branch=z9hG4bKf to=c1',
      ['dialog routing'],
    ],
    [
      'no ACK',
      `${TALK.slice(0, TALK.lastIndexOf('\n'))} lost\n${[500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500].map((ms) => `${100 + ms} b>a 200_INVITE lost`).join('\n')}\n32100 b>a BYE from=b1 to=a1 uri=sip:a@10.0.0.1 From=<sip:b@example.com>;tag=b1 To=<sip:a@example.com>;tag=a1 client=b\n32110 a>b 200_BYE client=b From=<sip:b@example.com>;tag=b1 To=<sip:a@example.com>;tag=a1`,
      ['BYE without ACK'],
    ],
    ['a registration', `${GRANT}\n${again(50_000)}`, ['refresh before expiry']],
    [
      'a key that is pressed while speech goes on',
      `${TALK}\n200 a>b RTP times=3\n255 a>b RTP type=101 seq=4 ts=160\n260 a>b RTP seq=5 ts=640 times=3`,
      ['RTP timestamps'],
    ],
    [
      'pictures that are sent in another order than they were taken',
      `200 a>b RTP\n220 a>b RTP seq=2 ts=320\n240 a>b RTP type=31 seq=3 ts=9000\n260 a>b RTP type=31 seq=4 ts=3000`,
      ['RTP timestamps'],
    ],
    [
      'credentials',
      `0 a>b OPTIONS branch=z9hG4bK1 ${AUTH}00000001\n10 b>a 200_OPTIONS branch=z9hG4bK1\n20 a>b OPTIONS branch=z9hG4bK2 cseq=2 ${AUTH}00000002\n30 b>a 200_OPTIONS branch=z9hG4bK2 cseq=2`,
      ['nonce count'],
    ],
    [
      'requests of which the older one is lost, and sent again after the newer one',
      `0 a>b OPTIONS branch=z9hG4bK1 ${AUTH}00000001 lost
      100 a>b OPTIONS branch=z9hG4bK2 cseq=2 ${AUTH}00000002\n110 b>a 200_OPTIONS branch=z9hG4bK2 cseq=2
      500 a>b OPTIONS branch=z9hG4bK1 ${AUTH}00000001\n510 b>a 200_OPTIONS branch=z9hG4bK1`,
      ['nonce count', 'CSeq order'],
    ],
  ])('%s', (_, story, exercised) => {
    const verdicts = judged(story)
    const broken = verdicts.flatMap(({ name, violations }) => violations.map(({ sentence }) => `${name}: ${sentence}`))
    expect(broken).toEqual([])
    expect(names(verdicts, 'holds')).toEqual(expect.arrayContaining(exercised))
  })
})

describe('in a capture, what the RFCs allow is no violation', () => {
  const two = (version: number): string =>
    `2000 a>b INVITE branch=z9hG4bK9 cseq=2 to=b1 body=${sdp('10.0.0.1', 10000, undefined, version).replaceAll(' ', '_')}`
  const held = sdp('10.0.0.1', 4000, 'm=audio_4000_RTP/AVP_0|a=inactive').replaceAll(' ', '_')
  const prack = `60 a>b PRACK cseq=2 to=b1 uri=sip:b@10.0.0.3 Content-Type=application/sdp body=${held}`
  test.each([
    ['session version', 'counted up without a change', `${TALK}\n${two(2)}`],
    ['answer fits offer', 'agreed by PRACK', TALK.replace('INVITE\n', `INVITE body=${held}\n${prack}\n`)],
    ['offer and answer', 'agreed by PRACK', TALK.replace('INVITE\n', `INVITE body=\n${prack}\n`)],
    [
      'media to a known port',
      'to a candidate that answered',
      `${TALK.replaceAll('200_INVITE', `200_INVITE body=${sdp('10.0.0.3', 10000, 'm=audio_10000_RTP/AVP_0|a=ice-ufrag:x').replaceAll(' ', '_')}`)}\n200 a>b RTP port=12000`,
    ],
    ['RTP timestamps', 'of a payload that nobody has described', '0 a>b RTP type=96\n20 a>b RTP type=96 seq=2 ts=0'],
  ])('%s: %s', (name, _, story) => {
    expect(names(judged(story, 200_000, CAPTURED), 'violated')).not.toContain(name)
  })

  test.each([
    ['media to a known port', 'to nobody’s', `${TALK}\n200 a>b RTP port=12000`],
    ['session version', 'counted back', `${TALK}\n${two(0)}`],
    ['session version', 'two up', `${TALK}\n${two(3)}`],
    ['RTP timestamps', 'of a voice', '0 a>b RTP type=8\n20 a>b RTP type=8 seq=2 ts=0'],
    [
      'RTP timestamps',
      'of what was described as a voice',
      `${TALK}\n200 a>b RTP type=96\n220 a>b RTP type=96 seq=2 ts=0`,
    ],
  ])('%s: %s is one', (name, _, story) => {
    expect(names(judged(story, 200_000, CAPTURED), 'violated')).toContain(name)
  })
})

test('a BYE that was challenged has ended nothing: it comes again, and until then the other side speaks on', () => {
  const challenged = `${TALK}\n${SPEECH}
    5000 a>b BYE cseq=2 to=b1 uri=sip:b@10.0.0.3\n5010 b>a 401_BYE cseq=2
    5300 b>a RTP seq=151 ts=24160
    5400 a>b BYE branch=z9hG4bKbye2 cseq=3 to=b1 uri=sip:b@10.0.0.3\n5410 b>a 200_BYE branch=z9hG4bKbye2 cseq=3`
  expect(names(judged(challenged), 'violated')).toEqual([])
  expect(names(judged(`${challenged}\n6000 b>a RTP seq=152 ts=24320`), 'violated')).toEqual(['no media after BYE'])
})

test('a forked call, one of whose answers is not wanted: each dialog counts for itself, and the other speaks on', () => {
  const forked = `${TALK}
    120 b>a 200_INVITE to=b2\n130 a>b ACK branch=z9hG4bKack2 to=b2 uri=sip:b@10.0.0.3
    140 a>b BYE branch=z9hG4bKbye2 cseq=2 to=b2 uri=sip:b@10.0.0.3\n150 b>a 200_BYE branch=z9hG4bKbye2 cseq=2 to=b2
    ${SPEECH}\n${BYE}`
  const broken = judged(forked, 200_000, CAPTURED).flatMap(({ name, violations }) => violations.map(() => name))
  expect(broken).toEqual([])
  const late = judged(`${forked}\n6000 a>b RTP seq=151 ts=24160`, 200_000, CAPTURED)
  expect(names(late, 'violated')).toEqual(['no media after BYE'])
})

describe('wrong stories are caught', () => {
  test.each([
    ['CSeq order', 'goes back', '0 a>b OPTIONS cseq=5\n100 a>b OPTIONS branch=z9hG4bK2 cseq=4'],
    ['CSeq order', 'stands still in a dialog', `${TALK}\n5000 a>b BYE cseq=1 to=b1`],
    ['CSeq order', 'leaps in a dialog', `${TALK}\n5000 a>b BYE cseq=4 to=b1`],
    ['dialog identity', 'a BYE without the tag', `${TALK}\n5000 a>b BYE cseq=2`],
    ['dialog identity', 'a BYE with another tag', `${TALK}\n5000 a>b BYE cseq=2 to=b9`],
    ['dialog routing', 'to the address of record', `${TALK}\n5000 a>b BYE cseq=2 to=b1 uri=sip:b@example.com`],
    [
      'dialog routing',
      'an ACK to the address of record',
      TALK.replace('to=b1 uri=sip:b@10.0.0.3', 'to=b1 uri=sip:b@example.com'),
    ],
    ['dialog routing', 'without the route', `${ROUTED}\n5000 a>b BYE cseq=2 to=b1`],
    [
      'dialog routing',
      'routes in the wrong order',
      `${ROUTED.replaceAll(ROUTE, `${ROUTE},<sip:10.0.0.9;lr>`)}\n5000 a>b BYE cseq=2 to=b1 Route=<sip:10.0.0.3;lr>,<sip:10.0.0.9;lr>`,
    ],
    ['nothing new after BYE', 'an INVITE', `${TALK}\n${BYE}\n6000 a>b INVITE branch=z9hG4bK9 cseq=3 to=b1`],
    ['BYE without ACK', 'none', '0 a>b INVITE\n20 b>a 180_INVITE\n100 b>a 200_INVITE lost'],
    ['offer and answer', 'no answer', '0 a>b INVITE\n100 b>a 200_INVITE body='],
    ['offer and answer', 'no offer at all', '0 a>b INVITE body=\n100 b>a 200_INVITE body='],
    ['offer and answer', 'no answer in the ACK', TALK.replace('INVITE\n', 'INVITE body=\n')],
    [
      'answer fits offer',
      'two streams for one',
      TALK.replace(
        '200_INVITE',
        `200_INVITE body=${sdp('10.0.0.3', 1, 'm=audio_4000_RTP/AVP_0|m=audio_4002_RTP/AVP_0').replaceAll(' ', '_')}`,
      ),
    ],
    [
      'answer fits offer',
      'another format',
      TALK.replace(
        '200_INVITE',
        `200_INVITE body=${sdp('10.0.0.3', 1, 'm=audio_4000_RTP/AVP_8').replaceAll(' ', '_')}`,
      ),
    ],
    [
      'answer fits offer',
      'sendrecv to sendonly',
      TALK.replace(
        'INVITE\n',
        `INVITE body=${sdp('10.0.0.1', 1, 'm=audio_4000_RTP/AVP_0|a=sendonly').replaceAll(' ', '_')}\n`,
      ),
    ],
    [
      'session version',
      'two up',
      `${TALK}\n2000 a>b INVITE branch=z9hG4bK9 cseq=2 to=b1 body=${sdp('10.0.0.1', 1, 'm=audio_4000_RTP/AVP_0', 3).replaceAll(' ', '_')}`,
    ],
    ['refresh before expiry', 'too late', `${GRANT}\n${again(61_000)}`],
    ['refresh before expiry', 'never', GRANT],
    ['nonce count', 'begins with 2', `0 a>b OPTIONS ${AUTH}00000002`],
    [
      'nonce count',
      'used twice',
      `0 a>b OPTIONS ${AUTH}00000001\n100 a>b OPTIONS branch=z9hG4bK2 cseq=2 ${AUTH}00000001`,
    ],
    ['RTP sequence', 'one left out', '0 a>b RTP times=3\n60 a>b RTP seq=5 ts=800'],
    ['RTP sequence', 'one twice', '0 a>b RTP times=3\n60 a>b RTP seq=3 ts=800'],
    ['RTP timestamps', 'goes back', '0 a>b RTP times=3\n60 a>b RTP seq=4 ts=100'],
    ['media to a known port', 'another', `${TALK}\n200 a>b RTP port=12000`],
    ['no media after BYE', 'a second later', `${TALK}\n${BYE}\n6000 a>b RTP`],
    [
      'no one-way audio',
      'one side is not heard',
      `${TALK}\n200 a>b RTP times=150 lost\n200 b>a RTP times=150 lost\n${BYE}`,
    ],
  ])('%s: %s', (name, _, story) => {
    expect(names(judged(story), 'violated')).toContain(name)
  })
})

test('what exercised nothing says so', () => {
  expect(judged('0 a>b RTP').every(({ state }) => state === 'not exercised')).toBe(true)
})
