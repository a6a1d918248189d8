// What a proxy makes of the responses of several targets, and of those that do not go back: RFC 3261 §16.5, §16.7.

import { describe, expect, test } from 'vitest'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { answer } from '../../../../stack/sip/message/answer.ts'
import { change } from '../../../../stack/sip/message/change.ts'
import { parseMessage } from '../../../../stack/sip/message/parse.ts'
import { print } from '../../../../stack/sip/message/print.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage } from '../stage.ts'
import { linesOf } from '../written.ts'
import { BOB, CAROL, HOSTS, heard, PROXY, type Story, tell } from './story.ts'

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

  test('a 200 goes back although a 408 did before (§16.7 step 5)', () => {
    const { alice, ladder } = tell({ timerCMs: 1000, bob: { INVITE: [[2000, 200]] } })
    expect(ladder).toContain('2015 proxy → alice: 200 INVITE')
    expect(alice.heard).toEqual(['10 100 INVITE', '1010 408 INVITE'])
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
    const useProxy = { INVITE: [[0, 305, ['Contact', `<${CAROL}>`]]] } as const
    expect(heard({ ...back, bob: useProxy, recurse: true }).at(-1)).toBe('20 305 INVITE')
  })

  test('a target is tried once, however it is written (§16.5)', () => {
    // Each answers with its own Contact, too.
    const [here, there] = [`${BOB}:5060`, `${CAROL}:5060`]
    const users = { bob: here }
    const to = (...uris: string[]) =>
      ({ INVITE: [[0, 302, ['Contact', uris.map((uri) => `<${uri}>`).join(', ')]]] }) as const
    const invited = (story: Story) => {
      const { bob, carol, alice } = tell({ recurse: true, users, ...story })
      return [bob, carol]
        .map(({ requests }) => requests.filter(({ method }) => method === 'INVITE').length)
        .concat(alice.heard.length)
    }
    expect(invited({ users: { bob: [here, 'sip:%62ob@10.0.0.2:5060'] }, bob: { INVITE: [[0, 486]] } })).toEqual([
      1, 0, 2,
    ])
    expect(invited({ bob: to(here) })).toEqual([1, 0, 2])
    // Nothing else was collected: the 3xx itself (§16.7 step 6).
    expect(heard({ users, bob: to(here), recurse: true }).at(-1)).toBe('20 302 INVITE')
    expect(heard({ users, bob: to(there), carol: to(here), recurse: true }).at(-1)).toBe('30 302 INVITE')
    expect(
      heard({ users: { bob: [here, there] }, bob: { INVITE: [[0, 486]] }, carol: to(here), recurse: true }).at(-1),
    ).toBe('20 486 INVITE')
    expect(invited({ bob: to(there, `${there};a=1`, `${there};b=2`), carol: to(here) })).toEqual([1, 1, 2])
  })

  test.each([
    [undefined, 10],
    [2, 2],
    [0, 0],
  ])('a chain of 302 without end is followed so far: limit %s, %s followed', (redirectLimit, followed) => {
    let count = 0
    const bob = {
      get INVITE(): Answers {
        return [[0, 302, ['Contact', `<sip:bob${++count}@10.0.0.2>`]]]
      },
    }
    const { ladder, stage, alice } = tell({
      users: { bob: `${BOB}:5060` },
      bob,
      recurse: true,
      ...(redirectLimit === undefined ? {} : { redirectLimit }),
    })
    expect(ladder.filter((line) => line.endsWith('proxy → bob: INVITE')).length).toBe(followed + 1)
    expect(alice.heard.at(-1)).toMatch(/ 302 INVITE$/)
    expect(alice.responses.at(-1)!.all('Contact')).toContain(`<sip:bob${followed + 1}@10.0.0.2>`)
    expect(stage.remarks).toEqual([expect.stringContaining('proxy: 3xx not followed: limit reached')])
  })

  test('what the proxy does not try of a 302 goes back, without what it tried (§16.7 step 4)', () => {
    const moved = { INVITE: [[0, 302, ['Contact', `<${CAROL}>;q=0.5, <mailto:bob@example.com>`]]] } as const
    const { alice } = tell({ users: { bob: `${BOB}:5060` }, recurse: true, bob: moved, carol: { INVITE: [[0, 486]] } })
    expect(alice.heard.at(-1)).toBe('30 302 INVITE')
    expect(linesOf(alice.responses.at(-1)!)).toContain('Contact: <mailto:bob@example.com>')
  })

  test('a 302 to a request that is not for our domain is not the proxy’s to follow (§16.5)', () => {
    const moved = { INVITE: [[0, 302, ['Contact', `<${CAROL}>`]]] } as const
    expect(heard({ start: `INVITE ${BOB}`, recurse: true, bob: moved }).at(-1)).toBe('20 302 INVITE')
  })
})

describe('responses that do not go back', () => {
  test('of a non-INVITE, any 1xx: only a 100 may be said, by our own transaction (RFC 4320 §4.1)', () => {
    const slow: Answers = [
      [0, 183],
      [1000, 180],
      [5000, 200],
    ]
    expect(heard({ start: 'OPTIONS sip:bob@example.com', bob: { OPTIONS: slow } })).toEqual([
      '3510 100 OPTIONS',
      '5020 200 OPTIONS',
    ])
  })

  test('without a Via for the caller (§16.7 step 3): the branch has failed', () => {
    const stage = new Stage(HOSTS)
    proxy.start(stage.host('proxy'), { domain: 'example.com', users: { bob: BOB } })
    const alice = new Agent(stage.host('alice'))
    const bob = stage.host('bob')
    const socket = bob.udp(
      { port: 5060 },
      {
        received: (datagram) => {
          const request = parseMessage(datagram.bytes())
          if (!request.ok || request.value.kind !== 'request' || request.value.method === 'ACK' || !socket.ok) return
          const [via = ''] = request.value.all('Via')
          for (const status of [180, 486]) {
            const response = change(answer(request.value, status, { toTag: 'b' }), [{ set: 'Via', value: via }])
            socket.value.send(datagram.from, new Uint8Array(0), print(response))
          }
        },
        failed: () => undefined,
      },
    )
    stage.at(0, 'alice', () => void alice.send(PROXY, 'INVITE sip:bob@example.com'))
    stage.run()
    expect(alice.heard).toEqual(['10 100 INVITE', '20 500 INVITE'])
    expect(stage.remarks).toEqual(Array(2).fill('15 proxy: response not forwarded: it has no Via but ours'))
  })
})
