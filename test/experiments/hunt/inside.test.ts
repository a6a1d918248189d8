// The oracles that look inside: what both ends remember of a call, and what is still there when it is over.

import { describe, expect, test } from 'vitest'
import type { Case } from '../../../experiments/campaigns/campaign.ts'
import { LOST_AND_LATE } from '../../../experiments/campaigns/lostAndLate.ts'
import { CAMPAIGNS } from '../../../experiments/campaigns/table.ts'
import { readCase } from '../../../experiments/cli/quarry.ts'
import type { WrittenFault } from '../../../experiments/faults.ts'
import { Agreement, type End } from '../../../experiments/hunt/agreement.ts'
import { CallMessages } from '../../../experiments/hunt/callMessages.ts'
import { Court } from '../../../experiments/hunt/court.ts'
import { Leaks } from '../../../experiments/hunt/leaks.ts'
import { OpenMachines } from '../../../experiments/hunt/openMachines.ts'
import type { OracleVerdict } from '../../../experiments/oracles/oracle.ts'
import type { Held, HeldDialog } from '../../../platform/holdings.ts'
import type { TraceRecord } from '../../../platform/trace.ts'

const CALL = 'x@alice'

/** A step of the machine of a host, as the record has it. */
function step(at: number, node: string, machine: string, to: string, instance = CALL): TraceRecord {
  return {
    kind: 'transition',
    id: { node, sequence: at },
    at: at * 1e9,
    cause: null,
    machine,
    instance,
    from: '',
    event: '',
    to,
  }
}

/** What becomes of bob's BYE: who sent it, who heard it, where it was lost and why. */
function bye(at: number, node: string, what: 'sent' | 'delivered' | 'lost', why = 'lost on the medium'): TraceRecord {
  const packet = {
    ...{ id: { node: 'bob', sequence: 3 }, label: { name: 'BYE', media: false, call: CALL } },
    ...{ payload: new Uint8Array(0), protocol: 'udp' },
  }
  return {
    kind: what,
    id: { node, sequence: at },
    at: at * 1e9,
    cause: null,
    packet,
    link: '',
    ttl: 64,
    why,
  } as unknown as TraceRecord
}

