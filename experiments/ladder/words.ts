// What a row says, wherever it is drawn.

import type { Color } from './line.ts'
import type { Arrow, Media, Note, Row } from './row.ts'

/** What stands on the arrow. */
export function textOf(row: Row): string {
  if (row.kind === 'across') return row.text
  if (row.kind === 'media') return tellMedia(row)
  const text = `${row.text}${tellMore(row)}`
  return row.kind === 'note' || row.again === undefined ? text : `${text} (again: ${row.again})`
}

/** ` and 8 more`: how many like it have no row of their own. */
export function tellMore({ more }: Arrow | Note): string {
  return more === 0 ? '' : ` and ${more} more`
}

/** What stands there, cut to `room` characters: how many there were outlives the rest. */
export function clipRow(row: Arrow | Note, room: number): string {
  const [text, more] = [textOf(row), tellMore(row)]
  return text.length <= room || more.length >= room ? clip(text, room) : `${clip(row.text, room - more.length)}${more}`
}

/** `RTP 500 →, 499 ← (1 lost)`. */
export function tellMedia({ what, sent, lost: [right, left], at, lastAt }: Media): string {
  const lost = right + left
  const seconds = ((lastAt - at) / 1e9).toFixed(1)
  const ways = [sent[0] > 0 ? `${sent[0]} →` : '', sent[1] > 0 ? `← ${sent[1]}` : ''].filter((way) => way !== '')
  return `${what} ${seconds} s, ${ways.join(', ')}${lost > 0 ? `, ${lost} lost` : ''}`
}

/** What colour it has. */
export function toneOf(row: Arrow): Color {
  return row.again === undefined ? row.tone : 'again'
}

/** Why it got no further; whether there were two of it. */
export function tellFate(row: Arrow): string[] {
  const fate: string[] = []
  if (row.fragments.length > 0 && row.lost === undefined) fate.push(`in ${row.fragments.length} fragments`)
  if (row.lost !== undefined) {
    const { why, node, place } = row.lost
    fate.push(place === 'way' && node !== row.from ? `${why}, at ${node}` : why)
  }
  if (row.arrived > 1) fate.push(`arrived ${row.arrived} times`)
  return fate
}

/** Cuts a text to `room` characters. */
export function clip(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`
}
