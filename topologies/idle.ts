// Words that change nothing in the company they are in. They are no mistakes, since a sweep over values goes through them; but whoever
// writes one should be told.

import { canonicalJson } from '../platform/canonical.ts'
import type { FirewallNode } from './firewall.ts'
import { type NatNode, natOptionsOf } from './nat.ts'
import { addressesOf, type HostNode, type Node } from './node.ts'
import type { ProgramOptions } from './programs.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'

/** A word, and what it would need to be of use. */
interface Idle {
  readonly path: readonly (string | number)[]
  readonly needs: string
}

/** All words of a topology that change nothing, each with a sentence. A word that says what holds anyway is not noticed. */
export function idleWords({ nodes }: Topology): readonly Objection[] {
  return Object.entries(nodes).flatMap(([name, node]) =>
    idleOf(node).map(({ path, needs }) => {
      const expected = `\`${path.at(-1)}\` changes nothing here: it counts with ${needs}`
      return { path: ['nodes', name, ...path], expected, at: 'key' as const }
    }),
  )
}

function idleOf(node: Node): readonly Idle[] {
  switch (node.kind) {
    case 'host':
      return [...ofTcp(node), ...ofPrograms(node)]
    case 'nat':
      return ofBlocks(node)
    case 'firewall':
      return [...ofState(node), ...ofRules(node)]
    case 'router':
      return []
  }
}

function ofTcp({ tcp }: HostNode): readonly Idle[] {
  if (tcp === undefined || tcp.keepAlive) return []
  const { keepAliveAfter, keepAliveEvery, keepAliveProbes } = tcp
  const said = differing({ keepAliveAfter, keepAliveEvery, keepAliveProbes }, [7200e9, 75e9, 9])
  return said.map((key) => ({ path: ['tcp', key], needs: '`keepAlive: true`' }))
}

function ofPrograms(host: HostNode): readonly Idle[] {
  const { runs = [] } = host
  return [runs].flat().flatMap((program, i) => {
    const at = ['runs', ...(Array.isArray(runs) ? [i] : [])]
    return ofProgram(program, host).map(({ path, needs }) => ({ path: [...at, ...path], needs }))
  })
}

function ofProgram(program: ProgramOptions, host: HostNode): readonly Idle[] {
  const idle = (keys: readonly string[], needs: string): readonly Idle[] => keys.map((key) => ({ path: [key], needs }))
  switch (program.program) {
    case 'load': {
      const { pattern, on, off } = program
      return pattern === 'on-off' ? [] : idle(given({ on, off }), '`pattern: on-off`')
    }
    case 'phone': {
      const { talk, dscp, redirects, redirectLimit } = program
      return [
        ...(talk ? [] : idle(given({ dscp }), '`talk: true`')),
        ...(redirects !== 'report' ? [] : idle(given({ redirectLimit }), '`redirects: follow`')),
      ]
    }
    case 'proxy': {
      const { recurse, redirectLimit, passwords, algorithms } = program
      const asks = passwords !== undefined
      return [
        ...(recurse ? [] : idle(given({ redirectLimit }), '`recurse: true`')),
        ...(asks ? [] : idle(differing({ algorithms }, [['SHA-256', 'MD5']]), '`passwords`')),
      ]
    }
    case 'stun-server': {
      const { passwords, realm, nonce, alternatePort } = program
      const asks = passwords !== undefined
      return [
        ...(asks ? [] : idle([...given({ realm }), ...differing({ nonce }, [600e9])], '`passwords`')),
        ...(addressesOf(host).length > 1
          ? []
          : idle(differing({ alternatePort }, [3479]), 'a second address of its host')),
      ]
    }
    default:
      return []
  }
}

/** A carrier's blocks are given in order. */
function ofBlocks(node: NatNode): readonly Idle[] {
  if (natOptionsOf(node).blocks === undefined) return []
  const { assignment, contiguity } = node.ports ?? {}
  return given({ assignment, contiguity }).map((key) => ({ path: ['ports', key], needs: 'a NAT without `blocks`' }))
}

function ofState({ stateful, idle, tcpIdle }: FirewallNode): readonly Idle[] {
  if (stateful) return []
  return differing({ idle, tcpIdle }, [30e9, 7440e9]).map((key) => ({ path: [key], needs: '`stateful: true`' }))
}

/** Rules whose packets an earlier one takes: it says the same, or less and so matches more. */
function ofRules({ rules }: FirewallNode): readonly Idle[] {
  const earlier = new Set<string>()
  return rules.flatMap((rule, i): readonly Idle[] => {
    const [key = '', filter = {}] = Object.entries(rule)[0] ?? []
    const isTaken = lessThan(Object.entries(filter)).some((some) =>
      earlier.has(canonicalJson(Object.fromEntries(some))),
    )
    earlier.add(canonicalJson(filter))
    return isTaken ? [{ path: ['rules', i, key], needs: 'packets that no earlier rule matches' }] : []
  })
}

type Words = readonly (readonly [string, unknown])[]

/** All that can be said with some of these words, or all: a filter has few. */
function lessThan([word, ...others]: Words): readonly Words[] {
  if (word === undefined) return [[]]
  const less = lessThan(others)
  return [...less, ...less.map((some) => [word, ...some])]
}

/** The keys that are there. */
function given(words: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(words).filter((key) => words[key] !== undefined)
}

/** The keys whose values are not these defaults. */
function differing(words: Readonly<Record<string, unknown>>, defaults: readonly unknown[]): readonly string[] {
  return Object.keys(words).filter((key, i) => !same(words[key], defaults[i]))
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other)
}
