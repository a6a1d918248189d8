import { describe, expect, test } from 'vitest'
import { type ProxyOptions, proxy } from '../../../../stack/programs/proxy.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage, type StageOptions } from '../stage.ts'
import { linesOf } from '../written.ts'

const HOSTS = { alice: '10.0.0.1', bob: '10.0.0.2', carol: '10.0.0.3', dave: '10.0.0.4', proxy: '10.0.0.9' }
const PROXY = HOSTS.proxy
const BOB = 'sip:bob@10.0.0.2'
const CAROL = 'sip:carol@10.0.0.3'
const DAVE = 'sip:dave@10.0.0.4'

interface Story extends StageOptions, Omit<Partial<ProxyOptions>, 'domain'> {
  /** What alice sends at 0; default an INVITE to bob. */
  readonly start?: string
  readonly lines?: readonly string[]
  /** What everybody answers to which method. */
  readonly bob?: Readonly<Record<string, Answers>>
  readonly carol?: Readonly<Record<string, Answers>>
  readonly dave?: Readonly<Record<string, Answers>>
  /** When alice cancels, ms. */
  readonly cancel?: number
  readonly until?: number
}

/** Alice sends one request through a proxy for example.com. */
function tell({
  start = 'INVITE sip:bob@example.com',
  lines = [],
  cancel,
  until,
  bob,
  carol,
  dave,
  ...options
}: Story) {
  const stage = new Stage(HOSTS, { names: { 'example.com': PROXY }, ...options })
  const users = options.users ?? { bob: BOB, carol: CAROL, all: [BOB, CAROL, DAVE], absent: [] }
  const running = proxy.start(stage.host('proxy'), { ...options, domain: 'example.com', users })
  const alice = new Agent(stage.host('alice'))
  const agents = { bob: new Agent(stage.host('bob'), bob), carol: new Agent(stage.host('carol'), carol) }
  new Agent(stage.host('dave'), dave)
  stage.at(0, 'alice', () => {
    const client = alice.send(PROXY, start, ...lines)
    if (cancel !== undefined) stage.host('alice').after(cancel, () => client.cancel())
  })
  return { stage, alice, ...agents, running, ladder: stage.run(until) }
}

/** What alice heard. */
const heard = (story: Story): string[] => tell(story).alice.heard

describe('a call', () => {
  test('INVITE, 100, INVITE; 180, 200; the ACK goes past the proxy without Record-Route', () => {
    expect(
      tell({
        bob: {
          INVITE: [
            [0, 180],
            [1000, 200],
          ],
        },
      }).ladder,
    ).toEqual([
      '0 alice → proxy: INVITE',
      '5 proxy → alice: 100 INVITE',
      '5 proxy → bob: INVITE',
      '10 bob → proxy: 180 INVITE',
      '15 proxy → alice: 180 INVITE',
      '1010 bob → proxy: 200 INVITE',
      '1015 proxy → alice: 200 INVITE',
      '1020 alice → bob: ACK',
    ])
  })

  test('with Record-Route the ACK goes through it, without any state', () => {
    const { ladder, bob } = tell({ recordRoute: true, bob: { INVITE: [[0, 200]] } })
    expect(ladder.slice(-2)).toEqual(['20 alice → proxy: ACK', '25 proxy → bob: ACK'])
    expect(linesOf(bob.requests[0]!)).toContain('Record-Route: <sip:10.0.0.9:5060;lr>')
    const ack = linesOf(bob.requests[1]!)
    expect(ack[0]).toBe('ACK sip:bob@10.0.0.2:5060 SIP/2.0')
    expect(ack).toContain('Max-Forwards: 69')
    expect(ack.filter((line) => line.startsWith('Route'))).toEqual([])
  })

  test('each copy of a 200 is passed on, by the callee’s will alone', () => {
    const { ladder } = tell({
      bob: {
        INVITE: [
          [0, 200],
          [500, 200],
          [1500, 200],
        ],
      },
    })
    expect(ladder.filter((line) => line.includes('200 INVITE'))).toEqual([
      '10 bob → proxy: 200 INVITE',
      '15 proxy → alice: 200 INVITE',
      '510 bob → proxy: 200 INVITE',
      '515 proxy → alice: 200 INVITE',
      '1510 bob → proxy: 200 INVITE',
      '1515 proxy → alice: 200 INVITE',
    ])
  })

  test('busy: acknowledged hop by hop', () => {
    expect(tell({ bob: { INVITE: [[0, 486]] } }).ladder.slice(3)).toEqual([
      '10 bob → proxy: 486 INVITE',
      '15 proxy → bob: ACK',
      '15 proxy → alice: 486 INVITE',
      '20 alice → proxy: ACK',
    ])
  })

  test('nothing stays behind', () => {
    const { stage } = tell({
      bob: {
        INVITE: [
          [0, 180],
          [1000, 486],
        ],
      },
    })
    expect(stage.network.kernel.pending).toBe(0)
  })
})

