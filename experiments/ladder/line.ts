// One line of a terminal: cells with a character and a colour each, so that what is put later covers what was there.

import type { Tone } from './row.ts'

export type Color = Tone | 'media' | 'again' | 'lost' | 'faint' | 'head'

const COLORS = {
  request: '36',
  progress: '33',
  success: '32',
  redirect: '35',
  failure: '31',
  plain: '',
  media: '34',
  again: '33;1',
  lost: '31;1',
  faint: '2',
  head: '1',
} satisfies Readonly<Record<Color, string>>

/** Gives a text its colour, or leaves it as it is. */
export type Paint = (color: Color, text: string) => string

/** The paint of a terminal (SGR), or none. */
export function paintFor(color: boolean): Paint {
  return (which, text) => (color && COLORS[which] !== '' ? `\x1b[${COLORS[which]}m${text}\x1b[0m` : text)
}

/** A line of cells, each with a colour. */
export class Line {
  readonly #cells: string[] = []
  readonly #colors: Color[] = []

  get end(): number {
    return this.#cells.length
  }

  put(at: number, text: string, color: Color): void {
    let x = Math.max(0, at)
    while (this.#cells.length < x) {
      this.#cells.push(' ')
      this.#colors.push('plain')
    }
    for (const character of text) {
      this.#cells[x] = character
      this.#colors[x] = color
      x += 1
    }
  }

  print(paint: Paint): string {
    let printed = ''
    for (let x = 0; x < this.#cells.length; ) {
      const color = this.#colors[x] as Color
      let end = x
      while (end < this.#cells.length && this.#colors[end] === color) end += 1
      printed += paint(color, this.#cells.slice(x, end).join(''))
      x = end
    }
    return printed
  }
}
