// What each link direction carried, at the IP layer and on the wire.

/** One direction's load. Packets that were lost before the transmitter are not in it. */
export interface Load {
  readonly direction: string
  readonly packets: number
  /** IP bytes, and those with the link's framing. */
  readonly ipBytes: number
  readonly wireBytes: number
  /** Bits per second from the first packet to the last, at least over one second. */
  readonly ipBps: number
  readonly wireBps: number
  /** On the wire in the busiest second, counted from the run's start. */
  readonly peakWireBps: number
  /** Of which RTP and RTCP: IP bytes. */
  readonly mediaBytes: number
}

const SECOND_NS = 1e9

/** A direction's load as it grows. */
export class CarriedLoad {
  readonly #direction: string
  readonly #framingBytes: number
  #packets = 0
  #ipBytes = 0
  #mediaBytes = 0
  #firstAt = 0
  #lastAt = 0
  #second = 0
  #secondBytes = 0
  #peakBytes = 0

  constructor(direction: string, framingBytes: number) {
    this.#direction = direction
    this.#framingBytes = framingBytes
  }

  /** A packet of `bytes` IP bytes was handed over at `at`, ns. */
  carry(at: number, bytes: number, media: boolean): void {
    if (this.#packets === 0) this.#firstAt = at
    this.#lastAt = at
    this.#packets += 1
    this.#ipBytes += bytes
    if (media) this.#mediaBytes += bytes
    const second = Math.floor(at / SECOND_NS)
    if (second !== this.#second) this.#secondBytes = 0
    this.#second = second
    this.#secondBytes += bytes + this.#framingBytes
    this.#peakBytes = Math.max(this.#peakBytes, this.#secondBytes)
  }

  /** A packet carried before was lost before it used the wire; the peak keeps it. */
  takeBack(bytes: number, media: boolean): void {
    this.#packets -= 1
    this.#ipBytes -= bytes
    if (media) this.#mediaBytes -= bytes
  }

  get load(): Load {
    const wireBytes = this.#ipBytes + this.#packets * this.#framingBytes
    const seconds = Math.max(1, (this.#lastAt - this.#firstAt) / SECOND_NS)
    return {
      ...{ direction: this.#direction, packets: this.#packets, ipBytes: this.#ipBytes, wireBytes },
      ...{ ipBps: (this.#ipBytes * 8) / seconds, wireBps: (wireBytes * 8) / seconds },
      ...{ peakWireBps: this.#peakBytes * 8, mediaBytes: this.#mediaBytes },
    }
  }
}
