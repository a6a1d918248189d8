// An explanation for people to read: each line of the message, what it is for, its parts, and the remarks where they belong.

import type { ExplainedLine, Explanation } from './explanation.ts'
import type { Problem } from './problems.ts'

/** The explanation as text, lines ended by LF, the last one too. */
export function printExplanation({ body, head, problems, summary }: Explanation): string {
  const out: string[] = []
  for (const line of head) printLine(line, problems, out)
  if (body.length > 0) out.push('')
  for (const line of body) printLine(line, problems, out)
  if (out.length > 0) out.push('')
  for (const problem of problems) if (!isShown(problem, head, body)) out.push(`${mark(problem)} ${remark(problem)}`)
  out.push(summary, '')
  return out.join('\n')
}

/** What is wrong or doubtful alone, one a line; empty where nothing is. */
export function printProblems({ problems }: Explanation): string {
  return problems.map((problem) => `${mark(problem)} ${placeOf(problem)}${remark(problem)}\n`).join('')
}

function placeOf({ line, column }: Problem): string {
  if (line === 0) return ''
  return column === 0 ? `line ${line}: ` : `line ${line}, column ${column}: `
}

function isShown({ line }: Problem, ...groups: readonly (readonly ExplainedLine[])[]): boolean {
  return groups.some((lines) => lines.some(({ number }) => number === line))
}

function printLine(
  { meaning, number, parts, section, text }: ExplainedLine,
  problems: readonly Problem[],
  out: string[],
): void {
  out.push(text)
  for (const problem of problems) {
    if (problem.line !== number) continue
    const caret = problem.column > 0 && problem.column <= text.length + 1 ? `${' '.repeat(problem.column - 1)}^` : ''
    if (caret !== '') out.push(caret)
    out.push(`  ${mark(problem)} ${remark(problem)}`)
  }
  out.push(`    ${meaning} (${section})`)
  const width = parts.reduce((most, part) => Math.min(WIDTH, Math.max(most, part.text.length)), 0)
  for (const part of parts)
    out.push(`      ${part.text.padEnd(width)}  ${part.meaning}${part.section === '' ? '' : ` (${part.section})`}`)
}

/** Columns for the parts, at most. */
const WIDTH = 36

function mark({ refuses }: Problem): string {
  return refuses ? '✗' : '!'
}

function remark({ section, sentence }: Problem): string {
  return `${sentence}. (${section})`
}
