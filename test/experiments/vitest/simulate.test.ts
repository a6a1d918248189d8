// What a user's test does: simulate, and matchers whose failure is a ladder.

import { exec, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns'
import { setImmediate } from 'node:timers'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Simulation, type Step, simulate } from '../../../experiments/vitest/entrance.ts'
import type { Program } from '../../../platform/host.ts'

const CALL: readonly Step[] = [
  { at: '0 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' },
  { when: 'bob is ringing', after: '2 s', who: 'bob', do: 'answer' },
  { when: 'call is established', after: '10 s', who: 'alice', do: 'hang up' },
]
const LOST_200 = [{ drop: { nth: 1, of: '200 INVITE', on: 'proxy -> alice' } }]

/** Held before any wire is hung. */
const execKept = promisify(exec)

/** What a failing expectation says. */
function said(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing'
}

/** Answers whatever comes with one text, and does what `doing` says. */
function program(doing: () => void): Program<undefined> {
  return {
    name: 'home-made',
    start: (host) => {
      host.udp({ port: 5060 }, { received: doing, failed: () => undefined })
      return { do: () => undefined, stop: () => undefined }
    },
  }
}

describe('a call that loses its 200 once', () => {
  const run = simulate('two-phones-one-proxy', CALL, {
    faults: LOST_200,
    expect: ['call is established', '200 INVITE is sent twice by bob, 500 ms apart'],
  })

  test('holds to every rule, replays, and meets its expectations', () => {
    expect(run).toHoldTo()
    expect(run).toHoldTo('2xx core', { exercised: true })
    expect(run).toHoldTo(['Timer A', 'quiescence'])
    expect(run).toReplay()
    expect(run).toMeetExpectations()
  })

  test('has this ladder', () => {
    expect(run).toContainLadder(`
      alice: asked to call
      alice -> proxy INVITE
      2.018 proxy -x alice 200 OK
      bob -> proxy 200 OK by 2xx core
      # whatever comes between
      alice -> bob ACK
    `)
    expect(run).not.toContainLadder('bob -> proxy 486')
    expect(run).not.toContainLadder('bob -> proxy 200 OK\nproxy -> bob INVITE')
  })

  test('and gives what came of it', () => {
    expect(run.result.ok).toBe(true)
    expect(run.digests.packets).toBe(run.again().digests.packets)
    expect(run.trace.some(({ kind }) => kind === 'lost')).toBe(true)
    expect(run.ladder()).toContain('INVITE (SDP)')
  })
})

describe('a failure shows the ladder around the fault', () => {
  const run = simulate('two-phones-one-proxy', CALL, {
    faults: LOST_200,
    mutant: 'two-hundred-not-repeated',
    expect: ['call is established'],
  })

  test('a rule that is broken', () => {
    const says = said(() => expect(run).toHoldTo('2xx core'))
    expect(says).toContain('2xx core (RFC 3261 §13.3.1.4): whoever answers an INVITE')
    expect(says).toMatch(/│.*200 OK/)
    expect(says).toMatch(/▶ +2\.512 {2}✗ 2xx core/)
    expect(run).not.toHoldTo('2xx core')
  })

  test('a rule that had nothing to judge', () => {
    expect(run).toHoldTo('nonce count')
    expect(said(() => expect(run).toHoldTo('nonce count', { exercised: true }))).toContain('exercised nonce count')
  })

  test('a line that does not come', () => {
    const says = said(() => expect(run).toContainLadder('alice -> proxy INVITE\nalice -> bob ACK'))
    expect(says).toContain('line 2, "alice -> bob ACK", does not come')
    expect(says).toContain('▶')
  })

  test('an expectation', () => {
    expect(said(() => expect(run).toMeetExpectations())).toMatch(/✗ call is established: [\s\S]*INVITE/)
  })

  test('and the faults that changed nothing', () => {
    const faults = [{ drop: { of: '486 INVITE', on: 'proxy -> alice' } }]
    const idle = simulate('two-phones-one-proxy', CALL, { faults, expect: ['call of alice fails with 486'] })
    const warning = '\n! fault: drop each 486 INVITE on proxy -> alice: matched no packet\n'
    expect(said(() => expect(idle).toMeetExpectations())).toContain(warning)
    expect(said(() => expect(idle).toHoldTo('nonce count', { exercised: true }))).toContain(warning)
  })

  test('an oracle that there is not', () => {
    expect(said(() => expect(run).toHoldTo('2xx cores'))).toContain('did you mean 2xx core?')
    expect(said(() => expect(3).toReplay())).toContain('what simulate gave')
    expect(said(() => expect(run).toContainLadder('INVITE'))).toContain('a line of a ladder such as')
  })
})

