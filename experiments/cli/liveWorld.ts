// A topology's programs on this machine: each host of the file is a live host, and the links are whatever there is.

import { LiveHost } from '../../live/host.ts'
import type { RunningProgram } from '../../platform/host.ts'
import type { Issue } from '../../platform/result.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { type HostNode, plainAddressesOf } from '../../topologies/node.ts'
import { type ProgramOptions, startProgram } from '../../topologies/programs.ts'
import type { Topology } from '../../topologies/topology.ts'
import { CallTally } from '../live/tally.ts'
import { Ending, EXIT } from './exit.ts'

/** A program that runs, and where. */
export interface LiveProgram {
  /** The node's name in the file. */
  readonly node: string
  readonly host: LiveHost
  readonly options: ProgramOptions
  readonly running: RunningProgram
  /** Where it is reached: `127.0.0.1:5060`. */
  readonly at: string
}

/** An address to listen on instead of the file's. */
export interface Listening {
  /** An IP address; undefined: all of this machine. */
  readonly address: string | undefined
  /** UDP port; undefined: the file's. */
  readonly port: number | undefined
}

/** Calls are given up that have not ended so long after the end was asked for, ms. */
const FAREWELL_MS = 2000

/** The programs of a topology, running. */
export class LiveWorld {
  readonly programs: readonly LiveProgram[]
  readonly tally = new CallTally()
  readonly #hosts: LiveHost[] = []
  /** Whether the topology has one host that runs a program: `--address` can then speak for it. */
  readonly #alone: boolean
  readonly #hears: (record: TraceRecord) => void

  /** `hears` gets every record. Ends with exit 4 where a port is busy or an address is not this machine's. */
  constructor(topology: Topology, listening: Listening | undefined, hears: (record: TraceRecord) => void) {
    this.#hears = hears
    const nodes = Object.entries(topology.nodes).filter((entry): entry is [string, HostNode] => {
      const [, node] = entry
      return node.kind === 'host' && node.power === 'on' && [node.runs ?? []].flat().length > 0
    })
    if (nodes.length === 0) throw new Ending(EXIT.input, 'this topology has no host that runs a program')
    if (listening !== undefined && nodes.length > 1) {
      const names = nodes.map(([name]) => name).join(', ')
      throw new Ending(EXIT.input, `--address is for a topology with one host that runs a program, not ${names}`)
    }
    this.#alone = nodes.length === 1
    this.programs = nodes.flatMap(([name, node]) => this.#start(name, node, listening))
  }

  /** Ends all calls in an orderly way, waits a little for the last words, and closes everything. */
  async end(): Promise<void> {
    for (const { running, options } of this.programs) if (options.program === 'phone') hangUpAll(running)
    const untilMs = performance.now() + FAREWELL_MS
    while (this.tally.counts().open > 0 && performance.now() < untilMs) {
      await new Promise((resume) => setTimeout(resume, 20))
    }
    this.close()
  }

  close(): void {
    for (const { running } of this.programs) running.stop()
    for (const host of this.#hosts) host.close()
  }

  #start(name: string, node: HostNode, listening: Listening | undefined): LiveProgram[] {
    const host = new LiveHost({
      name,
      ...addressesFor(node, listening),
      sink: (record) => {
        this.tally.record(record)
        this.#hears(record)
      },
    })
    this.#hosts.push(host)
    return [node.runs ?? []].flat().map((written) => {
      const options = listening?.port === undefined ? written : { ...written, port: listening.port }
      const port = 'port' in options ? options.port : undefined
      if (port !== undefined) {
        const issue = this.#refusal(host, port, 'transport' in options && options.transport === 'tcp')
        if (issue !== undefined)
          this.#refuse(`${name} needs ${issue.expected}${adviceFor(issue, listening, this.#alone)}`)
      }
      const address = host.addresses()[0] ?? ''
      const shown = address.includes(':') ? `[${address}]` : address
      const at = port === undefined ? shown : `${shown}:${port}`
      return { node: name, host, options, running: startProgram(host, options), at }
    })
  }

  /** Why the port cannot be had, if so. */
  #refusal(host: LiveHost, port: number, tcp: boolean): Issue | undefined {
    const opened = host.udp({ port }, { received: () => {}, failed: () => {} })
    if (!opened.ok) return opened.issue
    opened.value.close()
    if (!tcp) return undefined
    const listening = host.tcp.listen({ port }, { accepted: () => undefined })
    if (!listening.ok) return listening.issue
    listening.value.close()
    return undefined
  }

  #refuse(sentence: string): never {
    for (const one of this.#hosts) one.close()
    throw new Ending(EXIT.environment, sentence)
  }
}

/** What to do about it. `alone`: `--address` can speak for the host. */
function adviceFor({ at }: Issue, listening: Listening | undefined, alone: boolean): string {
  if (at === 'address') {
    if (listening !== undefined) return ''
    return alone
      ? ': name one with --address, such as --address 127.0.0.1:5060'
      : ': write some into the file, such as 127.0.0.1 and 127.0.0.2 (--address is for a topology with one host)'
  }
  const everywhere = listening !== undefined && listening.address === undefined
  const all = everywhere ? ', and --address asked for that port on all of this machine’s addresses' : ''
  return `${all}: end what has it, or ${alone ? 'name another with --address' : 'write another into the file'}`
}

function addressesFor(node: HostNode, listening: Listening | undefined): { addresses?: readonly string[] } {
  if (listening !== undefined) return listening.address === undefined ? {} : { addresses: [listening.address] }
  return { addresses: plainAddressesOf(node) }
}

/** Each command takes one call, until there is none that it fits. */
function hangUpAll(phone: RunningProgram): void {
  for (const verb of ['hang up', 'cancel', 'reject']) while (phone.do(verb, { status: 480 }) === undefined);
}
