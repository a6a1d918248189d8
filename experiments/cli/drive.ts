// Drives a run from the command line: in slices, breathing between them, so that progress can be shown and Ctrl-C be heard.

import { setImmediate } from 'node:timers/promises'
import { printDuration } from '../../platform/units.ts'
import type { Run } from '../run/run.ts'
import type { Terminal } from './terminal.ts'
import { watched } from './tripwires.ts'

const EVENTS_PER_SLICE = 20_000
/** A run that takes longer than this shows its progress, ms. */
const PATIENCE_MS = 1000
const PROGRESS_EVERY_MS = 500

/** How a run came to its end. */
export type Driven = 'over' | 'interrupted'

/**
 * Runs to the end, or to the first Ctrl-C. `quiet`: shows no progress. Throws {@link Tripped} where the run touches the real clock, chance
 * without a seed, a real timer or a socket.
 */
export async function drive(run: Run, terminal: Terminal, quiet: boolean): Promise<Driven> {
  let interrupted = false
  const interrupt = (): void => {
    interrupted = true
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const progress = new Progress(terminal, quiet)
  try {
    while (!watched(() => run.step(EVENTS_PER_SLICE))) {
      await setImmediate()
      if (interrupted) return 'interrupted'
      progress.show(run)
    }
    await setImmediate()
    return interrupted ? 'interrupted' : 'over'
  } finally {
    progress.end()
    process.removeListener('SIGINT', interrupt)
    process.removeListener('SIGTERM', interrupt)
  }
}

/** On stderr: one line that is written over on a terminal, else a line now and then. */
class Progress {
  readonly #terminal: Terminal
  readonly #quiet: boolean
  readonly #startedMs = performance.now()
  #shownMs = 0
  #length = 0

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal
    this.#quiet = quiet
  }

  show(run: Run): void {
    const nowMs = performance.now()
    const every = this.#terminal.live ? PROGRESS_EVERY_MS : 10 * PROGRESS_EVERY_MS
    if (this.#quiet || nowMs - this.#startedMs < PATIENCE_MS || (this.#shownMs > 0 && nowMs - this.#shownMs < every))
      return
    this.#shownMs = nowMs
    const seconds = ((nowMs - this.#startedMs) / 1000).toFixed(1)
    const text = `${printDuration(run.now)} of virtual time, at most ${printDuration(run.until)}; ${seconds} s so far`
    if (this.#terminal.live) this.#terminal.err(`\r${text.padEnd(this.#length)}`)
    else this.#terminal.err(`${text}\n`)
    this.#length = text.length
  }

  end(): void {
    if (this.#length > 0 && this.#terminal.live) this.#terminal.err(`\r${' '.repeat(this.#length)}\r`)
  }
}
