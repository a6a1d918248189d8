// One mistake in a file that a user wrote: where it stands, what was expected there, and how it is shown.

import type { Issue } from '../../platform/result.ts'

/** An issue with its place in a file. `at` is `file:line:column`. */
export interface Mistake extends Issue {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** How many characters the caret underlines, at least 1. */
  readonly length: number
  /** The whole line as it stands in the file. */
  readonly text: string
}

/**
 * A mistake for people, in three lines: the place and the sentence, the line itself, a caret below the place.
 * Lines longer than 120 characters are cut around the caret.
 */
export function printMistake(mistake: Mistake): string {
  const margin = String(mistake.line).length
  const start = Math.max(0, Math.min(mistake.column - 60, mistake.text.length - 110))
  const line = printable(mistake.text.slice(start, start + 120).replaceAll('\t', ' '))
  const caret = `${' '.repeat(mistake.column - 1 - start)}${'^'.repeat(Math.min(mistake.length, 60))}`
  return [
    `${mistake.at}: ${printable(abridged(mistake.expected))}`,
    `  ${mistake.line} | ${line}`,
    `  ${' '.repeat(margin)} | ${caret}`,
  ].join('\n')
}

const LONGEST_QUOTE = 60
const LONGEST_SENTENCE = 500

/** What a sentence quotes at length is cut: a file that is no text at all is quoted, too. */
function abridged(sentence: string): string {
  const quotes = sentence.replace(/"([^"]*)"/g, (whole, quoted: string) =>
    quoted.length > LONGEST_QUOTE ? `"${quoted.slice(0, LONGEST_QUOTE)}…"` : whole,
  )
  return quotes.length > LONGEST_SENTENCE ? `${quotes.slice(0, LONGEST_SENTENCE)}…` : quotes
}

/** Control characters as their pictures (U+2400 and on), so that a terminal is not told to do something. */
function printable(text: string): string {
  return text
    .replace(/[\u0000-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/[\u007f-\u009f]/g, '␡')
}

/** Puts mistakes in the order of the file, each place and sentence once. */
export function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const seen = new Set<string>()
  return mistakes
    .filter((one) => {
      const name = `${one.at} ${one.expected}`
      return !seen.has(name) && seen.add(name)
    })
    .sort((a, b) => a.line - b.line || a.column - b.column)
}
