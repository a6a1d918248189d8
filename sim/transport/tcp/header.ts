// A segment's header (RFC 9293 §3.1) and its options, to bytes and back: MSS, window scale and timestamps (RFC 7323), selective
// acknowledgments (RFC 2018).
// The ports stand in the packet's endpoints; the checksum is worked out for those who look.

import { getUint32, putUint16 } from '../../network/ip.ts'
import type { Packet, PacketPool } from '../../network/packet.ts'
import type { Sequence } from './sequence.ts'

export const FIN = 1
export const SYN = 2
export const RST = 4
export const PSH = 8
export const ACK = 16

/** Bytes of a header without options, and with timestamps. */
export const PLAIN_HEADER = 20
export const STAMPED_HEADER = 32
const SYN_OPTIONS_BYTES = { mss: 4, scale: 4, stamps: 12, selective: 4 } as const
/** Of an option with blocks, two bytes of padding before it, and of a block in it. */
const BLOCKS_BYTES = 4
const BLOCK_BYTES = 8
/** Bytes of all options. */
const MOST_OPTIONS = 40
const WORD = 4
/** Where a header has its flags. */
const FLAGS = 13

const END = 0
const NOTHING = 1
const MSS = 2
const SCALE = 3
const SELECTIVE = 4
const BLOCKS = 5
const STAMPS = 8
/** Numbers of four blocks, the most that an option has room for. */
const MOST_NUMBERS = 8

/** A segment as it has come: one object for a host, filled anew for each. */
export class Segment {
  sequence: Sequence = 0
  acknowledgment: Sequence = 0
  flags = 0
  /** As it stands in the header, unscaled. */
  window = 0
  /** The data: `length` bytes of `body` from `at` on. */
  body: Uint8Array = new Uint8Array(0)
  at = 0
  length = 0
  stamped = false
  stamp: Sequence = 0
  echo: Sequence = 0
  /** SYN only: 0 for none. */
  mss = 0
  /** SYN only: −1 for none. */
  scale = -1
  /** SYN only: its sender takes selective acknowledgments. */
  selective = false
  /** What has been received beyond a hole: the first number of a block, and the one after its last, block by block. */
  readonly blocks = new Int32Array(MOST_NUMBERS)
  /** How many of these numbers there are. */
  blockNumbers = 0

  /** Bytes of sequence space: the data's, one for SYN and one for FIN. */
  get space(): number {
    return this.length + (this.flags & SYN ? 1 : 0) + (this.flags & FIN ? 1 : 0)
  }

  /** Reads the header that begins at `at`; gives its length. What it cannot read among the options it leaves. */
  read(bytes: Uint8Array, at: number): number {
    this.sequence = getUint32(bytes, at + 4)
    this.acknowledgment = getUint32(bytes, at + 8)
    const length = (bytes[at + 12]! >> 4) * WORD
    this.flags = bytes[at + FLAGS]!
    this.window = (bytes[at + 14]! << 8) | bytes[at + 15]!
    this.stamped = false
    this.mss = 0
    this.scale = -1
    this.selective = false
    this.blockNumbers = 0
    if (length > PLAIN_HEADER) this.#readOptions(bytes, at + PLAIN_HEADER, at + length)
    return length
  }

  #readOptions(bytes: Uint8Array, from: number, end: number): void {
    let at = from
    while (at < end && bytes[at] !== END) {
      if (bytes[at] === NOTHING) {
        at++
        continue
      }
      const length = bytes[at + 1]!
      if (!(length >= 2 && at + length <= end)) return
      if (bytes[at] === STAMPS && length === 10) {
        this.stamped = true
        this.stamp = getUint32(bytes, at + 2)
        this.echo = getUint32(bytes, at + 6)
      } else if (bytes[at] === MSS && length === 4) this.mss = (bytes[at + 2]! << 8) | bytes[at + 3]!
      else if (bytes[at] === SCALE && length === 3) this.scale = Math.min(bytes[at + 2]!, 14)
      else if (bytes[at] === SELECTIVE && length === 2) this.selective = true
      else if (bytes[at] === BLOCKS && length % BLOCK_BYTES === 2) this.#readBlocks(bytes, at + 2, at + length)
      at += length
    }
  }

  #readBlocks(bytes: Uint8Array, from: number, end: number): void {
    for (let at = from; at < end && this.blockNumbers < MOST_NUMBERS; at += WORD) {
      this.blocks[this.blockNumbers++] = getUint32(bytes, at) | 0
    }
  }
}

