// Phones behind a proxy that wants to know who calls (RFC 3261 §22.3).

import { expect, test } from 'vitest'
import { phone } from '../../../stack/programs/phone.ts'
import { proxy } from '../../../stack/programs/proxy.ts'
import { Stage } from '../sip/stage.ts'

/** Alice calls (or does what is `first`) to bob at 0 with this password; `more` is what she does later. */
function call(
  password: string | undefined,
  more: readonly (readonly [ms: number, verb: string])[] = [],
  first = 'call',
  to = 'bob',
) {
  const stage = new Stage({ alice: '10.0.0.1', bob: '10.0.0.2', proxy: '10.0.0.9' })
  proxy.start(stage.host('proxy'), {
    domain: 'example.com',
    users: { bob: 'sip:bob@10.0.0.2', carol: 'sip:bob@example.com;maddr=10.0.0.9' },
    passwords: { alice: 'secret' },
    challengeRequests: true,
    recordRoute: true,
  })
  const common = { proxy: '10.0.0.9', talk: false }
  const alice = phone.start(stage.host('alice'), {
    ...common,
    aor: 'sip:alice@example.com',
    ...(password === undefined ? {} : { password }),
  })
  phone.start(stage.host('bob'), { ...common, aor: 'sip:bob@example.com', answerAfterMs: 0 })
  stage.at(0, 'alice', () => alice.do(first, { to: `sip:${to}@example.com` }))
  for (const [ms, verb] of more) stage.at(ms, 'alice', () => alice.do(verb, {}))
  const ladder = stage.run().map((line) => line.slice(line.indexOf(' ') + 1))
  return { ladder, failures: stage.remarks.filter((remark) => remark.includes('failed')) }
}

test('challenged with 407, the INVITE comes again with credentials; what follows in the dialog is not asked', () => {
  const { ladder, failures } = call('secret', [[1000, 'hang up']])
  expect(ladder.filter((line) => line.includes('alice'))).toEqual([
    'alice → proxy: INVITE',
    'proxy → alice: 407 INVITE',
    'alice → proxy: ACK',
    'alice → proxy: INVITE',
    'proxy → alice: 100 INVITE',
    'proxy → alice: 180 INVITE',
    'proxy → alice: 200 INVITE',
    'alice → proxy: ACK',
    'alice → proxy: BYE',
    'proxy → alice: 200 BYE',
  ])
  expect(failures).toEqual([])
})

test('a wrong password is tried once', () => {
  const { ladder, failures } = call('wrong')
  expect(ladder.filter((line) => line.endsWith('407 INVITE')).length).toBe(2)
  expect(failures).toEqual(['20 alice: call failed'])
})

test('without a password the 407 ends the call', () => {
  const { ladder, failures } = call(undefined)
  expect(ladder).toEqual(['alice → proxy: INVITE', 'proxy → alice: 407 INVITE', 'alice → proxy: ACK'])
  expect(failures).toEqual(['10 alice: call failed'])
})

test.each([
  ['secret', ['OPTIONS', '407 OPTIONS', 'OPTIONS', '200 OPTIONS']],
  ['wrong', ['OPTIONS', '407 OPTIONS', 'OPTIONS', '407 OPTIONS']],
  [undefined, ['OPTIONS', '407 OPTIONS']],
])('an OPTIONS is challenged as well: password %s', (password, expected) => {
  const { ladder } = call(password, [], 'options')
  expect(ladder.filter((line) => line.includes('alice')).map((line) => line.slice(line.indexOf(':') + 2))).toEqual(
    expected,
  )
})

test('a call that goes on from one user of the domain to another is challenged once', () => {
  const { ladder, failures } = call('secret', [[1000, 'hang up']], 'call', 'carol')
  expect(ladder.filter((line) => line.includes('407'))).toEqual(['proxy → alice: 407 INVITE'])
  expect(ladder).toContain('proxy → alice: 200 INVITE')
  expect(failures).toEqual([])
})
