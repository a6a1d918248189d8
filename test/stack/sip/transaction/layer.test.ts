import { describe, expect, test } from 'vitest'
import { utf8Encode } from '../../../../platform/text.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage, type StageOptions } from '../stage.ts'
import { linesOf } from '../written.ts'

const ALICE = '10.0.0.1'
const BOB = '10.0.0.2'

/** Alice sends bob one request at 0; bob answers by script. */
function between(start: string, answers: Answers, options: StageOptions = {}) {
  const stage = new Stage({ alice: ALICE, bob: BOB }, options)
  const alice = new Agent(stage.host('alice'))
  const bob = new Agent(stage.host('bob'), { [start.split(' ')[0] ?? '']: answers })
  stage.at(0, 'alice', () => alice.send(BOB, start))
  return { stage, alice, bob, ladder: stage.run() }
}

const INVITE = 'INVITE sip:bob@10.0.0.2'
const OPTIONS = 'OPTIONS sip:bob@10.0.0.2'

describe('INVITE over UDP', () => {
  test('rejected: the transaction itself acknowledges, and both ends are gone in the end', () => {
    const { ladder, alice, bob } = between(INVITE, [
      [0, 180],
      [1000, 486],
    ])
    expect(ladder).toEqual([
      '0 alice → bob: INVITE',
      '5 bob → alice: 180 INVITE',
      '1005 bob → alice: 486 INVITE',
      '1010 alice → bob: ACK',
    ])
    expect(alice.heard).toEqual(['10 180 INVITE', '1010 486 INVITE'])
    expect(bob.heard).toEqual(['5 INVITE'])
    expect(alice.layer.size + bob.layer.size).toBe(0)
  })

  test('to a host without power: seven, and a timeout at 32 s', () => {
    const { ladder, alice } = between(INVITE, [], { dark: ['bob'] })
    expect(ladder.map((line) => line.split(' ')[0])).toEqual(['0', '500', '1500', '3500', '7500', '15500', '31500'])
    expect(ladder[1]).toBe('500 alice → bob: INVITE (timer A) ✗ host without power')
    expect(alice.heard).toEqual(['32000 timeout'])
  })

  test('where a router says that there is no way: at once', () => {
    const unreachable = [{ to: `${BOB}/32`, why: 'host unreachable' }] as const
    const { ladder, alice } = between(INVITE, [], { unreachable })
    expect(ladder).toEqual(['0 alice → bob: INVITE ✗ no route', '2.5 net → alice: ICMP'])
    expect(alice.heard).toEqual(['5 transport (host unreachable)'])
  })

  test('a lost 486 comes again by Timer G, a lost ACK as well', () => {
    const lost = (label: string) =>
      ({
        where: label === 'ACK' ? 'alice -> bob' : 'bob -> alice',
        match: { label, nth: 1 },
        action: { drop: true },
      }) as const
    const { ladder } = between(INVITE, [[0, 486]], { faults: [lost('486 INVITE'), lost('ACK')] })
    expect(ladder).toEqual([
      '0 alice → bob: INVITE',
      '5 bob → alice: 486 INVITE ✗ fault',
      '500 alice → bob: INVITE (timer A)',
      '505 bob → alice: 486 INVITE', // to the copy
      '505 bob → alice: 486 INVITE (timer G)',
      '510 alice → bob: ACK ✗ fault',
      '510 alice → bob: ACK',
    ])
  })

  test('a 200 is not repeated by the transaction, its copies by the core reach the caller each', () => {
    const { ladder, alice, bob } = between(INVITE, [
      [0, 200],
      [500, 200],
    ])
    expect(ladder).toEqual([
      '0 alice → bob: INVITE',
      '5 bob → alice: 200 INVITE',
      '10 alice → bob: ACK',
      '505 bob → alice: 200 INVITE',
      '510 alice → bob: ACK',
    ])
    expect(alice.heard).toEqual(['10 200 INVITE', '510 200 INVITE'])
    expect(bob.heard).toEqual(['5 INVITE', '15 ACK', '515 ACK'])
  })

  test('cancelled: the CANCEL is held until there is a 1xx', () => {
    const stage = new Stage({ alice: ALICE, bob: BOB })
    const alice = new Agent(stage.host('alice'))
    const bob = new Agent(stage.host('bob'), { INVITE: [[1100, 180]] })
    stage.at(0, 'alice', () => {
      const invite = alice.send(BOB, INVITE)
      stage.host('alice').after(200, () => invite.cancel())
    })
    expect(stage.run()).toEqual([
      '0 alice → bob: INVITE',
      '500 alice → bob: INVITE (timer A)',
      '1105 bob → alice: 180 INVITE',
      '1110 alice → bob: CANCEL',
      '1115 bob → alice: 200 CANCEL',
      '1115 bob → alice: 487 INVITE',
      '1120 alice → bob: ACK',
    ])
    expect(alice.heard).toEqual(['1110 180 INVITE', '1120 487 INVITE'])
    expect(bob.heard).toEqual(['5 INVITE', '1115 CANCEL'])
    expect(stage.remarks).toEqual(['200 alice: CANCEL held until a provisional response'])
  })

  test('a CANCEL that leads to nothing: given up 64·T1 after it', () => {
    const stage = new Stage({ alice: ALICE, bob: BOB })
    const alice = new Agent(stage.host('alice'))
    const faults = new Agent(stage.host('bob'), { INVITE: [[0, 180]], CANCEL: [] })
    stage.at(0, 'alice', () => {
      const invite = alice.send(BOB, INVITE)
      stage.host('alice').after(200, () => invite.cancel())
    })
    faults.layer.invited = () => undefined
    stage.run()
    expect(alice.heard).toEqual(['10 180 INVITE', '32200 timeout'])
  })
})

