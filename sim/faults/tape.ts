// The fault tape: a run's faults as data, asked by the links. A direction that no rule speaks of is given nothing to ask.

import { failure, type Issue } from '../../platform/result.ts'
import type { LossCause, PacketLabel } from '../../platform/trace.ts'
import { type FaultRule, type FaultStage, type PacketMatch, printFaultRule } from './rule.ts'
import { misplaced } from './stage.ts'

/** A direction as the tape needs it. */
export interface DirectionName {
  /** Such as `alice--proxy from alice`. */
  readonly name: string
  readonly from: string
  readonly to: string
}

/** What the tape asks about a packet; `packet` is the pool's handle. */
export interface FaultView {
  label(packet: number): PacketLabel
  /** The name of the node that has the packet's IP source; empty if none has. */
  sourceNode(packet: number): string
  /** The time of the run, ns. */
  now(): number
}

/** What is to happen to one packet. The object is used again for the next one. */
export interface Verdict {
  /** It is lost, and why. The rest then says nothing. */
  drop: LossCause | undefined
  /** Later by so much, after jitter and order, ns. */
  delayNs: number
  /** Later by so much in place of the link's own jitter, ns. */
  jitterNs: number
  /** Not before this time, ns; 0 for none. */
  holdUntilNs: number
  /** Copies, each so much later, ns. */
  copiesAfterNs: readonly number[]
  /** What is turned over, one after the other: a bit of the transport's payload by its number, or a bit of a header. */
  corruptions: readonly (number | 'IP' | 'transport')[]
  /** netem sends it at once. */
  ahead: boolean
  /** It goes behind the next packet of the direction. */
  swap: boolean
}

/** All faults of a run. */
export class FaultTape {
  readonly #entries: readonly Entry[]
  readonly #view: FaultView

  constructor(rules: readonly FaultRule[], view: FaultView) {
    this.#entries = rules.map((rule) => ({ rule, matched: 0, applied: 0, why: whyOf(rule) }))
    this.#view = view
  }

  /**
   * Finds the directions that the rules speak of: once, when all links are known. `judges` has, by direction name, what that link has to ask
   * at each stage; a link that is not in it pays nothing. `issues` has the rules whose `where` is no place in this network, and those that
   * would do nothing at their stage.
   */
  place(directions: readonly DirectionName[]): Placement {
    const placed = new Map<string, { direct: Entry[]; from: { source: string; entry: Entry }[] }>()
    const issues: Issue[] = []
    const put = (name: string) => {
      const there = placed.get(name) ?? { direct: [], from: [] }
      placed.set(name, there)
      return there
    }
    this.#entries.forEach((entry, index) => {
      const found = findDirections(entry.rule.where, directions)
      if (found.names.length === 0) issues.push(nowhere(index, entry.rule.where, directions))
      const wrong = misplaced(entry.rule)
      if (wrong !== undefined) issues.push(failure(`faults[${index}]`, wrong).issue)
      for (const name of found.names) {
        if (found.source === undefined) put(name).direct.push(entry)
        else put(name).from.push({ source: found.source, entry })
      }
    })
    // Calls are counted wherever they come first.
    const counted = this.#entries.some(({ rule }) => rule.match.call !== undefined)
    const calls = counted ? new Map<string, number>() : undefined
    if (calls !== undefined) for (const { name } of directions) put(name)
    const judges = new Map<string, DirectionFaults>()
    for (const [name, { direct, from }] of placed)
      judges.set(name, new DirectionFaults(direct, from, this.#view, calls))
    return { judges, issues }
  }

  /** The rules that no packet has matched (or not often enough for their `nth`). */
  unmatched(): readonly FaultRule[] {
    return this.#entries.filter(({ applied }) => applied === 0).map(({ rule }) => rule)
  }
}

export interface Placement {
  readonly judges: ReadonlyMap<string, DirectionFaults>
  readonly issues: readonly Issue[]
}

interface Entry {
  readonly rule: FaultRule
  readonly why: LossCause
  matched: number
  applied: number
}

/** The rules of one direction. */
export class DirectionFaults {
  readonly #view: FaultView
  readonly #rules: { readonly source?: string; readonly entry: Entry }[] = []
  readonly #byOrdinal = new Map<number, { readonly source?: string; readonly entry: Entry }[]>()
  /** The ordinals of the run's calls; absent: nobody asks. */
  readonly #calls: Map<string, number> | undefined
  readonly #verdict = { ...CLEAN }

  constructor(
    direct: readonly Entry[],
    from: readonly { source: string; entry: Entry }[],
    view: FaultView,
    calls: Map<string, number> | undefined,
  ) {
    this.#view = view
    this.#calls = calls
    for (const rule of [...direct.map((entry) => ({ entry })), ...from]) {
      const ordinal = rule.entry.rule.match.ordinal
      if (ordinal === undefined) this.#rules.push(rule)
      else this.#byOrdinal.set(ordinal, [...(this.#byOrdinal.get(ordinal) ?? []), rule])
    }
  }

