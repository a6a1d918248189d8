// `lost-and-late`: two phones, a proxy and one call, while any message may be lost, late, doubled or overtaken.

import { constantFrom, record } from 'fast-check'
import { callScenario } from '../arbitraries/call.ts'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import type { Campaign } from './campaign.ts'

/** What goes which way, the late before the early. Without Record-Route, ACKs and BYEs go straight from phone to phone. */
const SPOTS: readonly Spot[] = [
  ...spots('200 BYE', [
    'alice -> bob',
    'bob -> alice',
    'bob -> proxy',
    'proxy -> alice',
    'alice -> proxy',
    'proxy -> bob',
  ]),
  ...spots('BYE', ['alice -> bob', 'bob -> alice', 'alice -> proxy', 'proxy -> bob', 'bob -> proxy', 'proxy -> alice']),
  ...spots('ACK', ['alice -> bob', 'alice -> proxy', 'proxy -> bob']),
  ...['200 INVITE', '486 INVITE', '487 INVITE', '200 CANCEL'].flatMap((label) =>
    spots(label, ['bob -> proxy', 'proxy -> alice']),
  ),
  ...spots('CANCEL', ['alice -> proxy', 'proxy -> bob']),
  ...spots('180 INVITE', ['bob -> proxy', 'proxy -> alice']),
  ...spots('100 INVITE', ['proxy -> alice']),
  ...spots('INVITE', ['alice -> proxy', 'proxy -> bob']),
]

/** A message is late by less than T4, the longest that RFC 3261 lets one live in the network. */
const MOST_SECONDS = 4

/** No media: it is not what is asked about. */
const SILENT = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }

export const LOST_AND_LATE: Campaign = {
  name: 'lost-and-late',
  question: 'Does every rule hold in a call through a proxy, whatever is lost, late, doubled or overtaken?',
  topology: 'two-phones-one-proxy',
  until: '600 s',
  cases: record({
    set: constantFrom(SILENT, { ...SILENT, 'nodes.proxy.runs.recordRoute': true }),
    scenario: callScenario({ caller: 'alice', callee: 'bob', to: 'sip:bob@example.com' }),
    faults: faultTape({ spots: SPOTS, most: 8, mostSeconds: MOST_SECONDS }),
  }),
}

function spots(of: string, directions: readonly string[]): readonly Spot[] {
  return directions.map((on) => ({ of, on }))
}
