// Stalls: when nothing but a timer moved for more than a minute, or the run ended before what was expected, who was waiting for what, and since when.

import type { RecordId, TraceRecord, Transition } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { tellFault } from '../ladder/fault.ts'
import { nameOf } from './tell.ts'
import { exitsOf, isFinal, timersOf } from './wait.ts'

/** A longer silence is a stall, ns. */
const LONG_NS = 60e9
/** How many stalls are kept, and how many waits are told of each. */
const STALLS = 5
const WAITS = 3

/** Where a machine rests until its own time has come, whatever is expected of others. */
const UNCONCERNED: ReadonlySet<string> = new Set([
  'registration registered',
  'registration unregistered',
  'bindingLifetime waiting',
  'bindingLifetime kept',
  'tcp LISTEN',
  'tcp ESTABLISHED',
])
/** Where a machine rests, and waits for nobody. */
const RESTING: ReadonlySet<string> = new Set([...UNCONCERNED, 'call established'])
const NONE: ReadonlySet<string> = new Set()

/** One stall. */
export interface Stall {
  /** `nothing happened from 20 s to 180 s, until Timer C of proxy`. */
  readonly sentence: string
  /** Who waited, a sentence each. */
  readonly waits: readonly string[]
}

interface Waiting {
  readonly node: string
  readonly machine: string
  readonly state: string
  /** ns. */
  readonly since: number
}

/** A fold over a run's record. Memory goes with what is under way. */
export class Stalls {
  readonly #waiting = new Map<string, Waiting>()
  readonly #talking = new Set<string>()
  readonly #told: Stall[] = []
  #left = 0
  #at = 0
  /** What the run has done to a node and not undone, in words. */
  readonly #down = new Map<string, string>()

  /** Takes the next record; a trace sink. */
  record(record: TraceRecord): void {
    if (record.at - this.#at > LONG_NS) this.#jumped(record)
    this.#at = record.at
    if (record.kind === 'transition') this.#step(record)
    else if (record.kind === 'remark') this.#talk(record.id, record.what)
    else if (record.kind === 'faulted' && (record.what === 'crash' || record.what === 'kill')) this.#lose(record.id)
    if (record.kind === 'faulted') this.#note(record.id.node, record.what, tellFault(record).text)
  }

  /**
   * The stalls, in order. `ended` is there if something was still expected: `dry`, nothing was left to happen; else when the run ended, ns.
   */
  told(ended?: 'dry' | number): readonly Stall[] {
    const more = { sentence: `and ${this.#left} more silences of more than a minute`, waits: [] }
    const end = this.#end(ended)
    return [...this.#told, ...(this.#left === 0 ? [] : [more]), ...(end.waits.length === 0 ? [] : [end])]
  }

  #end(ended: 'dry' | number | undefined): Stall {
    const last = printDuration(this.#at)
    if (ended === undefined) return { sentence: '', waits: [] }
    if (ended === 'dry') return { sentence: `nothing was left to happen after ${last}`, waits: this.#waits(NONE) }
    const isLong = ended - this.#at > LONG_NS && this.#talking.size === 0
    const end = printDuration(ended)
    const sentence = isLong ? `nothing happened from ${last} to ${end}, when the run ended` : `the run ended at ${end}`
    return { sentence, waits: this.#waits(UNCONCERNED) }
  }

  #jumped(record: TraceRecord): void {
    if (record.kind === 'asked' || record.kind === 'faulted' || this.#talking.size > 0) return
    const waits = this.#waits(RESTING)
    if (waits.length === 0) return
    if (this.#told.length === STALLS) {
      this.#left += 1
      return
    }
    const by =
      record.kind === 'transition' && record.timer !== undefined
        ? `, until ${nameOf(record.timer)} of ${record.id.node}`
        : ''
    const when = `${printDuration(this.#at)} to ${printDuration(record.at)}`
    this.#told.push({ sentence: `nothing happened from ${when}${by}`, waits })
  }

  /** Who waits, but for those who rest. */
  #waits(resting: ReadonlySet<string>): readonly string[] {
    const some = [...this.#waiting.values()].filter(({ machine, state }) => !resting.has(`${machine} ${state}`))
    const ranked = some.sort((a, b) => rank(a) - rank(b) || a.since - b.since)
    const told = ranked.slice(0, WAITS).map(tellWaiting)
    const down = [...this.#down.values()]
    return [
      ...told,
      ...(ranked.length > WAITS ? [`${ranked.length - WAITS} more`] : []),
      ...(told.length > 0 ? down : []),
    ]
  }

  #step({ id, at, machine, instance, from, to }: Transition): void {
    const key = `${id.node} ${machine} ${instance}`
    if (isFinal(machine, to) || (machine === 'tcp' && to === 'CLOSED')) this.#waiting.delete(key)
    else if (from !== to || !this.#waiting.has(key))
      this.#waiting.set(key, { node: id.node, machine, state: to, since: at })
  }

  #talk({ node }: RecordId, what: string): void {
    if (what === 'media started') this.#talking.add(node)
    else if (what === 'media ended') this.#talking.delete(node)
  }

  /** What a host forgets waits for nothing any more. */
  #lose({ node }: RecordId): void {
    this.#talking.delete(node)
    for (const [key, waiting] of this.#waiting) if (waiting.node === node) this.#waiting.delete(key)
  }

  #note(node: string, what: string, words: string): void {
    const began = BEGINNINGS[what]
    if (began !== undefined) this.#down.delete(`${node} ${began}`)
    else this.#down.set(`${node} ${what}`, words)
  }
}

/** What each end of a fault ends. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  ...{ 'answers again': 'dns', 'swap given up': 'swap' },
  ...{ heal: 'cut', restart: 'crash', 'up again': 'reboot', thaw: 'freeze', 'fast again': 'slow', restore: 'degrade' },
}

function rank({ machine }: Waiting): number {
  return machine === 'call' ? 0 : machine === 'registration' ? 1 : 2
}

function tellWaiting({ node, machine, state, since }: Waiting): string {
  const exits = exitsOf(machine, state)
  const forWhat = exits.length === 0 ? '' : `, waiting for ${exits.join(', ')}`
  const timers = timersOf(machine, state).map(nameOf)
  const running = timers.length === 0 ? '' : `, ${timers.join(' and ')} running`
  return `${node}'s ${machine} stands in ${state} since ${printDuration(since)}${forWhat}${running}`
}