describe('what checks nothing fails', () => {
  const run = simulate('two-phones-one-proxy', CALL)

  test('a ladder without lines', () => {
    for (const none of ['', ' \n# nothing\n', undefined as unknown as string]) {
      expect(said(() => expect(run).toContainLadder(none))).toContain('expected at least one line of a ladder')
      expect(said(() => expect(run).not.toContainLadder(none))).toContain('expected at least one line of a ladder')
    }
  })

  test('expectations that were not given', () => {
    expect(said(() => expect(run).toMeetExpectations())).toContain('this run has nothing to meet: give simulate')
  })

  test('a program that is not there', () => {
    const missing = { programs: { bob: undefined as unknown as Program<undefined> } }
    expect(said(() => simulate('two-phones', [], missing))).toContain(
      'programs.bob: expected a program, { name, start(host) { … } }, and this is undefined: is it exported',
    )
    const none = { programs: { bob: {} as Program<undefined> } }
    expect(said(() => simulate('two-phones', [], none))).toContain('and this is none')
  })

  test('a list of no rules', () => {
    expect(said(() => expect(run).toHoldTo([]))).toContain('toHoldTo of no rule checks nothing')
  })

  test('a program that gives nothing to ask', () => {
    const start = (() => ({})) as unknown as Program<undefined>['start']
    expect(said(() => simulate('two-phones', [], { programs: { bob: { name: 'bob', start } } }))).toContain(
      'programs.bob: start must give { do(verb, parameters) { … }, stop() { … } }',
    )
  })

  test('what is no topology, no options, no level, no question', () => {
    expect(said(() => simulate(undefined as unknown as string))).toContain('an object, not undefined')
    expect(said(() => simulate('two-phones', [], null as unknown as object))).toContain('options such as')
    expect(said(() => simulate('two-phones', [], { level: 'counters' } as object))).toContain(
      'level: one of signalling, everything, not counters',
    )
    expect(said(() => run.smallest(undefined as unknown as () => boolean))).toContain('smallest needs a question')
  })

  test('an option that there is not', () => {
    expect(said(() => simulate('two-phones', [], { program: {} } as object))).toBe(
      'simulate has no option "program": did you mean programs?',
    )
    expect(said(() => simulate('two-phones', [], { wait: true } as object))).toBe(
      'simulate has no option "wait": one of seed, faults, set, expect, until, programs, mutant, level',
    )
  })
})

describe('the smallest', () => {
  const lossy = {
    ...{ 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false },
    'links.0': { between: ['alice', 'router'], delay: '5 ms', jitter: '2 ms', loss: '30 %' },
  }
  const failed = ({ verdicts }: Simulation): boolean =>
    verdicts.some(({ name, state }) => name === '2xx core' && state === 'violated')

  test('chance and all, says what it needs, and can be written down', () => {
    let seed = 0
    const draw = (): Simulation =>
      simulate('two-phones-one-proxy', CALL, { seed: seed++, mutant: 'two-hundred-not-repeated', set: lossy })
    let failing = draw()
    while (!failed(failing) && seed < 50) failing = draw()
    const { faults, needs, run } = failing.smallest(failed)
    expect(faults.length).toBeLessThanOrEqual(2)
    expect(needs).toMatch(/^it fails only if (this fault is|both are) there$/)
    expect(run).not.toHoldTo('2xx core')
    const { 'links.0': _, ...silent } = lossy
    const written = { mutant: 'two-hundred-not-repeated', seed: run.experiment.seed, faults, set: silent }
    expect(simulate('two-phones-one-proxy', CALL, written)).not.toHoldTo('2xx core')
  })

  test('is asked about failures only', () => {
    expect(said(() => void simulate('two-phones-one-proxy', CALL).smallest(failed))).toContain('does not fail')
  })
})

describe('topologies', () => {
  const nodes = {
    alice: { kind: 'host', address: '192.0.2.10/24', runs: { program: 'phone', aor: 'sip:alice@192.0.2.10' } },
    bob: { kind: 'host', address: '192.0.2.20/24', runs: { program: 'phone', aor: 'sip:bob@192.0.2.20' } },
  }
  const links = [{ between: ['alice', 'bob'], delay: '5 ms' }]
  const scenario: readonly Step[] = [{ at: '0 s', who: 'alice', do: 'options', to: 'sip:bob@192.0.2.20' }]

  test('an object, YAML and a file are the same', () => {
    const yaml = `nodes: ${JSON.stringify(nodes)}\nlinks: ${JSON.stringify(links)}\n`
    const [a, b] = [{ nodes, links }, yaml].map((one) => simulate(one, scenario).digests)
    expect(a).toEqual(b)
    expect(simulate('topologies/two-phones.yaml').result.ok).toBe(true)
  })

  test('a mistake is a sentence with its place', () => {
    expect(said(() => simulate('two-phonez'))).toContain('did you mean two-phones?')
    expect(said(() => simulate('nodes:\n  alice: { kind: hosts }\n'))).toContain('topology:2:')
    expect(said(() => simulate('two-phones', [{ at: '0 s', who: 'alice', do: 'cal' }]))).toContain(
      'simulate: scenario[0].do: something that a phone can do, not "cal": did you mean call?',
    )
    expect(said(() => simulate('two-phones', [], { programs: { carol: program(() => undefined) } }))).toContain(
      'a topology with a host "carol"',
    )
  })
})

