// The columns of a ladder: which nodes have one, in which order, and where each stands on the line.

import type { LadderNode } from './ladder.ts'
import type { Row } from './row.ts'

export interface Columns {
  readonly names: readonly string[]
  /** Where each column's bar stands, from 0. */
  readonly at: readonly number[]
  /** Up to where a line may go. */
  readonly width: number
}

/** The time, right-aligned, and a space on each side of the first bar's heading. */
const TIME_WIDTH = 10
const LEAST_GAP = 12
const MARGIN = 2

/**
 * The nodes that rows speak of, in the order of `known`, the rest by their first appearance, with gaps as wide as their arrows' texts need
 * and `width` allows.
 */
export function arrange(
  rows: readonly Row[],
  known: readonly string[],
  nodes: readonly LadderNode[],
  width: number,
  textOf: (row: Row) => string,
): Columns {
  const names = order(rows, known)
  const heads = names.map((name) => headingOf(name, nodes).reduce((most, line) => Math.max(most, line.length), 0))
  const gaps = names
    .slice(1)
    .map((_, index) => Math.max(LEAST_GAP, Math.ceil(((heads[index] ?? 0) + (heads[index + 1] ?? 0)) / 2) + 2))
  const column = new Map(names.map((name, index) => [name, index]))
  for (const row of rows) {
    if (row.kind === 'note' || row.kind === 'across') continue
    const [a, b] = row.kind === 'arrow' ? [row.from, row.to] : [row.left, row.right]
    const [low, high] = [column.get(a) ?? 0, column.get(b) ?? 0].sort((x, y) => x - y) as [number, number]
    widen(gaps, low, high, textOf(row).length + 8)
  }
  const first = TIME_WIDTH + 2 + Math.ceil((heads[0] ?? 0) / 2)
  const lastHalf = Math.ceil((heads.at(-1) ?? 0) / 2)
  shrink(gaps, width - first - lastHalf - MARGIN)
  const at = [first]
  for (const gap of gaps) at.push((at.at(-1) ?? 0) + gap)
  return { names, at, width }
}

/** A node's name, and below it its first address. A name that is an address stands alone. */
export function headingOf(name: string, nodes: readonly LadderNode[]): readonly string[] {
  const address = nodes.find((node) => node.name === name)?.addresses[0]
  return address === undefined ? [name, ''] : [name, address]
}

/** Gives the nodes of a row their columns: each right of who spoke to it first, the first speaker leftmost. */
export function placeColumns(names: string[], row: Row): void {
  const add = (name: string, after?: string): void => {
    if (names.includes(name)) return
    const at = after === undefined ? names.length : names.indexOf(after) + 1
    names.splice(at === 0 ? names.length : at, 0, name)
  }
  if (row.kind === 'across') return
  if (row.kind === 'note') add(row.node)
  else if (row.kind === 'media') {
    add(row.left)
    add(row.right, row.left)
  } else {
    add(row.from)
    add(row.to, row.from)
  }
}

function order(rows: readonly Row[], known: readonly string[]): readonly string[] {
  const names: string[] = []
  for (const row of rows) if (row.kind === 'arrow') placeColumns(names, row)
  for (const row of rows) placeColumns(names, row)
  const first = known.filter((name) => names.includes(name))
  return [...first, ...names.filter((name) => !first.includes(name))]
}

/** Makes the gaps between two columns as wide together as `need`, by widening each of them alike. */
function widen(gaps: number[], low: number, high: number, need: number): void {
  let have = 0
  for (let index = low; index < high; index += 1) have += gaps[index] ?? 0
  const lack = need - have
  if (lack <= 0 || high === low) return
  const each = Math.ceil(lack / (high - low))
  for (let index = low; index < high; index += 1) gaps[index] = (gaps[index] ?? 0) + each
}

/** Takes from the widest gaps until they fit into `room`, or all are as small as they may be. */
function shrink(gaps: number[], room: number): void {
  let total = gaps.reduce((sum, gap) => sum + gap, 0)
  while (total > room) {
    const widest = Math.max(...gaps)
    if (widest <= LEAST_GAP) return
    const index = gaps.indexOf(widest)
    gaps[index] = widest - 1
    total -= 1
  }
}
