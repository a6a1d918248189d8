// The same conversation over TCP and over TLS, in the simulator and on real sockets: each side hears the same, in the same order.

import { describe, expect, test } from 'vitest'
import { classify } from '../experiments/classify.ts'
import { LiveHost } from '../live/host.ts'
import type { Connection } from '../platform/connection.ts'
import type { Host } from '../platform/host.ts'
import type { SecureSession, TlsEnd } from '../platform/tls.ts'
import { Network } from '../sim/network/network.ts'
import { AUTHORITY, EXPIRED, GOOD } from './live/certificates.ts'

/** Longer than anything takes between two real sockets of one machine. */
const PAUSE_MS = 60
const NAMES = ['client', 'server'] as const
type Name = (typeof NAMES)[number]

interface Script {
  readonly secure?: {
    readonly serverName?: string
    readonly alpn?: readonly string[]
    readonly certificate?: string
    readonly verify?: boolean
  }
  readonly listens?: boolean
  /** One after the other, a pause between them: `client send 5`, `server close`. */
  readonly acts: readonly string[]
}

const STORIES: Readonly<Record<string, Script>> = {
  'said, answered, closed': { acts: ['client send 5', 'server send 7', 'client close', 'server close'] },
  'the server closes first': { acts: ['server send 3', 'server close', 'client close'] },
  'one side closes, the other goes on': { acts: ['client close', 'server send 50000', 'server close'] },
  'much at once, in both directions': {
    acts: ['client send 3000000', 'server send 2000000', 'client close', 'server close'],
  },
  'a side that does not listen for a while': {
    acts: ['server pause', 'client send 5000', 'server resume', 'client close', 'server close'],
  },
  aborted: { acts: ['client send 5', 'client abort'] },
  'nobody listens': { listens: false, acts: [] },
  'said before it is established': { acts: ['client send 5', 'client close', 'server close'] },
  'secure: said, answered, closed': {
    secure: { serverName: 'server.example' },
    acts: ['client send 5', 'server send 20000', 'client close', 'server close'],
  },
  'secure: both speak sip': {
    secure: { serverName: 'server.example', alpn: ['sip', 'h2'] },
    acts: ['client close', 'server close'],
  },
}

/** What only the client can be compared in: Node's server does not learn of the client's verdict in TLS. */
const REFUSED: Readonly<Record<string, Script>> = {
  'a wrong name': { secure: { serverName: 'other.example' }, acts: [] },
  'a certificate that has expired': { secure: { serverName: 'server.example', certificate: 'old' }, acts: [] },
}

/** Both programs, and what each heard. */
class Play {
  readonly heard: Record<Name, string[]> = { client: [], server: [] }
  readonly #bytes: Record<Name, number> = { client: 0, server: 0 }
  readonly #connections: Partial<Record<Name, Connection>> = {}
  readonly #hosts: Readonly<Record<Name, Host>>
  readonly #script: Script

