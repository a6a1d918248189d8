// A question asked of a network: its topology, scenario, faults and expectations, read from YAML with every mistake located.

import { z } from 'zod'
import type { Program } from '../platform/host.ts'
import type { FaultRule } from '../sim/faults/rule.ts'
import { facesOf } from '../topologies/boxes.ts'
import { runTime } from '../topologies/links/time.ts'
import { type Node, nodeNamed, plainAddressesOf } from '../topologies/node.ts'
import { readTopology, type Topology, topology } from '../topologies/topology.ts'
import { inside, type YamlDocument } from '../topologies/yaml/document.ts'
import { inOrder, type Mistake } from '../topologies/yaml/mistake.ts'
import { complain, type Objection, type Reading, read, remarksOn } from '../topologies/yaml/read.ts'
import { onlyOnce, shape } from '../topologies/yaml/shape.ts'
import { baseTimersIn } from './baseTimers.ts'
import { hunt } from './campaigns/hunted.ts'
import { placeObjections } from './faultPlace.ts'
import { fault, isIncident, ruleOf } from './faults.ts'
import { field, fieldObjections } from './field.ts'
import { idleFaults, inStrikingOrder, type PlannedIncident, resolveIncident } from './incidents.ts'
import { matrix } from './matrix/schema.ts'
import { MEASURES, type MeasureName } from './measures/names.ts'
import { MUTANTS } from './mutants/table.ts'
import { type Entry, entry, resolveEntry } from './scenario/entry.ts'
import { abilitiesOf } from './sentences/abilities.ts'
import { EXPECTATIONS } from './sentences/expectations.ts'
import { readSentence } from './sentences/form.ts'
import type { Judge } from './sentences/judge.ts'
import type { Scope } from './sentences/slot.ts'
import { type Change, vary } from './variation.ts'

/** An experiment file. */
export const experiment = shape({
  /** What the run is to answer, as a sentence. */
  question: z.string(),
  /** A topology's name, a file's path from here, or a whole topology. */
  topology: z.union([z.string(), z.looseObject({})]),
  /** What is different in that topology, by paths: `nodes.proxy.runs.recordRoute: true`. */
  set: z.record(z.string(), z.unknown()).exactOptional(),
  scenario: z.array(entry).default([]),
  faults: z.array(fault).default([]),
  /** Sentences that must be true: see `siptwin schema experiment`. */
  expect: z.array(z.string()).default([]),
  /** The same asked of every row with every column; `expect` holds in each. */
  matrix: matrix.exactOptional(),
  /** What `siptwin hunt` may do to it, and what must then be true. */
  hunt: hunt.exactOptional(),
  measure: z
    .array(z.enum(Object.keys(MEASURES) as [MeasureName, ...MeasureName[]]))
    .check(onlyOnce('measure'))
    .default([]),
  /** When the run ends at the latest; it ends earlier when nothing is left to happen. */
  until: runTime.default(600_000_000_000),
  /** Any text or number: it seeds all chance. */
  seed: z.union([z.string(), z.number()]).default(1),
  /** Leaves nothing to chance: links lose, delay and double what `faults` say, and nothing else. */
  calm: z.boolean().exactOptional(),
  /** For a case of the gallery of field bugs: the symptom, the mechanism, the cure. */
  field: field.exactOptional(),
  /** All programs have this fault: see the guide on hunting. */
  mutant: z.enum([...MUTANTS.keys()] as [string, ...string[]]).exactOptional(),
})

type WrittenExperiment = z.output<typeof experiment>

