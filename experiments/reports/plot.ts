// A line plot as SVG: axes with round numbers, a line for each series, a legend. No dependencies, no fonts, no scripts.

import type { Point, Series } from './series.ts'

/** What a plot says of itself. */
export interface PlotWords {
  readonly title: string
  /** With their units. */
  readonly x: string
  readonly y: string
}

const WIDTH = 720
const HEIGHT = 300
const LEFT = 70
const RIGHT = 20
const TOP = 36
const BOTTOM = 48
/** Okabe and Ito's colours, which the colour-blind can tell apart. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999']

/** The plot as an SVG document. Series without points are left out. Both axes begin at 0. */
export function plotSvg(words: PlotWords, series: readonly Series[]): string {
  const drawn = series.filter(({ points }) => points.length > 0)
  const points = drawn.flatMap((one) => one.points)
  const xTicks = ticksTo(greatest(points, 0))
  const yTicks = ticksTo(greatest(points, 1))
  const x = scale(xTicks[xTicks.length - 1]!, LEFT, WIDTH - RIGHT)
  const y = scale(yTicks[yTicks.length - 1]!, HEIGHT - BOTTOM, TOP)
  const legendRows = Math.ceil(drawn.length / 2)
  const height = HEIGHT + legendRows * 16
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="20" font-size="14">${text(words.title)}</text>`,
    ...xTicks.map(
      (tick) =>
        `<path d="M${x(tick)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#dddddd"/><text x="${x(tick)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${tick}</text>`,
    ),
    ...yTicks.map(
      (tick) =>
        `<path d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}" stroke="#dddddd"/><text x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${text(words.x)}</text>`,
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${text(words.y)}</text>`,
    ...drawn.map(
      (one, i) => `<path d="${pathOf(one.points, x, y)}" fill="none" stroke="${colorOf(i)}" stroke-width="1.5"/>`,
    ),
    ...drawn.map(({ name }, i) => legend(name, i)),
    '</svg>',
    '',
  ].join('\n')
}

function legend(name: string, i: number): string {
  const x = LEFT + (i % 2) * 320
  const y = HEIGHT + Math.floor(i / 2) * 16
  return `<path d="M${x} ${y}h16" stroke="${colorOf(i)}" stroke-width="3"/><text x="${x + 22}" y="${y + 4}">${text(name)}</text>`
}

function pathOf(points: readonly Point[], x: (value: number) => number, y: (value: number) => number): string {
  return points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('')
}

function colorOf(i: number): string {
  return COLORS[i % COLORS.length]!
}

function greatest(points: readonly Point[], axis: 0 | 1): number {
  return points.reduce((most, point) => Math.max(most, point[axis]), 0)
}

/** From 0 to `most` or a little above, in four to eight steps of 1, 2 or 5 times a power of ten. */
function ticksTo(most: number): readonly number[] {
  let step = 1e-9
  const enough = (most > 0 ? most : 1) / 7
  for (let i = 0; step < enough; i++) step *= i % 3 === 1 ? 2.5 : 2
  const count = Math.max(1, Math.ceil((most > 0 ? most : 1) / step - 1e-9))
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)))
}

/** From 0–`most` to `from`–`to`, in hundredths. */
function scale(most: number, from: number, to: number): (value: number) => number {
  return (value) => Math.round((from + (value / most) * (to - from)) * 100) / 100
}

function text(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
