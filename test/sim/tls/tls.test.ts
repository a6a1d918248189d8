// TLS as a model: round trips, sizes, verdicts, and a stream that arrives whole.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Connection } from '../../../platform/connection.ts'
import type { SecureSession, TlsConnectOptions, TlsListenOptions, TlsReceiver } from '../../../platform/tls.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network } from '../../../sim/network/network.ts'
import { TLS_ROWS } from '../../../sim/transport/tls/handshake.ts'
import { writeRecord } from '../../../sim/transport/tls/record.ts'
import type { Certificate, TlsSettings } from '../../../sim/transport/tls/settings.ts'

const RTT_MS = 20

interface Scene {
  readonly client?: TlsSettings
  readonly server?: TlsSettings
  readonly connect?: TlsConnectOptions
  readonly listen?: TlsListenOptions
  readonly link?: Partial<Direction>
  readonly clockMs?: number
}

/** Client and server, 20 ms apart. `connect` may be called several times; what happens is in `heard`. */
function stage({ client = {}, server = {}, connect = {}, listen = {}, link = {}, clockMs = 0 }: Scene) {
  const records: TraceRecord[] = []
  const heard: string[] = []
  const network = new Network({ seed: '1', level: 'everything', classify, sinks: [(one) => records.push(one)] })
  network.host('client', { interfaces: [{ address: '10.0.0.1/24' }], tls: client, clock: { offsetMs: clockMs } })
  network.host('server', { interfaces: [{ address: '10.0.0.2/24' }], tls: server })
  const direction = { delayNs: (RTT_MS / 2) * 1e6, ...link }
  network.link({ between: ['client', 'server'], up: direction, down: direction })
  network.seal()
  const say = (who: string, what: string): void =>
    void heard.push(`${Math.round(network.kernel.now / 1e6)} ${who} ${what}`)
  const got: Record<string, number[]> = { client: [], server: [] }
  const connections: Record<string, Connection> = {}
  const told = ({ version, alpn, resumed, verdict }: SecureSession): string =>
    [version, alpn ?? '-', resumed ? 'resumed' : 'full', verdict].join(' ')
  const receiver = (who: string): TlsReceiver => ({
    secured: (session) => say(who, told(session)),
    received: (bytes, start, end) => {
      for (let at = start; at < end; at++) got[who]!.push(bytes[at]!)
    },
    ended: () => say(who, 'ended'),
    closed: ({ how, verdict, alert }) => say(who, [how, verdict ?? alert ?? ''].join(' ').trim()),
  })
  const listening = network.hostOf('server').tls.listen(
    { port: 443, ...listen },
    {
      accepted: (connection, session) => {
        connections.server = connection
        say('server', told(session))
        return receiver('server')
      },
    },
  )
  const dial = (atMs: number): void => {
    network.ask(atMs * 1e6, 'client', () => {
      const host = network.hostOf('client')
      const options = { serverName: 'server', ...connect }
      const opened = host.tls.connect(host.endpoint('10.0.0.2', 443), options, receiver('client'))
      if (opened.ok) connections.client = opened.value
    })
  }
  const ask = (atMs: number, who: string, what: (one: Connection) => void): void => {
    network.ask(atMs * 1e6, who, () => what(connections[who]!))
  }
  return { network, records, heard, got, dial, ask, listening }
}

function shake(scene: Scene = {}, more: readonly number[] = []): string[] {
  const { network, heard, dial } = stage(scene)
  dial(0)
  for (const at of more) dial(at)
  network.run(60e9)
  return heard
}

