import { describe, expect, test } from 'vitest'
import { type ProxyOptions, proxy } from '../../../../stack/programs/proxy.ts'
import { type Account, Authorizer } from '../../../../stack/sip/digest/authorizer.ts'
import type { Header } from '../../../../stack/sip/message/build.ts'
import { parseUri, type Uri } from '../../../../stack/sip/message/uri.ts'
import { Registration, type RegistrationOptions } from '../../../../stack/sip/registration/registration.ts'
import { registration } from '../../../../stack/sip/registration/states.ts'
import { RFC_TIMERS } from '../../../../stack/sip/transaction/timers.ts'
import { UserAgent } from '../../../../stack/sip/user-agent/user-agent.ts'
import { flaws } from '../../machine/wholeness.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage, type StageOptions } from '../stage.ts'
import { linesOf } from '../written.ts'

const HOSTS = { alice: '10.0.0.1', bob: '10.0.0.2', registrar: '10.0.0.9' }

function uri(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed.ok) throw new Error(parsed.issue.expected)
  return parsed.value
}

interface Story extends StageOptions, Omit<Partial<RegistrationOptions>, 'registrar'> {
  /** What the registrar answers; default: it is a real one. */
  readonly answers?: Answers
  /** Or: what it answers at once to one REGISTER after the other, the last of it to all further ones. */
  readonly statuses?: readonly number[]
  readonly registrar?: NonNullable<ProxyOptions['registrar']>
  /** When alice is asked what. */
  readonly ask?: readonly (readonly [ms: number, verb: 'register' | 'unregister'])[]
  readonly until: number
  readonly passwords?: Readonly<Record<string, string>>
  readonly account?: Account
  /** When alice learns of another port at which those outside see her. */
  readonly moves?: readonly (readonly [ms: number, port: number])[]
}

/** Alice registers at 0 at the registrar of example.com. */
function tell({
  statuses,
  answers = statuses && [],
  registrar = {},
  ask = [[0, 'register']],
  until,
  passwords,
  account,
  moves = [],
  ...options
}: Story) {
  const stage = new Stage(HOSTS, { names: { 'example.com': HOSTS.registrar }, ...options })
  const host = stage.host('registrar')
  let count = 0
  const agent =
    answers === undefined
      ? undefined
      : new Agent(host, {
          get REGISTER() {
            return statuses === undefined
              ? answers
              : ([[0, statuses[Math.min(count++, statuses.length - 1)]!]] as const)
          },
        })
  if (agent === undefined)
    proxy.start(host, { domain: 'example.com', users: { alice: [] }, registrar, ...(passwords && { passwords }) })
  const identity = { aor: uri('sip:alice@example.com'), proxy: undefined, port: 5060, timers: RFC_TIMERS }
  const alice = new UserAgent(stage.host('alice'), identity, {
    offered: () => undefined,
    unreadiness: () => ({ status: 486, headers: [] }),
  })
  const authorizer = account === undefined ? options.authorizer : new Authorizer(stage.host('alice'), account)
  const binding = new Registration(alice, { ...options, authorizer, registrar: uri('sip:example.com:5060') })
  for (const [ms, port] of moves) stage.at(ms, 'alice', () => void alice.moveTo({ address: '192.0.2.1', port }))
  for (const [ms, verb] of ask) stage.at(ms, 'alice', () => binding[verb]())
  const bob = new Agent(stage.host('bob'))
  const ladder = stage.run(until)
  return {
    stage,
    agent,
    bob,
    binding,
    ladder,
    states: stage.transitions.filter((line) => line.includes(' registration: ')),
  }
}

test('its table is whole', () => expect(flaws(registration)).toEqual([]))

