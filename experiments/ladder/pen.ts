// Draws rows between the columns of their nodes, one line each where it has the room.

import { type Columns, headingOf } from './columns.ts'
import type { LadderNode } from './ladder.ts'
import { Line, type Paint } from './line.ts'
import type { Across, Arrow, Media, Row } from './row.ts'
import { clip, clipRow, tellFate, tellMedia, tellMore, textOf, toneOf } from './words.ts'

/** Where a line's times have ended. */
const LEFTMOST = 12

/** A pen for columns. */
export class Pen {
  readonly #columns: Columns
  readonly #paint: Paint

  constructor(columns: Columns, paint: Paint) {
    this.#columns = columns
    this.#paint = paint
  }

  heading(nodes: readonly LadderNode[]): string[] {
    const { names, at } = this.#columns
    const lines = [0, 1].map((which) => {
      const line = new Line()
      names.forEach((name, index) => {
        const text = headingOf(name, nodes)[which] ?? ''
        line.put((at[index] ?? 0) - Math.floor(text.length / 2), text, which === 0 ? 'head' : 'faint')
      })
      return line.print(this.#paint)
    })
    return [...lines, this.#empty().print(this.#paint)].map((line) => line.trimEnd())
  }

  row(row: Row): string[] {
    if (row.kind === 'arrow') return this.#arrow(row)
    if (row.kind === 'media') return this.#media(row)
    if (row.kind === 'across') return this.#across(row)
    const line = this.#at(row.at)
    const x = this.#x(row.node)
    const text = `● ${textOf(row)}`
    const room = this.#columns.width - x
    const left = x - LEFTMOST
    if (text.length <= room || (text.length > left && room >= left))
      line.put(x, `● ${clipRow(row, room - 2)}`, row.tone)
    else line.put(Math.max(LEFTMOST, x + 1 - text.length), `${clipRow(row, x - LEFTMOST - 1)} ●`, row.tone)
    return [line.print(this.#paint)]
  }

  #across(row: Across): string[] {
    const line = this.#at(row.at)
    const [first, last] = [this.#columns.at[0] ?? LEFTMOST, this.#columns.at.at(-1) ?? LEFTMOST]
    const text = clip(` ${row.text} `, this.#columns.width - LEFTMOST)
    line.put(first, '╌'.repeat(last - first + 1), row.tone)
    const middle = Math.ceil((first + last - text.length) / 2)
    line.put(Math.max(LEFTMOST, Math.min(middle, this.#columns.width - text.length)), text, row.tone)
    return [line.print(this.#paint).trimEnd()]
  }

  gap(leftOut: number): string {
    return this.#paint('faint', `${' '.repeat(LEFTMOST)}⋮ ${leftOut} rows left out ⋮`)
  }

  #arrow(row: Arrow): string[] {
    const [from, to] = [this.#x(row.from), this.#x(row.to)]
    const line = this.#at(row.at)
    const text = textOf(row)
    const above: string[] = []
    const comment = tellFate(row)
    if (from === to) {
      line.put(from, `⟲ ${text}${row.lost === undefined ? '' : ' ✗'}`, row.tone)
    } else {
      this.#shaft(line, from, to, row)
      const reach = Math.abs(to - from) - (row.lost === undefined || row.lost.place === 'end' ? 0 : 4)
      const room = reach - 7
      const middle = from + (Math.sign(to - from) * reach) / 2
      const short = `${row.text}${tellMore(row)}`
      const fitting = text.length <= room ? text : short.length <= room ? short : ''
      if (fitting === '') {
        const label = this.#empty()
        label.put(Math.min(from, to) + 2, clipRow(row, this.#columns.width - Math.min(from, to) - 2), toneOf(row))
        above.push(label.print(this.#paint))
      } else line.put(Math.ceil(middle - (fitting.length + 2) / 2), ` ${fitting} `, toneOf(row))
      if (fitting === short && row.again !== undefined)
        return this.#finish(above, line, [`again: ${row.again}`, ...comment], row)
    }
    return this.#finish(above, line, comment, row)
  }

  #shaft(line: Line, from: number, to: number, row: Arrow): void {
    const [low, high] = from < to ? [from, to] : [to, from]
    const place = row.lost?.place
    const direction = from < to ? 1 : -1
    line.put(low + 1, '─'.repeat(high - low - 1), toneOf(row))
    if (row.lost === undefined) {
      line.put(to - direction, direction > 0 ? '▶' : '◀', toneOf(row))
      return
    }
    const cut = place === 'end' ? to - direction : place === 'start' ? from + direction : to - 3 * direction
    const beyond = direction > 0 ? [cut + 1, high - cut - 1] : [low + 1, cut - low - 1]
    line.put(beyond[0] as number, ' '.repeat(Math.max(0, beyond[1] as number)), 'plain')
    line.put(cut, '✗', 'lost')
  }

  #finish(above: string[], line: Line, comment: readonly string[], row: Arrow): string[] {
    if (comment.length === 0) return [...above, line.print(this.#paint)]
    const text = comment.join('; ')
    const tone = row.lost === undefined ? 'again' : 'lost'
    const after = Math.max(line.end, (this.#columns.at.at(-1) ?? 0) + 1) + 1
    if (after + text.length <= this.#columns.width) {
      line.put(after, text, tone)
      return [...above, line.print(this.#paint)]
    }
    const below = this.#empty()
    const signed = row.lost === undefined ? text : `✗ ${text}`
    const wanted = Math.min(this.#x(row.from), this.#x(row.to)) + 2
    const x = Math.max(LEFTMOST, Math.min(wanted, this.#columns.width - signed.length))
    below.put(x, clip(signed, this.#columns.width - x), tone)
    return [...above, line.print(this.#paint), below.print(this.#paint)]
  }

  #media(row: Media): string[] {
    const [low, high] = [this.#x(row.left), this.#x(row.right)].sort((a, b) => a - b) as [number, number]
    const line = this.#at(row.at)
    const flipped = this.#x(row.left) > this.#x(row.right)
    const both = flipped ? turn(row) : row
    line.put(low + 1, '═'.repeat(Math.max(0, high - low - 1)), 'media')
    if (both.sent[1] > 0) line.put(low + 1, '◀', 'media')
    if (both.sent[0] > 0) line.put(high - 1, '▶', 'media')
    const text = tellMedia(both)
    if (text.length <= high - low - 7) {
      line.put(Math.ceil((low + high) / 2 - (text.length + 2) / 2), ` ${text} `, 'media')
      return [line.print(this.#paint)]
    }
    const label = this.#empty()
    label.put(low + 2, clip(text, this.#columns.width - low - 2), 'media')
    return [label.print(this.#paint), line.print(this.#paint)]
  }

  #at(ns: number): Line {
    const line = this.#empty()
    line.put(0, (ns / 1e9).toFixed(3).padStart(10), 'faint')
    return line
  }

  #empty(): Line {
    const line = new Line()
    for (const x of this.#columns.at) line.put(x, '│', 'faint')
    return line
  }

  #x(name: string): number {
    return this.#columns.at[this.#columns.names.indexOf(name)] ?? 0
  }
}

function turn(row: Media): Media {
  const swap = ([a, b]: [number, number]): [number, number] => [b, a]
  return { ...row, sent: swap(row.sent), delivered: swap(row.delivered), lost: swap(row.lost) }
}
