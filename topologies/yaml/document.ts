// A YAML (or JSON) text as a value, with the way back: from a path in the value to the line and column where it was written.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { inOrder, type Mistake } from './mistake.ts'

/** Where in the value: keys and list positions from the root. */
export type Path = readonly (string | number)[]

/** Some characters of a text: the first, from 0, and how many. */
export interface Within {
  readonly start: number
  readonly length: number
}

/** A text that was read, or as much of it as could be. */
export interface YamlDocument {
  readonly file: string
  /** The plain value; undefined where the syntax is broken. */
  readonly value: unknown
  /** Mistakes of syntax, in the order of the file. */
  readonly mistakes: readonly Mistake[]
  /**
   * A mistake at the value of `path`, or at its key; where there is no such thing, at the nearest thing around it. `within`: at these
   * characters of the text that the value is, if it stands in one piece.
   */
  mistake(path: Path, expected: string, at?: 'value' | 'key', within?: Within): Mistake
}

/** Reads `text`; `file` is its name in complaints. Never throws. */
export function readYaml(file: string, text: string): YamlDocument {
  const lines = new LineCounter()
  const rows = text.split(/\r?\n/)
  const mistakeAt = (start: number, end: number, expected: string): Mistake => {
    const { line, col } = lines.linePos(Math.min(start, text.length))
    const row = rows[line - 1] ?? ''
    const length = Math.max(1, Math.min(end - start, row.length - col + 1))
    return { at: `${file}:${line}:${col}`, file, line, column: col, length, text: row, expected }
  }
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error', merge: true })
    const open = document.errors.length === 0 ? undefined : unclosed(text)
    const mistakes =
      open === undefined
        ? [...complaintsOf(document), ...misused(document)].map(({ pos, message }) =>
            mistakeAt(...pos, syntax(message)),
          )
        : [
            mistakeAt(
              open,
              open + 1,
              `a ${CLOSING[text[open]!]} that closes this, and the file ends: it was cut off, or one is missing`,
            ),
          ]
    const value: unknown = mistakes.length === 0 ? document.toJS({ maxAliasCount: 1000 }) : undefined
    return {
      file,
      value,
      mistakes: inOrder(mistakes),
      mistake: (path, expected, at = 'value', within) => {
        const [start, end] = rangeOf(document.contents, path, at) ?? [0, 1]
        const [first, last] = within === undefined ? [start, end] : part(text, [start, end], within)
        return mistakeAt(first, last, expected)
      },
    }
  } catch (error) {
    const mistake = mistakeAt(0, 1, syntax(error instanceof Error ? error.message : String(error)))
    return { file, value: undefined, mistakes: [mistake], mistake: (_, expected) => mistakeAt(0, 1, expected) }
  }
}

/** The part of a document that stands at `key`, as a document whose mistakes point into the whole. */
export function inside(document: YamlDocument, key: string): YamlDocument {
  const value = (document.value as Readonly<Record<string, unknown>> | null | undefined)?.[key]
  return {
    ...document,
    value,
    mistake: (path, expected, at, within) => document.mistake([key, ...path], expected, at, within),
  }
}

type Range = readonly [start: number, end: number]

/** Where some characters of a text stand, if it is written as it is: plain, or between quotes on one line. */
function part(text: string, [start, end]: Range, within: Within): Range {
  const written = text.slice(start, end)
  const quoted = /^["']/.test(written)
  if (/[\n\\]/.test(written) || /^[|>&*!]/.test(written)) return [start, end]
  const first = start + (quoted ? 1 : 0) + within.start
  return first >= end ? [end - 1, end] : [first, Math.min(end, first + within.length)]
}

function rangeOf(root: Node | null, path: Path, at: 'value' | 'key'): Range | undefined {
  let node: unknown = root
  let range = spanOf(root)
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair = pairAt(node, String(step)) ?? node.items.find(({ key }) => isMerge(key))
      if (pair === undefined) return range
      const last = depth === path.length - 1
      range = (last && at === 'key' ? undefined : spanOf(pair.value)) ?? spanOf(pair.key) ?? range
      if (isMerge(pair.key)) return range
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      range = spanOf(node) ?? range
    } else return isAlias(node) ? spanOf(node) : range
  }
  return range
}

