import { describe, expect, test } from 'vitest'
import { CAPTURED, EXACT } from '../../experiments/oracles/jury.ts'
import { judged, names } from './wire.ts'

const CALL = '0 a>b INVITE\n20 b>a 180_INVITE\n100 b>a 200_INVITE\n110 a>b ACK branch=z9hG4bKack to=b1'
const BUSY = '0 a>b INVITE\n100 b>a 486_INVITE\n110 a>b ACK to=b1'
const CANCELLED =
  '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL\n110 b>a 200_CANCEL\n110 b>a 487_INVITE\n120 a>b ACK to=b1'
const RELAYED = `0 a>p INVITE branch=z9hG4bKa
10 p>b INVITE branch=z9hG4bKp client=p under=z9hG4bKa Max-Forwards=69 Contact=<sip:a@10.0.0.1> Record-Route=<sip:p@10.0.0.2;lr>
20 b>p 180_INVITE branch=z9hG4bKp client=p under=z9hG4bKa Record-Route=<sip:p@10.0.0.2;lr>
30 p>a 180_INVITE branch=z9hG4bKa Record-Route=<sip:p@10.0.0.2;lr>`

describe('right stories hold', () => {
  test.each([
    [
      'a call',
      CALL,
      ['ACK of an answer', 'one final response', 'response matching', 'branch', 'tags', 'one To tag', 'Contact'],
    ],
    [
      'a busy phone',
      BUSY,
      ['ACK of a refusal', 'ACK fits its INVITE', 'Content-Length', 'grammar', 'way of responses'],
    ],
    [
      'a cancelled call',
      CANCELLED,
      ['CANCEL', 'CANCEL is answered', 'no 408 to non-INVITE', 'nothing provisional after the final'],
    ],
    ['through a proxy', RELAYED, ['Max-Forwards', 'Via of requests', 'Record-Route']],
    ['a request twice', '0 a>b OPTIONS\n100 b>a 200_OPTIONS lost\n500 a>b OPTIONS\n510 b>a 200_OPTIONS', ['Timer J']],
    [
      'an INVITE twice',
      '0 a>b INVITE\n20 b>a 180_INVITE lost\n500 a>b INVITE\n510 b>a 180_INVITE',
      ['repeated INVITE'],
    ],
    [
      'neither Content-Length nor received over a WebSocket',
      '0 a>b OPTIONS ws Content-Length= client=df7jal23ls0d.invalid\n100 b>a 200_OPTIONS ws Content-Length= client=df7jal23ls0d.invalid',
      ['response matching'],
    ],
    ['rport', '0 a>b OPTIONS branch=z9hG4bKr;rport\n100 b>a 200_OPTIONS branch=z9hG4bKr;rport=5060', ['received']],
  ])('%s', (_, story, exercised) => {
    const verdicts = judged(story, 50_000)
    const broken = verdicts.flatMap(({ name, violations }) => violations.map(({ sentence }) => `${name}: ${sentence}`))
    expect(broken).toEqual([])
    expect(names(verdicts, 'holds')).toEqual(expect.arrayContaining(exercised))
  })
})

test('an IPv6 address is the same however it is written', () => {
  const via = 'client=[2001:DB8:0:0:0::1]'
  const story = (client: string): string =>
    `0 2001:db8::1>2001:db8::2 OPTIONS ${client}\n100 2001:db8::2>2001:db8::1 200_OPTIONS ${client}`
  expect(names(judged(story(via), 50_000), 'violated')).toEqual([])
  expect(names(judged(story('client=[2001:db8::9]'), 50_000), 'violated')).toEqual(['received'])
})

test('of two ACKs of one answer, the one that goes on first is held against the one that it was', () => {
  const answered = `0 a>p INVITE branch=z9hG4bKa
10 p>b INVITE branch=z9hG4bKp client=p under=z9hG4bKa Max-Forwards=69 Contact=<sip:a@10.0.0.1>
100 b>p 200_INVITE branch=z9hG4bKp client=p under=z9hG4bKa
110 p>a 200_INVITE branch=z9hG4bKa
120 a>p ACK branch=z9hG4bKone to=b1
620 a>p ACK branch=z9hG4bKtwo to=b1`
  const goesOn = (under: string): string =>
    `${answered}\n630 p>b ACK branch=z9hG4bKq client=p under=${under} to=b1 Max-Forwards=69`
  const about = ['Via of requests', 'Max-Forwards']
  const broken = (story: string, conditions = EXACT): readonly string[] =>
    names(judged(story, 700, conditions), 'violated').filter((name) => about.includes(name))
  expect(broken(goesOn('z9hG4bKtwo'))).toEqual([])
  expect(broken(goesOn('z9hG4bKother'))).toEqual(['Via of requests'])
  // A capture may lack the one that it was.
  expect(broken(goesOn('z9hG4bKother'), CAPTURED)).toEqual([])
})

