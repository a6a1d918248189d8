// One program, one script, two worlds: the port holds if what is said in the simulator is said on real sockets, word for word.

import { describe, expect, test } from 'vitest'
import { classify } from '../experiments/classify.ts'
import { LiveHost } from '../live/host.ts'
import type { Host, RunningProgram } from '../platform/host.ts'
import type { TraceRecord } from '../platform/trace.ts'
import { Network } from '../sim/network/network.ts'
import { phone } from '../stack/programs/phone.ts'
import type { PhoneOptions } from '../stack/programs/phoneOptions.ts'
import { proxy } from '../stack/programs/proxy.ts'
import { tapped } from './live/tap.ts'

const NAMES = ['alice', 'bob', 'proxy'] as const
type Name = (typeof NAMES)[number]
type Addresses = Readonly<Record<Name, string>>

/** When a call of `who` reaches `state`, `does` does `verb` a little later. */
interface Cue {
  readonly who: Name
  readonly state: string
  readonly does: Name
  readonly verb: string
}

interface Script {
  readonly recordRoute?: boolean
  readonly transport?: 'tcp'
  readonly bob?: Partial<PhoneOptions>
  readonly to?: string
  readonly cues: readonly Cue[]
}

/** `bob ringing: bob answer, alice established: bob hang up`. */
function cues(notation: string): Cue[] {
  return notation.split(', ').map((text) => {
    const [, who, state, does, verb] = /^(\w+) (\w+): (\w+) (.+)$/.exec(text) ?? []
    return { who: who as Name, state: state!, does: does as Name, verb: verb! }
  })
}

const STORIES: Readonly<Record<string, Script>> = {
  'a call through a proxy': { cues: cues('bob ringing: bob answer, bob established: alice hang up') },
  'a call through a proxy that stays on the path, ended by the callee': {
    recordRoute: true,
    cues: cues('bob ringing: bob answer, bob established: bob hang up'),
  },
  'a call over TCP': { transport: 'tcp', cues: cues('bob ringing: bob answer, bob established: alice hang up') },
  'over TCP, through a proxy that stays on the path, given up': {
    ...{ transport: 'tcp', recordRoute: true, cues: cues('alice ringback: alice cancel') },
  },
  'no answer, and given up': { cues: cues('alice ringback: alice cancel') },
  'a phone that refuses': { bob: { reject: 486 }, cues: [] },
  'nobody of that name': { to: 'sip:carol@example.com', cues: [] },
}

const CUE_MS = 40
/** Long enough that a slow machine makes nobody say anything twice. */
const TIMERS = { t1Ms: 4000, t2Ms: 8000, t4Ms: 8000 }

/** Runs the script's programs on some hosts, and keeps what each host said. */
class Play {
  readonly said: Record<Name, string[]> = { alice: [], bob: [], proxy: [] }
  readonly media: Record<Name, number> = { alice: 0, bob: 0, proxy: 0 }
  readonly #script: Script
  readonly #hosts: Readonly<Record<Name, Host>>
  readonly #programs: Readonly<Record<Name, RunningProgram>>
  readonly #over: () => void

  constructor(script: Script, host: (name: Name) => Host, addresses: Addresses, port: number, over: () => void) {
    this.#script = script
    this.#over = over
    const tap = (name: Name): Host =>
      tapped(host(name), (bytes) => {
        if (bytes[0]! < 128) this.said[name].push(anonymous(bytes, addresses, port))
        else this.media[name]++
      })
    this.#hosts = { alice: tap('alice'), bob: tap('bob'), proxy: tap('proxy') }
    const { transport } = script
    const way = transport === undefined ? {} : { transport }
    const common = { proxy: `${addresses.proxy}:${port}`, port, timers: TIMERS, ...way }
    const users = { bob: `sip:bob@${addresses.bob}:${port}${transport === undefined ? '' : ';transport=tcp'}` }
    this.#programs = {
      proxy: proxy.start(this.#hosts.proxy, {
        ...{ domain: 'example.com', users, port, timers: TIMERS, recordRoute: script.recordRoute ?? false, ...way },
      }),
      alice: phone.start(this.#hosts.alice, { ...common, aor: 'sip:alice@example.com' }),
      bob: phone.start(this.#hosts.bob, { ...common, aor: 'sip:bob@example.com', ...script.bob }),
    }
  }

