// A tap between a program and one of its connections: what it writes and reads is on record where it begins like messages that are on
// record as packets. The oracles read it, since the segments that carry it are sent when TCP thinks fit.

import type { Endpoint } from '../../platform/host.ts'
import type { HostTrace, StreamTrace } from '../../platform/trace.ts'

const CR = 13
const LF = 10

/** The two ends, known from when something can be said. */
export interface TappedEnds {
  readonly local: Endpoint
  readonly remote: Endpoint
}

/** One connection's record. Where the trace has none of connections it does nothing. */
export class Tap {
  readonly #trace: StreamTrace | undefined
  readonly #over: 'tcp' | 'tls'
  readonly #between: TappedEnds
  /** Whether each way is on record; undefined until something has shown what it carries. */
  #out: boolean | undefined
  #in: boolean | undefined

  constructor({ streams }: HostTrace, over: 'tcp' | 'tls', between: TappedEnds) {
    this.#trace = streams
    this.#over = over
    this.#between = between
    if (streams !== undefined) return
    this.#out = false
    this.#in = false
  }

  /** The program has handed over `bytes`, which must never change; whether the connection is there yet, or ever will be, it need not know. */
  written(bytes: Uint8Array): void {
    if (this.#out === false) return
    this.#out ??= this.#concerns(bytes)
    if (this.#out) this.#tell('written', bytes)
  }

  /** The program is handed what stands in `bytes` from `start` up to `end`. */
  read(bytes: Uint8Array, start: number, end: number): void {
    if (this.#in === false) return
    const piece = bytes.slice(start, end)
    this.#in ??= this.#concerns(piece)
    if (this.#in) this.#tell('read', piece)
  }

  /** Undefined for line ends alone, which say nothing yet. */
  #concerns(bytes: Uint8Array): boolean | undefined {
    return bytes.every((byte) => byte === CR || byte === LF) ? undefined : this.#trace?.concerns(bytes)
  }

  #tell(kind: 'written' | 'read', bytes: Uint8Array): void {
    const { local, remote } = this.#between
    const ends = { local: placeOf(local), remote: placeOf(remote) }
    this.#trace?.tell(kind, { over: this.#over, ...ends, bytes })
  }
}

function placeOf({ address, port }: Endpoint): { readonly address: string; readonly port: number } {
  return { address, port }
}
