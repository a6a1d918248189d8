// A ladder as a test writes it: a line for each message or note that must come, in this order, whatever comes between them.

import type { Row } from '../ladder/row.ts'

/** One line of a pattern, read. */
export interface Wanted {
  readonly line: string
  fits(row: Row): boolean
}

const MESSAGE = /^(?:([\d.]+)\s+)?(\S+) (->|-x) (\S+)\s+(\S.*?)(?:\s+by (Timer [A-Z]|2xx core))?$/
const NOTE = /^(?:([\d.]+)\s+)?([^\s:]+): (\S.*)$/
/** Times are given to the millisecond. */
const CLOSE_NS = 500_000

/**
 * Reads `alice -> proxy INVITE` (it was sent; `-x`: and lost on its way), `bob: asked to answer` (a note), each with the time before it,
 * in seconds, where that matters, and with `by Timer A` after it where it must have been sent again because of that. What is said needs
 * only its beginning: `200` is `200 OK (SDP)`. Empty lines and lines that begin with # are left out;
 * throws where no other is there, and at a line of another form.
 */
export function readPattern(text: unknown): readonly Wanted[] {
  const lines = typeof text === 'string' ? linesOf(text) : []
  if (lines.length === 0)
    throw new Error(`expected at least one line of a ladder such as "alice -> proxy INVITE", not ${printed(text)}`)
  return lines.map((line) => wantedOf(line))
}

function printed(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

function wantedOf(line: string): Wanted {
  const message = MESSAGE.exec(line)
  if (message !== null) {
    const [, time, from, sign, to, text, timer] = message
    return {
      line,
      fits: (row) =>
        row.kind === 'arrow' &&
        isAt(row, time) &&
        row.from === from &&
        row.to === to &&
        begins(row.text, text!) &&
        (sign === '->' || row.lost !== undefined) &&
        (timer === undefined || row.again === timer),
    }
  }
  const note = NOTE.exec(line)
  if (note === null)
    throw new Error(
      `expected a line of a ladder such as "alice -> proxy INVITE" or "bob: asked to answer", not "${line}"`,
    )
  const [, time, node, text] = note
  return { line, fits: (row) => row.kind === 'note' && isAt(row, time) && row.node === node && begins(row.text, text!) }
}

function isAt(row: Row, time: string | undefined): boolean {
  return time === undefined || Math.abs(row.at - Number(time) * 1e9) <= CLOSE_NS
}

/** `INVITE` is the beginning of `INVITE (SDP)`, and not of `INVITES`. */
function begins(text: string, beginning: string): boolean {
  return text === beginning || text.startsWith(`${beginning} `) || text.startsWith(`${beginning}:`)
}

/** How a pattern fits rows: all of it, or the first line that does not, and the row behind which it was looked for. */
export function matchRows(
  rows: readonly Row[],
  wanted: readonly Wanted[],
):
  | { readonly ok: true }
  | { readonly ok: false; readonly line: string; readonly index: number; readonly after: number } {
  let next = 0
  for (const [index, one] of wanted.entries()) {
    const found = rows.findIndex((row, i) => i >= next && one.fits(row))
    if (found < 0) return { ok: false, line: one.line, index, after: rows[next - 1]?.at ?? 0 }
    next = found + 1
  }
  return { ok: true }
}
