// A document against its schema: the value, or every mistake in it, in the order of the file.

import type { z } from 'zod'
import { nearest } from '../../platform/nearest.ts'
import type { Path, Within, YamlDocument } from './document.ts'
import { inOrder, type Mistake } from './mistake.ts'

/** What reading a file gives: its value, with what is no mistake and yet should be known; or the mistakes in it (at least one). */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly remarks?: readonly Mistake[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** One thing that a check found wrong, by its place in the value. */
export interface Objection {
  readonly path: Path
  readonly expected: string
  /** Point at the key rather than at its value. */
  readonly at?: 'key'
  /** Only these characters of a text. */
  readonly within?: Within
}

/** Reads a document's value as `schema` says. */
export function read<T>(document: YamlDocument, schema: z.ZodType<T>): Reading<T> {
  if (document.mistakes.length > 0) return { ok: false, mistakes: document.mistakes }
  const parsed = match(schema, document.value)
  return 'value' in parsed ? { ok: true, value: parsed.value } : complain(document, parsed.objections)
}

/** A plain value against a schema: what it is read into, or what is wrong with it. */
export function match<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { readonly value: T } | { readonly objections: readonly Objection[] } {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { value: parsed.data }
  return { objections: withoutMisspelt(parsed.error.issues.flatMap((issue) => objectionsOf(issue, value))) }
}

/** The mistakes that `objections` are, in the order of the file. */
export function complain(
  document: YamlDocument,
  objections: readonly Objection[],
): { readonly ok: false; readonly mistakes: readonly Mistake[] } {
  const mistakes = objections.map(({ path, expected, at, within }) => document.mistake(path, expected, at, within))
  return { ok: false, mistakes: inOrder(mistakes) }
}

/** What should be known of a document that is read, as a part of its {@link Reading}: absent where there is nothing. */
export function remarksOn(
  document: YamlDocument,
  objections: readonly Objection[],
): { readonly remarks?: readonly Mistake[] } {
  return objections.length === 0 ? {} : { remarks: complain(document, objections).mistakes }
}

type ZodIssue = z.core.$ZodIssue

function objectionsOf(issue: ZodIssue, root: unknown, above: Path = []): readonly Objection[] {
  const path = [...above, ...(issue.path as Path)]
  const given = valueAt(root, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], expected: unknownKey(key, issue.message), at: 'key' }))
    case 'invalid_value':
      return [missing(path, given) ?? { path, expected: oneOf(given, [...new Set(issue.values.map(String))]) }]
    case 'invalid_union':
      if (issue.errors.length > 0) return branch(issue.errors, root, path, given)
      return [missing(path, given) ?? { path, expected: oneOf(given, optionsOf(issue)) }]
    case 'invalid_type':
      return [missing(path, given) ?? { path, expected: ofType(issue, given) }]
    case 'invalid_key':
      return issue.issues.map((inner) => ({ path, expected: inner.message, at: 'key' }))
    default:
      return [missing(path, given) ?? { path, expected: inOurWords(issue), ...withinOf(issue) }]
  }
}

/** What an issue wants, where its schema has no sentence for it: so many entries, or characters. */
function inOurWords(issue: ZodIssue): string {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return issue.message
  if (!/^Too (small|big): /.test(issue.message)) return issue.message
  const [bound, number] = issue.code === 'too_small' ? ['least', issue.minimum] : ['most', issue.maximum]
  const things = issue.origin === 'array' ? ['entry', 'entries'] : ['character', 'characters']
  return `at ${bound} ${number === 1 ? `one ${things[0]}` : `${number} ${things[1]}`}`
}

/** The characters that an issue of our own points at. */
function withinOf(issue: ZodIssue): { readonly within?: Within } {
  const { within } = (issue as { readonly params?: { readonly within?: Within } }).params ?? {}
  return within === undefined ? {} : { within }
}

/**
 * Of a union's alternatives, the complaints of that one which the writer seems to have meant: the one that got furthest, and of several the
 * first to whose keys his are least strange.
 */
