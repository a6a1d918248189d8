// A program that sends as much as TCP lets it: a backup, an upload of photographs; what competes with calls for an uplink.

import type { Connection, ConnectionEnd } from '../../platform/connection.ts'
import { printEndpoint } from '../../platform/endpoint.ts'
import type { Endpoint, Host, Program, RunningProgram } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'
import { BULK_PORT } from './bulkReceiver.ts'
import { findDestination } from './destination.ts'

export interface BulkSenderOptions {
  /** Where it sends: a host's name or an address, with a port if it is not 5001. */
  readonly to: string
  /** The DSCP of its packets, 0–63; default 0. */
  readonly dscp?: number
}

/**
 * The program. Verbs: `upload` {sizeBytes}: opens a connection and sends so much, without a size until it is told to `end upload`. It
 * remarks `upload began` {to}, `upload ended` {bytes, ms, how}.
 */
export const bulkSender: Program<BulkSenderOptions> = {
  name: 'bulk-sender',
  start: (host, options) => new BulkSender(host, options),
}

/** What is sent, again and again; its length is a multiple of common segments'. */
const PIECE = new Uint8Array(1448 * 45)

class BulkSender implements RunningProgram {
  readonly #host: Host
  readonly #options: BulkSenderOptions
  readonly #uploads = new Set<Upload>()

  constructor(host: Host, options: BulkSenderOptions) {
    this.#host = host
    this.#options = options
  }

  do(verb: string, { sizeBytes }: Readonly<Record<string, unknown>>): Issue | undefined {
    if (verb === 'end upload') {
      for (const upload of this.#uploads) upload.end()
      return undefined
    }
    if (verb !== 'upload') return failure(verb, 'upload or end upload').issue
    const bytes = typeof sizeBytes === 'number' ? sizeBytes : Number.POSITIVE_INFINITY
    const written = this.#options.to
    findDestination(this.#host, written, BULK_PORT, (to, why) => {
      if (to !== undefined) this.#begin(to, bytes)
      else this.#host.trace.remark('not sent', { to: written, why })
    })
    return undefined
  }

  stop(): void {
    for (const upload of this.#uploads) upload.abort()
  }

  #begin(to: Endpoint, bytes: number): void {
    const upload = new Upload(this.#host, bytes, () => this.#uploads.delete(upload))
    this.#uploads.add(upload)
    upload.begin(to, this.#options.dscp ?? 0)
  }
}

/** One transfer. */
class Upload {
  readonly #host: Host
  readonly #bytes: number
  readonly #over: () => void
  readonly #beganMs: number
  #left: number
  #connection: Connection | undefined

  constructor(host: Host, bytes: number, over: () => void) {
    this.#host = host
    this.#bytes = bytes
    this.#left = bytes
    this.#over = over
    this.#beganMs = host.monotonic()
  }

  begin(to: Endpoint, dscp: number): void {
    const { trace } = this.#host
    const opened = this.#host.tcp.connect(
      to,
      { dscp },
      {
        connected: () => {
          trace.remark('upload began', { to: printEndpoint(to) })
          this.#fill()
        },
        received: () => {},
        drained: () => this.#fill(),
        ended: () => this.end(),
        closed: (end) => this.#ended(end),
      },
    )
    if (opened.ok) this.#connection = opened.value
    else {
      trace.remark('not sent', { to: printEndpoint(to), why: opened.issue.expected })
      this.#over()
    }
  }

  /** No more: what has been handed over still goes out. */
  end(): void {
    this.#left = 0
    this.#connection?.close()
  }

  abort(): void {
    this.#connection?.abort()
  }

  #fill(): void {
    while (this.#left > 0) {
      const piece = this.#left >= PIECE.length ? PIECE : PIECE.subarray(0, this.#left)
      this.#left -= piece.length
      if (!this.#connection!.send(piece) && this.#left > 0) return
    }
    this.end()
  }

  #ended({ how }: ConnectionEnd): void {
    this.#over()
    const ms = Math.round(this.#host.monotonic() - this.#beganMs)
    const size = this.#bytes === Number.POSITIVE_INFINITY ? {} : { bytes: this.#bytes }
    this.#host.trace.remark('upload ended', { ...size, ms, how })
  }
}