test('registered for an hour, and again 32 s before it is over', () => {
  const { ladder, states } = tell({ until: 3_600_000 })
  expect(ladder).toEqual([
    '0 alice → registrar: REGISTER',
    '5 registrar → alice: 200 REGISTER',
    '3568010 alice → registrar: REGISTER',
    '3568015 registrar → alice: 200 REGISTER',
  ])
  expect(states).toEqual([
    '0 alice registration: idle register → registering',
    '10 alice registration: registering 2xx → registered',
    '3568010 alice registration: registered refresh → refreshing',
    '3568020 alice registration: refreshing 2xx → registered',
  ])
})

test('a 200 that binds for no time at all is a failure: tried again with patience', () => {
  const { ladder, stage } = tell({ answers: [[0, 200, ['Expires', '0']]], until: 60_000 })
  const sent = ladder
    .filter((line) => line.startsWith('alice') || line.includes('alice →'))
    .map((line) => Number(line.split(' ')[0]))
  expect(sent.length).toBeLessThan(5)
  expect(sent[1]).toBeGreaterThan(15_000)
  expect(stage.remarks[0]).toBe('10 alice: registration failed')
})

test('a Min-Expires that no Expires can say is a refusal', () => {
  const { ladder, binding } = tell({ answers: [[0, 423, ['Min-Expires', '4294967296']]], until: 60_000 })
  expect([ladder.length, binding.state]).toEqual([2, 'refused'])
})

test('what goes to and fro', () => {
  const { agent } = tell({ answers: [[0, 200]], until: 3_568_020 })
  const [first, second] = agent!.requests.map((request) =>
    linesOf(request).filter((line) => !/^(?:Via|From|Max)/.test(line)),
  )
  const callId = agent!.requests[0]!.callId
  expect(first).toEqual([
    'REGISTER sip:example.com:5060 SIP/2.0',
    'To: <sip:alice@example.com>',
    `Call-ID: ${callId}`,
    'CSeq: 1 REGISTER',
    'Contact: <sip:alice@10.0.0.1:5060>',
    'Expires: 3600',
    'Content-Length: 0',
  ])
  expect(second).toEqual(first?.with(3, 'CSeq: 2 REGISTER'))
})

test('a short binding is refreshed half way', () => {
  expect(tell({ expiresSeconds: 60, until: 40_000 }).ladder[2]).toBe('30010 alice → registrar: REGISTER')
})

test('too brief: 423, and again with what the registrar wants', () => {
  const { ladder, stage } = tell({ expiresSeconds: 10, registrar: { minimumSeconds: 300 }, until: 1000 })
  expect(ladder.map((line) => line.slice(line.indexOf(':') + 2))).toEqual([
    'REGISTER',
    '423 REGISTER',
    'REGISTER',
    '200 REGISTER',
  ])
  expect(stage.remarks).toContain('20 alice: registered')
})

describe('at another address', () => {
  const contacts = (agent: Agent | undefined) => agent?.requests.map((request) => request.all('Contact').join(', '))
  const ask: Story['ask'] = [
    [0, 'register'],
    [1000, 'register'],
  ]
  const HERE = '<sip:alice@10.0.0.1:5060>'
  const THERE = '<sip:alice@192.0.2.1:7000>'

  test('who moves while the REGISTER is under way registers the new Contact as soon as it is answered', () => {
    const moves: Story['moves'] = [[7, 7000]]
    expect(contacts(tell({ answers: [[0, 200]], moves, until: 1000 }).agent)).toEqual([
      HERE,
      `${THERE}, ${HERE};expires=0`,
    ])
    // What was granted is read of the Contact that was registered.
    const { ladder } = tell({ registrar: { maximumSeconds: 200 }, moves, until: 200_000 })
    expect(ladder.filter((line) => line.startsWith('alice') || line.includes('alice →'))).toEqual([
      '0 alice → registrar: REGISTER',
      '10 alice → registrar: REGISTER',
      '168020 alice → registrar: REGISTER',
    ])
  })

  test('the old Contact leaves with the new one (§10.2.2)', () => {
    const { agent } = tell({ answers: [[0, 200]], ask, moves: [[500, 7000]], until: 10_000 })
    expect(contacts(agent)).toEqual([HERE, `${THERE}, ${HERE};expires=0`])
  })

  test.each([
    ['that has the credentials', [200, 401, 200], 1100],
    ['that succeeds in the end', [200, 503, 200], 60_000],
  ])('it leaves with the request, too, %s', (_what, statuses, until) => {
    const authorizer = {
      authorize: (): Header[] => [['Authorization', 'Digest nonce="n"']],
      credentials: (): Header[] => [],
    }
    const { agent } = tell({ statuses, authorizer, ask, moves: [[500, 7000]], until })
    expect(contacts(agent)).toEqual([HERE, ...Array(2).fill(`${THERE}, ${HERE};expires=0`)])
  })
})