describe('the handshake', () => {
  test('TLS 1.3: one round trip after that of TCP', () => {
    expect(shake()).toEqual(['40 client 1.3 - full trusted', '50 server 1.3 - full trusted'])
  })
  test('TLS 1.2: two', () => {
    const heard = ['50 server 1.2 - full trusted', '60 client 1.2 - full trusted']
    expect(shake({ client: { versions: ['1.2'] } })).toEqual(heard)
    expect(shake({ server: { versions: ['1.2'] } })).toEqual(heard)
  })
  test('taken up again: TLS 1.3 shows no certificate, TLS 1.2 saves a round trip', () => {
    expect(shake({}, [1000]).slice(2)).toEqual([
      '1040 client 1.3 - resumed trusted',
      '1050 server 1.3 - resumed trusted',
    ])
    const old = shake({ client: { versions: ['1.2'] } }, [1000])
    expect(old.slice(2)).toEqual(['1040 client 1.2 - resumed trusted', '1050 server 1.2 - resumed trusted'])
  })
  test('not taken up again: too late, not wanted, or forgotten', () => {
    expect(shake({ client: { sessionMs: 500 } }, [1000])[2]).toContain('full')
    expect(shake({ server: { resumption: false } }, [1000])[2]).toContain('full')
    const { network, heard, dial } = stage({})
    dial(0)
    network.strike(500e6, { kind: 'crash', node: 'client' })
    network.strike(600e6, { kind: 'restart', node: 'client' })
    dial(1000)
    network.run(60e9)
    expect(heard.at(-1)).toContain('full')
  })
  test('no version in common', () => {
    expect(shake({ client: { versions: ['1.2'] }, server: { versions: ['1.3'] } })).toEqual([
      '60 client alert protocol_version',
    ])
  })
  test('what is spoken above it is agreed, or there is an alert', () => {
    const alpn = (client: string[], server?: string[]) =>
      shake({ connect: { alpn: client }, listen: server === undefined ? {} : { alpn: server } })[0]
    expect(alpn(['sip'], ['h2', 'sip'])).toBe('40 client 1.3 sip full trusted')
    expect(alpn(['sip'])).toBe('40 client 1.3 sip full trusted')
    expect(alpn(['sip'], ['h2'])).toBe('60 client alert no_application_protocol')
    const old = shake({ connect: { alpn: ['sip'] }, listen: { alpn: ['sip'] }, server: { versions: ['1.2'] } })
    expect(old[1]).toBe('60 client 1.2 sip full trusted')
  })
  test('a larger chain of certificates takes longer on a slow line', () => {
    const at = (chainBytes: number): number => {
      const server = { certificates: { one: { names: ['server'], chainBytes } } }
      return Number(shake({ server, link: { rateBps: 128_000 } })[0]!.split(' ')[0])
    }
    expect(at(6000) - at(3000)).toBeGreaterThanOrEqual(187)
  })
})

describe('the verdict on the certificate', () => {
  const shown = (certificate: Certificate, more: Scene = {}) =>
    shake({ server: { certificates: { one: certificate } }, ...more })

  test.each<[string, Certificate, Scene, string]>([
    ['signed by nobody known', { names: ['server'], authority: 'Acme' }, {}, 'untrusted'],
    ['for another name', { names: ['other.example'] }, {}, 'wrong name'],
    ['expired', { names: ['server'], untilMs: 5000 }, { clockMs: 10_000 }, 'expired'],
    ['for later', { names: ['server'], fromMs: 5000 }, {}, 'not yet valid'],
  ])('%s', (_, certificate, scene, verdict) => {
    for (const versions of [['1.3'], ['1.2']] as const) {
      const heard = shown(certificate, { ...scene, client: { versions } })
      expect(heard.filter((one) => one.includes('client'))).toEqual([
        expect.stringContaining(`client not trusted ${verdict}`),
      ])
      expect(heard.some((one) => one.includes('full'))).toBe(false)
    }
    expect(shown(certificate, { ...scene, connect: { verify: false } })[0]).toContain(verdict)
  })
  test.each<[string, Certificate, Scene]>([
    ['by an authority of its own', { names: ['server'], authority: 'Acme' }, { client: { trusts: ['Acme'] } }],
    ['for a star', { names: ['*.example.com'] }, { connect: { serverName: 'sip.example.com' } }],
    ['for an address', { names: ['10.0.0.2'] }, { connect: { serverName: '10.0.0.2' } }],
    ['still', { names: ['server'], untilMs: 10_000 }, { clockMs: 5000 }],
  ])('good: %s', (_, certificate, scene) => {
    expect(shown(certificate, scene)[0]).toContain('trusted')
    expect(shown(certificate, scene)[0]).not.toContain('untrusted')
  })
  test('a star stands for one label', () => {
    expect(shown({ names: ['*.example.com'] }, { connect: { serverName: 'a.b.example.com' } })[0]).toContain(
      'wrong name',
    )
  })
  test('a certificate that the host does not have is an issue', () => {
    const { listening } = stage({ listen: { certificate: 'two' } })
    expect(listening.ok ? '' : listening.issue.expected).toBe('a certificate of server (default), not "two"')
  })
})