describe('what a proxy refuses itself', () => {
  test.each([
    ['an unknown user', 'INVITE sip:nobody@example.com', [], '10 404 INVITE'],
    ['a user who is nowhere', 'INVITE sip:absent@example.com', [], '10 480 INVITE'],
    ['another scheme', 'INVITE mailto:bob@example.com', [], '10 416 INVITE'],
    ['a URI that asks for TLS', 'INVITE sips:bob@example.com', [], '10 416 INVITE'],
    ['no hops left', 'OPTIONS sip:bob@example.com', ['Max-Forwards: 0'], '10 483 OPTIONS'],
    ['an extension', 'OPTIONS sip:bob@example.com', ['Proxy-Require: foo, bar'], '10 420 OPTIONS'],
    ['a CANCEL for nothing', 'CANCEL sip:bob@example.com', [], '10 481 CANCEL'],
  ])('%s', (_what, start, lines, expected) => expect(heard({ start, lines })).toEqual([expected]))

  test('which extension it is', () => {
    const { alice } = tell({ start: 'OPTIONS sip:bob@example.com', lines: ['Proxy-Require: foo, bar'] })
    expect(linesOf(alice.responses[0]!)).toContain('Unsupported: foo, bar')
  })

  test('a loop: 482, and only one', () => {
    const users = { bob: 'sip:carol@example.com', carol: 'sip:bob@example.com' }
    const { alice, ladder } = tell({ users })
    expect(alice.heard.at(-1)).toMatch(/ 482 INVITE$/)
    expect(ladder.filter((line) => line.endsWith('proxy → proxy: INVITE')).length).toBe(2)
  })

  test('a loop is one with the proxy’s own Route in it, too', () => {
    const users = { bob: 'sip:carol@example.com', carol: 'sip:bob@example.com' }
    const { alice, ladder } = tell({ users, lines: ['Route: <sip:10.0.0.9:5060;lr>'] })
    expect(alice.heard.at(-1)).toMatch(/ 482 INVITE$/)
    expect(ladder.filter((line) => line.endsWith('proxy → proxy: INVITE')).length).toBe(2)
  })

  test('a spiral is no loop: it comes again for somebody else', () => {
    const users = { bob: 'sip:carol@example.com', carol: CAROL }
    expect(heard({ users, carol: { INVITE: [[0, 486]] } }).at(-1)).toMatch(/ 486 INVITE$/)
  })
})