  constructor(
    script: Script,
    hosts: Readonly<Record<Name, Host>>,
    addresses: Readonly<Record<Name, string>>,
    port: number,
  ) {
    this.#script = script
    this.#hosts = hosts
    const { secure, listens = true } = script
    if (listens) this.#listen(port)
    const { client } = hosts
    const to = client.endpoint(addresses.server, port)
    const hears = this.#receiver('client')
    const opened =
      secure === undefined
        ? client.tcp.connect(to, {}, { ...hears, connected: () => this.#say('client', 'connected') })
        : client.tls.connect(to, secure, { ...hears, secured: (session) => this.#say('client', tell(session)) })
    if (!opened.ok) throw new Error(opened.issue.expected)
    this.#connections.client = opened.value
  }

  /** Does what the script says, then calls `over`. */
  act(at: number, over: () => void): void {
    const { client } = this.#hosts
    if (at === this.#script.acts.length + 2) {
      over()
      return
    }
    client.after(PAUSE_MS, () => {
      const [name, verb, amount] = (this.#script.acts[at - 1] ?? '').split(' ')
      const connection = this.#connections[name as Name]
      if (verb === 'send') connection!.send(new Uint8Array(Number(amount)).fill(7))
      else if (verb !== undefined) connection![verb as 'close' | 'abort' | 'pause' | 'resume']()
      this.act(at + 1, over)
    })
  }

  #listen(port: number): void {
    const { server } = this.#hosts
    const { secure } = this.#script
    const accepted = (connection: Connection, session?: SecureSession) => {
      this.#connections.server = connection
      this.#say('server', session === undefined ? 'accepted' : tell(session))
      return this.#receiver('server')
    }
    const alpn = secure?.alpn === undefined ? {} : { alpn: ['sip'] }
    const certificate = secure?.certificate === undefined ? {} : { certificate: secure.certificate }
    const opened =
      secure === undefined
        ? server.tcp.listen({ port }, { accepted })
        : server.tls.listen({ port, ...alpn, ...certificate }, { accepted })
    if (!opened.ok) throw new Error(opened.issue.expected)
  }

  #receiver(name: Name) {
    return {
      received: (_: Uint8Array, start: number, end: number) => {
        this.#bytes[name] += end - start
      },
      ended: () => this.#say(name, 'ended'),
      closed: ({ how, verdict }: TlsEnd) => this.#say(name, verdict === undefined ? how : `${how}: ${verdict}`),
    }
  }

  #say(name: Name, what: string): void {
    const bytes = this.#bytes[name]
    this.#bytes[name] = 0
    if (bytes > 0) this.heard[name].push(`got ${bytes}`)
    this.heard[name].push(what)
  }
}

function tell({ version, alpn, verdict }: SecureSession): string {
  return `secure ${version} ${alpn ?? '-'} ${verdict}`
}

function onSim(script: Script): Play['heard'] {
  const network = new Network({ seed: '1', level: 'counters', classify, sinks: [] })
  const tls = {
    client: { trusts: ['Test'] },
    server: {
      certificates: {
        good: { names: ['server.example'], authority: 'Test' },
        old: { names: ['server.example'], authority: 'Test', untilMs: -1 },
      },
    },
  }
  for (const [n, name] of NAMES.entries())
    network.host(name, { interfaces: [{ address: `10.0.0.${n + 1}/24` }], tls: tls[name] })
  const direction = { delayNs: 20_000 }
  network.link({ between: ['client', 'server'], up: direction, down: direction })
  network.seal()
  const hosts = { client: network.hostOf('client'), server: network.hostOf('server') }
  const started: { play?: Play } = {}
  network.ask(0, 'client', () => {
    started.play = new Play(script, hosts, { client: '10.0.0.1', server: '10.0.0.2' }, 4000)
    started.play.act(1, () => {})
  })
  network.run(60e9)
  return started.play!.heard
}

async function onLive(script: Script): Promise<Play['heard']> {
  const addresses = { client: '127.0.0.31', server: '127.0.0.32' }
  const certificates = { good: GOOD, old: EXPIRED }
  const hosts = {
    client: new LiveHost({ name: 'client', addresses: [addresses.client], trusts: [AUTHORITY] }),
    server: new LiveHost({ name: 'server', addresses: [addresses.server], certificates }),
  }
  const play = new Play(script, hosts, addresses, freePort(hosts.server))
  await new Promise<void>((over) => play.act(1, over))
  for (const name of NAMES) hosts[name].close()
  return play.heard
}

/** A port that nobody has at the moment; several runs of this test may share a machine. */
function freePort(host: Host): number {
  const opened = host.tcp.listen({}, { accepted: () => undefined })
  if (!opened.ok) throw new Error(opened.issue.expected)
  opened.value.close()
  return opened.value.local.port
}

describe('each side hears the same on the simulator and on real sockets', () => {
  test.each(Object.entries(STORIES))('%s', async (_, script) => {
    const sim = onSim(script)
    expect(await onLive(script)).toEqual(sim)
    expect(sim.client.length).toBeGreaterThan(0)
  })

  test.each(Object.entries(REFUSED))('the client: %s', async (_, script) => {
    const sim = onSim(script)
    expect((await onLive(script)).client).toEqual(sim.client)
    expect(sim.client[0]).toMatch(/not trusted/)
  })
})
