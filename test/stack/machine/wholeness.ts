// What every table must be: closed, reachable from its start, and ending.

import type { Table } from '../../../stack/machine/table.ts'

/** Each flaw of a table as a sentence; none where it is whole. */
export function flaws(table: Table<string, string, string, string>): string[] {
  const { name, initial, final, timers, rows } = table
  const states = Object.keys(timers)
  const found: string[] = []
  const named = new Set([initial, final, ...rows.flatMap(([state, , , next]) => [state, next])])
  for (const state of named) if (!states.includes(state)) found.push(`${name}: no timers are given for ${state}`)
  for (const state of states) {
    for (const timer of timers[state] ?? []) {
      const handled = rows.some(([from, event]) => from === state && event === timer)
      if (!handled) found.push(`${name}: ${state} lists timer ${timer} and has no arrow for it`)
    }
    if (!reachable(table, initial).has(state)) found.push(`${name}: ${state} is never reached`)
    if (!reachable(table, state).has(final)) found.push(`${name}: ${state} never comes to ${final}`)
  }
  const arrows = new Set<string>()
  for (const [state, event] of rows) {
    if (arrows.has(`${state} ${event}`)) found.push(`${name}: ${state} has two arrows for ${event}`)
    arrows.add(`${state} ${event}`)
    if (state === final) found.push(`${name}: ${final} has an arrow`)
  }
  const all = new Set(Object.values(timers).flat())
  for (const [state, event] of rows) {
    if (all.has(event) && !timers[state]?.includes(event)) found.push(`${name}: ${state} does not list timer ${event}`)
  }
  return found
}

function reachable(table: Table<string, string, string, string>, start: string): ReadonlySet<string> {
  const seen = new Set([start])
  for (const state of seen) for (const [from, , , next] of table.rows) if (from === state) seen.add(next)
  return seen
}
