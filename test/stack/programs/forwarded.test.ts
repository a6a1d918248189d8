// Calls that are sent elsewhere by a 3xx: a phone that forwards them, at once or when it is told to, and a proxy that redirects (RFC 3261 §8.3, §21.3).

import { describe, expect, test } from 'vitest'
import { phone } from '../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'
import { type ProxyOptions, proxy } from '../../../stack/programs/proxy.ts'
import { Agent } from '../sip/agent.ts'
import { converse, INVITE, line, write } from '../sip/converse.ts'
import { Stage } from '../sip/stage.ts'

const CAROL = 'sip:carol@10.0.0.3'
const contacts = (text: string): string[] => text.split('\r\n').filter((one) => one.startsWith('Contact:'))

describe('a phone', () => {
  test.each<[string, Partial<PhoneOptions>, readonly string[], string]>([
    ['forwards each call', { forwardTo: [CAROL] }, [INVITE], '302 INVITE'],
    ['as an OPTIONS learns (§11.2)', { forwardTo: [CAROL] }, [write('OPTIONS', {})], '302 OPTIONS'],
    ['for good', { forwardTo: [CAROL], reject: 301 }, [INVITE], '301 INVITE'],
    ['when it is told to', {}, [INVITE, `do reject ${CAROL}`], '302 INVITE'],
  ])('%s', (_what, options, said, expected) => {
    const last = converse(said, options).find((text) => line(text) === expected) ?? ''
    expect(contacts(last)).toEqual([`Contact: <${CAROL}>`])
  })

  test('names all places, in the order in which they are to be tried', () => {
    const [refused = ''] = converse([INVITE], { forwardTo: [CAROL, 'sip:dave@10.0.0.4;x=y'] })
    expect(contacts(refused)).toEqual([`Contact: <${CAROL}>;q=1, <sip:dave@10.0.0.4;x=y>;q=0.5`])
  })

  test('that is told to reject has no Contact to name, and cannot name one beside what is no 3xx', () => {
    const refused = converse([INVITE, 'do reject'])
    expect(refused.map(line)).toEqual(['180 INVITE', '486 INVITE'])
    expect(contacts(refused[1]!)).toEqual([])
  })
})

const HOSTS = { alice: '10.0.0.1', bob: '10.0.0.2', carol: '10.0.0.3', proxy: '10.0.0.9' }

/** Who is called, with the ladder: alice calls bob@example.com through the proxy. */
function called(alice: Partial<PhoneOptions>, bob: Partial<PhoneOptions>, options: Partial<ProxyOptions>) {
  const stage = new Stage(HOSTS, { names: { 'example.com': HOSTS.proxy } })
  const users = { bob: 'sip:bob@10.0.0.2', carol: CAROL, absent: [] }
  proxy.start(stage.host('proxy'), { domain: 'example.com', users, ...options })
  const start = (name: string, more: Partial<PhoneOptions>) =>
    phone.start(stage.host(name), { aor: `sip:${name}@example.com`, proxy: '10.0.0.9', talk: false, ...more })
  const phones = { alice: start('alice', alice), bob: start('bob', bob), carol: start('carol', {}) }
  stage.at(0, 'alice', () => void phones.alice.do('call', { to: 'sip:bob@example.com' }))
  stage.at(1000, 'alice', () => void phones.alice.do('hang up', {}))
  return stage.run().map((one) => one.replace(/^\S+ /, ''))
}

describe('who is called', () => {
  test('the phone follows a 302, or ends its call', () => {
    const bob = { forwardTo: ['sip:carol@example.com'] }
    expect(called({}, bob, {})).toContain('carol → proxy: 180 INVITE')
    expect(called({ redirects: 'report' }, bob, {}).some((one) => one.includes('carol'))).toBe(false)
  })

  test('a proxy that challenges is answered for the second place, too: with its URI, and the next count', () => {
    const challenging = { passwords: { alice: 'a' }, challengeRequests: true }
    const ladder = called({ password: 'a' }, { forwardTo: ['sip:carol@example.com'] }, challenging)
    expect(ladder.filter((one) => one === 'proxy → alice: 407 INVITE').length).toBe(1)
    expect(ladder).toContain('carol → proxy: 180 INVITE')
  })

  test('a proxy that redirects forwards nothing to its users: the caller goes there himself', () => {
    const ladder = called({}, {}, { redirect: true })
    expect(ladder.slice(0, 5)).toEqual([
      'alice → proxy: INVITE',
      'proxy → alice: 302 INVITE',
      'alice → proxy: ACK',
      'alice → proxy: INVITE',
      'proxy → alice: 100 INVITE',
    ])
    expect(ladder).toContain('bob → proxy: 180 INVITE')
  })

  test.each([
    ['nobody', 'INVITE sip:nobody@example.com', '404 INVITE'],
    ['who is nowhere', 'INVITE sip:absent@example.com', '480 INVITE'],
    ['another domain is not its own to redirect', 'INVITE sip:x@10.0.0.2', '404 INVITE'],
    ['who is where he was called (§8.3)', 'INVITE sip:same@example.com', '404 INVITE'],
    ['OPTIONS, too', 'OPTIONS sip:bob@example.com', '302 OPTIONS'],
  ])('%s', (_what, start, expected) => {
    const users = { bob: 'sip:bob@10.0.0.2', same: 'sip:same@example.com', absent: [] }
    const stage = new Stage(HOSTS, { names: { 'example.com': HOSTS.proxy } })
    proxy.start(stage.host('proxy'), { domain: 'example.com', users, redirect: true })
    phone.start(stage.host('bob'), { aor: 'sip:bob@example.com', talk: false })
    const alice = new Agent(stage.host('alice'))
    stage.at(0, 'alice', () => void alice.send(HOSTS.proxy, start))
    stage.run()
    expect(alice.heard.at(-1)).toMatch(expected)
  })
})
