// A proxy whose responses come back: whoever called has closed his port, and the network says so (RFC 3261 §16.9, §17.2.4, RFC 6026 §8.8).

import { describe, expect, test } from 'vitest'
import { latin1Decode, utf8Encode } from '../../../../platform/text.ts'
import { proxy } from '../../../../stack/programs/proxy.ts'
import { Agent, type Answers } from '../agent.ts'
import { INVITE, write } from '../converse.ts'
import { Stage } from '../stage.ts'
import { BOB, HOSTS, PROXY } from './story.ts'

/** What the tester sends from his port at which time, ms, and whether he hears what comes back. */
type Said = readonly [ms: number, text: string, isOpen: boolean]

function story(said: readonly Said[], bobs: Readonly<Record<string, Answers>>) {
  const stage = new Stage(HOSTS)
  const running = proxy.start(stage.host('proxy'), { domain: 'example.com', users: { bob: BOB } })
  const bob = new Agent(stage.host('bob'), bobs)
  const host = stage.host('alice')
  const heard: string[] = []
  for (const [ms, text, isOpen] of said)
    stage.at(ms, 'alice', () => {
      const received = (datagram: { bytes(): Uint8Array }): void => {
        heard.push(latin1Decode(datagram.bytes()).split('\r\n', 1)[0]!)
      }
      const socket = host.udp({ port: 5060 }, { received, failed: () => undefined })
      if (!socket.ok) throw new Error(socket.issue.expected)
      socket.value.send(host.endpoint(PROXY, 5060), new Uint8Array(0), utf8Encode(text))
      if (!isOpen) socket.value.close()
    })
  return { ladder: stage.run(), bob, heard, running, stage }
}

const throughProxy = (text: string): string => text.replace(/ sip:\S+ SIP/, ' sip:bob@example.com SIP')

describe('the caller has gone', () => {
  const ringing: Answers = [
    [0, 180],
    [1000, 183],
    [3000, 486],
  ]

  test('while the callee rings: its responses are dropped, nothing is cancelled, and all comes to an end', () => {
    const { ladder, bob, running, stage } = story([[0, throughProxy(INVITE), false]], { INVITE: ringing })
    expect(ladder.filter((line) => / → alice: 1/.test(line)).every((line) => line.endsWith('✗ port closed'))).toBe(true)
    expect(bob.heard.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['INVITE'])
    expect(running.holdings?.held()).toEqual([])
    expect(stage.network.kernel.pending).toBe(0)
  })

  test('and is back: a copy of the INVITE finds the call where it was, and hears how it ends', () => {
    const invite = throughProxy(INVITE)
    const { bob, heard } = story(
      [
        [0, invite, false],
        [2000, invite, true],
      ],
      { INVITE: ringing },
    )
    expect(heard.slice(0, 2)).toEqual(['SIP/2.0 183 Session Progress', 'SIP/2.0 486 Busy Here'])
    expect(bob.requests.filter(({ method }) => method === 'INVITE').length).toBe(1)
  })

  test('and is back after another request: its copy is not sent to the callee again, and gets the same response', () => {
    const options = throughProxy(write('OPTIONS', {}))
    const { bob, heard } = story(
      [
        [0, options, false],
        [500, options, true],
      ],
      { OPTIONS: [[0, 486]] },
    )
    expect([bob.requests.length, heard]).toEqual([1, ['SIP/2.0 486 Busy Here']])
  })
})
