// What a box asks of somebody who knows the payload: to rewrite the addresses in it. Boxes carry bytes and read none of them.

/** An address and a port, as they are written. */
export interface WrittenEndpoint {
  readonly address: string
  /** 0–65535. */
  readonly port: number
}

/** One packet that crosses a box which translates addresses. */
export interface Crossing {
  readonly direction: 'out' | 'in'
  /** The inside host's endpoint, and what stands for it outside. */
  readonly inside: WrittenEndpoint
  readonly outside: WrittenEndpoint
  /** The other side. */
  readonly remote: WrittenEndpoint
  /**
   * Opens a mapping for an inside endpoint, through which anybody may send, and says what stands for it outside; undefined: none is left.
   * It is good for `lifetimeMs` from now, or as any mapping of the box where that is absent.
   */
  open(inside: WrittenEndpoint, lifetimeMs?: number): WrittenEndpoint | undefined
  /** Whose mapping an outside endpoint is now; undefined: nobody's. */
  behind(outside: WrittenEndpoint): WrittenEndpoint | undefined
}

/** Rewrites payloads. */
export interface AddressRewriter {
  /** It is asked about UDP packets from or to these ports of the other side, or of the inside host. */
  readonly ports: readonly number[]
  /** The payload that goes on (the same array if nothing changes), or undefined: the packet is dropped. */
  rewrite(payload: Uint8Array, crossing: Crossing): Uint8Array | undefined
}