/** An experiment ready to run. */
export interface Experiment {
  readonly question: string
  readonly topology: Topology
  readonly scenario: readonly Entry[]
  readonly faults: readonly FaultRule[]
  /** Faults of links and nodes, in the order in which those of one time and node strike. */
  readonly incidents: readonly PlannedIncident[]
  readonly expect: readonly { readonly text: string; readonly make: () => Judge }[]
  readonly measure: readonly MeasureName[]
  /** ns. */
  readonly until: number
  readonly seed: string
  /** Nothing is left to chance but what programs draw; absent: no. */
  readonly calm?: boolean
  /** What is wrong with its programs, by name; absent: nothing. */
  readonly mutant?: string
  /** What changes nothing as it is written, and is no mistake; absent: nothing. */
  readonly remarks?: readonly Mistake[]
  /** Programs that are not ours, by the node that runs them; absent: none. They are no part of `resolved`. */
  readonly own?: OwnPrograms
  /** The whole of it as one self-contained document: defaults filled, the topology in it. Reading it gives the same experiment. */
  readonly resolved: Readonly<Record<string, unknown>>
}

/** Programs written against `Host` by others, by the node that runs them. */
export type OwnPrograms = Readonly<Record<string, Program<undefined>>>

/** Finds a topology's file by its name or path; undefined where there is none. */
export type TopologyFinder = (name: string) => YamlDocument | { readonly hint: string }

/** Reads an experiment. `find` is asked for a topology that is given by name; `own` has programs that are not ours. */
export function readExperiment(
  document: YamlDocument,
  find: TopologyFinder,
  own: OwnPrograms = {},
): Reading<Experiment> {
  const reading = read(document, experiment)
  const network = networkOf(document, find)
  const mistakes = [...(reading.ok ? [] : reading.mistakes), ...(network.ok ? [] : network.mistakes)]
  if (!network.ok) return { ok: false, mistakes: inOrder(mistakes) }
  const parts = reading.ok ? reading.value : partsOf(document.value)
  const { objections, ...resolved } = resolve(parts, network.value, own)
  const field = reading.ok && reading.value.field ? fieldObjections(reading.value.field, scopeOf(network.value)) : []
  mistakes.push(...complain(document, [...objections, ...field]).mistakes)
  if (!reading.ok || mistakes.length > 0) return { ok: false, mistakes: inOrder(mistakes) }
  const { question, measure, until, seed, mutant, calm } = reading.value
  const { set: _, ...rest } = reading.value
  const written = { ...rest, topology: z.encode(topology, network.value), seed: String(seed) }
  const told = [...(network.remarks ?? []), ...(remarksOn(document, idleFaults(parts.faults)).remarks ?? [])]
  const remarks = told.length === 0 ? {} : { remarks: inOrder(told) }
  const value = {
    question,
    topology: network.value,
    ...resolved,
    measure,
    until,
    seed: String(seed),
    ...(mutant && { mutant }),
    ...(calm && { calm }),
    ...(Object.keys(own).length > 0 && { own }),
    ...remarks,
  }
  return { ok: true, ...remarks, value: { ...value, resolved: z.encode(experiment, written) } }
}

/** The parts that speak of the topology: each that can be read, also where the rest cannot. */
function partsOf(value: unknown): Parts {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  const part = <T>(schema: z.ZodType<T[]>, key: string): T[] => {
    const found = schema.safeParse(given[key])
    return found.success ? found.data : []
  }
  const { scenario, faults, expect } = experiment.shape
  return { scenario: part(scenario, 'scenario'), faults: part(faults, 'faults'), expect: part(expect, 'expect') }
}

type Parts = Pick<WrittenExperiment, 'hunt' | 'scenario' | 'faults' | 'expect'>

function networkOf(document: YamlDocument, find: TopologyFinder): Reading<Topology> {
  const { topology: value, set } = (document.value ?? {}) as { topology?: unknown; set?: unknown }
  const changes = Object.entries(typeof set === 'object' && set !== null ? set : {}).map(([path, to]): Change => {
    return {
      path,
      value: to,
      mistake: (expected, inside = [], at, within) =>
        document.mistake(['set', path, ...inside], expected, inside.length === 0 ? 'value' : at, within),
    }
  })
  const found = typeof value === 'string' ? find(value) : inside(document, 'topology')
  if ('hint' in found) {
    return complain(document, [
      { path: ['topology'], expected: `a topology that exists, not "${String(value)}": ${found.hint}` },
    ])
  }
  if (typeof found.value !== 'object' || found.value === null) return { ok: false, mistakes: found.mistakes }
  const varied = vary(found, changes)
  if (!('value' in varied)) return { ok: false, mistakes: varied }
  const slowed = new Set(partsOf(document.value).faults.flatMap(({ degrade }) => slowedBy(degrade)))
  return readTopology(varied, (a, b) => slowed.has([a, b].sort().join('--')))
}