describe('dialog agreement', () => {
  const alice: HeldDialog = {
    ...{ callId: CALL, isCaller: true, isUp: true, localTag: 'a', remoteTag: 'b', localSequence: 1, remoteSequence: 0 },
    ...{ localTarget: 'sip:alice@1', remoteTarget: 'sip:bob@2', routeSet: ['sip:p;lr', 'sip:q;lr'] },
  }
  const bob: HeldDialog = {
    ...{
      callId: CALL,
      isCaller: false,
      isUp: true,
      localTag: 'b',
      remoteTag: 'a',
      localSequence: 0,
      remoteSequence: 1,
    },
    ...{ localTarget: 'sip:bob@2', remoteTarget: 'sip:alice@1', routeSet: ['sip:q;lr', 'sip:p;lr'] },
  }
  const ends = (one: Partial<HeldDialog> = {}, other: Partial<HeldDialog> = {}): readonly End[] => [
    { node: 'alice', dialog: { ...alice, ...one } },
    { node: 'bob', dialog: { ...bob, ...other } },
  ]

  /** What is found where nothing is in flight, after these records. */
  function judged(seen: readonly End[], records: readonly TraceRecord[] = [], last = seen, idle = true): OracleVerdict {
    const machines = new OpenMachines()
    const callMessages = new CallMessages()
    const agreement = new Agreement(machines, callMessages)
    const steps = [step(1, 'alice', 'call', 'established'), step(2, 'bob', 'call', 'established')]
    for (const record of [...steps, ...records]) {
      machines.record(record)
      callMessages.record(record)
      agreement.record(record)
    }
    agreement.look(seen)
    return agreement.verdict(last, idle, 600e9)
  }

  test.each<[string, Partial<HeldDialog>, Partial<HeldDialog>]>([
    ['the same from two sides', {}, {}],
    ['nobody stays on the path', { routeSet: [] }, { routeSet: [] }],
    ['strict routers, which each end knows otherwise', { routeSet: ['sip:p'] }, { routeSet: ['sip:q'] }],
    ['further requests', { localSequence: 7, remoteSequence: 3 }, { localSequence: 3, remoteSequence: 7 }],
  ])('holds: %s', (_, one, other) => {
    expect(judged(ends(one, other))).toMatchObject({ state: 'holds', exercised: 1 })
  })

  test.each<[string, Partial<HeldDialog>, Partial<HeldDialog>, string]>([
    ['tags', { remoteTag: 'c' }, {}, 'for alice the tags are a here and c there, for bob it is b here and a there'],
    ['CSeq', { localSequence: 2 }, {}, 'for alice its last request is number 2, for bob it is number 1'],
    ['CSeq of the callee', { remoteSequence: 4 }, {}, 'for bob its last request is number 0, for alice it is number 4'],
    ['target', {}, { localTarget: 'sip:bob@3' }, 'for bob its Contact is sip:bob@3, for alice it is sip:bob@2'],
    ['routes', { routeSet: ['sip:q;lr', 'sip:p;lr'] }, {}, 'for bob it is the reverse of sip:p;lr, sip:q;lr'],
    ['a route too few', { routeSet: [] }, {}, 'for alice the route set is empty'],
  ])('violated: %s', (_, one, other, says) => {
    const { state, violations } = judged(ends(one, other))
    expect(state).toBe('violated')
    expect(violations[0]!.sentence).toContain(says)
    expect([...violations[0]!.proofs].sort()).toEqual(['alice#1', 'bob#2'])
  })

  test('of several forks, the caller’s own is compared', () => {
    const other = { node: 'carol', dialog: { ...bob, localTag: 'c', localTarget: 'sip:carol@4' } }
    expect(judged([...ends(), other]).state).toBe('holds')
  })

  test('a request that was lost is a gap; one that nobody sent is not', () => {
    expect(judged(ends({ localSequence: 2 }), [bye(3, 'alice', 'lost')]).state).toBe('holds')
    expect(judged(ends({}, { remoteSequence: 2 }), [bye(3, 'alice', 'lost')]).state).toBe('violated')
  })

  describe('whether the call is up', () => {
    const over = [bye(3, 'bob', 'sent'), step(4, 'bob', 'call', 'ended')]
    const left = ends().slice(0, 1)
    test.each<[string, readonly TraceRecord[], string]>([
      ['told, and not heard, for it was lost', [...over, bye(3, 'bob', 'lost')], 'not exercised'],
      ['the other end crashed', [faulted('crash')], 'not exercised'],
      [
        'told to itself, whose private address the other has in another home',
        [...over, bye(3, 'bob', 'delivered')],
        'not exercised',
      ],
      ['told and heard', [...over, bye(3, 'alice', 'delivered')], 'and was told by BYE'],
      ['not told', [step(4, 'bob', 'call', 'ended')], 'which said no BYE'],
      ['told to somebody else', [...over, bye(3, 'proxy', 'lost', 'port closed')], 'whose BYE went elsewhere'],
      [
        'lost where programs had died',
        [faulted('kill', 'proxy'), ...over, bye(3, 'proxy', 'lost', 'port closed')],
        'not exercised',
      ],
    ])('%s', (_, records, says) => {
      const { state, violations } = judged([], records, left)
      expect(violations[0]?.sentence ?? state).toContain(says)
    })

    test('what has ended just now may still be on its way', () => {
      const late = [step(590, 'bob', 'call', 'ended')]
      expect(judged([], late, left, false).state).toBe('not exercised')
    })
  })
})

function faulted(what: string, node = 'bob'): TraceRecord {
  return { kind: 'faulted', id: { node, sequence: 3 }, at: 3e9, cause: null, what, details: {} }
}

