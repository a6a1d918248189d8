// A document with some values changed by their paths: what `set:` in an experiment and `--set` on the command line do.

import { produce } from 'immer'
import { nearest } from '../platform/nearest.ts'
import type { Path, Within, YamlDocument } from '../topologies/yaml/document.ts'
import type { Mistake } from '../topologies/yaml/mistake.ts'

/** One change. */
export interface Change {
  /** Keys and list positions from the root, joined by dots: `nodes.proxy.runs.recordRoute`, `links.0.delay`. */
  readonly path: string
  readonly value: unknown
  /** A mistake where the change was written, or at that place within its value. */
  mistake(expected: string, ...inside: Place): Mistake
}

/** A path within a value, and what of it. */
type Place = [path?: Path, at?: 'value' | 'key', within?: Within]

/** The changed document; mistakes in what was changed stand where the change was written. Or the changes that lead nowhere. */
export function vary(document: YamlDocument, changes: readonly Change[]): YamlDocument | readonly Mistake[] {
  const mistakes: Mistake[] = []
  let { value } = document
  const places: { readonly steps: readonly string[]; readonly change: Change }[] = []
  for (const change of changes) {
    const steps = change.path.split('.')
    const wrong = wrongStep(value, steps)
    if (wrong === undefined) {
      value = produce(value, (draft: unknown) => put(draft, steps, change.value))
      places.push({ steps, change })
    } else mistakes.push(change.mistake(wrong))
  }
  if (mistakes.length > 0) return mistakes
  const mistake: YamlDocument['mistake'] = (path, expected, at, within) => {
    const place = places.find(({ steps }) => steps.every((step, i) => step === String(path[i])))
    return place === undefined
      ? document.mistake(path, expected, at, within)
      : place.change.mistake(expected, path.slice(place.steps.length), at, within)
  }
  return { ...document, value, mistake }
}

/** What a path from an experiment's root begins with `topology.` for; one in its `set:` does not. */
const TOPOLOGY_KEYS: readonly string[] = ['nodes', 'links', 'names', 'title']

/** What is set at a place that is not there yet, so that `steps` lead to a value in it: `{ sack: … }`. */
function wholeOf(steps: readonly string[]): string {
  return steps.reduceRight((value, step) => `{ ${step}: ${value} }`, '…')
}

function wrongStep(root: unknown, steps: readonly string[]): string | undefined {
  let at = root
  for (const [depth, step] of steps.entries()) {
    if (step === '__proto__') return 'a path to something that is there: nothing is called __proto__'
    const last = depth === steps.length - 1
    const where = depth === 0 ? 'the top' : steps.slice(0, depth).join('.')
    if (typeof at !== 'object' || at === null) return `a path to something that is there: ${where} is ${String(at)}`
    const known = Object.keys(at)
    if (Array.isArray(at) && !known.includes(step))
      return `a position from 0 to ${at.length - 1} in ${where}, not "${step}"`
    if (!last && !known.includes(step)) {
      const within = depth === 0 && known.includes('topology') && TOPOLOGY_KEYS.includes(step)
      const close = within ? `topology.${steps.join('.')}` : nearest(step, known)
      const missing = `a path to something that is there: ${where} has no "${step}"`
      if (close !== undefined) return `${missing}: did you mean ${close}?`
      return depth === 0 ? missing : `${missing}: set it whole, …${step}=${wholeOf(steps.slice(depth + 1))}`
    }
    at = (at as Readonly<Record<string, unknown>>)[step]
  }
  return undefined
}

function put(draft: unknown, steps: readonly string[], value: unknown): void {
  let at = draft as Record<string, unknown>
  for (const step of steps.slice(0, -1)) at = at[step] as Record<string, unknown>
  at[steps[steps.length - 1]!] = value
}
