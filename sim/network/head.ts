// The head of a datagram, which is copied as it is sent, so that talkers write all of theirs into one array.

/** How much of a datagram's head is carried inline; a longer one travels with the body. A power of two. */
export const HEAD_BYTES = 32

/** Copies a head to `at` of `heads`, a multiple of 4. In fours, as far as they go: a head of RTP has three, and each step of a loop costs more than what it does. */
export function copyHead(head: Uint8Array, heads: Uint8Array, at: number): void {
  const { length } = head
  const inFours = length & -4
  for (let i = 0; i < inFours; i += 4) {
    const to = at + i
    heads[to] = head[i]!
    heads[to | 1] = head[i | 1]!
    heads[to | 2] = head[i | 2]!
    heads[to | 3] = head[i | 3]!
  }
  for (let i = inFours; i < length; i++) heads[at + i] = head[i]!
}
