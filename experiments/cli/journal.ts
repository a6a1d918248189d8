// The journal of a hunt, in the folder that `--out` names: what is done stands in it, so that a hunt that was killed goes on where it was.

import { appendFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { CoverageRecord } from '../hunt/coverage.ts'
import { makeDirectory } from './directory.ts'
import { Ending, EXIT } from './exit.ts'
import { OURS, RunFolder } from './folder.ts'
import type { Content } from './hunted.ts'
import { whyNot } from './library.ts'

/** What makes a hunt the same hunt: all that decides which cases are drawn and how they are judged. */
export interface HuntName {
  readonly campaign: string
  readonly mutant: string | null
  readonly seed: number
  readonly swarm: boolean
  readonly property: string | null
  /** What stands in the experiment's file; null where the campaign is a ready-made one, which is as its siptwin is. */
  readonly content: Content | null
  readonly siptwin: string
  /** fast-check's version: it draws the cases. */
  readonly fastCheck: string
}

/** A failure that was found and written down. */
export interface JournalFailure {
  /** The case that gave it away, from 0. */
  readonly index: number
  readonly oracle: string
  /** fast-check's. */
  readonly path: string
  readonly shrinks: number
  /** Where its files are, from the hunt's folder. */
  readonly folder: string
}

/** Cases from..to − 1 are done; one of them may have failed. */
export interface JournalLine {
  readonly from: number
  readonly to: number
  readonly coverage: CoverageRecord
  readonly failed?: JournalFailure
}

const FILE = 'hunt.jsonl'
/** The smallest case, beside what every run leaves. */
export const EXPERIMENT = 'experiment.yaml'

/** Lines are appended whole; the last one, if it was cut, is as if it had never been. One hunt at a time writes: each knows how long the file must be. */
export class Journal {
  readonly folder: string
  /** What was done before, in order. */
  readonly lines: readonly JournalLine[]
  readonly #path: string
  /** How many bytes the file has, as far as this hunt knows. */
  #bytes = 0

  /** Opens the folder's journal, or begins one. Ends with exit 2 where another hunt is in it, with 4 where it cannot be read or written. */
  constructor(folder: string, name: HuntName) {
    this.folder = folder
    this.#path = join(folder, FILE)
    const header = JSON.stringify({ hunt: name })
    if (!existsSync(this.#path)) {
      new RunFolder(folder)
      this.#prepare(header, true)
      this.lines = []
      return
    }
    const [first, ...rest] = this.#whole()
    if (first === undefined) this.#prepare(header, false)
    else if (first !== header) throw new Ending(EXIT.input, `${folder} has ${otherThan(name, this.#headOf(first))}`)
    this.lines = this.#following(rest.map((line, i) => this.#read(line, i + 2)))
  }

  /** A folder for the files of one failure; what an unfinished one left there is removed. */
  folderOf(nth: number): { readonly name: string; readonly path: string } {
    const name = nth === 1 ? '.' : `failure-${nth}`
    const path = join(this.folder, name)
    for (const file of [...OURS, EXPERIMENT]) rmSync(join(path, file), { recursive: true, force: true })
    return { name, path }
  }

  /** The lines that are whole; what is left of one that was cut is removed. */
  #whole(): readonly string[] {
    try {
      const text = readFileSync(this.#path, 'utf8')
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      if (whole.length < text.length) truncateSync(this.#path, Buffer.byteLength(whole))
      this.#bytes = Buffer.byteLength(whole)
      return whole.split('\n').filter((line) => line !== '')
    } catch (error) {
      const where = `${this.#path} is where a hunt keeps its journal`
      throw new Ending(EXIT.environment, `${where}, and cannot be used: ${whyNot(error)}; name another folder`)
    }
  }

  #headOf(line: string): HuntName {
    try {
      const { hunt } = JSON.parse(line) as { readonly hunt: HuntName }
      if (typeof hunt.campaign === 'string') return hunt
    } catch {
      // It is told below.
    }
    throw new Ending(EXIT.input, `${this.#path}, line 1 is no head of a hunt's journal: name another folder`)
  }

  /** Each line goes on where the one before ended; what a second hunt wrote of the same cases is passed over. */
  #following(lines: readonly JournalLine[]): readonly JournalLine[] {
    let done = 0
    return lines.filter(({ from, to }, i) => {
      if (from > done) {
        const told = `line ${i + 2} goes on at case ${from + 1}, and the one before ends at case ${done}`
        throw new Ending(EXIT.input, `${this.#path}, ${told}: name another folder`)
      }
      const follows = from === done
      if (follows) done = to
      return follows
    })
  }

  #read(line: string, number: number): JournalLine {
    try {
      const { from, to, coverage, failed } = JSON.parse(line) as JournalLine
      if (from < to && Array.isArray(coverage.oracles) && Array.isArray(coverage.arrows))
        return { from, to, coverage, ...(failed && { failed }) }
    } catch {
      // It is told below.
    }
    throw new Ending(EXIT.input, `${this.#path}, line ${number} is no line of a hunt's journal: name another folder`)
  }

  /** Ends with exit 4 where it cannot be written, or another hunt has written to it meanwhile. */
  append(line: JournalLine): void {
    const text = `${JSON.stringify(line)}\n`
    try {
      if (statSync(this.#path).size !== this.#bytes)
        throw new Ending(
          EXIT.environment,
          `${this.folder}: another hunt has written to it meanwhile; let it end, and start this one again, or name another folder`,
        )
      appendFileSync(this.#path, text)
      this.#bytes += Buffer.byteLength(text)
    } catch (error) {
      if (error instanceof Ending) throw error
      throw new Ending(EXIT.environment, `${this.#path} cannot be written to: ${whyNot(error)}`)
    }
  }

  #prepare(header: string, isNew: boolean): void {
    try {
      makeDirectory(this.folder)
      appendFileSync(this.#path, `${header}\n`, { flag: isNew ? 'ax' : 'a' })
      this.#bytes = Buffer.byteLength(header) + 1
    } catch (error) {
      throw new Ending(EXIT.environment, `${this.folder} cannot be written to: ${whyNot(error)}`)
    }
  }
}

/** What is in the folder instead, and what to do. */
function otherThan(wanted: HuntName, there: HuntName): string {
  const { content, fastCheck, ...rest } = wanted
  const { content: old, fastCheck: drew, ...others } = there
  if (JSON.stringify(rest) !== JSON.stringify(others)) return `another hunt, ${told(there)}: name another folder`
  if (content !== null && JSON.stringify(content) !== JSON.stringify(old)) {
    const changed = CONTENT.filter((part) => content[part] !== old?.[part]).map((part) => PARTS[part])
    const parts = changed.length === CONTENT.length ? 'it' : changed.join(' and ')
    return `a hunt of ${wanted.campaign} from before ${parts} changed, and its cases say nothing of what is there now: name another folder, or remove this one and begin anew`
  }
  return `a hunt whose cases another version of fast-check drew, ${drew ?? 'one that it does not name'}, not ${fastCheck}: name another folder, or remove this one and begin anew`
}

const CONTENT = ['experiment', 'topology', 'hunt'] as const
const PARTS = {
  experiment: 'the experiment',
  topology: 'its topology',
  hunt: 'its hunt: section',
} as const satisfies Readonly<Record<keyof Content, string>>

function told({ campaign, mutant, seed, swarm, property, siptwin }: HuntName): string {
  const words = [
    `${campaign}${mutant === null ? '' : ` with ${mutant}`}`,
    ...[`seed ${seed}`, ...(swarm ? ['a swarm'] : []), ...(property === null ? [] : [`for ${property} alone`])],
  ]
  return `${words.join(', ')}, by siptwin ${siptwin}`
}
