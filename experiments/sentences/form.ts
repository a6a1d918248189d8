// A sentence form: a text with blanks. Reading a sentence finds the one form that it has, and what stands in the blanks.

import { editDistance, nearest } from '../../platform/nearest.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import { type Scope, SLOTS, type SlotName, type SlotsOf } from './slot.ts'

/** One row of a table of forms. `make` turns what stands in the blanks into what the sentence does. */
export interface Form<Meaning> {
  /** Such as `{label} is sent by {node}`. */
  readonly text: string
  /** A sentence of this form. */
  readonly example: string
  /** When it is true. */
  readonly says: string
  make(slots: Readonly<Record<string, unknown>>, scope: Scope): Meaning
  /** What is wrong with the blanks taken together, where anything is. */
  check?(slots: Readonly<Record<string, unknown>>, scope: Scope): string | undefined
}

/** A row, its blanks typed by their names. */
export function form<Text extends string, Meaning>(
  text: Text,
  example: string,
  says: string,
  make: (slots: SlotsOf<Text>, scope: Scope) => Meaning,
): Form<Meaning> {
  return { text, example, says, make: make as Form<Meaning>['make'] }
}

/** A sentence that was read: its form's text and its blanks, as data. */
export interface Sentence {
  readonly form: string
  readonly slots: Readonly<Record<string, unknown>>
}

/** Finds the one form of `forms` that `text` has. Fails with what is wrong in its blanks, or with the nearest form. */
export function readSentence<Meaning>(
  forms: readonly Form<Meaning>[],
  text: string,
  scope: Scope,
): Result<{ readonly sentence: Sentence; make(): Meaning }> {
  const found: { form: Form<Meaning>; slots: Readonly<Record<string, unknown>> }[] = []
  let closest: Misfit | undefined
  for (const one of forms) {
    const match = meantPatternOf(one.text).exec(text)
    if (match === null) continue
    const { slots, misfit } = readSlots(match.groups ?? {}, scope)
    const wrong = misfit === undefined ? one.check?.(slots, scope) : undefined
    if (misfit === undefined && wrong === undefined) found.push({ form: one, slots })
    else closest = closer(closest, misfit ?? { wrong: wrong!, bad: 0, good: 0 })
  }
  const [first, second] = found
  if (first === undefined) return failure('', closest?.wrong ?? unknown(forms, text))
  if (second !== undefined) {
    return failure('', `a sentence of one form: this could be "${first.form.text}" or "${second.form.text}"`)
  }
  return success({
    sentence: { form: first.form.text, slots: first.slots },
    make: () => first.form.make(first.slots, scope),
  })
}

/** A form whose words fit and whose blanks do not: the first complaint, and how many of the blanks do and do not. */
interface Misfit {
  readonly wrong: string
  readonly bad: number
  readonly good: number
}

/** The one with fewer wrong blanks, then with more right ones, then the first. Where two or more are wrong, none right and none near, another form was meant. */
function closer(best: Misfit | undefined, next: Misfit): Misfit | undefined {
  if (next.bad > 1 && next.good === 0 && !next.wrong.includes('did you mean')) return best
  if (best === undefined || next.bad < best.bad) return next
  return next.bad === best.bad && next.good > best.good ? next : best
}

function readSlots(
  groups: Readonly<Record<string, string>>,
  scope: Scope,
): { readonly slots: Readonly<Record<string, unknown>>; readonly misfit: Misfit | undefined } {
  const slots: Record<string, unknown> = {}
  const wrong: string[] = []
  for (const [name, text] of Object.entries(groups)) {
    const read = SLOTS[name as SlotName].read(text, scope)
    if (read.ok) slots[name] = read.value
    else wrong.push(read.issue.expected)
  }
  const [first] = wrong
  const good = Object.keys(slots).length
  return { slots, misfit: first === undefined ? undefined : { wrong: first, bad: wrong.length, good } }
}

const patterns = new Map<string, RegExp>()
const meantPatterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  let pattern = patterns.get(text)
  if (pattern === undefined) {
    pattern = new RegExp(patternSource(text))
    patterns.set(text, pattern)
  }
  return pattern
}

/** Wider: whatever could be meant for the form. */
function meantPatternOf(text: string): RegExp {
  let pattern = meantPatterns.get(text)
  if (pattern === undefined) {
    pattern = new RegExp(sourceOf(text, (slot) => slot.meant ?? slot.pattern))
    meantPatterns.set(text, pattern)
  }
  return pattern
}

/** A regular expression that the sentences of a form match, its blanks as named groups. */
export function patternSource(text: string): string {
  return sourceOf(text, ({ pattern }) => pattern)
}

function sourceOf(text: string, of: (slot: SlotPattern) => string): string {
  return `^${text.replace(/\{(\w+)\}/g, (_, name: SlotName) => `(?<${name}>${of(SLOTS[name])})`)}$`
}

type SlotPattern = { readonly pattern: string; readonly meant?: string }

function unknown<Meaning>(forms: readonly Form<Meaning>[], text: string): string {
  const words = text.split(' ')
  const ranked = forms.map((one) => ({ one, distance: formDistance(words, one.text.split(' ')) }))
  const least = ranked.reduce((best, next) => (next.distance < best.distance ? next : best))
  return `a sentence that is known (siptwin schema experiment lists them): the nearest is "${least.one.text}", such as "${least.one.example}"`
}

/** What a word costs that is missing at the end of a sentence that has begun as the form does. */
const MISSING = 0.25

/** How many words would have to change; a word that fits its blank costs little, a misspelt one half, what is not said to the end little. */
function formDistance(words: readonly string[], formWords: readonly string[]): number {
  const begun = wordDistance(words, formWords.slice(0, words.length))
  const missing = formWords.length - words.length
  return begun < 1 && missing > 0 ? begun + MISSING * missing : wordDistance(words, formWords)
}

function wordDistance(words: readonly string[], formWords: readonly string[]): number {
  return editDistance(words, formWords, (word, wanted) => {
    if (word === wanted) return 0
    if (wanted.startsWith('{')) return patternOf(wanted.replace(',', '')).test(word.replace(',', '')) ? 0.2 : 0.8
    return nearest(word, [wanted]) === undefined ? 1 : 0.5
  })
}
