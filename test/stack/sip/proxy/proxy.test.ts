import { describe, expect, test } from 'vitest'
import type { Answers } from '../agent.ts'
import { linesOf } from '../written.ts'
import { BOB, CAROL, heard, PROXY, tell } from './story.ts'

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
    ['a telephone number that no Route leads to', 'OPTIONS tel:+4930123', [], '10 416 OPTIONS'],
    ['no hops left', 'OPTIONS sip:bob@example.com', ['Max-Forwards: 0'], '10 483 OPTIONS'],
    ['no hops left within a dialog', 'BYE sip:bob@10.0.0.2', ['Max-Forwards: 0'], '10 483 BYE'],
    ['an extension', 'OPTIONS sip:bob@example.com', ['Proxy-Require: foo, bar'], '10 420 OPTIONS'],
    ['what an OPTIONS to itself requires', 'OPTIONS sip:example.com', ['Require: 100rel'], '10 420 OPTIONS'],
    ['a CANCEL for nothing', 'CANCEL sip:bob@example.com', [], '10 481 CANCEL'],
  ])('%s', (_what, start, lines, expected) => expect(heard({ start, lines })).toEqual([expected]))

  test('which extension it is', () => {
    const { alice } = tell({ start: 'OPTIONS sip:bob@example.com', lines: ['Proxy-Require: foo, bar'] })
    expect(linesOf(alice.responses[0]!)).toContain('Unsupported: foo, bar')
  })

  test('REGISTER, where it takes none: 405 with Allow (§21.4.6)', () => {
    const { alice } = tell({ start: 'REGISTER sip:example.com' })
    expect(linesOf(alice.responses[0]!).slice(0, 1)).toEqual(['SIP/2.0 405 Method Not Allowed'])
    expect(linesOf(alice.responses[0]!)).toContain('Allow: INVITE, ACK, CANCEL, BYE, OPTIONS')
  })

  test.each(['sip:example.com', 'sip:10.0.0.9:5060'])('OPTIONS %s it answers itself, without Allow (§11)', (uri) => {
    const { alice } = tell({ start: `OPTIONS ${uri}` })
    const names = linesOf(alice.responses[0]!).map((line) => line.split(':')[0])
    expect(names[0]).toBe('SIP/2.0 200 OK')
    expect(names).toContain('Accept')
    expect(names).not.toContain('Allow')
  })

  // RFC 3261 §16.3 step 3, RFC 5393 §5.3.3: both are about going on.
  test.each(['Max-Forwards: 0', 'Max-Breadth: 0'])('with %s what is for itself is answered all the same', (line) => {
    const registrar = {}
    expect(heard({ start: 'REGISTER sip:example.com', lines: [line], registrar, anyone: true })).toEqual([
      '10 200 REGISTER',
    ])
    expect(heard({ start: 'OPTIONS sip:example.com', lines: [line] })).toEqual(['10 200 OPTIONS'])
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

describe('routes (§16.4)', () => {
  test('a Route that leads here is taken away, a request of another domain goes where it says', () => {
    const { bob } = tell({ start: `OPTIONS ${BOB}`, lines: ['Route: <sip:10.0.0.9;lr>'] })
    expect(linesOf(bob.requests[0]!).filter((line) => /^(?:OPTIONS|Route)/.test(line))).toEqual([
      `OPTIONS ${BOB} SIP/2.0`,
    ])
  })

  test.each([
    ['the domain’s name', 'sip:bob@example.com', ['Route: <sip:Example.com;lr>']],
    ['the domain’s name and port', 'sip:bob@example.com', ['Route: <sip:example.com:5060;lr;transport=udp>']],
    ['a maddr with its address', 'sip:bob@example.com;maddr=10.0.0.9', []],
    ['a maddr with its name', 'sip:bob@example.com:5060;maddr=example.com;transport=udp', []],
    ['both', 'sip:bob@elsewhere.example;maddr=10.0.0.9', ['Route: <sip:10.0.0.9;lr>']],
  ])('%s: led here, and taken away', (_what, uri, lines) => {
    const users = { bob: BOB, 'elsewhere.example': BOB }
    const { bob, alice } = tell({
      start: `OPTIONS ${uri}`,
      lines,
      users,
      names: { 'example.com': PROXY, 'elsewhere.example': '10.0.0.2' },
    })
    expect(alice.heard.at(-1)).toBe('20 200 OPTIONS')
    expect(linesOf(bob.requests[0]!)[0]).not.toContain('maddr')
    expect(linesOf(bob.requests[0]!).filter((line) => line.startsWith('Route'))).toEqual([])
  })

  test('a maddr of another port’s is no reason to stay (§16.4)', () => {
    const { ladder } = tell({ start: 'OPTIONS sip:bob@example.com:5070;maddr=10.0.0.9' })
    expect(ladder[1]).toBe('5 proxy → proxy: OPTIONS ✗ port closed')
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