test('who has given up by Timer B owes no ACK of what comes after, whatever came first', () => {
  const repeats = [0, 500, 1500, 3500, 7500, 15_500, 31_500].map((ms) => `${ms} a>b INVITE`)
  const late = (ms: number): string => `${repeats.join('\n')}\n${ms} b>a 180_INVITE\n40000 b>a 200_INVITE`
  const broken = (ms: number): boolean => names(judged(late(ms)), 'violated').includes('ACK of an answer')
  expect([broken(31_900), broken(32_000)]).toEqual([true, false])
})

test('a phone that rings for long says so every minute', () => {
  const ringing = '0 a>b INVITE\n20 b>a 180_INVITE\n60020 b>a 180_INVITE'
  expect(names(judged(ringing, 100_000), 'violated')).toEqual([])
  expect(names(judged(ringing, 100_000), 'holds')).toContain('1xx refresh')
})

describe('wrong stories are caught', () => {
  test.each([
    ['1xx refresh', 'a phone rings on in silence', '0 a>b INVITE\n20 b>a 180_INVITE\n90000 b>a 200_INVITE'],
    ['Timer C', 'a proxy gives up after a minute', `${RELAYED}\n60000 p>b CANCEL branch=z9hG4bKp client=p`],
    ['ACK of a refusal', 'none', '0 a>b INVITE\n100 b>a 486_INVITE'],
    ['ACK of a refusal', 'on another branch', '0 a>b INVITE\n100 b>a 486_INVITE\n110 a>b ACK branch=z9hG4bKx to=b1'],
    [
      'ACK of a refusal',
      'not of its repeat',
      '0 a>b INVITE\n100 b>a 486_INVITE\n110 a>b ACK to=b1 lost\n600 b>a 486_INVITE',
    ],
    ['ACK of an answer', 'none', '0 a>b INVITE\n100 b>a 200_INVITE'],
    ['ACK of an answer', 'not of its repeat', `${CALL}\n600 b>a 200_INVITE`],
    [
      'ACK of an answer',
      'with another CSeq',
      '0 a>b INVITE\n100 b>a 200_INVITE\n110 a>b ACK branch=z9hG4bKack to=b1 cseq=2',
    ],
    ['ACK fits its INVITE', 'another URI', '0 a>b INVITE\n100 b>a 486_INVITE\n110 a>b ACK to=b1 uri=sip:c@10.0.0.3'],
    ['ACK fits its INVITE', 'without the tag', '0 a>b INVITE\n100 b>a 486_INVITE\n110 a>b ACK'],
    [
      'ACK fits its INVITE',
      'without the Route',
      '0 a>b INVITE Route=<sip:p;lr>\n100 b>a 486_INVITE\n110 a>b ACK to=b1',
    ],
    ['ACK fits its INVITE', 'of a 2xx, on the same branch', '0 a>b INVITE\n100 b>a 200_INVITE\n110 a>b ACK to=b1'],
    ['one final response', 'two refusals', `${BUSY}\n200 b>a 603_INVITE`],
    ['one final response', 'a refusal after a 2xx', `${CALL}\n200 b>a 486_INVITE`],
    ['one final response', 'two to OPTIONS', '0 a>b OPTIONS\n100 b>a 200_OPTIONS\n200 b>a 404_OPTIONS'],
    ['nothing provisional after the final', '', `${CALL}\n200 b>a 180_INVITE`],
    ['response matching', 'another From', '0 a>b OPTIONS\n100 b>a 200_OPTIONS From=<sip:c@example.com>;tag=a1'],
    ['response matching', 'a lost Via', '0 a>b OPTIONS under=z9hG4bKu\n100 b>a 200_OPTIONS'],
    ['Timer J', 'no answer to a repeat', '0 a>b OPTIONS\n100 b>a 200_OPTIONS lost\n500 a>b OPTIONS'],
    ['repeated INVITE', 'no 180 to a repeat', '0 a>b INVITE\n20 b>a 180_INVITE lost\n500 a>b INVITE'],
    ['Timer L', 'a repeat is refused', `0 a>b INVITE\n100 b>a 200_INVITE lost\n500 a>b INVITE\n510 b>a 500_INVITE`],
    ['no 408 to non-INVITE', '', '0 a>b OPTIONS\n100 b>a 408_OPTIONS'],
    ['100 to non-INVITE', 'too early', '0 a>b OPTIONS\n100 b>a 100_OPTIONS'],
    [
      '100 to non-INVITE',
      'never',
      '0 a>b OPTIONS\n500 a>b OPTIONS\n1500 a>b OPTIONS\n3500 a>b OPTIONS\n7500 a>b OPTIONS',
    ],
    ['CANCEL', 'before a response', '0 a>b INVITE\n100 a>b CANCEL'],
    ['CANCEL', 'after the final', `${BUSY}\n200 a>b CANCEL`],
    ['CANCEL', 'of no INVITE', '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL branch=z9hG4bKx'],
    ['CANCEL', 'another URI', '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL uri=sip:c@10.0.0.3'],
    ['CANCEL is answered', 'not', '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL'],
    ['CANCEL is answered', '404', '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL\n110 b>a 404_CANCEL'],
    ['CANCEL is answered', 'no 487', '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL\n110 b>a 200_CANCEL'],
    [
      'CANCEL is answered',
      '200 afterwards',
      '0 a>b INVITE\n20 b>a 180_INVITE\n100 a>b CANCEL\n110 b>a 200_CANCEL\n500 b>a 200_INVITE',
    ],
    ['branch', 'of RFC 2543', '0 a>b OPTIONS branch=1'],
    ['branch', 'used twice', '0 a>b OPTIONS branch=z9hG4bK1\n200 a>b OPTIONS branch=z9hG4bK1 cseq=2'],
    ['tags', 'none in From', '0 a>b OPTIONS from='],
    ['tags', 'none in a response', '0 a>b OPTIONS\n100 b>a 200_OPTIONS to='],
    ['tags', 'of another call', '0 a>b OPTIONS branch=z9hG4bK1\n200 a>b OPTIONS branch=z9hG4bK2 call=c2'],
    ['one To tag', 'two', '0 a>b INVITE\n20 b>a 180_INVITE\n100 b>a 200_INVITE to=b2'],
    ['Max-Forwards', 'none', '0 a>b OPTIONS Max-Forwards='],
    ['Max-Forwards', 'not one less', RELAYED.replace('Max-Forwards=69', 'Max-Forwards=70')],
    ['Max-Forwards', 'passed on with 0', RELAYED.replace('INVITE branch', 'INVITE Max-Forwards=0 branch')],
    ['Via of requests', 'another below', RELAYED.replace('under=z9hG4bKa Max', 'under=z9hG4bKa|z9hG4bKx Max')],
    ['Record-Route', 'not copied', RELAYED.replace(/ Record-Route=\S+\n30/, '\n30')],
    [
      'Record-Route',
      'taken away by the proxy',
      RELAYED.replace('INVITE branch', 'INVITE Record-Route=<sip:q;lr> branch'),
    ],
    ['way of responses', 'to another port', '0 a>b OPTIONS branch=z9hG4bK1;x\n100 b>p 200_OPTIONS branch=z9hG4bK1;x'],
    ['received', 'not said', '0 p>b OPTIONS client=a\n100 b>p 200_OPTIONS'],
    ['received', 'rport not said', '0 a>b OPTIONS branch=z9hG4bKr;rport\n100 b>a 200_OPTIONS branch=z9hG4bKr;rport'],
    ['Content-Length', 'too short', '0 a>b OPTIONS body=hello Content-Length=3'],
    ['Content-Length', 'too long', '0 a>b OPTIONS body=hello Content-Length=7'],
    ['Content-Length', 'none over TCP', '0 a>b OPTIONS tcp Content-Length='],
    ['grammar', 'no CSeq', '0 a>b OPTIONS CSeq='],
    ['Contact', 'none in INVITE', '0 a>b INVITE Contact='],
    ['Contact', 'none in its 200', '0 a>b INVITE\n100 b>a 200_INVITE Contact='],
  ])('%s: %s', (name, _, story) => {
    expect(names(judged(story), 'violated')).toContain(name)
  })
})
