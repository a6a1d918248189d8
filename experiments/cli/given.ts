// What is given on the command line and changes an experiment: `--seed`, `--set path=value`, `--until`.

import { parseQuantity, printQuantity } from '../../platform/units.ts'
import { LATEST_NS } from '../../topologies/links/time.ts'
import { readYaml, type YamlDocument } from '../../topologies/yaml/document.ts'
import type { Mistake } from '../../topologies/yaml/mistake.ts'
import { type Experiment, readExperiment, withSeed } from '../experiment.ts'
import { cured } from '../field.ts'
import { type Change, vary } from '../variation.ts'
import { ofKind } from './documentKind.ts'
import { Ending, EXIT } from './exit.ts'
import { open, topologiesBeside } from './library.ts'
import { mistakesIn } from './validate.ts'

/** The options that several commands share. */
export interface Given {
  readonly seed?: string
  readonly set?: readonly string[]
  readonly until?: string
  /** A case of the gallery with its cure. */
  readonly cured?: boolean
}

/** The experiment of that name or file with what is given changed in it; ends with exit 2 where anything is wrong. */
export function experimentGiven(name: string, given: Given): Experiment {
  const document = documentGiven(name, given)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  return seededAs(reading.value, given)
}

/** The experiment with the seed and the end that are given. */
export function seededAs(experiment: Experiment, { seed, until }: Given): Experiment {
  if (seed === '') throw new Ending(EXIT.input, '--seed needs a text or a number')
  const seeded = seed === undefined ? experiment : withSeed(experiment, seed)
  return until === undefined ? seeded : { ...seeded, until: durationGiven('--until', until) }
}

/** The document of the experiment of that name or file, with what `--set` changes in it. */
export function documentGiven(name: string, given: Given): YamlDocument {
  const document = ofKind('experiment', open('experiments', name))
  return varied(given.cured === true ? withCure(name, document) : document, given.set ?? [])
}

function withCure(name: string, document: YamlDocument): YamlDocument {
  const found = cured(document)
  if (found === undefined)
    throw new Ending(EXIT.input, `--cured: ${name} has no cure; the cases of the gallery have: siptwin list`)
  if ('value' in found) return found
  throw new Ending(EXIT.input, mistakesIn(found))
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** Reads a duration, ns, from `leastNs` to fifty days; ends with exit 2 where it is none. */
export function durationGiven(option: string, text: string, leastNs = 0): number {
  const read = parseQuantity('duration', text)
  if (read.ok && read.value >= leastNs && read.value <= LATEST_NS) return read.value
  const least = leastNs === 0 ? 'zero' : printQuantity('duration', leastNs)
  const range = read.ok && read.value > LATEST_NS ? 'a duration of at most 50 d' : `a duration of ${least} or more`
  throw new Ending(EXIT.input, `${option}: ${read.ok ? range : read.issue.expected}`)
}

/** Changes below `topology` go to the experiment's `set:` where the topology is given by name. */
function varied(document: YamlDocument, settings: readonly string[]): YamlDocument {
  if (settings.length === 0 || typeof document.value !== 'object' || document.value === null) return document
  const named = typeof (document.value as { topology?: unknown }).topology === 'string'
  const changes = settings.map((setting) => changeOf(setting))
  const deep = (path: string): boolean => named && path.startsWith('topology.')
  const own = (document.value as { set?: Readonly<Record<string, unknown>> }).set ?? {}
  const set = {
    ...own,
    ...Object.fromEntries(
      changes.filter(({ path }) => deep(path)).map(({ path, value }) => [path.slice('topology.'.length), value]),
    ),
  }
  const rest = changes.filter(({ path }) => !deep(path))
  const result = vary(document, rest)
  if (!('value' in result)) throw new Ending(EXIT.input, mistakesIn(result))
  if (Object.keys(set).length === 0) return result
  const mistake: YamlDocument['mistake'] = (path, expected, at, within) => {
    const change =
      path[0] === 'set'
        ? changes.find((one) => deep(one.path) && one.path === `topology.${String(path[1])}`)
        : undefined
    return change === undefined
      ? result.mistake(path, expected, at, within)
      : change.mistake(expected, path.slice(2), at, within)
  }
  return { ...result, value: { ...(result.value as object), set }, mistake }
}

/** `nodes.bob.power=off`: the value is YAML. What is no YAML, or has a tag that means nothing, is a text as it stands, but for maps. */
function changeOf(setting: string): Change {
  const equals = setting.indexOf('=')
  const column = (from: number, length: number, expected: string): Mistake => {
    const at = {
      file: '--set',
      line: 1,
      column: from + 1,
      length: Math.max(1, Math.min(length, setting.length - from)),
      text: setting,
    }
    return { at: `--set:1:${from + 1}`, ...at, expected }
  }
  if (equals < 1)
    throw new Ending(
      EXIT.input,
      mistakesIn([column(0, setting.length, 'path=value, such as topology.nodes.bob.power=off')]),
    )
  const written = readYaml('--set', setting.slice(equals + 1))
  /** On its first line a value stands after its path. */
  const placed = (one: Mistake): Mistake => {
    return one.line === 1 ? column(equals + one.column, one.length, one.expected) : one
  }
  const isText = written.mistakes.length > 0
  if (isText && /^\s*\[?\s*\{/.test(setting.slice(equals + 1)))
    throw new Ending(EXIT.input, mistakesIn(written.mistakes.map(placed)))
  return {
    path: setting.slice(0, equals),
    value: isText ? setting.slice(equals + 1) : written.value,
    mistake: (expected, inside = [], at, within) => {
      if (/^a path|^a position/.test(expected)) return column(0, setting.length, expected)
      if (isText) return column(equals + 1, setting.length, expected)
      return placed(written.mistake(inside, expected, at, within))
    },
  }
}
