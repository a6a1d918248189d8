// One entry of a scenario: when, who, what, and with which parameters.

import { z } from 'zod'
import { nearest } from '../../platform/nearest.ts'
import { HOST_VERBS } from '../../topologies/hostVerbs.ts'
import { nodeNamed } from '../../topologies/node.ts'
import { type ProgramName, VERBS } from '../../topologies/programs.ts'
import type { Topology } from '../../topologies/topology.ts'
import { match, type Objection } from '../../topologies/yaml/read.ts'
import type { Scope } from '../sentences/slot.ts'
import { printTrigger, type Trigger, triggerOf, WHEN } from './trigger.ts'

/** In place of a program's number: what the host does, whatever it runs. */
export const HOST_ITSELF = -2

/** An entry as written; the keys that are not named here are the verb's parameters. */
export const entry = z.looseObject({
  ...WHEN,
  /** The node. */
  who: z.string(),
  /** The verb. */
  do: z.string(),
})

export type WrittenEntry = z.output<typeof entry>

/** An entry ready to run. */
export interface Entry {
  /** As people would say it: `bob: answer, 2 s after bob is ringing`. */
  readonly words: string
  readonly who: string
  /** Which of the node's programs carries it out, by its place in `runs`; {@link HOST_ITSELF}. */
  readonly program: number
  readonly verb: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly trigger: Trigger
}

/** The entry, or what is wrong with it; paths begin at the entry. */
export function resolveEntry(written: WrittenEntry, topology: Topology, scope: Scope): Entry | readonly Objection[] {
  const objections: Objection[] = []
  const trigger = triggerOf(written, scope, objections)
  const task = taskOf(written, topology, scope, objections)
  if (trigger === undefined || task === undefined) return objections
  return {
    words: `${written.who}: ${written.do}, ${printTrigger(trigger)}`,
    who: written.who,
    ...task,
    verb: written.do,
    trigger,
  }
}

function taskOf(written: WrittenEntry, topology: Topology, scope: Scope, objections: Objection[]): Task | undefined {
  const { at: _, when: __, after: ___, who, do: verb, ...given } = written
  const names = Object.keys(topology.nodes)
  const node = nodeNamed(topology.nodes, who)
  if (node === undefined) {
    const close = nearest(who, names)
    const hint = close === undefined ? `one of ${names.join(', ')}` : `did you mean ${close}?`
    objections.push({ path: ['who'], expected: `a node of the topology, not "${who}": ${hint}` })
    return undefined
  }
  if (node.kind === 'host' && Object.hasOwn(HOST_VERBS, verb) && scope.own?.includes(who) !== true) {
    return parametersOf(HOST_VERBS, verb, given, HOST_ITSELF, objections)
  }
  if (node.kind === 'nat' || node.kind === 'firewall') return boxTask(node.kind, verb, given, objections)
  if (scope.own?.includes(who)) return { program: 0, parameters: given }
  const programs = programsOf(topology, who)
  if (programs.length === 0) {
    objections.push({ path: ['who'], expected: `a node that runs a program: ${who} runs none` })
    return undefined
  }
  const program = programs.findIndex((one) => Object.hasOwn(VERBS[one], verb))
  if (program < 0) {
    const verbs = [...programs.flatMap((one) => Object.keys(VERBS[one])), ...Object.keys(HOST_VERBS)]
    const close = nearest(verb, verbs)
    const hint = close === undefined ? `one of ${verbs.join(', ') || 'none'}` : `did you mean ${close}?`
    objections.push({
      path: ['do'],
      expected: `something that a ${programs.join(' or ')} can do, not "${verb}": ${hint}`,
    })
    return undefined
  }
  return parametersOf(VERBS[programs[program]!], verb, given, program, objections)
}

type Task = { readonly program: number; readonly parameters: Readonly<Record<string, unknown>> }

function parametersOf(
  verbs: Readonly<Record<string, z.ZodType>>,
  verb: string,
  given: object,
  program: number,
  objections: Objection[],
): Task | undefined {
  const parameters = match(verbs[verb]!, given)
  if ('value' in parameters) return { program, parameters: parameters.value as Readonly<Record<string, unknown>> }
  objections.push(...parameters.objections)
  return undefined
}

/** A box forgets what it has learnt. */
function boxTask(kind: string, verb: string, given: object, objections: Objection[]): Task | undefined {
  if (verb !== 'reboot') objections.push({ path: ['do'], expected: `what a ${kind} can do: reboot, not "${verb}"` })
  for (const key of Object.keys(given)) {
    objections.push({ path: [key], expected: `nothing more: a reboot has no "${key}"`, at: 'key' })
  }
  return objections.length === 0 ? { program: -1, parameters: {} } : undefined
}

/** The names of the programs that a node runs, in order. */
function programsOf(topology: Topology, name: string): readonly ProgramName[] {
  const node = nodeNamed(topology.nodes, name)
  if (node === undefined || node.kind !== 'host' || node.runs === undefined) return []
  return [node.runs].flat().map(({ program }) => program)
}