describe('nobody answers', () => {
  test('a host without power: one INVITE of the caller’s, seven of the proxy’s, 408 after 32 s and the path', () => {
    const { ladder, alice } = tell({ dark: ['bob'] })
    expect(ladder.filter((line) => line.startsWith('0 alice')).length).toBe(1)
    expect(ladder.filter((line) => line.includes('proxy → bob')).map((line) => Number(line.split(' ')[0]) - 5)).toEqual(
      [0, 500, 1500, 3500, 7500, 15_500, 31_500],
    )
    expect(alice.heard).toEqual(['10 100 INVITE', '32010 408 INVITE'])
  })

  test('a router says that there is no way: 503 in the proxy, 500 to the caller, at once', () => {
    const unreachable = [{ to: '10.0.0.2/32', why: 'host unreachable' }] as const
    expect(heard({ unreachable })).toEqual(['10 100 INVITE', '15 500 INVITE'])
  })

  test('a 503 goes on as a 500', () => {
    expect(heard({ bob: { INVITE: [[0, 503]] } })).toEqual(['10 100 INVITE', '20 500 INVITE'])
  })

  test('a name that does not exist: 500', () => {
    expect(heard({ users: { bob: 'sip:bob@nowhere.example' } })).toEqual(['10 100 INVITE', '10 500 INVITE'])
  })

  test('to a non-INVITE no 408 is sent (RFC 4320 §4.2): the caller’s own Timer F ends it', () => {
    const { alice } = tell({ start: 'OPTIONS sip:bob@example.com', dark: ['bob'] })
    expect(alice.heard.filter((line) => !line.endsWith('100 OPTIONS'))).toEqual(['32000 timeout'])
  })

  test('Timer C: ringing for three minutes without a word is cancelled; each 18x starts them anew, a 100 does not', () => {
    const rings: Answers = [
      [0, 100],
      [1000, 180],
      [100_000, 183],
    ]
    const { ladder } = tell({ bob: { INVITE: rings }, timerCMs: 180_001 })
    expect(ladder.slice(ladder.findIndex((line) => line.includes('CANCEL')))).toEqual([
      '280016 proxy → bob: CANCEL',
      '280021 bob → proxy: 200 CANCEL',
      '280021 bob → proxy: 487 INVITE',
      '280026 proxy → bob: ACK',
      '280026 proxy → alice: 487 INVITE',
      '280031 alice → proxy: ACK',
    ])
  })
})

describe('CANCEL', () => {
  test('hop by hop: 200 from each, and the callee’s 487 goes back', () => {
    expect(tell({ bob: { INVITE: [[0, 180]] }, cancel: 1000 }).ladder.slice(5)).toEqual([
      '1000 alice → proxy: CANCEL',
      '1005 proxy → alice: 200 CANCEL',
      '1005 proxy → bob: CANCEL',
      '1010 bob → proxy: 200 CANCEL',
      '1010 bob → proxy: 487 INVITE',
      '1015 proxy → bob: ACK',
      '1015 proxy → alice: 487 INVITE',
      '1020 alice → proxy: ACK',
    ])
  })

  test('a dead phone: the CANCEL is held for want of a 1xx, and the answer is 408 at 32 s, never 487', () => {
    const { ladder, alice, stage } = tell({ dark: ['bob'], cancel: 1000 })
    expect(ladder.filter((line) => line.includes('CANCEL'))).toEqual([
      '1000 alice → proxy: CANCEL',
      '1005 proxy → alice: 200 CANCEL',
    ])
    expect(alice.heard).toEqual(['10 100 INVITE', '32010 408 INVITE'])
    expect(stage.remarks).toEqual(['1005 proxy: CANCEL held until a provisional response'])
  })

  test('too late: after the 200 it changes nothing', () => {
    const { alice, ladder } = tell({
      bob: {
        INVITE: [
          [0, 180],
          [997, 200],
        ],
      },
      cancel: 1000,
    })
    expect(ladder.filter((line) => line.includes('→ bob: CANCEL'))).toEqual(['1005 proxy → bob: CANCEL'])
    expect(alice.heard.at(-1)).toBe('1017 200 INVITE')
  })
})

