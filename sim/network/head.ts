// The heads of packets: copied as datagrams are sent, so that talkers write all of theirs into one array.

/** How much of a datagram's head is carried inline; a longer one travels with the body. A power of two. */
export const HEAD_BYTES = 32
const WORD_BITS = 3
/** A plain head of RTP has three (RFC 3550 §5.1). */
const USUAL_BYTES = 12
const MOST_CHANGES = 8

/** The heads of all packets of a world. */
export class Heads {
  /** A packet's head begins at {@link HEAD_BYTES} times its number. Replaced when they grow. */
  bytes: Uint8Array = new Uint8Array(0)
  /** The same bytes. */
  declare private words: Int32Array
  /** The array of 12 bytes that all talkers share: it is known by having come twice in turn, and copied in words. */
  declare private usual: Uint8Array
  declare private usualWords: Int32Array
  private last = this.bytes
  /** How often another array came twice in turn: one that changes all the time is not worth it. */
  private changes = 0

  constructor() {
    this.words = new Int32Array(this.bytes.buffer)
    this.usual = new Uint8Array(USUAL_BYTES)
    this.usualWords = new Int32Array(this.usual.buffer)
  }

  /** Copies a packet's head, of at most {@link HEAD_BYTES}. */
  copy(head: Uint8Array, packet: number): void {
    if (head !== this.usual) {
      this.copyBytes(head, packet)
      return
    }
    const { words, usualWords } = this
    const at = packet << WORD_BITS
    words[at] = usualWords[0]!
    words[at | 1] = usualWords[1]!
    words[at | 2] = usualWords[2]!
  }

  /** Makes room for the heads of `packets`, those that are there among them. */
  grow(packets: number): void {
    const bytes = new Uint8Array(packets * HEAD_BYTES)
    bytes.set(this.bytes)
    this.bytes = bytes
    this.words = new Int32Array(bytes.buffer)
  }

  private copyBytes(head: Uint8Array, packet: number): void {
    const { bytes } = this
    const at = packet * HEAD_BYTES
    for (let i = 0; i < head.length; i++) bytes[at + i] = head[i]!
    if (head === this.last && this.changes < MOST_CHANGES && head.length === USUAL_BYTES && head.byteOffset % 4 === 0) {
      this.changes++
      this.usual = head
      this.usualWords = new Int32Array(head.buffer, head.byteOffset, USUAL_BYTES / 4)
    }
    this.last = head
  }
}
