// Which header a line begins with: the names of the header table, found by their first letter, and compared byte by byte.

import { CLASS, CODE } from './characters.ts'
import { HEADERS, headerId } from './headers.ts'
import { blanks, run, type Scanner } from './scanner.ts'

const { TOKEN } = CLASS
const { HYPHEN, COLON } = CODE

/** The bytes of each header's name in lower case, by id. */
const NAMES = HEADERS.map(({ name }) => Uint8Array.from(name.toLowerCase(), (letter) => letter.charCodeAt(0)))

/** A header that a line may begin with. */
interface Candidate {
  readonly id: number
  readonly name: Uint8Array
  readonly length: number
}

/** The headers whose name begins with this letter, in the table's order. */
const BUCKETS: readonly (readonly Candidate[])[] = Array.from({ length: 32 }, (_, letter) =>
  NAMES.map((name, id) => ({ id, name, length: name.length })).filter(({ name }) => (name[0]! & 31) === letter),
)

/** The id of the header whose compact form is this letter. */
const COMPACT: readonly number[] = Array.from({ length: 32 }, (_, letter) =>
  HEADERS.findIndex(({ compact }) => compact !== '' && (compact.charCodeAt(0) & 31) === letter),
)

/** Passes a header's name and its colon. The header's id is left in `scanner.headerId`. */
export function passName(scanner: Scanner, at: number): number {
  const { bytes } = scanner
  const first = bytes[at]!
  const letter = first | 32
  if (letter >= 97 && letter <= 122) {
    if (bytes[at + 1] === COLON) {
      scanner.headerId = COMPACT[first & 31]!
      return at + 2
    }
    const bucket = BUCKETS[first & 31]!
    for (let place = 0; place < bucket.length; place++) {
      const { id, name, length } = bucket[place]!
      if (bytes[at + length] !== COLON || !isName(bytes, at, name)) continue
      scanner.headerId = id
      return at + length + 1
    }
  }
  return passAnyName(scanner, at)
}

function isName(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let place = 0; place < name.length; place++) {
    const wanted = name[place]!
    const byte = bytes[at + place]!
    // A letter's other case differs in one bit, and no other byte that has letters' high bits becomes one; a hyphen must be itself.
    if (byte !== wanted && ((byte | 32) !== wanted || wanted === HYPHEN)) return false
  }
  return true
}

function passAnyName(scanner: Scanner, at: number): number {
  const { bytes, text } = scanner
  const end = run(bytes, at, TOKEN)
  const colon = blanks(bytes, end)
  if (end === at || bytes[colon] !== COLON) return scanner.refuse(at, 'a header, Name: value')
  scanner.headerId = headerId(text.slice(at, end))
  return colon + 1
}
