// What a case of the gallery of field bugs says beside its experiment: the symptom, the mechanism, and the cure.

import { z } from 'zod'
import type { YamlDocument } from '../topologies/yaml/document.ts'
import type { Mistake } from '../topologies/yaml/mistake.ts'
import type { Objection } from '../topologies/yaml/read.ts'
import { shape } from '../topologies/yaml/shape.ts'
import { EVENTS } from './sentences/events.ts'
import { EXPECTATIONS } from './sentences/expectations.ts'
import { readSentence } from './sentences/form.ts'
import type { Scope } from './sentences/slot.ts'
import { type Change, vary } from './variation.ts'

/** The key `field:` of an experiment. */
export const field = shape({
  /** What people notice. */
  symptom: z.string(),
  /** What happens, and which sections of the RFCs say so. */
  mechanism: z.string(),
  /** The event that `siptwin why` explains. */
  ask: z.string().exactOptional(),
  /** What helps: the same experiment with these changes, and what is then expected in place of what was. */
  cure: shape({
    says: z.string(),
    /** By paths, as `--set` has them: `topology.nodes.home.alg: none`, `faults: []`. */
    set: z.record(z.string(), z.unknown()),
    expect: z.array(z.string()).min(1, { error: () => 'what the cure brings: at least one sentence' }),
  }),
})

/** What is wrong with the sentences of a case; paths begin at the experiment. */
export function fieldObjections({ ask, cure }: z.output<typeof field>, scope: Scope): readonly Objection[] {
  const asked = ask === undefined ? undefined : readSentence(EVENTS, ask, scope)
  const wrong = asked === undefined || asked.ok ? [] : [{ path: ['field', 'ask'], expected: asked.issue.expected }]
  const brought = cure.expect.flatMap((text, i): readonly Objection[] => {
    const read = readSentence(EXPECTATIONS, text, scope)
    return read.ok ? [] : [{ path: ['field', 'cure', 'expect', i], expected: read.issue.expected }]
  })
  return [...wrong, ...brought]
}

/** The experiment with its cure; or the mistakes in what it changes. Undefined for one that is no case of the gallery. */
export function cured(document: YamlDocument): YamlDocument | readonly Mistake[] | undefined {
  const given = z.object({ field, topology: z.unknown() }).safeParse(document.value)
  if (!given.success) return undefined
  const { topology } = given.data
  const { set, expect } = given.data.field.cure
  const at = (path: readonly string[]) => {
    return (expected: string): Mistake => document.mistake(['field', 'cure', ...path], expected)
  }
  const named = typeof topology === 'string'
  const changes = Object.entries(set).map(([path, value]): Change => {
    const below = named && path.startsWith('topology.') ? `set.${path}` : path
    return { path: below, value, mistake: at(['set', path]) }
  })
  const deep = changes.filter(({ path }) => path.startsWith('set.topology.'))
  const own = (document.value as { readonly set?: object }).set ?? {}
  const settings = Object.fromEntries(deep.map(({ path, value }) => [path.slice('set.topology.'.length), value]))
  const rest = changes.filter((change) => !deep.includes(change))
  const sets: readonly Change[] = named ? [{ path: 'set', value: { ...own, ...settings }, mistake: at(['set']) }] : []
  return vary(document, [...rest, ...sets, { path: 'expect', value: expect, mistake: at(['expect']) }])
}
