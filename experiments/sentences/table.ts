// The closed tables of sentence forms, as data for people and for editors.

import { EVENTS } from './events.ts'
import { EXPECTATIONS } from './expectations.ts'
import { patternSource } from './form.ts'
import { SLOTS } from './slot.ts'

/** A form as it is shown. */
export interface ShownForm {
  readonly text: string
  readonly example: string
  readonly says: string
  /** A regular expression that its sentences match. */
  readonly pattern: string
}

/** The tables: what `when:` and `expect:` can say, and what can stand in the blanks. */
export interface SentenceTables {
  readonly conditions: readonly ShownForm[]
  readonly expectations: readonly ShownForm[]
  readonly blanks: readonly { readonly name: string; readonly says: string }[]
}

/** All of it, in the tables' order. */
export function sentenceTables(): SentenceTables {
  return {
    conditions: EVENTS.map(shown),
    expectations: EXPECTATIONS.map(shown),
    blanks: Object.entries(SLOTS).map(([name, { says }]) => ({ name, says })),
  }
}

function shown({ text, example, says }: Omit<ShownForm, 'pattern'>): ShownForm {
  return { text, example, says, pattern: patternSource(text) }
}