  begin(): void {
    this.#programs.alice.do('call', { to: this.#script.to ?? 'sip:bob@example.com' })
  }

  heard(record: TraceRecord): void {
    if (record.kind !== 'transition' || record.machine !== 'call') return
    const { node } = record.id
    for (const cue of this.#script.cues) {
      if (cue.who === node && cue.state === record.to) this.#later(() => this.#programs[cue.does].do(cue.verb, {}))
    }
    if (node === 'alice' && record.to === 'ended') this.#later(this.#over)
  }

  stop(): void {
    for (const name of NAMES) this.#programs[name].stop()
  }

  #later(perform: () => unknown): void {
    this.#hosts.alice.after(CUE_MS, perform)
  }
}

/** The message without what chance or the world chose: branches, tags, Call-IDs, RTP ports; addresses by their hosts' names. */
function anonymous(bytes: Uint8Array, addresses: Addresses, port: number): string {
  let text = new TextDecoder().decode(bytes).replaceAll(`:${port}`, ':PORT')
  for (const name of NAMES) text = text.replaceAll(addresses[name], name)
  return text
    .replaceAll(/;rport=\d+/g, ';rport=…')
    .replaceAll(/;(branch|tag)=[^;>\s]+/g, ';$1=…')
    .replaceAll(/^(Call-ID: ).*$/gim, '$1…')
    .replaceAll(/^(m=audio )\d+/gm, '$1RTP')
    .replaceAll(/^(Content-Length: ).*$/gim, '$1…')
}

type Outcome = Pick<Play, 'said' | 'media'>

function onSim(script: Script, port: number): Outcome {
  const addresses: Addresses = { alice: '10.0.0.1', bob: '10.0.0.2', proxy: '10.0.0.3' }
  const heard: { play?: Play } = {}
  const sinks = [(record: TraceRecord) => heard.play?.heard(record)]
  const network = new Network({ seed: '1', level: 'signalling', classify, sinks })
  network.router('lan')
  for (const name of NAMES) {
    network.host(name, { interfaces: [{ address: `${addresses[name]}/32` }], gateway: 'lan' })
    network.link({ between: [name, 'lan'], up: { delayNs: 100_000 }, down: { delayNs: 100_000 } })
  }
  network.seal()
  const play = new Play(
    script,
    (name) => network.hostOf(name),
    addresses,
    port,
    () => {},
  )
  heard.play = play
  network.ask(0, 'alice', () => play.begin())
  network.run(60e9)
  play.stop()
  return play
}

async function onLive(script: Script): Promise<Outcome & { readonly port: number }> {
  const addresses: Addresses = { alice: '127.0.0.11', bob: '127.0.0.12', proxy: '127.0.0.13' }
  const heard: { play?: Play } = {}
  const sink = (record: TraceRecord): void => heard.play?.heard(record)
  const hosts = Object.fromEntries(
    NAMES.map((name) => [name, new LiveHost({ name, addresses: [addresses[name]], sink })]),
  ) as Record<Name, LiveHost>
  const port = freePort(hosts.alice)
  await new Promise<void>((over) => {
    const play = new Play(script, (name) => hosts[name], addresses, port, over)
    heard.play = play
    play.begin()
  })
  const { play } = heard
  play!.stop()
  for (const name of NAMES) hosts[name].close()
  return { said: play!.said, media: play!.media, port }
}

/** A port that nobody has at the moment; several runs of this test may share a machine. */
function freePort(host: Host): number {
  const opened = host.udp({}, { received: () => {}, failed: () => {} })
  if (!opened.ok) throw new Error(opened.issue.expected)
  opened.value.close()
  return opened.value.local.port
}

describe('the same is said on the simulator and on real sockets', () => {
  test.each(Object.entries(STORIES))('%s', async (_, script) => {
    const live = await onLive(script)
    const sim = onSim(script, live.port)
    expect(live.said).toEqual(sim.said)
    expect(sim.said.alice.length).toBeGreaterThan(1)
    const talked = script.cues.some(({ verb }) => verb === 'answer')
    for (const world of [live, sim]) {
      expect([world.media.alice > 0, world.media.bob > 0, world.media.proxy]).toEqual([talked, talked, 0])
    }
  })
})
