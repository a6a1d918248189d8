// A netem line as `tc` takes it: `delay 100ms 20ms 25% loss gemodel 1% 10%`, in tc's own order, units and abbreviations.

import { nearest } from '../../platform/nearest.ts'
import type { Loss } from '../../sim/network/medium.ts'
import type { NetemOptions, NetemTable } from '../../sim/network/netem/options.ts'
import { type NetemWord as Word, wordsOf } from './netemCommand.ts'
import { type NetemQuantity, netemQuantity } from './netemUnits.ts'
import { LEAST_BPS } from './rate.ts'

/** What is wrong with a line, and with which of its characters. */
export interface NetemMistake {
  readonly expected: string
  readonly start: number
  readonly length: number
}

/** Kept packets, if the line does not say: tc's own. */
const LIMIT = 1000
/** In the order in which tc compares them: a word may be cut short, and the first that it begins is meant. */
const KEYWORDS = [
  ...['limit', 'latency', 'delay', 'loss', 'drop', 'ecn', 'reorder', 'corrupt', 'gap', 'duplicate'],
  ...['distribution', 'rate', 'slot', 'seed'],
] as const
const TABLES: readonly string[] = ['normal', 'pareto', 'paretonormal']

/** The device of a line, as far as its shares go. */
interface Device {
  /** What `rate 50%` is a share of, bit/s; absent: nothing is known of it, and such a rate is refused. */
  readonly bps?: number | undefined
}

/** Where only the form of a line is looked at. */
const ANY_DEVICE: Device = { bps: 1e12 }

/** Reads a line; a whole `tc qdisc …` command, or what `tc qdisc show` printed, is read from its word `netem` on. */
export function readNetem(line: string, device: Device = ANY_DEVICE): NetemOptions | NetemMistake {
  try {
    return new Line(line, device).options()
  } catch (error) {
    if (error instanceof Refusal) return error.mistake
    throw error
  }
}

/** Thrown and caught in this file alone, so that the parts of a line need not hand mistakes to each other. */
class Refusal {
  readonly mistake: NetemMistake

  constructor(expected: string, { start, text }: Word) {
    this.mistake = { expected, start, length: Math.max(1, text.length) }
  }
}

type Parts = { -readonly [Key in keyof NetemOptions]?: NetemOptions[Key] }

class Line {
  readonly #words: readonly Word[]
  readonly #end: Word
  #at = 0
  readonly #parts: Parts = {}
  #gap: Word | undefined
  #gapPackets = 0
  #reorder: Word | undefined
  #distribution: Word | undefined
  #ecn: Word | undefined

  readonly #device: Device

  constructor(line: string, device: Device) {
    const { words, end } = wordsOf(line)
    this.#words = words
    this.#end = end
    this.#device = device
  }

