// What programs say over connections, and hear, on record: at their own times, and only where it is like what is on record as packets.

import { describe, expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { ConnectionReceiver } from '../../../platform/connection.ts'
import { utf8Encode } from '../../../platform/text.ts'
import type { TraceLevel, TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'

const OPTIONS = 'OPTIONS sip:bob@x SIP/2.0\r\nCall-ID: a@b\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'
const OK = OPTIONS.replace('OPTIONS sip:bob@x SIP/2.0', 'SIP/2.0 200 OK')

interface Scene {
  readonly over: 'tcp' | 'tls'
  /** What the client says at once, before the connection is there, and at which ms again. */
  readonly says: readonly string[]
  readonly again?: readonly number[]
  readonly level?: TraceLevel
  readonly isListening?: boolean
}

/** `ms node kind bytes` of all that is on record of connections; client and server are 20 ms apart, and the server answers what it gets with a 200. */
function said({ over, says, again = [], level = 'signalling', isListening = true }: Scene): string[] {
  const records: TraceRecord[] = []
  const network = new Network({ seed: '1', level, classify, sinks: [(one) => records.push(one)] })
  network.host('client', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('server', { interfaces: [{ address: '10.0.0.2/24' }] })
  network.link({ between: ['client', 'server'], up: { delayNs: 1e7 }, down: { delayNs: 1e7 } })
  network.seal()
  const [client, server] = [network.hostOf('client'), network.hostOf('server')]
  if (isListening)
    server[over].listen(
      { port: 5060 },
      {
        accepted: (connection) => ({
          received: () => void connection.send(utf8Encode(OK)),
          ended: () => connection.close(),
          closed: () => {},
        }),
      },
    )
  const quiet: ConnectionReceiver = { received: () => {}, ended: () => {}, closed: () => {} }
  network.ask(0, 'client', () => {
    const opened = client[over].connect(client.endpoint('10.0.0.2', 5060), { serverName: 'server' } as object, quiet)
    if (!opened.ok) throw new Error(opened.issue.expected)
    for (const text of says) opened.value.send(utf8Encode(text))
    for (const ms of again)
      client.after(ms, () => {
        for (const text of says) opened.value.send(utf8Encode(text))
      })
  })
  network.run(1e9)
  return records.flatMap((one) =>
    one.kind === 'written' || one.kind === 'read'
      ? [`${Math.round(one.at / 1e6)} ${one.id.node} ${one.kind} ${one.over} ${one.bytes.length}`]
      : [],
  )
}

describe('SIP over a connection', () => {
  const [asked, answered] = [OPTIONS.length, OK.length]

  test('what is said is written at once, before the connection is there; what is heard is read when it comes', () => {
    expect(said({ over: 'tcp', says: [OPTIONS] })).toEqual([
      `0 client written tcp ${asked}`,
      `30 server read tcp ${asked}`,
      `30 server written tcp ${answered}`,
      `40 client read tcp ${answered}`,
    ])
  })

  test('of TLS it is the plain text, and TCP below it has none', () => {
    expect(said({ over: 'tls', says: [OPTIONS], again: [500] })).toEqual([
      `0 client written tls ${asked}`,
      `50 server read tls ${asked}`,
      `50 server written tls ${answered}`,
      `60 client read tls ${answered}`,
      `500 client written tls ${asked}`,
      `510 server read tls ${asked}`,
      `510 server written tls ${answered}`,
      `520 client read tls ${answered}`,
    ])
  })

  test('behind a keep-alive', () => {
    expect(said({ over: 'tcp', says: ['\r\n\r\n', OPTIONS] })[0]).toBe(`0 client written tcp ${asked}`)
  })

  test('a piece that goes on with a message is on record, whatever it looks like', () => {
    expect(said({ over: 'tcp', says: [OPTIONS, 'v=0'] }).slice(0, 2)).toEqual([
      `0 client written tcp ${asked}`,
      '0 client written tcp 3',
    ])
  })
})

test('where nobody listens it was said, and nobody has read it', () => {
  for (const over of ['tcp', 'tls'] as const)
    expect(said({ over, says: [OPTIONS], isListening: false })).toEqual([`0 client written ${over} ${OPTIONS.length}`])
})

describe('nothing is on record', () => {
  const none: readonly (readonly [string, Scene])[] = [
    ['of an upload', { over: 'tcp', says: ['x'.repeat(5000)], again: [100] }],
    ['at level counters', { over: 'tcp', says: [OPTIONS], level: 'counters' }],
  ]
  test.each(none)('%s', (_, scene) => {
    expect(said(scene).filter((line) => line.includes('client written'))).toEqual([])
  })
})