/** The pair with that key; undefined where the map has none of its own. */
function pairAt({ items }: YAMLMap, key: string): Pair | undefined {
  return items.find((item) => isScalar(item.key) && String(item.key.value) === key)
}

/** A node's place; a map or list of several lines is shown by its first character alone. */
function spanOf(node: unknown): Range | undefined {
  if (!isNode(node) || !node.range) return undefined
  return [node.range[0], node.range[1]]
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

/** Of a JSON text, the innermost of the brackets that are open at its end; undefined where none is, or it is no JSON. */
function unclosed(text: string): number | undefined {
  if (!/^\s*\{\s*"/.test(text)) return undefined
  const open: number[] = []
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (token in CLOSING) open.push(index)
    else if (!token.startsWith('"') && CLOSING[text[open.pop() ?? -1] ?? ''] !== token) return undefined
  }
  return open.at(-1)
}

/** What is wrong with the syntax; tags that mean nothing here; of a document too deep to be read, that alone. */
function complaintsOf({ errors, warnings }: Pick<Document, 'errors' | 'warnings'>): readonly YAMLError[] {
  const deep = errors.find(({ message }) => message.startsWith(TOO_DEEP))
  return deep === undefined ? [...errors, ...warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')] : [deep]
}

/** Aliases and keys that can be written and mean nothing: they would be seen, or lost, only when the value is made. */
function misused(document: Document): readonly Pick<YAMLError, 'pos' | 'message'>[] {
  const found: Pick<YAMLError, 'pos' | 'message'>[] = []
  const tell = (node: unknown, message: string): void => {
    const pos = spanOf(node)
    if (pos !== undefined) found.push({ pos: [...pos], message })
  }
  if (document.errors.length > 0) return found
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) tell(alias, UNKNOWN_ALIAS)
    },
    Pair: (_, { key, value }) => {
      if (!isScalar(key)) return
      if (key.value === '__proto__') tell(key, NO_KEY)
      const merged = isSeq(value) ? value.items : [value]
      if (!isMerge(key)) return
      for (const one of merged) if (!isMap(isAlias(one) ? one.resolve(document) : one)) tell(one ?? key, NO_MERGE)
    },
  })
  return found
}

/** The key << takes over what another map has. */
function isMerge(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN'
}

const UNKNOWN_ALIAS = 'Unresolved alias'
const NO_KEY = 'No such key'
const NO_MERGE = 'No map to merge'
const TOO_DEEP = 'Maximum call stack size exceeded'

/** How the reader begins to complain, and what is said of it here. */
const SENTENCES: readonly (readonly [begins: string, expected: string])[] = [
  ['Map keys must be unique', 'each key once: this one was given before'],
  ['Unresolved tag', 'a value without this tag, which means nothing here'],
  ['Excessive alias count', 'fewer aliases (*): together these stand for too much'],
  [UNKNOWN_ALIAS, 'an alias (*) whose anchor (&) stands before it'],
  [NO_KEY, 'another key than __proto__, which no map here can have'],
  [NO_MERGE, 'a map after <<, or an alias of one: its keys are taken over'],
  ['Source contains multiple documents', 'one document: a file has no second one after ---'],
  [TOO_DEEP, 'lists and maps that stand less deep in each other'],
]

/** Of the parser's own words, which may have the rest of the file in them. */
const LONGEST = 200

function syntax(message: string): string {
  const known = SENTENCES.find(([begins]) => message.startsWith(begins))
  const [first = ''] = message.split('\n')
  return known?.[1] ?? `YAML that can be read: ${first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first}`
}
