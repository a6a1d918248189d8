// The row calls: complete calls through a proxy, INVITE to BYE, without media, beside npm sip parsing and printing the same messages.

import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { classify } from '../experiments/classify.ts'
import { bug } from '../platform/assert.ts'
import { success } from '../platform/result.ts'
import { utf8Encode } from '../platform/text.ts'
import type { TraceSink } from '../platform/trace.ts'
import { Network } from '../sim/network/network.ts'
import { proxy } from '../stack/programs/proxy.ts'
import type { Call } from '../stack/sip/call/call.ts'
import type { Session } from '../stack/sip/call/session.ts'
import { parseUri, type Uri } from '../stack/sip/message/uri.ts'
import { RFC_TIMERS } from '../stack/sip/transaction/timers.ts'
import { UserAgent } from '../stack/sip/user-agent/user-agent.ts'
import { type BenchResult, type BenchRow, compare, cpuSeconds } from './row.ts'

const CALLS_PER_SECOND = 100
const CALL_NS = 1_000_000_000
/** So many that the first are forgotten when the last begin: their transactions live for 32 s. */
const CALLS_FOR_MEMORY = 20_000

/** So many until the engine has compiled what they run through. */
const CALLS_TO_WARM_UP = 10_000

/** Calls per CPU second; `ratio` is calls per message parsed and printed by npm sip. `--calls` is how many a round makes. */
export const calls: BenchRow = {
  name: 'calls',
  what: 'complete calls caller–proxy–callee, beside npm sip parsing and printing a message',
  measure: ({ calls: count }) => [{ ...rates(count), ...memory(Math.max(count, CALLS_FOR_MEMORY)) }],
}

function rates(count: number): BenchResult {
  const messages = messagesOfOneCall()
  world(CALLS_TO_WARM_UP).run()
  const compared = compare(
    'calls',
    'calls/s of CPU',
    () => {
      const network = world(count)
      return count / cpuSeconds(() => network.run())
    },
    () => npmRate(messages),
    3,
  )
  return { ...compared, messagesPerCall: messages.length }
}

/** Live bytes that a call leaves behind, from the middle of many calls to their end: none. */
function memory(count: number): { heapGrowthPerCall: number; liveBytes: number } {
  const network = world(count)
  const endNs = (count / CALLS_PER_SECOND) * 1e9
  network.run(endNs / 2)
  const half = heldBytes()
  network.run(endNs)
  const end = heldBytes()
  network.run()
  return { heapGrowthPerCall: Math.round((end - half) / (count / 2)), liveBytes: end }
}

/** Alice calls bob `count` times, 100 calls a second, each for a second. */
function world(count: number, sinks: readonly TraceSink[] = []): Network {
  const network = new Network({ seed: '1', level: sinks.length > 0 ? 'everything' : 'counters', classify, sinks })
  network.router('net')
  const names = ['alice', 'bob', 'proxy']
  for (const [index, name] of names.entries()) {
    network.host(name, { interfaces: [{ address: `10.0.0.${index + 1}/24` }], gateway: 'net' })
    network.link({ between: [name, 'net'], up: { delayNs: 1_000_000 }, down: { delayNs: 1_000_000 } })
  }
  network.seal()
  proxy.start(network.hostOf('proxy'), { domain: 'example.com', users: { bob: 'sip:bob@10.0.0.2' } })
  const alice = agent(network, 'alice')
  agent(network, 'bob')
  const host = network.hostOf('alice')
  const bob = uri('sip:bob@example.com')
  let made = 0
  const next = (): void => {
    const call = alice.call(bob, silence(), { redirects: 'report', ended: () => undefined })
    host.after(CALL_NS / 1e6, () => {
      if (!call.command('hang up')) bug(`a call could not be hung up, it is ${call.state}`)
    })
    made++
    if (made < count) host.after(1000 / CALLS_PER_SECOND, next)
  }
  host.after(0, next)
  return network
}

/** A user agent that answers every call. */
function agent(network: Network, name: string): UserAgent {
  const identity = { aor: uri(`sip:${name}@example.com`), proxy: uri('sip:10.0.0.3'), port: 5060, timers: RFC_TIMERS }
  const made: UserAgent = new UserAgent(network.hostOf(name), identity, {
    offered: (server) => {
      const call: Call = made.take(server, silence(), { answerAfterMs: 100, ended: () => undefined })
      call.command('ring')
    },
    unreadiness: () => undefined,
  })
  return made
}

const SDP = utf8Encode(
  [
    'v=0',
    'o=- 1 1 IN IP4 10.0.0.1',
    's=-',
    'c=IN IP4 10.0.0.1',
    't=0 0',
    'm=audio 10000 RTP/AVP 0 8',
    'a=sendrecv',
    '',
  ].join('\r\n'),
)

/** A session that says what any other does, and hears and sends nothing. */
function silence(): Session {
  const body = { contentType: 'application/sdp', bytes: SDP }
  const nothing = (): void => undefined
  return {
    offer: () => body,
    answer: () => success(body),
    accept: () => success(undefined),
    talk: nothing,
    hush: nothing,
    close: nothing,
  }
}

/** The payloads that the hosts of one call send. */
function messagesOfOneCall(): readonly string[] {
  const messages: string[] = []
  const note: TraceSink = (record) => {
    if (record.kind === 'sent') messages.push(new TextDecoder().decode(record.packet.payload))
  }
  world(1, [note]).run()
  return messages
}

/** Messages per CPU second that npm sip parses and prints. */
function npmRate(messages: readonly string[]): number {
  const rounds = 1000
  const cpu = cpuSeconds(() => {
    for (let round = 0; round < rounds; round++) for (const message of messages) npm.stringify(npm.parse(message))
  })
  return (rounds * messages.length) / cpu
}

/** What we use of npm sip, which has no types. */
interface NpmSip {
  parse(message: string): object
  stringify(message: object): string
}

const npm = createRequire(import.meta.url)('sip') as NpmSip

function uri(text: string): Uri {
  const parsed = parseUri(text)
  return parsed.ok ? parsed.value : bug(`${text} is no URI: ${parsed.issue.expected}`)
}

function heldBytes(): number {
  collect()
  collect() // what the first one freed of buffers is counted off by the second
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