function branch(
  alternatives: readonly (readonly ZodIssue[])[],
  root: unknown,
  path: Path,
  given: unknown,
): readonly Objection[] {
  const errors = alternatives.map(ofTypeAlone)
  const further = errors.filter((issues) =>
    issues.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
  )
  const custom = errors.filter((issues) => issues.every((one) => one.code === 'custom'))
  const strange = further.map((issues) => strangers(issues, given))
  const stranger = foreign(further, path, given)
  if (stranger.length > 0) return stranger
  const meant = further[strange.indexOf(Math.min(...strange))] ?? custom[0]
  if (meant !== undefined) return meant.flatMap((one) => objectionsOf(one, root, path))
  const wanted = errors.flatMap((issues) =>
    issues.flatMap((one) => objectionsOf(one, root, path).map((o) => o.expected)),
  )
  const sentences = [...new Set(wanted.map((sentence) => sentence.replace(/, not .*$/, '')))]
  return [missing(path, given) ?? { path, expected: `${sentences.join(', or ')}, not ${show(given)}` }]
}

/** Where several alternatives are maps and none knows any key of `given`: each key, with what all of them know; else nothing. */
function foreign(alternatives: readonly (readonly ZodIssue[])[], path: Path, given: unknown): readonly Objection[] {
  const keys = typeof given === 'object' && given !== null ? Object.keys(given) : []
  const known = alternatives.flatMap((issues) => {
    const own = issues.find((one) => one.code === 'unrecognized_keys' && one.path.length === 0)
    return own?.code === 'unrecognized_keys' && own.keys.length === keys.length ? [own.message.split('\n')] : []
  })
  if (keys.length === 0 || known.length < 2 || known.length < alternatives.length) return []
  const all = [...new Set(known.flat())].join('\n')
  return keys.map((key) => ({ path: [...path, key], expected: unknownKey(key, all), at: 'key' }))
}

/** Of what has another type altogether, nothing else: an empty text is no list that is too short. */
function ofTypeAlone(issues: readonly ZodIssue[]): readonly ZodIssue[] {
  const type = issues.filter(({ code, path }) => code === 'invalid_type' && path.length === 0)
  return type.length > 0 ? type : issues
}

/** How many keys of `given` an alternative does not know (half of one that is misspelt), and how many of its own it misses. */
function strangers(issues: readonly ZodIssue[], given: unknown): number {
  return issues.reduce((count, issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
      const misspelt = issue.keys.filter((key) => nearest(key, issue.message.split('\n')) !== undefined)
      return count + issue.keys.length - misspelt.length / 2
    }
    return count + (issue.path.length === 1 && valueAt(given, issue.path as Path) === undefined ? 1 : 0)
  }, 0)
}

/** Leaves out the complaint that a key is missing where a misspelling of it was found beside. */
function withoutMisspelt(objections: readonly Objection[]): readonly Objection[] {
  return objections.filter(({ path, expected }) => {
    const key = /^`(.*)` is missing here$/.exec(expected)?.[1]
    return (
      key === undefined ||
      !objections.some((other) => {
        const beside = other.at === 'key' && other.path.length === path.length + 1
        return (
          beside && path.every((step, i) => other.path[i] === step) && other.expected.endsWith(`did you mean ${key}?`)
        )
      })
    )
  })
}

function missing(path: Path, given: unknown): Objection | undefined {
  if (given !== undefined || path.length === 0) return undefined
  return { path: path.slice(0, -1), expected: `\`${String(path[path.length - 1])}\` is missing here`, at: 'key' }
}

function unknownKey(key: string, known: string): string {
  const keys = known.split('\n')
  const close = nearest(key, keys)
  return close === undefined
    ? `there is no key "${key}" here: one of ${keys.join(', ')}`
    : `there is no key "${key}" here: did you mean ${close}?`
}

function oneOf(given: unknown, options: readonly string[]): string {
  const close = typeof given === 'string' ? nearest(given, options) : undefined
  const list = options.length === 1 ? options[0]! : `one of ${options.join(', ')}`
  return close === undefined ? `${list}, not ${show(given)}` : `${list}, not ${show(given)}: did you mean ${close}?`
}

function optionsOf(issue: ZodIssue): readonly string[] {
  const { options } = issue as unknown as { options?: readonly unknown[] }
  return (options ?? []).map(String)
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  array: 'a list',
  tuple: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function ofType(issue: ZodIssue & { readonly code: 'invalid_type' }, given: unknown): string {
  if (!issue.message.startsWith('Invalid input')) return issue.message
  return `${TYPES[issue.expected] ?? issue.expected}, not ${show(given)}`
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? `"${value}"` : String(value)
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Readonly<Record<string | number, unknown>>)[step]
  }
  return at
}
