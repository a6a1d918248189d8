// When something is to happen: at a time of the run, or so long after a condition was met.

import { z } from 'zod'
import { runTime } from '../../topologies/links/time.ts'
import type { Objection } from '../../topologies/yaml/read.ts'
import { quantity } from '../../topologies/yaml/shape.ts'
import { EVENTS, type Watcher } from '../sentences/events.ts'
import { readSentence } from '../sentences/form.ts'
import type { Scope } from '../sentences/slot.ts'

/** The keys that say when. */
export const WHEN = {
  /** The time of the run. */
  at: runTime.exactOptional(),
  /** The condition: one of the events of `siptwin schema experiment`; it triggers once. */
  when: z.string().exactOptional(),
  /** How long after the condition was met. */
  after: runTime.exactOptional(),
}

interface WrittenTrigger {
  readonly at?: number
  readonly when?: string
  readonly after?: number
}

/** Either a time of the run, ns, or a condition and how long after it, ns. */
export type Trigger =
  | { readonly at: number }
  | { readonly watch: Watcher; readonly after: number; readonly when: string }

/** When that is; undefined, and said in `objections`, where it is not to be known. */
export function triggerOf(written: WrittenTrigger, scope: Scope, objections: Objection[]): Trigger | undefined {
  const { at, when, after } = written
  if (at !== undefined) {
    if (when === undefined && after === undefined) return { at }
    const key = when === undefined ? 'after' : 'when'
    objections.push({
      path: [key],
      expected: `\`at\` alone, or \`when\` with \`after\`: here is \`at\` with \`${key}\``,
      at: 'key',
    })
    return undefined
  }
  if (when === undefined) {
    objections.push({ path: [], expected: '`at` (a time) or `when` (a condition) is missing here', at: 'key' })
    return undefined
  }
  const read = readSentence(EVENTS, when, scope)
  if (read.ok) return { watch: read.value.make(), after: after ?? 0, when }
  objections.push({ path: ['when'], expected: read.issue.expected })
  return undefined
}

/** `at 5 s`, `2 s after bob is ringing`, `when bob is ringing`. */
export function printTrigger(trigger: Trigger): string {
  if ('at' in trigger) return `at ${print(trigger.at)}`
  return `${trigger.after > 0 ? `${print(trigger.after)} after ` : 'when '}${trigger.when}`
}

function print(ns: number): string {
  return quantity('duration').encode(ns)
}
