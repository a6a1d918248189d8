import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  confirmed,
  type Dialog,
  dialogOfCallee,
  dialogOfCaller,
  keyOf,
  keyOfReceived,
  received,
  refreshed,
} from '../../../stack/sip/dialog/dialog.ts'
import { Forks } from '../../../stack/sip/dialog/forks.ts'
import { ackOf, requestIn } from '../../../stack/sip/dialog/requests.ts'
import { wayTo } from '../../../stack/sip/dialog/routing.ts'
import { answer } from '../../../stack/sip/message/answer.ts'
import { request } from '../../../stack/sip/message/build.ts'
import { change } from '../../../stack/sip/message/change.ts'
import type { Request, Response } from '../../../stack/sip/message/message.ts'
import { type NameAddr, parseNameAddr } from '../../../stack/sip/message/nameAddr.ts'
import { parseUri, printUri, type Uri } from '../../../stack/sip/message/uri.ts'

function uri(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.issue.expected}`)
  return parsed.value
}

function address(text: string): NameAddr {
  const parsed = parseNameAddr(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.issue.expected}`)
  return parsed.value
}

/** A request as it stands on the wire, on its way through the proxies that record themselves (first proxy first). */
function onTheWire(made: Request, recordRoutes: readonly string[] = []): Request {
  return change(made, [
    { prepend: 'Via', value: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1' },
    ...recordRoutes.map((value) => ({ prepend: 'Record-Route', value })),
  ])
}

const invite = request({
  method: 'INVITE',
  uri: uri('sip:bob@b.com'),
  headers: [
    ['Max-Forwards', '70'],
    ['From', '"Alice" <sip:alice@a.com>;tag=a'],
    ['To', '<sip:bob@b.com>'],
    ['Call-ID', 'one@a.com'],
    ['CSeq', '7 INVITE'],
    ['Contact', '<sip:alice@192.0.2.1>'],
  ],
})

function accepted(received: Request, tag: string, status = 200, contact = '<sip:bob@192.0.2.9>'): Response {
  const routes = received.all('Record-Route').map((route) => ['Record-Route', route] as const)
  return answer(received, status, { toTag: tag, headers: [...routes, ['Contact', contact]] })
}

/** Both sides' dialog after an INVITE through these proxies. */
function pair(recordRoutes: readonly string[]): { caller: Dialog; callee: Dialog } {
  const arrived = onTheWire(invite, recordRoutes)
  return {
    caller: dialogOfCaller(invite, accepted(arrived, 'b')),
    callee: dialogOfCallee(arrived, 'b', 200),
  }
}

describe('wayTo', () => {
  // RFC 3261 §12.2.1.1 with its own example, and §16.12.1.2
  it.each([
    ['', 'sip:user@remoteua', '', 'sip:user@remoteua'],
    ['<sip:proxy1;lr>,<sip:proxy2>', 'sip:user@remoteua', '<sip:proxy1;lr>,<sip:proxy2>', 'sip:proxy1;lr'],
    [
      '<sip:proxy1>,<sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>',
      'sip:proxy1',
      '<sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>,<sip:user@remoteua>',
      'sip:proxy1',
    ],
    ['<sip:proxy1;method=INVITE?subject=x>', 'sip:proxy1', '<sip:user@remoteua>', 'sip:proxy1'],
  ])('through [%s]: to %s, Route [%s]', (routeSet, requestUri, routes, next) => {
    const way = wayTo(uri('sip:user@remoteua'), routeSet === '' ? [] : routeSet.split(',').map(address))
    expect([printUri(way.uri), way.routes.join(','), printUri(way.next)]).toEqual([requestUri, routes, next])
  })
})

describe('a dialog', () => {
  it('has its route set in the order of the INVITE at the callee, in the reverse at the caller', () => {
    const { caller, callee } = pair(['<sip:p1;lr>', '<sip:p2;lr>'])
    const routes = (dialog: Dialog) => dialog.routeSet.map((route) => route.uri.host).join(' ')
    expect([routes(caller), routes(callee)]).toEqual(['p1 p2', 'p2 p1'])
  })
  it('makes requests with swapped parties and the next number', () => {
    const { caller, callee } = pair([])
    const head = (made: Request) =>
      [made.method, printUri(made.uri), made.first('From'), made.first('To'), made.first('CSeq')].join(' | ')
    const first = requestIn(caller, 'BYE')
    expect(head(first.outbound.request)).toBe(
      'BYE | sip:bob@192.0.2.9 | "Alice" <sip:alice@a.com>;tag=a | <sip:bob@b.com>;tag=b | 8 BYE',
    )
    expect(head(requestIn(first.dialog, 'INFO').outbound.request)).toContain('| 9 INFO')
    expect(head(requestIn(callee, 'BYE').outbound.request)).toBe(
      'BYE | sip:alice@192.0.2.1 | <sip:bob@b.com>;tag=b | "Alice" <sip:alice@a.com>;tag=a | 1 BYE',
    )
    expect(head(ackOf(caller, invite).request)).toContain('| 7 ACK')
  })
  // §12.2.2: `<` out of order, else the number that is known then
  it.each([
    ['8 8 9 12', '8 8 9 12'],
    ['9 8 10', '9 < 10'],
    ['6', '<'],
  ])('after CSeq 7 takes %s as %s', (numbers, verdicts) => {
    let dialog = pair([]).callee
    const log = numbers.split(' ').map((number) => {
      const after = received(dialog, change(onTheWire(invite), [{ set: 'CSeq', value: `${number} INVITE` }]))
      dialog = after ?? dialog
      return after === undefined ? '<' : `${dialog.remoteSequence}`
    })
    expect(log.join(' ')).toBe(verdicts)
  })
  it('refreshes its target by Contact, and never its route set', () => {
    const { caller } = pair(['<sip:p1;lr>'])
    const arrived = onTheWire(invite, ['<sip:p9;lr>'])
    const after = refreshed(caller, change(arrived, [{ set: 'Contact', value: '<sip:bob@192.0.2.77>' }]))
    expect(printUri(after.remoteTarget)).toBe('sip:bob@192.0.2.77')
    expect(after.routeSet).toEqual(caller.routeSet)
    expect(refreshed(caller, change(arrived, [{ remove: 'Contact' }]))).toEqual(caller)
  })
  it('takes the route set and the target of the 2xx when it is confirmed', () => {
    const early = dialogOfCaller(invite, accepted(onTheWire(invite, ['<sip:p1;lr>']), 'b', 180))
    const after = confirmed(early, accepted(onTheWire(invite, ['<sip:p2;lr>']), 'b', 200, '<sip:bob@192.0.2.5>'))
    expect([early.phase, after.phase, printUri(after.remoteTarget), after.routeSet[0]?.uri.host]).toEqual([
      'early',
      'confirmed',
      'sip:bob@192.0.2.5',
      'p2',
    ])
  })
})

describe('laws', () => {
  const proxies = fc.array(
    fc.nat({ max: 9 }).map((n) => `<sip:p${n}.example;lr>`),
    { maxLength: 4 },
  )

  test.prop([proxies])(
    'both sides agree: same dialog, mirrored routes, each finds the other’s requests',
    (recordRoutes) => {
      const { caller, callee } = pair(recordRoutes)
      const bye = onTheWire(requestIn(caller, 'BYE').outbound.request)
      const back = onTheWire(requestIn(callee, 'BYE').outbound.request)
      expect(keyOfReceived(bye)).toBe(keyOf(callee))
      expect(keyOfReceived(back)).toBe(keyOf(caller))
      expect(callee.routeSet.map((route) => route.uri.host)).toEqual(
        caller.routeSet.map((route) => route.uri.host).reverse(),
      )
      expect(received(callee, bye)?.remoteSequence).toBe(bye.cseq.number)
    },
  )
  test.prop([fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom(180, 183, 200)), { maxLength: 12 })])(
    'forks: one dialog a tag, confirmed by its first 2xx for good',
    (responses) => {
      const forks = new Forks(invite)
      const answered = new Set<string>()
      for (const [tag, status] of responses) {
        if (status === 200) answered.add(tag)
        const dialog = forks.heard(accepted(onTheWire(invite), tag, status))
        expect([dialog.remoteTag, dialog.phase]).toEqual([tag, answered.has(tag) ? 'confirmed' : 'early'])
      }
      expect(forks.all.map((dialog) => dialog.remoteTag).sort()).toEqual(
        [...new Set(responses.map(([tag]) => tag))].sort(),
      )
    },
  )
})
