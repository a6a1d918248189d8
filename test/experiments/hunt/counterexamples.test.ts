// What hunts have found, kept: worlds that once broke a rule, with what was wrong.

import { expect, test } from 'vitest'
import type { Case } from '../../../experiments/campaigns/campaign.ts'
import { LOST_AND_LATE } from '../../../experiments/campaigns/lostAndLate.ts'
import { readCase } from '../../../experiments/cli/quarry.ts'
import { Court } from '../../../experiments/hunt/court.ts'
import type { WrittenEntry } from '../../../experiments/scenario/entry.ts'

const call = { at: 0, who: 'alice', do: 'call', to: 'sip:bob@example.com' }
const answer = { when: 'bob is ringing', after: 0, who: 'bob', do: 'answer' }
const hangUp = (who: string): WrittenEntry => ({ when: 'call is established', after: 0, who, do: 'hang up' })
const cancel = { at: 0, who: 'alice', do: 'cancel' }
const SILENT = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }
const RECORDED = { ...SILENT, 'nodes.proxy.runs.recordRoute': true }

test.each<[string, Case]>([
  [
    'every BYE is lost: without session timers the other phone cannot know',
    {
      set: RECORDED,
      scenario: [call, answer, hangUp('bob')],
      faults: [{ drop: { of: 'BYE', on: 'proxy -> alice' } }],
    },
  ],
  [
    'the proxy’s 408 comes 64·T1 after the CANCEL: the transaction is gone, and nobody acknowledges it (§9.1)',
    {
      set: SILENT,
      scenario: [call, answer, hangUp('alice')],
      faults: [{ drop: { of: '200 INVITE', on: 'bob -> proxy' } }],
    },
  ],
  [
    'the ACK is lost, the BYE is not: it says that the 2xx was heard',
    {
      set: RECORDED,
      scenario: [call, cancel, answer, hangUp('alice')],
      faults: [{ drop: { of: 'ACK', on: 'alice -> proxy' } }],
    },
  ],
  [
    'neither answer nor BYE comes: who rings does so until its user gives up',
    {
      set: RECORDED,
      scenario: [call, answer, hangUp('alice')],
      faults: [{ drop: { of: 'BYE', on: 'bob -> proxy' } }, { drop: { of: '200 INVITE', on: 'proxy -> alice' } }],
    },
  ],
  [
    'a BYE with a tag that was never seen is answered 481, and ends nothing',
    {
      set: SILENT,
      scenario: [call, answer, hangUp('alice')],
      faults: [
        { drop: { nth: 1, of: '180 INVITE', on: 'proxy -> alice' } },
        { drop: { of: '200 INVITE', on: 'proxy -> alice' } },
      ],
    },
  ],
  [
    'the proxy gives the call up, and every 408 of its is lost: who has heard a 100 waits until its user gives up',
    {
      set: SILENT,
      scenario: [call],
      faults: [{ drop: { of: 'INVITE', on: 'proxy -> bob' } }, { drop: { of: '408 INVITE', on: 'proxy -> alice' } }],
    },
  ],
])('%s', (_, some) => {
  const verdicts = new Court((one) => readCase(LOST_AND_LATE, one)).try(some)
  const broken = verdicts.flatMap(({ name, violations }) => violations.map(({ sentence }) => `${name}: ${sentence}`))
  expect(broken).toEqual([])
})
