// Vectors as TLS writes them (RFC 8446 §3.4): bytes after their length.

/** All parts in one array. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** A number in so many bytes, the high one first. */
export function number(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, n) => Math.floor(value / (1 << (8 * (bytes - 1 - n)))) & 255)
}

/** The parts after their length in `lengthBytes` bytes. */
export function vector(lengthBytes: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(...parts)
  return joined(number(body.length, lengthBytes), body)
}

/** Reads vectors and numbers one after the other; beyond the end there are zeros. */
export class VectorReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  number(bytes: number): number {
    let value = 0
    for (let n = 0; n < bytes; n++) value = value * 256 + (this.#bytes[this.#at++] ?? 0)
    return value
  }

  bytes(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  /** The vector that begins here. */
  vector(lengthBytes: number): VectorReader {
    return new VectorReader(this.bytes(this.number(lengthBytes)))
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at)
  }
}