describe('the end', () => {
  test('both say that they have said all', () => {
    const { network, heard, dial, ask } = stage({})
    dial(0)
    ask(100, 'client', (one) => one.close())
    ask(200, 'server', (one) => one.close())
    network.run(10e9)
    expect(heard.slice(2)).toEqual(['110 server ended', '210 client ended', '210 client done', '220 server done'])
  })
  test('a connection that is closed before it is secure is made secure and closed', () => {
    const { network, heard, dial, ask } = stage({})
    dial(0)
    ask(1, 'client', (one) => {
      one.send(Uint8Array.of(1, 2, 3))
      one.close()
    })
    ask(200, 'server', (one) => one.close())
    network.run(10e9)
    expect(heard).toContain('50 server ended')
    expect(heard.at(-1)).toBe('220 server done')
  })
  test('aborted', () => {
    const { network, heard, dial, ask } = stage({})
    dial(0)
    ask(100, 'client', (one) => one.abort())
    network.run(10e9)
    expect(heard.at(-1)).toBe('110 server reset')
  })
  test('somebody who speaks no TLS gets an alert', () => {
    const { network, heard } = stage({})
    network.ask(0, 'client', () => {
      const host = network.hostOf('client')
      const opened = host.tcp.connect(
        host.endpoint('10.0.0.2', 443),
        {},
        {
          received: (bytes, start, end) => heard.push([...bytes.slice(start, end)].join()),
          ended: () => heard.push('ended'),
          closed: () => {},
        },
      )
      if (opened.ok) opened.value.send(new TextEncoder().encode('OPTIONS sip:a SIP/2.0\r\n'))
    })
    network.run(1e9)
    expect(heard).toEqual(['21,3,3,0,2,2,10', 'ended'])
  })
  test('TCP closed by something else: truncated', () => {
    const { network, heard } = stage({})
    network.ask(0, 'client', () => {
      const host = network.hostOf('client')
      const opened = host.tcp.connect(
        host.endpoint('10.0.0.2', 443),
        {},
        { received: () => {}, ended: () => {}, closed: ({ how }) => heard.push(how) },
      )
      if (opened.ok) opened.value.close()
    })
    network.run(300e9)
    expect(heard).toEqual(['done'])
  })
})

describe('records', () => {
  law.prop([fc.integer({ min: 1, max: 16_384 }), fc.constantFrom('1.2' as const, '1.3' as const), fc.boolean()])(
    'cost 29 bytes in TLS 1.2 and 22 in TLS 1.3, and show what they carry only where they are told to',
    (length, version, plain) => {
      const body = Uint8Array.from({ length }, (_, n) => (n * 7) & 255)
      const record = writeRecord(23, body, 0, length, { version, plain }, 3)
      expect(record.length - length).toBe(version === '1.2' ? 29 : 22)
      const at = version === '1.2' ? 13 : 5
      const same = record.subarray(at, at + length).every((byte, n) => byte === body[n])
      if (plain || length > 4) expect(same).toBe(plain)
    },
  )

  law.prop(
    [
      fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('1.2' as const, '1.3' as const),
      fc.boolean(),
      fc.constantFrom(0, 0.05),
    ],
    { numRuns: 12 },
  )('carry a stream whole, in order, over a network that loses', (sizes, version, plain, ratio) => {
    const { network, got, dial, ask } = stage({
      client: { versions: [version], plain },
      ...(ratio === 0 ? {} : { link: { loss: { model: 'random', ratio } } }),
    })
    dial(0)
    const sent = sizes.map((length, piece) =>
      Uint8Array.from({ length }, (_, n) => (n * 31 + piece * 7 + (n >> 8)) & 255),
    )
    ask(1, 'client', (one) => {
      for (const bytes of sent) one.send(bytes)
      one.close()
    })
    network.run(1e13)
    expect(got.server).toEqual(sent.flatMap((bytes) => [...bytes]))
  })

  test('SIP in the clear has its label', () => {
    for (const [plain, label] of [
      [true, 'OPTIONS'],
      [false, 'TLS data'],
    ] as const) {
      for (const version of ['1.2', '1.3'] as const) {
        const { network, records, dial, ask } = stage({ client: { plain, versions: [version] } })
        dial(0)
        const text = 'OPTIONS sip:bob@x SIP/2.0\r\nCall-ID: a@b\r\nCSeq: 1 OPTIONS\r\n\r\n'
        ask(100, 'client', (one) => one.send(new TextEncoder().encode(text)))
        network.run(1e9)
        const labels = records.flatMap((one) => (one.kind === 'sent' ? [one.packet.label.name] : []))
        expect(labels).toContain(label)
        expect(labels).toContain('TLS ClientHello')
      }
    }
  })
})

test('the table: every state that an arrow leads to is open or has arrows; none stands twice', () => {
  const states = new Set(TLS_ROWS.map(([state]) => state))
  for (const [, , , next] of TLS_ROWS) expect(next === 'open' || states.has(next)).toBe(true)
  expect(new Set(TLS_ROWS.map(([state, event]) => `${state} ${event}`)).size).toBe(TLS_ROWS.length)
})