describe('no leak', () => {
  const held = (...things: readonly Held[]): readonly Held[] => things
  const INVITE = 'z9hG4bK1'

  function judged(
    records: readonly TraceRecord[],
    things: readonly Held[],
    { ports = [5060], timers = 0, owed = 0 } = {},
  ): OracleVerdict {
    const machines = new OpenMachines()
    const leaks = new Leaks(machines)
    for (const record of records) machines.record(record)
    const program = { dialogs: () => [], held: () => things, ownPorts: () => [5060], standingTimers: () => owed }
    return leaks.verdict([['alice', { programs: [program], ports: () => ports, timers: () => timers }]], false, 600e9)
  }

  const up = [step(1, 'alice', 'call', 'established'), step(1, 'alice', 'inviteClient', 'accepted', INVITE)]
  const over = [...up, step(5, 'alice', 'call', 'ended'), step(33, 'alice', 'inviteClient', 'terminated', INVITE)]
  const client: Held = { what: 'transaction', machine: 'inviteClient', instance: INVITE }

  test.each<[string, readonly TraceRecord[], readonly Held[], object]>([
    ['nothing is left', over, held(), {}],
    [
      'a call that is up has its dialog, its transaction, its port and its timers',
      up,
      held({ what: 'call', call: CALL }, { what: 'dialog', call: CALL }, client),
      { ports: [5060, 10000], timers: 3 },
    ],
    ['a registration has its refresh', over, held(), { timers: 1, owed: 1 }],
    ['a transaction outlives its call', over.slice(0, 3), held(client), {}],
  ])('holds: %s', (_, records, things, more) => {
    expect(judged(records, things, more)).toMatchObject({ state: 'holds', exercised: 1 })
  })

  test.each<[string, readonly Held[], object, string]>([
    ['a call', held({ what: 'call', call: CALL }), {}, 'alice still holds the call x@alice, which ended at 5 s'],
    ['a dialog', held({ what: 'dialog', call: CALL }), {}, 'alice still holds a dialog of the call x@alice'],
    ['a transaction', held(client), {}, 'still holds the transaction inviteClient z9hG4bK1, which is over'],
    ['a context', held({ ...client, what: 'response context' }), {}, 'still holds the response context inviteClient'],
    ['a port', held(), { ports: [5060, 10000] }, 'alice has port 10000 open, and no calls'],
    ['a timer', held(), { timers: 2, owed: 1 }, 'alice has 2 timers running, and owes 1'],
  ])('violated: %s', (_, things, more, says) => {
    const { state, violations } = judged(over, things, more)
    expect(state).toBe('violated')
    expect(violations.map(({ sentence }) => sentence).join()).toContain(says)
  })

  test('who never had a call has nothing to let go', () => {
    expect(judged([], held()).state).toBe('not exercised')
  })
})

describe('in a hunt', () => {
  const SILENT = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false, 'nodes.proxy.runs.recordRoute': true }
  const scenario: Case['scenario'] = [
    { at: 0, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
    { when: 'bob is ringing', after: 1e9, who: 'bob', do: 'answer' },
    { when: 'call is established', after: 1e9, who: 'bob', do: 'hang up' },
  ]
  const verdicts = (mutant: string, faults: readonly WrittenFault[] = [], until = LOST_AND_LATE.until) => {
    const court = new Court((some) => readCase({ ...LOST_AND_LATE, mutant, until }, some))
    const found = court.try({ set: SILENT, scenario, faults })
    return ['dialog agreement', 'no leak'].map((name) => found.find((one) => one.name === name)!)
  }

  test('a sound stack agrees with itself, and lets go', () => {
    for (const verdict of verdicts('')) expect(verdict).toMatchObject({ state: 'holds', violations: [] })
    const acks = ['alice -> proxy'].map((on): WrittenFault => ({ drop: { nth: 1, of: 'ACK', on } }))
    for (const verdict of verdicts('', acks)) expect(verdict.state).toBe('holds')
  })

  test.each([
    [
      'contact-elsewhere',
      0,
      'for bob its Contact is sip:bob@198.51.100.20:5060, for alice it is sip:bob@198.51.100.20:5999',
    ],
    ['cseq-miscounted', 0, 'for alice its last request is number 1, for bob it is number 2'],
    ['hung-up-in-silence', 0, 'alice is still up; it ended at'],
    ['route-set-unread', 0, 'for alice the route set is empty, for bob it is the reverse of sip:203.0.113.5:5060;lr'],
    ['media-port-kept', 1, 'has port 10000 open, and no calls'],
  ])('%s is seen from inside', (mutant, place, says) => {
    const verdict = verdicts(mutant)[place]!
    expect(verdict.state).toBe('violated')
    expect(verdict.violations.map(({ sentence }) => sentence).join('\n')).toContain(says)
  })

  test('who calls themselves have two ends of one call: the one that is over is not the one that waits', () => {
    const court = new Court((some) => readCase(LOST_AND_LATE, some))
    const found = court.try({
      set: SILENT,
      scenario: [{ at: 0, who: 'bob', do: 'call', to: 'sip:bob@example.com' }],
      faults: [{ drop: { of: '486 INVITE', on: 'router -> bob' } }],
    })
    expect(found.filter(({ state }) => state === 'violated').map(({ name }) => name)).toEqual([])
  })

  test('timers that nobody stops are seen where a host rests', () => {
    const campaign = { ...CAMPAIGNS.get('nat-and-keepalive')!, mutant: 'timer-kept' }
    const court = new Court((some) => readCase(campaign, some), campaign)
    const found = court.try({
      set: {},
      scenario: [
        { at: 300e9, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
        { at: 305e9, who: 'alice', do: 'hang up' },
      ],
      faults: [],
    })
    const { violations } = found.find(({ name }) => name === 'no leak')!
    expect(violations.map(({ sentence }) => sentence).join('\n')).toMatch(/has \d+ timers? running, and owes \d/)
  })
})