describe('taking it back', () => {
  test('at once where nothing is pending', () => {
    const { states, ladder } = tell({
      ask: [
        [0, 'register'],
        [1000, 'unregister'],
      ],
      until: 10_000_000,
    })
    expect(ladder.length).toBe(4)
    expect(states.slice(2)).toEqual([
      '1000 alice registration: registered unregister → unregistering',
      '1010 alice registration: unregistering 2xx → unregistered',
    ])
  })

  test('after the answer where one is pending (§10.2)', () => {
    const { ladder } = tell({
      ask: [
        [0, 'register'],
        [3, 'unregister'],
      ],
      until: 10_000_000,
    })
    expect(ladder).toEqual([
      '0 alice → registrar: REGISTER',
      '5 registrar → alice: 200 REGISTER',
      '10 alice → registrar: REGISTER',
      '15 registrar → alice: 200 REGISTER',
    ])
  })
})

describe('taking back what did not answer, and may be bound all the same', () => {
  const asked = (story: Omit<Story, 'until'>) =>
    tell({ until: 100_000, ...story }).agent?.requests.map((request) => request.first('Expires'))

  test('a refresh that failed', () => {
    const ask: Story['ask'] = [
      [0, 'register'],
      [1000, 'register'],
      [2000, 'unregister'],
    ]
    expect(asked({ statuses: [200, 503, 200], ask })).toEqual(['3600', '3600', '0'])
  })

  test('a REGISTER that fails when it is no longer wanted', () => {
    const ask: Story['ask'] = [
      [0, 'register'],
      [1, 'unregister'],
    ]
    expect(asked({ statuses: [503, 200], ask })).toEqual(['3600', '0'])
  })
})

describe('when it fails', () => {
  const times = (ladder: readonly string[]): number[] =>
    ladder
      .filter((line) => line.includes('REGISTER') && !line.includes('timer'))
      .map((line) => Number(line.split(' ')[0]))

  test('silence: tried again after 15 to 30 s, then at most twice as long, up to half an hour', () => {
    const { ladder } = tell({ dark: ['registrar'], until: 20_000_000 })
    const begun = times(ladder)
    const waits = begun.slice(1).map((ms, index) => ms - begun[index]! - 32_000)
    for (const [index, wait] of waits.entries()) {
      const upper = Math.min(1_800_000, 30_000 * 2 ** index)
      expect(wait).toBeGreaterThanOrEqual(upper / 2)
      expect(wait).toBeLessThanOrEqual(upper)
    }
    expect(waits.length).toBeGreaterThan(10)
  })

  test('a Retry-After is respected', () => {
    const { ladder } = tell({ answers: [[0, 503, ['Retry-After', '100']]], until: 200_000 })
    expect(times(ladder).filter((_, index) => index % 2 === 0)).toEqual([0, 100_010])
  })

  test('a refusal is final until the user wants it again', () => {
    const { states } = tell({
      answers: [[0, 403]],
      ask: [
        [0, 'register'],
        [9000, 'register'],
      ],
      until: 10_000_000,
    })
    expect(states).toEqual([
      '0 alice registration: idle register → registering',
      '10 alice registration: registering refusal → refused',
      '9000 alice registration: refused register → registering',
      '9010 alice registration: registering refusal → refused',
    ])
  })

  test('a challenge without credentials is a refusal', () => {
    expect(tell({ answers: [[0, 401]], until: 1000 }).binding.state).toBe('refused')
  })

  test('a challenge with credentials is answered, as often as they are new', () => {
    let left = 2
    const authorizer = {
      authorize: (): Header[] => (left-- > 0 ? [['Authorization', `Digest nonce="${left}"`]] : []),
      credentials: (): Header[] => [],
    }
    const { agent, binding } = tell({ answers: [[0, 401]], authorizer, until: 1000 })
    expect(agent?.requests.map((request) => request.first('Authorization'))).toEqual([
      undefined,
      'Digest nonce="1"',
      'Digest nonce="0"',
    ])
    expect(binding.state).toBe('refused')
  })
})

