// Digests by integer mixing: two 32-bit lanes a node, so that a run's record has a name of 16 hex digits. No cryptography: SHA-256 is for files.

const NODE_BITS = 2
const LANES = 2

/** A digest that is kept per node and combined in the nodes' order, so that it never depends on how nodes' events interleave. */
export class NodeDigests {
  declare private readonly lanes: Int32Array

  /**
   * Digests of `nodes` nodes, 0 or more, all empty. `words`: where they stand, four integers a node, of which the first two are another's who
   * counts what happens to the same node, so that both are one line of the cache; default an array of their own.
   */
  constructor(nodes: number, words: Int32Array = new Int32Array(nodes << NODE_BITS)) {
    this.lanes = words
  }

  /** Mixes two words (any integers; their low 32 bits count) into the digest of `node`. Order matters; allocates nothing. */
  add(node: number, left: number, right: number): void {
    const lanes = this.lanes
    const at = (node << NODE_BITS) | LANES
    const first = Math.imul((lanes[at] as number) ^ left, 0x9e3779b1)
    const second = Math.imul(((lanes[at | 1] as number) + 0x7f4a7c15) ^ right, 0x85ebca77)
    const mixed = first ^ (second >>> 15)
    lanes[at] = mixed
    lanes[at | 1] = second ^ (mixed >>> 13) ^ (mixed << 7)
  }

  /** As two calls of {@link NodeDigests.add}, at the cost of one: what every packet pays at every hop. */
  addPair(node: number, left: number, right: number, nextLeft: number, nextRight: number): void {
    const lanes = this.lanes
    const at = (node << NODE_BITS) | LANES
    const first = Math.imul((lanes[at] as number) ^ left, 0x9e3779b1)
    const second = Math.imul(((lanes[at | 1] as number) + 0x7f4a7c15) ^ right, 0x85ebca77)
    const mixed = first ^ (second >>> 15)
    const other = second ^ (mixed >>> 13) ^ (mixed << 7)
    const nextFirst = Math.imul(mixed ^ nextLeft, 0x9e3779b1)
    const nextSecond = Math.imul((other + 0x7f4a7c15) ^ nextRight, 0x85ebca77)
    const nextMixed = nextFirst ^ (nextSecond >>> 15)
    lanes[at] = nextMixed
    lanes[at | 1] = nextSecond ^ (nextMixed >>> 13) ^ (nextMixed << 7)
  }

  /** 16 hex digits over all nodes, in their order. */
  print(): string {
    let left = 0x243f6a88
    let right = 0x13198a2e
    for (let at = LANES; at < this.lanes.length; at += 1 << NODE_BITS) {
      left = finish(left ^ finish(this.lanes[at] as number)) + 0x3c6ef372
      right = finish((right + left) ^ finish(this.lanes[at + 1] as number))
      left = Math.imul(left ^ (right >>> 11), 0x27d4eb2f)
    }
    return hex(finish(left)) + hex(finish(right))
  }
}

/** A 32-bit hash of bytes, as a signed integer. */
export function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5 ^ bytes.length
  for (let at = 0; at < bytes.length; at += 1) {
    hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
    hash ^= hash >>> 17
  }
  return finish(hash)
}

/** A 32-bit hash of a string's code units, as a signed integer. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5 ^ text.length
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    hash ^= hash >>> 17
  }
  return finish(hash)
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
