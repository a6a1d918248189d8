import { createHash } from 'node:crypto'
import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Algorithm, type DigestInput, digestResponse } from '../../../../stack/sip/digest/algorithm.ts'
import { Authorizer } from '../../../../stack/sip/digest/authorizer.ts'
import { parseChallenge, printChallenge } from '../../../../stack/sip/digest/challenge.ts'
import { parseCredentials, printCredentials } from '../../../../stack/sip/digest/credentials.ts'
import { Gatekeeper, type GatekeeperOptions } from '../../../../stack/sip/digest/gatekeeper.ts'
import { readDigest } from '../../../../stack/sip/digest/parameters.ts'
import { answer } from '../../../../stack/sip/message/answer.ts'
import { change } from '../../../../stack/sip/message/change.ts'
import type { Request } from '../../../../stack/sip/message/message.ts'
import { Stage } from '../stage.ts'
import { requestOf } from '../written.ts'

const NOTHING = new Uint8Array(0)

describe('the RFCs’ own examples', () => {
  const rfc7616: Omit<DigestInput, 'algorithm'> = {
    user: 'Mufasa',
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    nc: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    qop: 'auth',
    method: 'GET',
    uri: '/dir/index.html',
    body: NOTHING,
  }
  test.each<[string, DigestInput, string]>([
    ['RFC 7616 §3.9.1, MD5', { ...rfc7616, algorithm: 'MD5' }, '8ca523f5e9506fed4657c9700eebdbec'],
    [
      'RFC 7616 §3.9.1, SHA-256',
      { ...rfc7616, algorithm: 'SHA-256' },
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
    [
      'RFC 2617 §3.5, by its errata',
      {
        ...rfc7616,
        algorithm: 'MD5',
        realm: 'testrealm@host.com',
        password: 'Circle Of Life',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        cnonce: '0a4f113b',
      },
      '6629fae49393a05397450978507c4ef1',
    ],
    [
      'RFC 2069’s form',
      {
        ...rfc7616,
        algorithm: 'MD5',
        realm: 'testrealm@host.com',
        password: 'Circle Of Life',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        qop: undefined,
      },
      '670fd8c2df070c60b045671b8b24ff02',
    ],
  ])('%s', (_what, input, expected) => expect(digestResponse(input)).toBe(expected))
})

describe('every algorithm and qop as Node’s own hashes have it', () => {
  const names = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const
  const algorithms = Object.keys(names).flatMap((name) => [name, `${name}-sess`]) as Algorithm[]
  const text = fc.string({ maxLength: 20 })
  law.prop([
    fc.constantFrom(...algorithms),
    fc.constantFrom('auth' as const, 'auth-int' as const, undefined),
    text,
    text,
    text,
  ])('digestResponse', (algorithm, qop, user, password, body) => {
    const hash = (value: string | Uint8Array): string =>
      createHash(names[algorithm.replace('-sess', '') as keyof typeof names])
        .update(value)
        .digest('hex')
    const bytes = new TextEncoder().encode(body)
    const fixed = { realm: 'r', nonce: 'n', nc: '00000001', cnonce: 'c', method: 'REGISTER', uri: 'sip:a' } as const
    const secret = hash(`${user}:r:${password}`)
    const a1 = algorithm.endsWith('-sess') ? hash(`${secret}:n:c`) : secret
    const a2 = hash(qop === 'auth-int' ? `REGISTER:sip:a:${hash(bytes)}` : 'REGISTER:sip:a')
    const expected = qop === undefined ? hash(`${a1}:n:${a2}`) : hash(`${a1}:n:00000001:c:${qop}:${a2}`)
    expect(digestResponse({ ...fixed, algorithm, qop, user, password, body: bytes })).toBe(expected)
  })
})

describe('as headers have them', () => {
  test.each([
    ['Digest realm="a", nonce="b"', { realm: 'a', nonce: 'b', algorithm: 'MD5', qop: [], stale: false }],
    [
      'digest REALM="a \\"b\\"",nonce="c",algorithm=sha-256 , qop="auth, auth-int,new",stale=TRUE,opaque="",x=y',
      { realm: 'a "b"', nonce: 'c', algorithm: 'SHA-256', qop: ['auth', 'auth-int'], stale: true, opaque: '' },
    ],
  ])('%s', (text, expected) => expect(parseChallenge(text)).toEqual(expected))

  test.each([
    'Basic realm="a"',
    'Digest',
    'Digest realm="a"', // no nonce
    'Digest realm="a", nonce="b", realm="c"',
    'Digest realm="a" nonce="b"',
    'Digest realm="a, nonce="b"',
    'Digest realm="a", nonce="b", algorithm=ROT13',
    'Digest realm="a", nonce="b", qop="new"',
  ])('nothing that we can answer: %s', (text) => expect(parseChallenge(text)).toBeUndefined())

  const word = fc.string({ unit: fc.constantFrom(...'abcXYZ01 ",\\=;/é'), maxLength: 12 })
  law.prop([word, word, fc.boolean()])('a challenge written is the challenge read', (realm, nonce, stale) => {
    const challenge = { realm, nonce, algorithm: 'SHA-256', qop: ['auth'], opaque: 'o', stale } as const
    expect(parseChallenge(printChallenge(challenge))).toEqual(challenge)
  })
  law.prop([word, word, word])('credentials written are the credentials read', (user, nonce, cnonce) => {
    const given = {
      user,
      realm: 'r',
      nonce,
      uri: 'sip:a',
      response: 'ff',
      algorithm: 'MD5',
      qop: 'auth',
      nc: '0000000a',
      cnonce,
      opaque: undefined,
    } as const
    expect(parseCredentials(printCredentials(given))).toEqual(given)
  })
  law.prop([fc.string()])('any text is read or refused', (text) => {
    readDigest(`Digest ${text}`)
    expect(parseChallenge(text)).toBeUndefined()
  })
})

/** A phone with an account and a registrar that knows alice's password, talking without a network. */
function pair(password = 'secret', options: Partial<GatekeeperOptions> = {}) {
  const stage = new Stage({ alice: '10.0.0.1', registrar: '10.0.0.9' })
  const passwords = new Map([['alice', 'secret']])
  const made = () => new Gatekeeper(stage.host('registrar'), { realm: 'example.com', passwords, ...options })
  let gatekeeper = made()
  const restart = (): void => {
    gatekeeper = made()
  }
  const authorizer = new Authorizer(stage.host('alice'), { user: 'alice', password })
  const asked = requestOf('REGISTER sip:example.com')
  /** What the gatekeeper says of a request, and what the phone would send then. */
  const ask = (request: Request): { said: string; next: Request | undefined } => {
    const judged = gatekeeper.judge(request, 'Authorization')
    if (judged.ok) return { said: judged.user, next: undefined }
    const headers = authorizer.authorize(answer(request, 401, { headers: judged.headers }), request)
    const stale = judged.headers[0]?.[1].includes('stale=true') === true
    return { said: stale ? 'stale' : '401', next: headers.length === 0 ? undefined : withCredentials(asked, headers) }
  }
  return { stage, asked, ask, authorizer, restart }
}

function withCredentials(request: Request, headers: readonly (readonly [string, string])[]): Request {
  return change(
    request,
    headers.map(([name, value]) => ({ append: name, value })),
  )
}

describe('gatekeeper and authorizer', () => {
  test('challenged once, let in with credentials, for the best algorithm that both know', () => {
    const { ask, asked } = pair()
    const first = ask(asked)
    expect([first.said, ask(first.next!).said]).toEqual(['401', 'alice'])
    expect(first.next!.all('Authorization').map((value) => parseCredentials(value)?.algorithm)).toEqual(['SHA-256'])
  })

  test('a wrong password is asked for once, and not tried again', () => {
    const { ask, asked } = pair('wrong')
    const second = ask(ask(asked).next!)
    expect(second).toEqual({ said: '401', next: undefined })
  })

  test('credentials cannot be used twice, but counted up; an old nonce is stale, and its answer new', () => {
    const { ask, asked, authorizer, stage } = pair()
    const { next } = ask(asked)
    expect(ask(next!).said).toBe('alice')
    expect(ask(next!).said).toBe('stale')
    const second = withCredentials(asked, authorizer.credentials('REGISTER', 'sip:example.com', NOTHING))
    expect(parseCredentials(second.first('Authorization')!)?.nc).toBe('00000002') // of the nonce that came with `stale`, whose first answer was not sent
    expect(ask(second).said).toBe('alice')
    const third = withCredentials(asked, authorizer.credentials('REGISTER', 'sip:example.com', NOTHING))
    expect(parseCredentials(third.first('Authorization')!)?.nc).toBe('00000003')
    stage.at(300_001, 'registrar', () => undefined)
    stage.run()
    const late = ask(third)
    expect(late.said).toBe('stale')
    expect(ask(late.next!).said).toBe('alice')
  })

  test('stale again and again, at the first use of each nonce: answered twice, and no more', () => {
    const authorizer = new Authorizer(new Stage({ a: '10.0.0.1' }).host('a'), { user: 'a', password: 'p' })
    let request = requestOf('REGISTER sip:example.com')
    for (const [nth, answered] of [true, true, false].entries()) {
      const challenge = `Digest realm="r", nonce="${nth}", stale=${nth > 0}`
      const headers = authorizer.authorize(
        answer(request, 401, { headers: [['WWW-Authenticate', challenge]] }),
        request,
      )
      expect(headers.length > 0).toBe(answered)
      request = withCredentials(requestOf('REGISTER sip:example.com'), headers)
    }
  })

  test('a new realm each time: answered sixteen times, and no more', () => {
    const authorizer = new Authorizer(new Stage({ a: '10.0.0.1' }).host('a'), { user: 'a', password: 'p' })
    let request = requestOf('REGISTER sip:example.com')
    let answered = 0
    for (; answered < 100; answered++) {
      const challenge = `Digest realm="r${answered}", nonce="n"`
      const challenged = answer(request, 401, { headers: [['WWW-Authenticate', challenge]] })
      const headers = authorizer.authorize(challenged, request)
      if (headers.length === 0) break
      request = withCredentials(requestOf('REGISTER sip:example.com'), headers)
    }
    expect(answered).toBe(16)
  })

  test('stale, and the same again: refused', () => {
    const authorizer = new Authorizer(new Stage({ a: '10.0.0.1' }).host('a'), { user: 'a', password: 'p' })
    const challenge = answer(requestOf('REGISTER sip:example.com'), 401, {
      headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n", stale=true']],
    })
    const headers = authorizer.authorize(challenge, requestOf('REGISTER sip:example.com'))
    const again = withCredentials(requestOf('REGISTER sip:example.com'), headers)
    expect([headers.length, authorizer.authorize(challenge, again).length]).toEqual([1, 0])
  })

  test('a nonce that comes again is counted on (RFC 7616 §3.4)', () => {
    const authorizer = new Authorizer(new Stage({ a: '10.0.0.1' }).host('a'), { user: 'a', password: 'p' })
    const request = requestOf('REGISTER sip:example.com')
    const counts = ['n', 'n', 'other', 'n'].map((nonce) => {
      const challenge = `Digest realm="r", nonce="${nonce}", qop="auth"`
      const headers = authorizer.authorize(
        answer(request, 401, { headers: [['WWW-Authenticate', challenge]] }),
        request,
      )
      return parseCredentials(headers[0]?.[1] ?? '')?.nc
    })
    expect(counts).toEqual(['00000001', '00000002', '00000001', '00000001'])
  })

  test('a registrar that has started anew knows its nonces no more, and calls them stale', () => {
    const { ask, asked, authorizer, restart } = pair()
    expect(ask(ask(asked).next!).said).toBe('alice')
    restart()
    const refresh = ask(withCredentials(asked, authorizer.credentials('REGISTER', 'sip:example.com', NOTHING)))
    expect(refresh.said).toBe('stale')
    expect(ask(refresh.next!).said).toBe('alice')
  })

  test.each<[string, (request: Request) => Request]>([
    [
      'another method',
      (request) => requestOf('INVITE sip:example.com', `Authorization: ${request.first('Authorization')}`),
    ],
    [
      'another Request-URI',
      (request) => requestOf('REGISTER sip:example.org', `Authorization: ${request.first('Authorization')}`),
    ],
    ['another user', (request) => changed(request, 'username="alice"', 'username="bob"')],
    ['another nonce', (request) => changed(request, 'nonce="0.0', 'nonce="0.1')],
    ['an algorithm that was not offered', (request) => changed(request, 'SHA-256', 'MD5-sess')],
    ['less protection', (request) => changed(request, 'qop=auth', 'x=y')],
  ])('credentials are not good for %s', (_what, spoil) => {
    const { ask, asked } = pair()
    expect(ask(spoil(ask(asked).next!)).said).toBe('401')
  })

  test('auth-int protects the body', () => {
    const { ask, asked } = pair('secret', { qop: ['auth-int'], algorithms: ['SHA-512-256-sess'] })
    const { next } = ask(asked)
    expect(ask(change(next!, [{ body: new Uint8Array([1]), contentType: 'text/plain' }])).said).toBe('401')
    expect(ask(next!).said).toBe('alice')
  })
})

function changed(request: Request, from: string, to: string): Request {
  return change(request, [{ set: 'Authorization', value: request.first('Authorization')!.replace(from, to) }])
}
