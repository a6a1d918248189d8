// The ways in which one run can be made again, each of which must make the same run to the bit.

import { stringify } from 'yaml'
import { z } from 'zod'
import type { Experiment } from '../../../experiments/experiment.ts'
import { readExperiment } from '../../../experiments/experiment.ts'
import { fault, writtenOf } from '../../../experiments/faults.ts'
import { printManifest, readManifest } from '../../../experiments/run/manifest.ts'
import { Run, type RunOptions, type RunResult } from '../../../experiments/run/run.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { ChanceLog } from '../../../sim/faults/freeze.ts'
import type { RunDigests } from '../../../sim/trace/digest.ts'
import { readYaml } from '../../../topologies/yaml/document.ts'
import { printMistake } from '../../../topologies/yaml/mistake.ts'
import type { Words } from './links.ts'
import { type CrowdDocument, experimentIn } from './world.ts'

/** Ticks of more than a nanosecond are not for files, but for those who build networks themselves. */
type Options = Partial<RunOptions> & { readonly tickNs?: number }

/** All that can be told of a whole run. */
interface Told {
  readonly digests: RunDigests
  /** Of all records, their numbers, causes and order too. */
  readonly records: number
  /** What it measured, and what it says of scenario and faults; not what depends on how it was made. */
  readonly result: string
  readonly violations: readonly string[]
}

/** A whole run at level everything, unless it is said, in slices of so many events. */
function runOf(experiment: Experiment, options: Options = {}, slice: () => number = () => 1e9): Told {
  let records = 0
  const see = (record: TraceRecord): void => {
    records = hashed(JSON.stringify(record), records)
  }
  const run = new Run(experiment, { level: 'everything', ...options, sinks: [see] })
  while (!run.step(slice()));
  return told(run.result(), records)
}

function told({ digests, audit, events: _, ...rest }: RunResult, records: number): Told {
  const unordered = { unfinished: [...rest.unfinished].sort(), unmatchedFaults: [...rest.unmatchedFaults].sort() }
  const violations = audit.violations.map((one) => JSON.stringify(one))
  return { digests, records, result: JSON.stringify({ ...rest, ...unordered }), violations }
}

