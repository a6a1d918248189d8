// Other programs, and our own command line, as processes: started, waited for, and ended.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { resolve } from 'node:path'
import { test } from 'vitest'

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<Running>()

/** Ends what a test that failed has left behind. */
export async function endProcesses(): Promise<void> {
  for (const one of [...running]) await one.interrupt('SIGTERM')
}

/** A process under way. */
export class Running {
  readonly #child: ChildProcess
  readonly #ended: Promise<Ended>
  #stdout = ''
  #stderr = ''
  #over = false

  constructor(command: string, args: readonly string[], cwd?: string) {
    this.#child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(this)
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.#ended = new Promise((ended) => {
      this.#child.on('close', (code) => {
        this.#over = true
        running.delete(this)
        ended({ code, stdout: this.#stdout, stderr: this.#stderr })
      })
    })
  }

  get ended(): Promise<Ended> {
    return this.#ended
  }

  /** Waits until it has written `text`; fails if it ends before. */
  async says(text: string): Promise<void> {
    while (!`${this.#stdout}${this.#stderr}`.includes(text)) {
      if (this.#over) throw new Error(`it ended without saying "${text}":\n${this.#stdout}${this.#stderr}`)
      await new Promise((resume) => setTimeout(resume, 20))
    }
  }

  /** Ends it as Ctrl-C does, and waits. */
  interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    this.#child.kill(signal)
    return this.#ended
  }
}

/** Our command line, built. */
export function siptwin(...args: string[]): Running {
  return new Running(process.execPath, [resolve('bin/siptwin.js'), ...args])
}

/** Vitest's `test` where the program is installed; else its `skip`, after saying how to get it. With `CI=true` the test then fails. */
export function testWithProgram(program: string, hint: string): typeof test | typeof test.skip {
  if (spawnSync('which', [program]).status === 0) return test
  const sentence = `${program} is not installed: ${hint}`
  if (process.env.CI === 'true') {
    test(program, () => {
      throw new Error(sentence)
    })
  } else console.warn(`skipped: ${sentence}`)
  return test.skip
}

/** A UDP port of that address which nobody has at the moment. */
export function freePort(address: string): Promise<number> {
  return new Promise((found, failed) => {
    const socket = createSocket('udp4')
    socket.once('error', failed)
    socket.bind(0, address, () => {
      const { port } = socket.address()
      socket.close(() => found(port))
    })
  })
}
