// Looks at payloads that end at once: a packet's head and body in one array, which the next look uses again.

const SCRATCH_BYTES = 2048

/** One scratch array, seen at each length. */
export class Glance {
  readonly #views: Uint8Array[] = []
  readonly #bytes = new Uint8Array(SCRATCH_BYTES)

  /** `headLength` bytes of `heads` from `at` on, then those of `body`. Good until the next look; an array of its own where it is long. */
  at(heads: Uint8Array, at: number, headLength: number, body: Uint8Array): Uint8Array {
    const length = headLength + body.length
    if (headLength === 0) return body
    if (length > SCRATCH_BYTES) return join(heads.subarray(at, at + headLength), body)
    for (let i = 0; i < headLength; i++) this.#bytes[i] = heads[at + i]!
    this.#bytes.set(body, headLength)
    this.#views[length] ??= this.#bytes.subarray(0, length)
    return this.#views[length]!
  }
}

/** Both in one array. */
export function join(head: Uint8Array, body: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + body.length)
  joined.set(head)
  joined.set(body, head.length)
  return joined
}