describe('a program of one’s own', () => {
  const run = (doing: () => void): Simulation =>
    simulate('two-phones', [{ at: '1 s', who: 'alice', do: 'options', to: 'sip:bob@198.51.100.20' }], {
      programs: { bob: program(doing) },
    })

  test('runs in place of the topology’s, and is asked what the scenario says', () => {
    const asked: unknown[] = []
    const bob: Program<undefined> = {
      name: 'bob',
      start: () => ({ do: (...given) => void asked.push(...given), stop: () => undefined }),
    }
    simulate('two-phones', [{ at: '1 s', who: 'bob', do: 'sing', song: 7 }], { programs: { bob } })
    expect(asked).toEqual(['sing', { song: 7 }])
  })

  test.each([
    ['Math.random', () => Math.random(), 'chance without a seed (random)'],
    ['Date.now', () => Date.now(), 'the real clock (Date)'],
    ['new Date()', () => new Date(), 'the real clock (Date)'],
    ['performance.now', () => performance.now(), 'the real clock (now)'],
    ['setTimeout', () => setTimeout(() => undefined, 0), 'a real timer (setTimeout)'],
    ['crypto', () => crypto.randomUUID(), 'chance without a seed (randomUUID)'],
    ['crypto, imported by name', () => randomBytes(1), 'chance without a seed (randomBytes)'],
    ['a timer, imported by name', () => setImmediate(() => undefined), 'a real timer (setImmediate)'],
    ['a name', () => lookup('127.0.0.1', () => undefined) ?? 'asked', 'the real name service (lookup)'],
    ['spawnSync', () => spawnSync(process.execPath, ['-v']), 'a real process (spawnSync)'],
    ['execFileSync', () => execFileSync(process.execPath, ['-v']), 'a real process (execFileSync)'],
    ['spawn', () => spawn(process.execPath, ['-v']), 'a real process (spawn)'],
    ['exec as a promise', () => execKept('true'), 'a real process (execFile)'],
  ])('%s trips a wire, also where it is caught', (_, touch, says) => {
    const swallowing = (): void => {
      try {
        touch()
      } catch {}
    }
    for (const doing of [touch, swallowing]) expect(said(() => void run(doing))).toContain(says)
    expect(touch()).toBeDefined()
  })

  test('the stack is the caller’s', () => {
    try {
      run(() => void Math.random())
    } catch (error) {
      expect((error as Error).stack).toMatch(/simulate\.test\.ts/)
      expect((error as Error).stack?.split('\n')[1]).not.toMatch(/tripwires/)
    }
    expect.assertions(2)
  })

  test('a date of a given time is no clock', () => {
    expect(run(() => void new Date(0).getTime()).trace.length).toBeGreaterThan(0)
  })

  test('what it throws comes with the ladder so far', () => {
    const boom = (): void => {
      throw new Error('boom')
    }
    expect(said(() => void run(boom))).toMatch(/boom\n\n[\s\S]*OPTIONS/)
  })

  test.each<[string, readonly string[]]>([
    ['lets its call go', []],
    ['holds its call for ever', ['x']],
  ])('one that says what it holds is judged from inside: %s', (_, left) => {
    const bob: Program<undefined> = {
      name: 'bob',
      start: ({ trace }) => ({
        do: () => {
          trace.transition('call', 'x', 'idle', 'call', 'established')
          trace.transition('call', 'x', 'established', 'hang up', 'ended')
          return undefined
        },
        stop: () => undefined,
        holdings: {
          ...{ dialogs: () => [], ownPorts: () => [], standingTimers: () => 0 },
          held: () => left.map((call) => ({ what: 'call', call })),
        },
      }),
    }
    const judged = simulate('two-phones', [{ at: '1 s', who: 'bob', do: 'call' }], { programs: { bob } })
    if (left.length === 0) expect(judged).toHoldTo(['no leak', 'quiescence'], { exercised: true })
    else
      expect(said(() => expect(judged).toHoldTo('no leak'))).toContain(
        'bob still holds the call x, which ended at 1 s [bob#',
      )
  })
})