/** Bytes that an option with so many blocks takes in a header, 0 for none. */
export function blocksBytes(count: number): number {
  return count === 0 ? 0 : BLOCKS_BYTES + count * BLOCK_BYTES
}

/** How many blocks a header has room for, with timestamps or without: 3 or 4. */
export function mostBlocks(stamped: boolean): number {
  const left = MOST_OPTIONS - (stamped ? SYN_OPTIONS_BYTES.stamps : 0) - BLOCKS_BYTES
  return Math.floor(left / BLOCK_BYTES)
}

/** The flags of a packet's segment. */
export function flagsOf(pool: PacketPool, packet: Packet): number {
  return pool.headLength(packet) > 0
    ? pool.heads[pool.headAt(packet) + FLAGS]!
    : pool.body(packet)[pool.bodyAt(packet) + FLAGS]!
}

/** What a SYN offers. */
export interface SynOptions {
  readonly mss: number
  /** Absent: no window scale. */
  readonly scale: number | undefined
  readonly stamped: boolean
  readonly selective: boolean
}

/** Writes a header of {@link PLAIN_HEADER} bytes; the ports and the checksum stay zero. `words`: the header's length, in 4 bytes. */
export function writeHeader(
  bytes: Uint8Array,
  at: number,
  sequence: Sequence,
  acknowledgment: Sequence,
  flags: number,
  window: number,
  words = PLAIN_HEADER / WORD,
): void {
  putUint16(bytes, at, 0)
  putUint16(bytes, at + 2, 0)
  putUint32(bytes, at + 4, sequence)
  putUint32(bytes, at + 8, acknowledgment)
  bytes[at + 12] = words << 4
  bytes[at + FLAGS] = flags
  putUint16(bytes, at + 14, window)
  putUint32(bytes, at + 16, 0)
}

/** Writes the timestamps option, which makes the header one of {@link STAMPED_HEADER} bytes. */
export function writeStamps(bytes: Uint8Array, at: number, stamp: Sequence, echo: Sequence): void {
  bytes[at] = NOTHING
  bytes[at + 1] = NOTHING
  bytes[at + 2] = STAMPS
  bytes[at + 3] = 10
  putUint32(bytes, at + 4, stamp)
  putUint32(bytes, at + 8, echo)
}

/** A SYN's whole header. */
export function synHeader(
  sequence: Sequence,
  acknowledgment: Sequence,
  flags: number,
  window: number,
  { mss, scale, stamped, selective }: SynOptions,
  stamp: Sequence,
  echo: Sequence,
): Uint8Array {
  const more = (scale === undefined ? 0 : SYN_OPTIONS_BYTES.scale) + (stamped ? SYN_OPTIONS_BYTES.stamps : 0)
  // Where there are timestamps it takes the place of their padding.
  const alone = selective && !stamped ? SYN_OPTIONS_BYTES.selective : 0
  const bytes = new Uint8Array(PLAIN_HEADER + SYN_OPTIONS_BYTES.mss + more + alone)
  writeHeader(bytes, 0, sequence, acknowledgment, flags, window, bytes.length / WORD)
  bytes.set([MSS, 4, mss >> 8, mss & 255], PLAIN_HEADER)
  let at = PLAIN_HEADER + SYN_OPTIONS_BYTES.mss
  if (scale !== undefined) {
    bytes.set([NOTHING, SCALE, 3, scale], at)
    at += SYN_OPTIONS_BYTES.scale
  }
  if (stamped) writeStamps(bytes, at, stamp, echo)
  if (selective) bytes.set(alone > 0 ? [NOTHING, NOTHING, SELECTIVE, 2] : [SELECTIVE, 2], at)
  return bytes
}

/** Writes the option with `numbers`, which are first and next ones of blocks in turn. */
export function writeBlocks(bytes: Uint8Array, at: number, numbers: readonly Sequence[]): void {
  bytes[at] = NOTHING
  bytes[at + 1] = NOTHING
  bytes[at + 2] = BLOCKS
  bytes[at + 3] = 2 + numbers.length * WORD
  numbers.forEach((number, n) => {
    putUint32(bytes, at + BLOCKS_BYTES + n * WORD, number)
  })
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}