describe('non-INVITE over UDP', () => {
  test('answered', () => {
    const { ladder, alice, bob } = between(OPTIONS, [[0, 200]])
    expect(ladder).toEqual(['0 alice → bob: OPTIONS', '5 bob → alice: 200 OPTIONS'])
    expect(alice.heard).toEqual(['10 200 OPTIONS'])
    expect(alice.layer.size + bob.layer.size).toBe(0)
  })

  test('to a host without power: eleven', () => {
    const { ladder, alice } = between(OPTIONS, [], { dark: ['bob'] })
    expect(ladder.length).toBe(11)
    expect(alice.heard).toEqual(['32000 timeout'])
  })

  test('to a closed port: a transport error', () => {
    const stage = new Stage({ alice: ALICE, bob: BOB })
    const alice = new Agent(stage.host('alice'))
    stage.at(0, 'alice', () => alice.send(BOB, OPTIONS))
    stage.run()
    expect(alice.heard).toEqual(['10 transport (port unreachable)'])
  })

  test('answered late: a 100 at 3.5 s, and the client slows down', () => {
    const { ladder } = between(OPTIONS, [[9000, 200]])
    expect(ladder).toEqual([
      '0 alice → bob: OPTIONS',
      '500 alice → bob: OPTIONS (timer E)',
      '1500 alice → bob: OPTIONS (timer E)',
      '3500 alice → bob: OPTIONS (timer E)',
      '3505 bob → alice: 100 OPTIONS (timer 100)',
      '7500 alice → bob: OPTIONS (timer E)',
      '7505 bob → alice: 100 OPTIONS',
      '9005 bob → alice: 200 OPTIONS',
    ])
  })
})

