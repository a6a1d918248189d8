// The ports that a phone gives to its calls, one after the other: even ones, as RTP has it (RFC 3550 §11).

import type { Datagram, Host } from '../../platform/host.ts'
import { failure, type Result } from '../../platform/result.ts'
import { RtpSession } from '../rtp/session.ts'

/** A range of ports, used in turn. */
export class RtpPorts {
  readonly #first: number
  readonly #count: number
  #next = 0

  /** `range`: `first-last`, such as `10000-20000`. */
  constructor(range: string) {
    const [first = 0, last = 0] = range.split('-').map(Number)
    this.#first = first + (first & 1)
    this.#count = Math.max(0, Math.floor((last - this.#first) / 2) + 1)
  }

  /** A session on the next port that is free; an issue if none is. `other` takes what comes there and is no RTP. */
  open(host: Host, other?: (datagram: Datagram) => void): Result<RtpSession> {
    for (let tried = 0; tried < this.#count; tried++) {
      const port = this.#first + 2 * this.#next
      this.#next = (this.#next + 1) % this.#count
      const opened = RtpSession.open(host, { port }, other)
      if (opened.ok) return opened
    }
    return failure('rtpPorts', 'a port that is free')
  }
}
