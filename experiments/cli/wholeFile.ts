// Files that are read at once, and how large they may be: a device such as /dev/zero has no end.

import { closeSync, openSync, readSync } from 'node:fs'

const PIECE_BYTES = 1 << 20

/** All bytes of a file, or of the open file of that number; undefined where there are more than `most`. Throws what Node does. */
export function readUpTo(file: string | number, most: number): Uint8Array | undefined {
  const open = typeof file === 'number' ? file : openSync(file, 'r')
  try {
    const pieces: Uint8Array[] = []
    const room = new Uint8Array(PIECE_BYTES)
    for (let read = 0; read <= most; ) {
      const bytes = readSync(open, room, 0, Math.min(PIECE_BYTES, most + 1 - read), null)
      if (bytes === 0) return new Uint8Array(Buffer.concat(pieces))
      // Copied: a pipe may give a few bytes at a time.
      pieces.push(room.slice(0, bytes))
      read += bytes
    }
    return undefined
  } finally {
    if (open !== file) closeSync(open)
  }
}