function hashed(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** In what the run that was made so differs from the first: nothing, a sentence each otherwise. */
export function differences(document: CrowdDocument, tickNs = 1): readonly string[] {
  const experiment = made(document)
  const tick = tickNs === 1 ? {} : { tickNs }
  const first = runOf(experiment, tick)
  const found: string[] = first.violations.map((one) => `audit: ${one}`)
  const same = (how: string, some: Partial<Told>, wanted: Told = first): void => {
    for (const [key, digest] of Object.entries(some.digests ?? {}))
      if (digest !== wanted.digests[key as keyof RunDigests]) found.push(`${how}: other ${key}`)
    for (const key of ['records', 'result'] as const)
      if (some[key] !== undefined && some[key] !== wanted[key])
        found.push(`${how}: other ${key}: ${some[key]} in place of ${wanted[key]}`)
  }
  const chance = new ChanceLog()
  same('with its chance noted', runOf(experiment, { chance, ...tick }))
  same('stage by stage', runOf(experiment, { fused: false, ...tick }))
  let step = 0
  same(
    'in slices',
    runOf(experiment, tick, () => 1 + (step++ % 5)),
  )
  same('looked at on its way', { digests: watchedDigests(experiment, tick) })
  for (const [how, run] of Object.entries(frozen(document, experiment, chance, tick))) {
    same(how, run)
    found.push(...(run.violations ?? []).map((one) => `audit, ${how}: ${one}`))
  }
  // What is asked has its parameters on record in the order of the file.
  const { digests: others, result: said } = runOf(made(reordered(document)), tick)
  same('declared in another order', { digests: others, result: said })
  const { digests: again, result: saidAgain } = runOf(replayed(experiment, first.digests), tick)
  same('from its manifest', { digests: again, result: saidAgain })
  same('at level signalling', { digests: runOf(experiment, { level: 'signalling', ...tick }).digests })
  const timed = made({
    ...document,
    scenario: document.scenario.filter((step) => 'at' in step),
    faults: document.faults.filter((one) => !('when' in one)),
  })
  same('at level counters', { digests: runOf(timed, { level: 'counters', ...tick }).digests }, runOf(timed, tick))
  return found
}

/** The run in which what chance decided stands as rules. */
function frozen(
  document: CrowdDocument,
  experiment: Experiment,
  chance: ChanceLog,
  tick: Options,
): Readonly<Record<string, Partial<Told>>> {
  const faults = [...experiment.faults, ...chance.tape()]
  const [whole, stages] = [true, false].map((fused) => runOf(experiment, { faults, calm: true, fused, ...tick }))
  const rules = chance.tape().map((rule) => z.encode(fault, writtenOf(rule)))
  // In the why of a loss stands the rule that a file has.
  const { packets: _, ...digests } = runOf(
    fromFile({ ...document, calm: true, faults: [...document.faults, ...rules] }),
    tick,
  ).digests
  const { result: __, ...same } = whole!
  return {
    frozen: same,
    'frozen, stage by stage': { digests: stages!.digests, records: stages!.records },
    'frozen, from a file': { digests: digests as RunDigests },
  }
}

/** A document's experiment. */
function made(document: object): Experiment {
  const read = experimentIn(document)
  if (!('topology' in read)) throw new Error(read.join('\n'))
  return read
}

/** The same world written down the other way round; what one node is asked at one time stays in its order, and so do rules about packets. */
function reordered({ topology: { nodes, links }, scenario, faults, ...rest }: CrowdDocument): CrowdDocument {
  const who = (step: Words): string => String(step.who)
  const sorted = scenario
    .map((step, index) => ({ step, index }))
    .sort((a, b) => (who(a.step) < who(b.step) ? 1 : who(a.step) > who(b.step) ? -1 : a.index - b.index))
  const incidents = faults.filter((one) => 'at' in one || 'when' in one)
  const rules = faults.filter((one) => !incidents.includes(one))
  return backwards({
    ...rest,
    topology: { nodes, links: [...links].reverse() },
    scenario: sorted.map(({ step }) => step),
    faults: [...[...incidents].reverse(), ...rules],
  }) as CrowdDocument
}

/** The keys of all its objects the other way round; lists as they are. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, backwards(member)]),
  )
}

/** As a YAML file has it. */
function fromFile(document: object): Experiment {
  const read = readExperiment(readYaml('crowd.yaml', stringify(document)), () => ({ hint: 'it is in the file' }))
  if (!read.ok) throw new Error(read.mistakes.map(printMistake).join('\n'))
  return read.value
}

/** Of a run that is asked every few events what all its hosts hold. */
function watchedDigests(experiment: Experiment, options: Options): RunDigests {
  const run = new Run(experiment, { level: 'everything', ...options })
  const { inside } = run
  for (let slice = 1; !run.step(slice); slice = 1 + ((slice * 5) % 23)) {
    for (const host of inside.hosts()) {
      const held = inside.held(host)
      held?.ports()
      held?.timers()
      for (const one of held?.programs ?? []) [one.dialogs(), one.held(), one.standingTimers()]
    }
  }
  return run.result().digests
}

function replayed(experiment: Experiment, digests: RunDigests): Experiment {
  const versions = { siptwin: '0', node: '0', v8: '0' }
  const text = printManifest({
    name: 'crowd',
    experiment,
    level: 'everything',
    until: experiment.until,
    versions,
    digests,
  })
  const manifest = readManifest(readYaml('manifest.json', text))
  if (!manifest.ok) throw new Error('the manifest is refused')
  return manifest.value.experiment
}

/** All that stands on record of these nodes, in its order; `cause` is left out where strangers share a router with them. */
function recordsOf(experiment: Experiment, isOurs: (node: string) => boolean): readonly string[] {
  const records: string[] = []
  const see = ({ cause: _, ...record }: TraceRecord): void => {
    if (isOurs(record.id.node))
      records.push(JSON.stringify(record, (_key, value) => (isIdAt(value, isOurs) ? value.node : value)))
  }
  runOf(experiment, { sinks: [see] })
  return records
}

/** True for the name of a record of one of the others: its number tells how much they had to do. */
function isIdAt(value: unknown, isOurs: (node: string) => boolean): value is { readonly node: string } {
  return (
    typeof value === 'object' && value !== null && 'node' in value && 'sequence' in value && !isOurs(String(value.node))
  )
}

const STRANGERS = {
  'a-stranger': {
    kind: 'host',
    address: '10.1.0.1/24',
    gateway: 'core',
    runs: [
      { program: 'load', to: '10.2.0.1', rate: '100 kbps' },
      { program: 'bulk-sender', to: '10.2.0.1' },
    ],
  },
  'z-stranger': {
    kind: 'host',
    address: '10.2.0.1/24',
    gateway: 'core',
    runs: [{ program: 'sink' }, { program: 'bulk-receiver' }],
  },
}

/** In what the records of the world's hosts and boxes change when strangers use the same router: nothing, or a sentence. */
export function strangersTell(document: CrowdDocument): readonly string[] {
  const {
    topology: { nodes, links },
    scenario,
  } = document
  const more = {
    ...document,
    topology: {
      nodes: { ...STRANGERS, ...nodes },
      links: [
        { between: ['a-stranger', 'core'], rate: '1 Mbps', delay: '10 ms' },
        ...links,
        { between: ['core', 'z-stranger'], delay: '10 ms', loss: '1 %' },
      ],
    },
    scenario: [
      { at: '1 s', who: 'a-stranger', do: 'upload', size: '50 kB' },
      { at: '0 s', who: 'z-stranger', do: 'ping', to: 'a-stranger', count: 5 },
      ...scenario,
    ],
  }
  const isOurs = (node: string): boolean => node !== 'core' && node !== 'edge' && !node.endsWith('-stranger')
  const [alone, beside] = [recordsOf(made(document), isOurs), recordsOf(made(more), isOurs)]
  const at = alone.findIndex((line, index) => line !== beside[index])
  return at < 0 && alone.length === beside.length
    ? []
    : [`beside strangers: record ${at}: ${alone[at]} became ${beside[at]}`]
}
