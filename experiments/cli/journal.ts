// The journal of a hunt, in the folder that `--out` names: what is done stands in it, so that a hunt that was killed goes on where it was.

import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { CoverageRecord } from '../hunt/coverage.ts'
import { makeDirectory } from './directory.ts'
import { Ending, EXIT } from './exit.ts'
import { OURS, RunFolder } from './folder.ts'
import { whyNot } from './library.ts'

/** What makes a hunt the same hunt: all that decides which cases are drawn and how they are judged. */
export interface HuntName {
  readonly campaign: string
  readonly mutant: string | null
  readonly seed: number
  readonly swarm: boolean
  readonly property: string | null
  readonly siptwin: string
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

/** Lines are appended whole; the last one, if it was cut, is as if it had never been. */
export class Journal {
  readonly folder: string
  /** What was done before, in order. */
  readonly lines: readonly JournalLine[]
  readonly #path: string

  /** Opens the folder's journal, or begins one. Ends with exit 2 where another hunt is in it. */
  constructor(folder: string, name: HuntName) {
    this.folder = folder
    this.#path = join(folder, FILE)
    const header = JSON.stringify({ hunt: name })
    if (!existsSync(this.#path)) {
      new RunFolder(folder)
      this.#prepare(header)
      this.lines = []
      return
    }
    const text = readFileSync(this.#path, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(this.#path, Buffer.byteLength(whole))
    const [first, ...rest] = whole.split('\n').filter((line) => line !== '')
    if (first === undefined) this.#prepare(header)
    else if (first !== header)
      throw new Ending(EXIT.input, `${folder} has another hunt, ${told(first)}: name another folder`)
    this.lines = rest.map((line, i) => this.#read(line, i + 2))
  }

  /** A folder for the files of one failure; what an unfinished one left there is removed. */
  folderOf(nth: number): { readonly name: string; readonly path: string } {
    const name = nth === 1 ? '.' : `failure-${nth}`
    const path = join(this.folder, name)
    for (const file of [...OURS, EXPERIMENT]) rmSync(join(path, file), { recursive: true, force: true })
    return { name, path }
  }

  #read(line: string, number: number): JournalLine {
    try {
      return JSON.parse(line) as JournalLine
    } catch {
      throw new Ending(EXIT.input, `${this.#path}, line ${number} is no line of a hunt's journal: name another folder`)
    }
  }

  append(line: JournalLine): void {
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }

  #prepare(header: string): void {
    try {
      makeDirectory(this.folder)
      appendFileSync(this.#path, `${header}\n`)
    } catch (error) {
      throw new Ending(EXIT.environment, `${this.folder} cannot be written to: ${whyNot(error)}`)
    }
  }
}

function told(header: string): string {
  const { hunt } = JSON.parse(header) as { readonly hunt: HuntName }
  const { campaign, mutant, seed, siptwin } = hunt
  return `${campaign}${mutant === null ? '' : ` with ${mutant}`}, seed ${seed}, by siptwin ${siptwin}`
}
