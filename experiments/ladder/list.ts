// Rows as a list: where there are more columns than the terminal has room for.

import type { Columns } from './columns.ts'
import { Line, type Paint } from './line.ts'
import type { Row } from './row.ts'
import { clip, clipRow, tellFate, tellMedia, toneOf } from './words.ts'

const TIME_WIDTH = 10

/** Writes one line per row: its time, who to whom, what, and its fate. */
export class List {
  readonly #width: number
  readonly #nameWidth: number
  readonly #paint: Paint

  constructor({ names, width }: Columns, paint: Paint) {
    this.#width = width
    this.#nameWidth = names.reduce((most, name) => Math.max(most, name.length), 0)
    this.#paint = paint
  }

  heading(): string[] {
    return []
  }

  row(row: Row): string[] {
    const line = new Line()
    line.put(0, (row.at / 1e9).toFixed(3).padStart(TIME_WIDTH), 'faint')
    const at = TIME_WIDTH + 2
    const what = at + 2 * this.#nameWidth + 5
    if (row.kind === 'across') {
      line.put(at, clip(row.text, this.#width - at), row.tone)
    } else if (row.kind === 'note') {
      line.put(at, row.node, 'plain')
      line.put(what, `● ${clipRow(row, this.#width - what - 2)}`, row.tone)
    } else if (row.kind === 'media') {
      line.put(at, this.#between(row.left, '⇄', row.right), 'plain')
      line.put(what, clip(tellMedia(row), this.#width - what), 'media')
    } else {
      line.put(at, this.#between(row.from, row.lost === undefined ? '→' : '✗', row.to), 'plain')
      line.put(what, clipRow(row, this.#width - what), toneOf(row))
      const fate = tellFate(row).join('; ')
      if (fate !== '')
        line.put(
          line.end + 1,
          clip(row.lost === undefined ? fate : `✗ ${fate}`, this.#width - line.end - 1),
          row.lost === undefined ? 'again' : 'lost',
        )
    }
    return [line.print(this.#paint)]
  }

  gap(leftOut: number): string {
    return this.#paint('faint', `${' '.repeat(TIME_WIDTH + 2)}⋮ ${leftOut} rows left out ⋮`)
  }

  #between(from: string, sign: string, to: string): string {
    return `${from.padEnd(this.#nameWidth)} ${sign} ${to}`
  }
}
