// A map with a bounded memory: what was put in lately is there, what is long gone is forgotten. Deterministic: by count, never by time.

/** Keeps at least the last `atLeast` entries put in, and at most twice as many. Reading does not refresh. */
export class Recent<Key, Value> {
  readonly #atLeast: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  /** `atLeast`: 1 or more; default 50,000. */
  constructor(atLeast = 50_000) {
    this.#atLeast = atLeast
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#atLeast && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
