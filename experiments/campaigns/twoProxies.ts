// `two-proxies`: a call from one domain to another, through the proxy of each, while up to eight messages are lost, late, doubled or overtaken. It
// is here for the rules of routing: a route set of one proxy is the same from both ends.

import { constantFrom, record } from 'fast-check'
import { callScenario } from '../arbitraries/call.ts'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import type { Campaign, Case } from './campaign.ts'

const TOPOLOGY = {
  nodes: {
    alice: host('192.0.2.10/24', {
      program: 'phone',
      aor: 'sip:alice@a.example.com',
      proxy: '203.0.113.5',
      talk: false,
    }),
    bob: host('198.51.100.20/24', {
      program: 'phone',
      aor: 'sip:bob@b.example.com',
      proxy: '203.0.113.9',
      talk: false,
    }),
    one: host('203.0.113.5/30', {
      program: 'proxy',
      domain: 'a.example.com',
      users: { alice: 'sip:alice@192.0.2.10' },
    }),
    other: host('203.0.113.9/30', {
      program: 'proxy',
      domain: 'b.example.com',
      users: { bob: 'sip:bob@198.51.100.20' },
    }),
    router: { kind: 'router' },
  },
  names: { 'a.example.com': 'one', 'b.example.com': 'other' },
  links: [
    { between: ['alice', 'router'], delay: '5 ms' },
    { between: ['bob', 'router'], delay: '5 ms' },
    { between: ['one', 'router'], delay: '1 ms' },
    { between: ['other', 'router'], delay: '1 ms' },
  ],
}

function host(address: string, runs: object): object {
  return { kind: 'host', address, gateway: 'router', runs }
}

/** All that such a call can bring, the late before the early; refusals and answers that come only where something has gone wrong are among it. */
const LABELS = [
  ...[
    '200 BYE',
    'BYE',
    'ACK',
    '200 INVITE',
    '180 INVITE',
    'INVITE',
    '100 INVITE',
    'CANCEL',
    '200 CANCEL',
    '487 INVITE',
  ],
  ...['486 INVITE', '603 INVITE', '480 INVITE', '302 INVITE', '408 INVITE', '481 BYE', '100 BYE', '481 CANCEL'],
]
const SPOTS: readonly Spot[] = LABELS.flatMap((of) =>
  ['alice', 'bob', 'one', 'other'].map((node) => ({ of, on: `router -> ${node}` })),
)

/** Who stays on the path; both, one or the other. */
const ON_THE_PATH = [['one', 'other'], ['one'], ['other'], []] as const

export const TWO_PROXIES: Campaign = {
  name: 'two-proxies',
  question: 'Does every rule hold in a call through two proxies, whichever of them stay on its path?',
  topology: TOPOLOGY,
  until: '600 s',
  cases: record({
    path: constantFrom(...ON_THE_PATH),
    scenario: callScenario({ caller: 'alice', callee: 'bob', to: 'sip:bob@b.example.com' }),
    faults: faultTape({ spots: SPOTS, most: 8, mostSeconds: 4 }),
  }).map(
    ({ path, scenario, faults }): Case => ({
      set: Object.fromEntries(path.map((proxy) => [`nodes.${proxy}.runs.recordRoute`, true])),
      scenario,
      faults,
    }),
  ),
}
