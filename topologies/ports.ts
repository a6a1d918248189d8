// Whether the programs of a host can all have the ports that they want.

import { addressesOf, type HostNode } from './node.ts'
import type { ProgramOptions } from './programs.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'

/** Ports from `first` to `last`, of both protocols or of one. */
interface Wanted {
  readonly protocols: readonly ('UDP' | 'TCP')[]
  readonly first: number
  readonly last: number
}

const BOTH = ['UDP', 'TCP'] as const

function one(protocols: Wanted['protocols'], port: number): Wanted {
  return { protocols, first: port, last: port }
}

/** What a program listens on from its start, on that host. */
function wantedBy(program: ProgramOptions, host: HostNode): readonly Wanted[] {
  switch (program.program) {
    case 'phone':
    case 'proxy':
      return [one(program.transport === 'tcp' ? BOTH : ['UDP'], program.port)]
    case 'dns':
      return [one(BOTH, program.port)]
    case 'phones':
      return [{ protocols: ['UDP'], first: program.firstPort, last: program.firstPort + program.count - 1 }]
    case 'sender':
    case 'sink':
      return [one(['UDP'], program.port)]
    case 'stun-server':
      return [program.port, ...(hasTwoOfAVersion(host) ? [program.alternatePort] : [])].map((port) =>
        one(['UDP'], port),
      )
    case 'bulk-receiver':
      return [one(['TCP'], program.port)]
    default:
      return []
  }
}

/** RFC 5780 needs two addresses of one version of IP: a STUN server that has not opens its first port alone. */
function hasTwoOfAVersion(host: HostNode): boolean {
  const all = addressesOf(host)
  const six = all.filter((address) => address.includes(':')).length
  return six > 1 || all.length - six > 1
}

/** Programs that want a port which another one of their host has. */
export function takenPorts({ nodes }: Topology): readonly Objection[] {
  return Object.entries(nodes).flatMap(([name, node]) => (node.kind === 'host' ? takenOn(name, node) : []))
}

function takenOn(name: string, host: HostNode): readonly Objection[] {
  const { runs } = host
  const programs = runs === undefined ? [] : [runs].flat()
  return programs.flatMap((program, i): readonly Objection[] => {
    if (program.program === 'phone' && !hasVoicePort(program.rtpPorts, programs, host))
      return [
        {
          path: ['nodes', name, 'runs', ...(Array.isArray(runs) ? [i] : []), 'rtpPorts'],
          expected: `a range with an even port that no program of ${name} is on, for RTP`,
        },
      ]
    for (const other of programs.slice(0, i)) {
      const clash = clashOf(wantedBy(program, host), wantedBy(other, host))
      if (clash === undefined) continue
      const expected = `a port that no other program of ${name} has: its ${other.program} is on ${clash} already`
      return [{ path: ['nodes', name, 'runs', i, 'program'], expected }]
    }
    return []
  })
}

/** True if a call finds a port in the range, be it the only one. */
function hasVoicePort(range: string, programs: readonly ProgramOptions[], host: HostNode): boolean {
  const [first = 0, last = 0] = range.split('-').map(Number)
  const taken = programs.flatMap((program) => wantedBy(program, host))
  for (let port = first + (first & 1); port <= last; port += 2) {
    if (!taken.some((some) => some.protocols.includes('UDP') && some.first <= port && port <= some.last)) return true
  }
  return false
}

/** The first port that both want, in words: `UDP 5060`. */
function clashOf(some: readonly Wanted[], others: readonly Wanted[]): string | undefined {
  for (const { protocols, first, last } of some) {
    for (const other of others) {
      const protocol = protocols.find((one) => other.protocols.includes(one))
      const port = Math.max(first, other.first)
      if (protocol !== undefined && port <= Math.min(last, other.last)) return `${protocol} ${port}`
    }
  }
  return undefined
}
