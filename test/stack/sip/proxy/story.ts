// Stories of a proxy: alice sends one request through it, bob, carol and dave answer as they are told.

import { type ProxyOptions, proxy } from '../../../../stack/programs/proxy.ts'
import { Agent, type Answers } from '../agent.ts'
import { Stage, type StageOptions } from '../stage.ts'

export const HOSTS = { alice: '10.0.0.1', bob: '10.0.0.2', carol: '10.0.0.3', dave: '10.0.0.4', proxy: '10.0.0.9' }
export const PROXY = HOSTS.proxy
export const BOB = 'sip:bob@10.0.0.2'
export const CAROL = 'sip:carol@10.0.0.3'
const DAVE = 'sip:dave@10.0.0.4'

export interface Story extends StageOptions, Omit<Partial<ProxyOptions>, 'domain'> {
  /** What alice sends at 0; default an INVITE to bob. */
  readonly start?: string
  readonly lines?: readonly string[]
  /** What everybody answers to which method. */
  readonly bob?: Readonly<Record<string, Answers>>
  readonly carol?: Readonly<Record<string, Answers>>
  readonly dave?: Readonly<Record<string, Answers>>
  /** When alice cancels, ms. */
  readonly cancel?: number
  readonly until?: number
}

/** Alice sends one request through a proxy for example.com. */
export function tell({
  start = 'INVITE sip:bob@example.com',
  lines = [],
  cancel,
  until,
  bob,
  carol,
  dave,
  ...options
}: Story) {
  const stage = new Stage(HOSTS, { names: { 'example.com': PROXY }, ...options })
  const users = options.users ?? { bob: BOB, carol: CAROL, all: [BOB, CAROL, DAVE], absent: [] }
  const running = proxy.start(stage.host('proxy'), { ...options, domain: 'example.com', users })
  const alice = new Agent(stage.host('alice'))
  const agents = { bob: new Agent(stage.host('bob'), bob), carol: new Agent(stage.host('carol'), carol) }
  new Agent(stage.host('dave'), dave)
  stage.at(0, 'alice', () => {
    const client = alice.send(PROXY, start, ...lines)
    if (cancel !== undefined) stage.host('alice').after(cancel, () => client.cancel())
  })
  return { stage, alice, ...agents, running, ladder: stage.run(until) }
}

/** What alice heard. */
export const heard = (story: Story): string[] => tell(story).alice.heard
