// Many phones on one host, each with a port of its own, which register, and ring when they are called: a town's worth of telephones.

import type { Holdings } from '../../platform/holdings.ts'
import type { Host, Program, RunningProgram } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'
import { Phone } from './phone.ts'
import type { PhoneOptions } from './phoneOptions.ts'

export interface PhonesOptions extends Omit<PhoneOptions, 'port' | 'rtpPorts' | 'register'> {
  /** How many, 1 or more; 1. */
  readonly count?: number
  /** Their addresses of record: `*` stands for a phone's number, from 1. */
  readonly aor: string
  /** The first one's UDP port, the others' follow; 10000. */
  readonly firstPort?: number
  /** Each registers at a moment of its own, evenly by chance from the start to so much later, ms, 0 or more; 0: all at once. */
  readonly registerWithinMs?: number
}

/** The program. Verb: `register`: all of them, within the same time. */
export const phones: Program<PhonesOptions> = {
  name: 'phones',
  start: (host, options) => new Phones(host, options),
}

class Phones implements RunningProgram {
  readonly #host: Host
  readonly #all: readonly Phone[]
  readonly #withinMs: number
  /** Phones whose moment is still to come. */
  #waiting = 0

  constructor(host: Host, { count = 1, aor, firstPort = 10_000, registerWithinMs = 0, ...rest }: PhonesOptions) {
    this.#host = host
    this.#withinMs = registerWithinMs
    const rtpPorts = `${firstPort + count}-65535`
    this.#all = Array.from({ length: count }, (_, n) => {
      return new Phone(host, { ...rest, aor: aor.replace('*', String(n + 1)), port: firstPort + n, rtpPorts })
    })
    this.#register()
  }

  do(verb: string): Issue | undefined {
    if (verb !== 'register') return failure(verb, 'register').issue
    this.#register()
    return undefined
  }

  get holdings(): Holdings {
    const all = this.#all.map(({ holdings }) => holdings)
    return {
      dialogs: () => all.flatMap((one) => one.dialogs()),
      held: () => all.flatMap((one) => one.held()),
      ownPorts: () => all.flatMap((one) => one.ownPorts()),
      standingTimers: () => all.reduce((sum, one) => sum + one.standingTimers(), this.#waiting),
    }
  }

  stop(): void {
    for (const phone of this.#all) phone.stop()
  }

  #register(): void {
    const chance = this.#host.random('moments of registration')
    for (const phone of this.#all) {
      const waitMs = this.#withinMs === 0 ? 0 : chance.next() * this.#withinMs
      this.#waiting++
      this.#host.after(waitMs, () => {
        this.#waiting--
        phone.do('register', {})
      })
    }
  }
}
