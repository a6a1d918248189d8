// What a fault of a link or node is to people: `✂ link alice--proxy cut`.

import type { Faulted } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { Tone } from './row.ts'

type Telling = (node: string, details: Faulted['details']) => string

/** By the record's word. */
const TELLINGS: Readonly<Record<string, Telling>> = {
  cut: (_, details) => `✂ ${linkOf(details)} cut`,
  heal: (_, details) => ('nodes' in details ? `${details.nodes} no longer cut off` : `${linkOf(details)} whole again`),
  partition: (_, { nodes }) => `✂ ${nodes} cut off from the rest`,
  reboot: (node) => `↻ ${node} reboots`,
  'up again': (node) => `${node} is up again`,
  crash: (node) => `✖ ${node} crashes`,
  kill: (node) => `✖ the programs of ${node} die`,
  restart: (node) => `${node} starts anew`,
  freeze: (node) => `❄ ${node} stands still`,
  thaw: (node) => `${node} goes on`,
  slow: (node, { packet, timer }) => `⧗ ${node} is slow (${packet} a packet, ${timer} a timer)`,
  dns: (node, { how }) => `✖ DNS of ${node}: ${how}`,
  'answers again': (node) => `DNS of ${node} as before`,
  'fast again': (node) => `${node} is as fast as before`,
  clock: (node, { by }) => `◷ the clock of ${node}: ${by}`,
  degrade: (_, details) => `▽ ${linkOf(details)} degraded: ${details.to}`,
  restore: (_, details) => `${linkOf(details)} as before`,
  'swap given up': (_, { on, packet, why }) => `${packet} on ${on} goes on alone: ${why}`,
  change: (_, { link, way, to }) => `link ${link} changes, ${way}: ${to}`,
}

/** Its words, and the tone of something bad or good. */
export function tellFault({ id, what, details }: Faulted): { readonly text: string; readonly tone: Tone } {
  const telling = TELLINGS[what]
  const text = telling === undefined ? `${id.node}: ${what}` : telling(id.node, details)
  const { forMs } = details
  const lasting = typeof forMs === 'number' && !ENDS.has(what) ? `, for ${printDuration(forMs * 1e6)}` : ''
  return { text: text + lasting, tone: ENDS.has(what) ? 'success' : 'failure' }
}

const ENDS: ReadonlySet<string> = new Set([
  'heal',
  'up again',
  'restart',
  'thaw',
  'fast again',
  'restore',
  'answers again',
  'swap given up',
])

function linkOf({ on }: Faulted['details']): string {
  return String(on).includes('->') ? String(on) : `link ${on}`
}