  /**
   * What is to happen to `packet`, the `ordinal`-th (from 1) that was handed to this direction; undefined: nothing.
   * Each packet is asked about once at each stage that it reaches. The verdict is good until the next call.
   */
  judge(stage: FaultStage, packet: number, ordinal: number): Readonly<Verdict> | undefined {
    if (stage === 'ingress' && this.#calls !== undefined) this.#meet(this.#calls, this.#view.label(packet))
    let verdict: Verdict | undefined
    for (const rule of this.#rules) {
      if (this.#applies(rule, stage, packet)) verdict = apply(rule.entry, verdict ?? this.#clean())
    }
    const numbered = this.#byOrdinal.get(ordinal)
    if (numbered !== undefined) {
      for (const rule of numbered) {
        if (this.#applies(rule, stage, packet)) verdict = apply(rule.entry, verdict ?? this.#clean())
      }
    }
    return verdict
  }

  #clean(): Verdict {
    return Object.assign(this.#verdict, CLEAN)
  }

  #meet(calls: Map<string, number>, { call, begins }: PacketLabel): void {
    if (begins === true && call !== undefined && !calls.has(call)) calls.set(call, calls.size + 1)
  }

  #applies(rule: { readonly source?: string; readonly entry: Entry }, stage: FaultStage, packet: number): boolean {
    const { entry } = rule
    const { match } = entry.rule
    if ((entry.rule.stage ?? 'medium') !== stage) return false
    if (!this.#isTime(match)) return false
    if (rule.source !== undefined && rule.source !== this.#view.sourceNode(packet)) return false
    if (!this.#matches(entry, packet)) return false
    entry.matched += 1
    if (match.nth !== undefined && match.nth !== entry.matched) return false
    entry.applied += 1
    return true
  }

  #isTime({ sinceNs, beforeNs }: PacketMatch): boolean {
    if (sinceNs === undefined && beforeNs === undefined) return true
    const now = this.#view.now()
    return (sinceNs === undefined || now >= sinceNs) && (beforeNs === undefined || now < beforeNs)
  }

  #matches(entry: Entry, packet: number): boolean {
    const { label, call, stream, sequence } = entry.rule.match
    if (label === undefined && call === undefined && stream === undefined && sequence === undefined) return true
    const is = this.#view.label(packet)
    if (label !== undefined && is.name !== label) return false
    if (stream !== undefined && is.stream !== stream) return false
    if (sequence !== undefined && is.sequence !== sequence) return false
    return call === undefined || (is.call !== undefined && this.#calls?.get(is.call) === call)
  }
}

const CLEAN: Verdict = {
  ...{ drop: undefined, delayNs: 0, jitterNs: 0, holdUntilNs: 0, copiesAfterNs: [] },
  ...{ corruptions: [], ahead: false, swap: false },
}

function apply({ rule: { action }, why }: Entry, verdict: Verdict): Verdict {
  if ('drop' in action) verdict.drop = why
  else if ('delayNs' in action) verdict.delayNs += action.delayNs
  else if ('jitterNs' in action) verdict.jitterNs += action.jitterNs
  else if ('corruptBit' in action) verdict.corruptions = [...verdict.corruptions, action.corruptBit]
  else if ('corruptHeader' in action) verdict.corruptions = [...verdict.corruptions, action.corruptHeader]
  else if ('ahead' in action) verdict.ahead = true
  else if ('holdUntilNs' in action) verdict.holdUntilNs = Math.max(verdict.holdUntilNs, action.holdUntilNs)
  else if ('swap' in action) verdict.swap = true
  else verdict.copiesAfterNs = [...verdict.copiesAfterNs, action.duplicateAfterNs]
  return verdict
}

function whyOf(rule: FaultRule): LossCause {
  return ('drop' in rule.action ? rule.action.why : undefined) ?? `fault: ${printFaultRule(rule)}`
}

function findDirections(
  where: string,
  directions: readonly DirectionName[],
): { readonly names: readonly string[]; readonly source?: string } {
  const names = (some: readonly DirectionName[]): string[] => some.map(({ name }) => name)
  const [from, to] = where.split('->').map((part) => part.trim())
  if (to === undefined) return { names: names(directions.filter(({ name }) => name === where)) }
  const direct = directions.filter((direction) => direction.from === from && direction.to === to)
  if (direct.length > 0) return { names: names(direct) }
  return { names: names(directions.filter((direction) => direction.to === to)), source: from as string }
}

function nowhere(index: number, where: string, directions: readonly DirectionName[]): Issue {
  const some = directions[0]
  const example = some === undefined ? 'a -> b' : `${some.from} -> ${some.to}`
  return failure(`faults[${index}]`, `a direction such as ${example}, not "${where}"`).issue
}
