// How often a connection may challenge: answer what cannot be right with where it stands (RFC 5961 §7).

/** At most so many in so long, ms: what the RFC recommends. */
const MOST = 10
const SPAN_MS = 5000

/** The challenges of one connection. */
export class Challenges {
  #since = Number.NEGATIVE_INFINITY
  #count = 0

  /** Whether one more may go out now, by the host's monotonic clock, ms; it is then counted. */
  mayGo(nowMs: number): boolean {
    if (nowMs - this.#since >= SPAN_MS) {
      this.#since = nowMs
      this.#count = 0
    }
    this.#count++
    return this.#count <= MOST
  }
}