/** The ends of the link to which a fault gives a rate, in the order of their names. */
function slowedBy(degrade: Parts['faults'][number]['degrade']): readonly string[] {
  if (degrade?.rate === undefined) return []
  const ends = degrade.on.split(/--|->/).map((end) => end.trim())
  return [ends.sort().join('--')]
}

function resolve(
  written: Parts,
  network: Topology,
  own: OwnPrograms,
): Pick<Experiment, 'scenario' | 'faults' | 'incidents' | 'expect'> & { readonly objections: readonly Objection[] } {
  const programs = Object.keys(own)
  const scope = { ...scopeOf(network), own: programs, able: abilitiesOf(network.nodes, programs) }
  const objections: Objection[] = []
  for (const node of scope.own)
    if (nodeNamed(network.nodes, node)?.kind !== 'host')
      objections.push({
        path: ['topology'],
        expected: `a topology with a host "${node}", for the program that is given for it`,
      })
  const below = (key: string, i: number, found: readonly Objection[]): void => {
    objections.push(...found.map((one) => ({ ...one, path: [key, i, ...one.path] })))
  }
  const scenario = written.scenario.flatMap((one, i) => {
    const entry = resolveEntry(one, network, scope)
    if ('words' in entry) return [entry]
    below('scenario', i, entry)
    return []
  })
  const expect = written.expect.flatMap((text, i) => {
    const sentence = readSentence(EXPECTATIONS, text, scope)
    if (sentence.ok) return [{ text, make: sentence.value.make() }]
    below('expect', i, [{ path: [], expected: sentence.issue.expected }])
    return []
  })
  for (const [i, text] of (written.hunt?.expect ?? []).entries()) {
    const sentence = readSentence(EXPECTATIONS, text, scope)
    if (!sentence.ok) objections.push({ path: ['hunt', 'expect', i], expected: sentence.issue.expected })
  }
  const incidents: PlannedIncident[] = []
  for (const [i, one] of written.faults.entries()) {
    const incident = isIncident(one) ? resolveIncident(one, network, scope) : placeObjections(one, network)
    if ('words' in incident) incidents.push(incident)
    else below('faults', i, incident)
  }
  const faults = written.faults.filter((one) => !isIncident(one)).map(ruleOf)
  return { scenario, faults, incidents: inStrikingOrder(incidents), expect, objections }
}

/** What the sentences about a topology can speak of. */
export function scopeOf(topology: Topology): Scope {
  const { nodes } = topology
  const faces = new Map<string, readonly string[]>()
  const facesFor = (node: string): readonly string[] => {
    const known = faces.get(node) ?? facesOf(topology, node)
    faces.set(node, known)
    return known
  }
  const owners = new Map<string, string>()
  for (const [name, node] of Object.entries(nodes)) {
    for (const address of plainAddressesOf(node)) owners.set(address, name)
  }
  return {
    nodes: Object.keys(nodes),
    drifting: Object.keys(nodes).filter((name) => isDrifting(nodes[name])),
    timersOf: baseTimersIn(topology),
    ownerOf: (address) => owners.get(address),
    standsFor: (address, node) => facesFor(node).includes(address),
  }
}

function isDrifting(node: Node | undefined): boolean {
  return node?.kind === 'host' && node.clock !== undefined && node.clock.drift !== 0
}

/** The same experiment with another seed. */
export function withSeed(experiment: Experiment, seed: string): Experiment {
  return { ...experiment, seed, resolved: { ...experiment.resolved, seed } }
}