describe('matching', () => {
  /** What bob answers to datagrams that nobody's transaction sent, each `[ms, lines]`. */
  function raw(...datagrams: (readonly [ms: number, ...lines: string[]])[]): {
    ladder: string[]
    bob: Agent
    stage: Stage
  } {
    const stage = new Stage({ alice: ALICE, bob: BOB })
    const bob = new Agent(stage.host('bob'), { INVITE: [[0, 486]] })
    const socket = stage.host('alice').udp({ port: 5060 }, { received: () => undefined, failed: () => undefined })
    if (!socket.ok) throw new Error(socket.issue.expected)
    for (const [ms, ...lines] of datagrams) {
      const bytes = utf8Encode([...lines, '', ''].join('\r\n'))
      stage.at(ms, 'alice', () => socket.value.send(bob.endpoint(BOB), bytes, new Uint8Array(0)))
    }
    return { ladder: stage.run(5000).filter((line) => line.includes('bob →')), bob, stage }
  }
  const headers = (method: string, branch: string, toTag = ''): string[] => [
    `${method} sip:bob@10.0.0.2 SIP/2.0`,
    `Via: SIP/2.0/UDP 10.0.0.1${branch}`,
    'Max-Forwards: 70',
    'From: <sip:alice@example.com>;tag=a',
    `To: <sip:bob@example.com>${toTag}`,
    'Call-ID: 1',
    `CSeq: 1 ${method}`,
  ]

  test('a copy has the same branch and sent-by, whatever else it says', () => {
    const { bob } = raw(
      [0, ...headers('OPTIONS', ';branch=z9hG4bK1')],
      [100, ...headers('OPTIONS', ';branch=z9hG4bK1')],
    )
    expect(bob.heard).toEqual(['5 OPTIONS'])
    const other = raw(
      [0, ...headers('OPTIONS', ';branch=z9hG4bK1')],
      [100, ...headers('OPTIONS', ';branch=z9hG4bK2')],
      [200, ...headers('OPTIONS', ':5060;branch=z9hG4bK1')], // the default port
      [300, ...headers('OPTIONS', ':5061;branch=z9hG4bK1')], // nobody listens to its answer there
      [400, ...headers('INFO', ';branch=z9hG4bK1')],
    )
    expect(other.bob.heard).toEqual(['5 OPTIONS', '105 OPTIONS', '305 OPTIONS', '315 failed: transport', '405 INFO'])
  })

  test('RFC 2543: no branch, or one without the cookie; an ACK must bear the response’s tag (§17.2.3)', () => {
    for (const branch of ['', ';branch=1']) {
      const { ladder, bob } = raw(
        [0, ...headers('INVITE', branch)],
        [100, ...headers('INVITE', branch)],
        [200, ...headers('ACK', branch, ';tag=other')],
        [300, ...headers('ACK', branch, ';tag=bob')],
      )
      expect(ladder).toEqual(['5 bob → alice: 486 INVITE', '105 bob → alice: 486 INVITE'])
      expect(bob.heard).toEqual(['5 INVITE', '205 ACK'])
    }
  })

  test('an ACK that belongs to nothing goes up, a response to nothing is dropped with a remark', () => {
    const response = ['SIP/2.0 200 OK', 'Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1', ...headers('BYE', '').slice(3)]
    const notOurs = ['SIP/2.0 200 OK', ...headers('BYE', ';branch=z9hG4bK1').slice(1)]
    const { bob, stage } = raw([0, ...headers('ACK', ';branch=z9hG4bK1')], [10, ...response], [20, ...notOurs])
    expect(bob.heard).toEqual(['5 ACK'])
    expect(stage.remarks).toEqual([
      '15 bob: stray response dropped',
      '25 bob: response dropped: its top Via is not ours',
    ])
  })

  test('what cannot be read is answered 400 or dropped, and both are on record; keep-alives are neither', () => {
    const broken = headers('OPTIONS', ';branch=z9hG4bK1').with(6, 'CSeq: one OPTIONS')
    const { ladder, stage } = raw([0, ...broken], [10, 'hello'], [20])
    expect(ladder).toEqual(['5 bob → alice: 400'])
    expect(stage.remarks).toEqual(['5 bob: malformed request rejected', '15 bob: malformed message dropped'])
  })
})

test('a request goes out with Via, branch and rport on top, and comes in with where it came from', () => {
  const { bob } = between(OPTIONS, [[0, 200]])
  expect(linesOf(bob.requests[0]!)[1]).toMatch(
    /^Via: SIP\/2\.0\/UDP 10\.0\.0\.1:5060;branch=z9hG4bK[0-9a-z]{6,};rport=5060;received=10\.0\.0\.1$/,
  )
})
