// What is mended before a message is refused: line ends without CR, and no empty line after headers that say there is no body.
// RFC 3261 §7 allows neither; the archived messages of RFC 5118 §4 have both. What is sent on is always right.

const LF = 10
const CR = 13

/** A message put right. */
export interface Mended {
  readonly bytes: Uint8Array
  /** True if the empty line was missing: such a message is whole only if it has a Content-Length. */
  readonly unended: boolean
}

/** The message with CRLF at the end of each line of its head and the empty line after it; undefined if that is how it is already, or if it ends within a line. */
export function mended(bytes: Uint8Array): Mended | undefined {
  let bare = 0
  let lineFrom = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, lineFrom)) {
    const lineTo = at > lineFrom && bytes[at - 1] === CR ? at - 1 : at
    if (lineTo === at) bare++
    const empty = lineTo === lineFrom && lineFrom > 0
    lineFrom = at + 1
    if (empty) return bare === 0 ? undefined : { bytes: rewritten(bytes, lineFrom, bare, ''), unended: false }
  }
  if (lineFrom === 0 || lineFrom < bytes.length) return undefined
  return { bytes: rewritten(bytes, lineFrom, bare, '\r\n'), unended: true }
}

function rewritten(bytes: Uint8Array, headEnd: number, bare: number, after: '' | '\r\n'): Uint8Array {
  const made = new Uint8Array(bytes.length + bare + after.length)
  let to = 0
  for (let from = 0; from < headEnd; from++) {
    if (bytes[from] === LF && (from === 0 || bytes[from - 1] !== CR)) made[to++] = CR
    made[to++] = bytes[from]!
  }
  if (after !== '') {
    made[to++] = CR
    made[to++] = LF
  }
  made.set(bytes.subarray(headEnd), to)
  return made
}
