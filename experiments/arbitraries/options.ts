// What the options of an arbitrary may be, said in a sentence: a test in JavaScript has no types to see to it, and a typed one no ranges.

import { nearest } from '../../platform/nearest.ts'
import type { Issue } from '../../platform/result.ts'

/** What is wrong with an option's value, and where in it; undefined where nothing is. */
export type Rule = (value: unknown) => Issue | undefined

/** Throws where `options` has a key that `rules` does not know, or a value that breaks its rule. Absent ones are right, if not `required`. */
export function checkOptions<Options extends object>(
  arbitrary: string,
  options: Options,
  rules: Readonly<Record<keyof Options & string, Rule>>,
  required: readonly (keyof Options & string)[] = [],
): void {
  const refuse = (sentence: string): never => {
    throw new Error(`${arbitrary}: ${sentence}`)
  }
  if (typeof options !== 'object' || options === null) refuse(`options such as { … }, not ${String(options)}`)
  const names = Object.keys(rules)
  const absent = Object.fromEntries(required.map((name) => [name, undefined]))
  for (const [name, value] of Object.entries({ ...absent, ...options })) {
    if (!Object.hasOwn(rules, name)) {
      const close = nearest(name, names)
      refuse(`no option "${name}": ${close === undefined ? `one of ${names.join(', ')}` : `did you mean ${close}?`}`)
    }
    const issue =
      value === undefined && !Object.hasOwn(absent, name) ? undefined : rules[name as keyof Options & string](value)
    if (issue !== undefined) refuse(`${name}${issue.at}: ${issue.expected}`)
  }
}

/** A whole number from `least` on, or to `most`. */
export function whole(least: number, most = Number.POSITIVE_INFINITY): Rule {
  const range = most === Number.POSITIVE_INFINITY ? `${least} or more` : `from ${least} to ${most}`
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : issue(`a whole number, ${range}, not ${String(value)}`)
}

/** A number above 0. */
export const positive: Rule = (value) =>
  typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY
    ? undefined
    : issue(`a number above 0, not ${String(value)}`)

export const yesOrNo: Rule = (value) =>
  typeof value === 'boolean' ? undefined : issue(`true or false, not ${String(value)}`)

/** An object with these parts of a topology, none of them empty, such as `{ links: [{ between: ['alice', 'router'] }] }`. */
export function having(parts: readonly (keyof typeof PARTS)[], example: string): Rule {
  return (value) => {
    for (const name of parts) {
      const part = (value as Readonly<Record<string, unknown>> | null)?.[name]
      const isThere = typeof part === 'object' && part !== null && Object.keys(part).length > 0
      if (!isThere) return issue(`an object with ${parts.join(' and ')}, such as ${example}`)
      const wrong = PARTS[name](part)
      if (wrong !== undefined) return { at: `.${name}${wrong.at}`, expected: wrong.expected }
    }
    return undefined
  }
}

const PARTS = { nodes: nodesIssue, links: linksIssue } as const

function nodesIssue(nodes: object): Issue | undefined {
  if (Array.isArray(nodes)) return issue("nodes by their names, such as { alice: { kind: 'host' } }, not a list")
  const wrong = Object.entries(nodes).find(([, node]) => typeof node !== 'object' || node === null)
  return wrong && { at: `.${wrong[0]}`, expected: `a node such as { kind: 'host' }, not ${String(wrong[1])}` }
}

function linksIssue(links: object): Issue | undefined {
  const expected = "{ between: ['alice', 'router'] }"
  if (!Array.isArray(links)) return issue(`a list such as [${expected}]`)
  const wrong = links.findIndex((link) => {
    const between = (link as { readonly between?: unknown } | null)?.between
    return !(Array.isArray(between) && between.length === 2 && between.every((name) => typeof name === 'string'))
  })
  return wrong < 0 ? undefined : { at: `[${wrong}]`, expected: `a link such as ${expected}` }
}

/** A list of one or more, each of which `is` right, or else is told what was expected. */
export function listOf(example: string, is: (one: unknown) => string | undefined): Rule {
  return (value) => {
    if (!Array.isArray(value)) return issue(`a list such as ['${example}'], not ${String(value)}`)
    if (value.length === 0) return issue(`at least one, such as ${example}`)
    for (const [index, one] of value.entries()) {
      const expected = is(one)
      if (expected !== undefined) return { at: `[${index}]`, expected }
    }
    return undefined
  }
}

/** What is checked by whoever gets it next. */
export const anything: Rule = () => undefined

function issue(expected: string): Issue {
  return { at: '', expected }
}
