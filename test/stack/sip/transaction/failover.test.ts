// A request that goes to one server after another (RFC 3263 §4.3): stories of a phone and of a proxy whose next hop has two.

import { describe, expect, test } from 'vitest'
import { phone } from '../../../../stack/programs/phone.ts'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage, type StageOptions } from '../stage.ts'

const HOSTS = { alice: '10.0.0.1', proxy: '10.0.0.9', one: '10.0.0.2', two: '10.0.0.3' }

interface Story extends StageOptions {
  /** What the servers answer to INVITE; undefined: there is none. */
  readonly one?: Answers
  readonly two?: Answers
  /** When alice changes her mind, ms. */
  readonly cancel?: number
  /** Alice's calls go through a proxy, which then has the choice. */
  readonly byProxy?: boolean
}

/** Alice calls bob@example.com, whose servers are `one` and then `two`. What INVITEs, CANCELs and final responses went to and fro. */
function tell({ one, two, cancel, byProxy = false, ...options }: Story): readonly string[] {
  const stage = new Stage(HOSTS, options)
  const server = (port: number, address: string) => {
    stage.network.names.set(`${port}.example.com`, [{ type: 'A', ttlSeconds: 60, address }])
    return {
      type: 'SRV',
      ttlSeconds: 60,
      priority: port,
      weight: 0,
      port: 5060,
      target: `${port}.example.com`,
    } as const
  }
  stage.network.names.set('_sip._udp.example.com', [server(2, HOSTS.two), server(1, HOSTS.one)])
  stage.network.names.set('example.com', [])
  if (one) new Agent(stage.host('one'), { INVITE: one })
  if (two) new Agent(stage.host('two'), { INVITE: two })
  if (byProxy) proxy.start(stage.host('proxy'), { domain: 'elsewhere.example.org', users: {} })
  const alice = phone.start(stage.host('alice'), {
    aor: 'sip:alice@example.org',
    ...(byProxy && { proxy: HOSTS.proxy }),
    talk: false,
  })
  stage.at(0, 'alice', () => void alice.do('call', { to: 'sip:bob@example.com' }))
  if (cancel !== undefined) stage.at(cancel, 'alice', () => void alice.do('cancel', {}))
  return stage.run(60_000).filter((line) => /INVITE|CANCEL/.test(line) && !/timer A|100 /.test(line))
}

const BUSY: Answers = [[0, 486]]

describe('a phone', () => {
  test('tries the next server where there was no response at all, and only then', () => {
    expect(tell({ two: BUSY, dark: ['one'] })).toEqual([
      '0 alice → one: INVITE ✗ host without power',
      '32000 alice → two: INVITE',
      '32005 two → alice: 486 INVITE',
    ])
    expect(tell({ one: [[0, 100]], two: BUSY })).toEqual(['0 alice → one: INVITE'])
  })

  test('tries it at once after a 503 and after an ICMP error', () => {
    expect(tell({ one: [[0, 503]], two: BUSY })).toEqual([
      '0 alice → one: INVITE',
      '5 one → alice: 503 INVITE',
      '10 alice → two: INVITE',
      '15 two → alice: 486 INVITE',
    ])
    expect(tell({ two: BUSY })).toEqual([
      '0 alice → one: INVITE ✗ port closed',
      '10 alice → two: INVITE',
      '15 two → alice: 486 INVITE',
    ])
  })

  test('takes any other answer as one', () => {
    for (const status of [486, 500, 603]) {
      expect(tell({ one: [[0, status]], two: BUSY })).toEqual([
        '0 alice → one: INVITE',
        `5 one → alice: ${status} INVITE`,
      ])
    }
  })

  test('is told of the last server what it said', () => {
    expect(tell({ one: [[0, 503]], two: [[0, 503]] }).at(-1)).toBe('15 two → alice: 503 INVITE')
  })

  test('tries no other server after it has cancelled', () => {
    expect(tell({ two: BUSY, dark: ['one'], cancel: 1000 })).toEqual(['0 alice → one: INVITE ✗ host without power'])
  })
})

test('a proxy does the same, each try with a branch of its own', () => {
  expect(
    tell({
      one: [[0, 503]],
      two: [
        [0, 180],
        [100, 486],
      ],
      byProxy: true,
    }),
  ).toEqual([
    '0 alice → proxy: INVITE',
    '5 proxy → one: INVITE',
    '10 one → proxy: 503 INVITE',
    '15 proxy → two: INVITE',
    '20 two → proxy: 180 INVITE',
    '25 proxy → alice: 180 INVITE',
    '120 two → proxy: 486 INVITE',
    '125 proxy → alice: 486 INVITE',
  ])
})