describe('forking', () => {
  const start = 'INVITE sip:all@example.com'

  test('all ring; who answers first has the call, the others are cancelled', () => {
    const { ladder, alice } = tell({
      start,
      bob: {
        INVITE: [
          [0, 180],
          [1000, 200],
        ],
      },
      carol: { INVITE: [[0, 180]] },
      dave: { INVITE: [[0, 486]] },
    })
    expect(ladder.filter((line) => line.includes('proxy →')).map((line) => line.slice(line.indexOf('→') + 2))).toEqual([
      'alice: 100 INVITE',
      'bob: INVITE',
      'carol: INVITE',
      'dave: INVITE',
      'alice: 180 INVITE',
      'alice: 180 INVITE',
      'dave: ACK',
      'alice: 200 INVITE',
      'carol: CANCEL',
      'carol: ACK',
    ])
    expect(alice.heard.at(-1)).toBe('1020 200 INVITE')
  })

  test('two answer at once: both 200 go back, and the caller acknowledges both', () => {
    const both = { INVITE: [[0, 200]] } as const
    const { alice, bob, carol } = tell({ start, bob: both, carol: both, dave: { INVITE: [[0, 486]] } })
    expect(alice.heard).toEqual(['10 100 INVITE', '20 200 INVITE', '20 200 INVITE'])
    expect([bob.heard.at(-1), carol.heard.at(-1)]).toEqual(['25 ACK', '25 ACK'])
  })

  test('none answers well: the best of what they say', () => {
    const say = (status: number, ms = 0) => ({ INVITE: [[ms, status]] }) as const
    expect(heard({ start, bob: say(486), carol: say(404), dave: say(500) }).at(-1)).toBe('20 486 INVITE')
    expect(heard({ start, bob: say(486), carol: say(603, 100), dave: say(302) }).at(-1)).toBe('120 603 INVITE')
  })

  test('a 6xx ends the ringing of all others', () => {
    const ringing = { INVITE: [[0, 180]] } as const
    expect(heard({ start, bob: ringing, carol: ringing, dave: { INVITE: [[1000, 603]] } }).at(-1)).toBe(
      '1030 603 INVITE',
    )
  })

  test('of two challenges both go back (§16.7 step 7)', () => {
    const asks = (realm: string) => ({ INVITE: [[0, 401, ['WWW-Authenticate', `Digest realm="${realm}"`]]] }) as const
    const { alice } = tell({ start, users: { all: [BOB, CAROL] }, bob: asks('b'), carol: asks('c') })
    expect(linesOf(alice.responses.at(-1)!).filter((line) => line.startsWith('WWW'))).toEqual([
      'WWW-Authenticate: Digest realm="b"',
      'WWW-Authenticate: Digest realm="c"',
    ])
  })

  test('a 302 goes back, or is followed', () => {
    const moved = { INVITE: [[0, 302, ['Contact', `<${CAROL}>`]]] } as const
    const back = { bob: moved, carol: { INVITE: [[0, 486]] } } as const
    expect(heard(back).at(-1)).toBe('20 302 INVITE')
    expect(heard({ ...back, recurse: true }).at(-1)).toBe('30 486 INVITE')
  })
})

describe('routes (§16.4)', () => {
  test('a Route that leads here is taken away, a request of another domain goes where it says', () => {
    const { bob } = tell({ start: `OPTIONS ${BOB}`, lines: ['Route: <sip:10.0.0.9;lr>'] })
    expect(linesOf(bob.requests[0]!).filter((line) => /^(?:OPTIONS|Route)/.test(line))).toEqual([
      `OPTIONS ${BOB} SIP/2.0`,
    ])
  })

  test('a strict router’s work is undone', () => {
    const lines = [`Route: <sip:10.0.0.3;lr>, <${BOB}>`]
    const { carol } = tell({ start: 'OPTIONS sip:10.0.0.9:5060;lr', lines })
    expect(linesOf(carol.requests[0]!).filter((line) => /^(?:OPTIONS|Route)/.test(line))).toEqual([
      `OPTIONS ${BOB} SIP/2.0`,
      'Route: <sip:10.0.0.3;lr>',
    ])
  })
})

test('stopped, a proxy is silent and leaves nothing running', () => {
  const { running, stage } = tell({ bob: { INVITE: [[0, 180]] }, until: 100 })
  running.stop()
  expect(running.do('call', {})).toEqual({ at: 'do', expected: 'no verb: a proxy has none, not call' })
  const before = stage.run(100).length
  expect(stage.run().slice(before)).toEqual([])
})