test('who has registered can be called, until it is over or taken back', () => {
  const stage = new Stage(HOSTS, { names: { 'example.com': HOSTS.registrar } })
  proxy.start(stage.host('registrar'), { domain: 'example.com', users: { alice: [] }, registrar: {} })
  const alice = new Agent(stage.host('alice'))
  const bob = new Agent(stage.host('bob'))
  const register = (ms: number, expires: number, cseq: number): void =>
    stage.at(ms, 'alice', () => {
      const lines = ['To: <sip:alice@example.com>', `Expires: ${expires}`, `CSeq: ${cseq} REGISTER`]
      alice.send(HOSTS.registrar, 'REGISTER sip:example.com', ...lines)
    })
  const ask = (ms: number): void =>
    stage.at(ms, 'bob', () => bob.send(HOSTS.registrar, 'OPTIONS sip:alice@example.com'))
  ask(0)
  register(1000, 100, 1)
  ask(2000)
  ask(102_000)
  register(103_000, 100, 2)
  ask(104_000)
  register(105_000, 0, 3)
  ask(106_000)
  stage.run()
  expect(bob.heard).toEqual([
    '10 480 OPTIONS',
    '2020 200 OPTIONS',
    '102010 480 OPTIONS',
    '104020 200 OPTIONS',
    '106010 480 OPTIONS',
  ])
})

describe('with digest', () => {
  const account = { user: 'alice', password: 'secret' }

  test('401, credentials, 200; refreshed with a stale nonce: 401, credentials, 200', () => {
    const { ladder, states } = tell({ passwords: { alice: 'secret' }, account, until: 3_600_000 })
    expect(ladder.map((line) => line.slice(line.indexOf(':') + 2))).toEqual([
      ...['REGISTER', '401 REGISTER', 'REGISTER', '200 REGISTER'],
      ...['REGISTER', '401 REGISTER', 'REGISTER', '200 REGISTER'],
    ])
    expect(states.slice(0, 3)).toEqual([
      '0 alice registration: idle register → registering',
      '10 alice registration: registering challenge → registering',
      '20 alice registration: registering 2xx → registered',
    ])
  })

  test('a nonce that is still good is used again', () => {
    const { ladder } = tell({ passwords: { alice: 'secret' }, account, expiresSeconds: 120, until: 100_000 })
    expect(ladder.slice(4)).toEqual(['88020 alice → registrar: REGISTER', '88025 registrar → alice: 200 REGISTER'])
  })

  test('a wrong password is refused', () => {
    const { binding, ladder } = tell({ passwords: { alice: 'other' }, account, until: 100_000 })
    expect([binding.state, ladder.length]).toEqual(['refused', 4])
  })

  test('nobody registers for another: 403', () => {
    const { ladder } = tell({
      passwords: { alice: 'a', bob: 'b' },
      account: { user: 'bob', password: 'b' },
      until: 1000,
    })
    expect(ladder.at(-1)).toBe('15 registrar → alice: 403 REGISTER')
  })
})
