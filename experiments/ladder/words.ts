// What a row says, wherever it is drawn.

import type { Color } from './line.ts'
import type { Arrow, Media, Row } from './row.ts'

/** What stands on the arrow. */
export function textOf(row: Row): string {
  if (row.kind === 'across') return row.text
  if (row.kind === 'note') return row.more === 0 ? row.text : `${row.text} and ${row.more} more`
  if (row.kind === 'media') return tellMedia(row)
  const text = row.more === 0 ? row.text : `${row.text} and ${row.more} more`
  return row.again === undefined ? text : `${text} (again: ${row.again})`
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