  options(): NetemOptions {
    if (this.#words.length === 0) throw new Refusal('what netem does, such as delay 100ms 20ms loss 1%', this.#end)
    while (this.#at < this.#words.length) this.#part(this.#words[this.#at++]!)
    const parts = this.#parts
    if (this.#reorder !== undefined && parts.reorder?.ratio !== 0 && (parts.delayNs ?? 0) === 0) {
      throw new Refusal(
        'a delay beside it, such as delay 10ms: without one there is nothing to be ahead of',
        this.#reorder,
      )
    }
    if (this.#gap !== undefined && this.#gapPackets > 0 && (parts.reorder?.ratio ?? 0) === 0) {
      throw new Refusal('a reorder beside it, such as reorder 25%: a gap alone does nothing', this.#gap)
    }
    if (this.#ecn !== undefined && (parts.loss === undefined || isNoLoss(parts.loss))) {
      throw new Refusal('a loss beside it, such as loss 1%: there is nothing to be marked instead', this.#ecn)
    }
    if (this.#distribution !== undefined && !((parts.delayNs ?? 0) > 0 && (parts.jitterNs ?? 0) > 0)) {
      throw new Refusal('a delay and a jitter before it, such as delay 100ms 20ms: they scale it', this.#distribution)
    }
    const { reorder } = parts
    return {
      ...{ limit: LIMIT, delayNs: 0, jitterNs: 0, correlation: 0, ...parts },
      ...(reorder !== undefined && { reorder: { ...reorder, gap: this.#gapPackets || 1 } }),
    }
  }

  #part(word: Word): void {
    const parts = this.#parts
    switch (this.#keyword(word, KEYWORDS)) {
      case 'limit':
        parts.limit = this.#next('size', 'limit')
        return
      case 'latency':
      case 'delay':
        this.#delay()
        return
      case 'loss':
      case 'drop':
        if (parts.loss !== undefined && !isNoLoss(parts.loss)) {
          throw new Refusal('one loss: there is one before it already', word)
        }
        parts.loss = this.#loss()
        return
      case 'reorder':
        this.#reorder = word
        parts.reorder = { ...this.#chance('reorder'), gap: 1 }
        return
      case 'gap':
        this.#gap = word
        this.#gapPackets = this.#next('number', 'gap')
        return
      case 'corrupt':
        parts.corrupt = this.#chance('corrupt')
        return
      case 'duplicate':
        parts.duplicate = this.#chance('duplicate')
        return
      case 'distribution':
        this.#shape(word)
        return
      case 'rate':
        parts.rate = this.#rate()
        return
      case 'slot':
        parts.slot = this.#slot(word)
        return
      case 'seed': // a run has its own
        this.#next('number', 'seed')
        return
      case 'ecn': // packets are never marked: those that would be are lost
        this.#ecn = word
        return
    }
  }

  #delay(): void {
    const parts = this.#parts
    parts.delayNs = this.#next('time', 'delay')
    parts.jitterNs = this.#more('time') ?? 0
    parts.correlation = this.#more('percent') ?? 0
  }

  #shape(word: Word): void {
    this.#distribution = word
    const table = this.#table()
    if (table !== undefined) this.#parts.distribution = table
  }

  #rate(): NonNullable<NetemOptions['rate']> {
    return {
      bps: this.#share() ?? this.#next('rate', 'rate'),
      packetOverhead: this.#named('packetoverhead', 'number', true) ?? 0,
      cellSize: this.#named('cellsize', 'number') ?? 0,
      cellOverhead: this.#named('celloverhead', 'number', true) ?? 0,
    }
  }

  /** `50%` of what the device can, bit/s; undefined where no share is written. */
  #share(): number | undefined {
    const word = this.#words[this.#at]
    if (word === undefined || !/^[.\d]+%$/.test(word.text)) return undefined
    const ratio = this.#next('percent', 'rate')
    const { bps } = this.#device
    if (bps === undefined)
      throw new Refusal(
        `a rate such as 10mbit, or a \`rate\` of the link beside the netem: ${word.text} is a share of that`,
        word,
      )
    if (ratio * bps >= LEAST_BPS) return ratio * bps
    throw new Refusal(`a rate of at least ${LEAST_BPS}bit: ${word.text} of the link's is less`, word)
  }

  #loss(): NonNullable<NetemOptions['loss']> {
    const word = this.#words[this.#at]
    if (word === undefined || isNumber(word)) return { model: 'random', ...this.#chance('loss') }
    this.#at++
    const kind = this.#keyword(word, ['random', 'state', 'gemodel'])
    if (kind === 'random') return { model: 'random', ...this.#chance('loss random') }
    return kind === 'state' ? this.#states() : this.#gemodel()
  }

  #states(): Extract<Loss, { model: 'four-states' }> {
    const p13 = this.#named('p13', 'percent') ?? this.#next('percent', 'loss state')
    const p31 = this.#named('p31', 'percent') ?? 1 - p13
    const p32 = this.#named('p32', 'percent') ?? 0
    const p23 = this.#named('p23', 'percent') ?? 1
    return { model: 'four-states', p13, p31, p32, p23, p14: this.#named('p14', 'percent') ?? 0 }
  }

  #gemodel(): Extract<Loss, { model: 'states' }> {
    const toBad = this.#named('p', 'percent') ?? this.#next('percent', 'loss gemodel')
    const toGood = this.#named('r', 'percent') ?? 1 - toBad
    const badRatio = this.#named('1-h', 'percent') ?? 1
    return { model: 'states', toBad, toGood, badRatio, goodRatio: this.#named('1-k', 'percent') ?? 0 }
  }

  #slot(word: Word): NonNullable<NetemOptions['slot']> {
    const first = this.#words[this.#at]
    const bursts = { packets: 0, bytes: 0 }
    if (first !== undefined && !isNumber(first)) {
      this.#at++
      this.#keyword(first, ['distribution'])
      const distribution = this.#table()
      const delayNs = this.#next('slot time', 'slot distribution')
      const jitterNs = this.#next('slot time', 'slot distribution')
      if (jitterNs === 0) throw new Refusal('a slot whose jitter is above zero, or slot and a time alone', word)
      if (distribution === undefined) {
        return { minNs: delayNs - jitterNs, maxNs: delayNs + jitterNs, ...this.#bursts(bursts) }
      }
      return { minNs: 0, maxNs: 0, table: { distribution, delayNs, jitterNs }, ...this.#bursts(bursts) }
    }
    const minNs = this.#next('slot time', 'slot')
    const maxNs = this.#more('slot time') ?? minNs
    if (maxNs < minNs) throw new Refusal('a slot whose longest time is not below its shortest', word)
    return { minNs, maxNs, ...this.#bursts(bursts) }
  }

  #bursts(bursts: { packets: number; bytes: number }): { readonly packets: number; readonly bytes: number } {
    for (;;) {
      const word = this.#words[this.#at]?.text ?? ''
      if (word !== '' && 'packets'.startsWith(word)) {
        this.#at++
        bursts.packets = this.#next('number', 'packets')
      } else if (word !== '' && 'bytes'.startsWith(word)) {
        this.#at++
        bursts.bytes = this.#next('size', 'bytes')
      } else return bursts
    }
  }

  #table(): NetemTable | undefined {
    const word = this.#words[this.#at] ?? this.#end
    this.#at++
    if (word.text === 'uniform') return undefined
    if (TABLES.includes(word.text)) return word.text as NetemTable
    const close = nearest(word.text, TABLES)
    const own = 'for measurements of your own, say jitter: { law: measured, values: […] }'
    throw new Refusal(
      `one of normal, pareto, paretonormal, uniform, not "${word.text}"${close === undefined ? `; ${own}` : `: did you mean ${close}?`}`,
      word,
    )
  }

  #chance(after: string): { readonly ratio: number; readonly correlation: number } {
    return { ratio: this.#next('percent', after), correlation: this.#more('percent') ?? 0 }
  }

  /** The value that must follow. */
  #next(kind: NetemQuantity, after: string, signed = false): number {
    const word = this.#words[this.#at++] ?? this.#end
    const read = netemQuantity(kind, word.text, signed)
    if (typeof read === 'number') return read
    throw new Refusal(word === this.#end ? `${read.replace(/, not ""$/, '')} after ${after}` : read, word)
  }

  /** The value that may follow: what begins like a number is one. */
  #more(kind: NetemQuantity, signed = false): number | undefined {
    const word = this.#words[this.#at]
    if (word === undefined || !isNumber(word, signed)) return undefined
    this.#at++
    const read = netemQuantity(kind, word.text, signed)
    if (typeof read === 'number') return read
    throw new Refusal(read, word)
  }

  /** The value that may follow, by its name as `tc qdisc show` prints it, or without. */
  #named(name: string, kind: NetemQuantity, signed = false): number | undefined {
    if (this.#words[this.#at]?.text !== name) return this.#more(kind, signed)
    this.#at++
    return this.#next(kind, name, signed)
  }

  /** The keyword that a word begins, the first of several. */
  #keyword<Name extends string>(word: Word, names: readonly Name[]): Name {
    const found = names.find((name) => name.startsWith(word.text))
    if (found !== undefined) return found
    const close = nearest(word.text, names)
    throw new Refusal(
      `one of ${names.join(', ')}, not "${word.text}"${close === undefined ? '' : `: did you mean ${close}?`}`,
      word,
    )
  }
}

function isNoLoss(loss: NonNullable<NetemOptions['loss']>): boolean {
  return loss.model === 'random' && loss.ratio === 0
}

function isNumber({ text }: Word, signed = false): boolean {
  return (signed ? /^[+-]?[.\d]/ : /^[.\d]/).test(text)
}
