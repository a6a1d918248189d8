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
  type YAMLError,
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
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
    const open = document.errors.length === 0 ? undefined : unclosed(text)
    const mistakes =
      open === undefined
        ? complaintsOf(document).map(({ pos, message }) => mistakeAt(pos[0], pos[1], syntax(message)))
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
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      )
      if (pair === undefined) return range
      const last = depth === path.length - 1
      range = (last && at === 'key' ? undefined : spanOf(pair.value)) ?? spanOf(pair.key) ?? range
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      range = spanOf(node) ?? range
    } else return isAlias(node) ? spanOf(node) : range
  }
  return range
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

const TOO_DEEP = 'Maximum call stack size exceeded'

/** How the reader begins to complain, and what is said of it here. */
const SENTENCES: readonly (readonly [begins: string, expected: string])[] = [
  ['Map keys must be unique', 'each key once: this one was given before'],
  ['Unresolved tag', 'a value without this tag, which means nothing here'],
  ['Excessive alias count', 'fewer aliases (*): together these stand for too much'],
  [TOO_DEEP, 'lists and maps that stand less deep in each other'],
]

function syntax(message: string): string {
  const known = SENTENCES.find(([begins]) => message.startsWith(begins))
  return known?.[1] ?? `YAML that can be read: ${message.split('\n')[0]}`
}
