// Which header a line begins with: the names of the header table, found by their first letter, and compared byte by byte.

import { CLASS, CODE } from './characters.ts'
import { HEADERS, headerId } from './headers.ts'
import { blanks, run, SCANNED, scanner } from './scanner.ts'

const BYTES = SCANNED
const { TOKEN } = CLASS
const { HYPHEN, COLON } = CODE

/** The names of all headers in lower case, one after the other, by id. */
const LETTERS = Uint8Array.from(HEADERS.map(({ name }) => name.toLowerCase()).join(''), (letter) =>
  letter.charCodeAt(0),
)

/** Ids of headers, those whose name begins with the same letter together, in the table's order. */
const IDS = Int32Array.from([...HEADERS.keys()].sort((one, other) => initial(one) - initial(other) || one - other))
/** The length of the name of each of {@link IDS}. */
const LENGTHS = IDS.map((id) => HEADERS[id]!.name.length)
/** Where its name begins in {@link LETTERS}. */
const PLACES = IDS.map((id) => HEADERS.slice(0, id).reduce((sum, { name }) => sum + name.length, 0))
/** Where the names with each letter begin in {@link IDS}; one more for the end. */
const BUCKETS = Int32Array.from({ length: 33 }, (_, letter) => IDS.filter((id) => initial(id) < letter).length)

function initial(id: number): number {
  return HEADERS[id]!.name.charCodeAt(0) & 31
}

/** The id of the header whose compact form is this letter. */
const COMPACT = Int32Array.from({ length: 32 }, (_, letter) =>
  HEADERS.findIndex(({ compact }) => compact !== '' && (compact.charCodeAt(0) & 31) === letter),
)

/** Passes a header's name and its colon. The header's id is left in `scanner.headerId`. */
export function passName(at: number): number {
  const first = BYTES[at]!
  const letter = first | 32
  if (letter >= 97 && letter <= 122) {
    if (BYTES[at + 1] === COLON) {
      scanner.headerId = COMPACT[first & 31]!
      return at + 2
    }
    const end = BUCKETS[(first & 31) + 1]!
    for (let place = BUCKETS[first & 31]!; place < end; place++) {
      const length = LENGTHS[place]!
      if (BYTES[at + length] !== COLON || !isName(at, PLACES[place]!, length)) continue
      scanner.headerId = IDS[place]!
      return at + length + 1
    }
  }
  return passAnyName(at)
}

/** True if the name whose letters begin at `place` stands at `at`. */
function isName(at: number, place: number, length: number): boolean {
  for (let letter = 0; letter < length; letter++) {
    const wanted = LETTERS[place + letter]!
    const byte = BYTES[at + letter]!
    // A letter's other case differs in one bit, and no other byte that has letters' high bits becomes one; a hyphen must be itself.
    if (byte !== wanted && ((byte | 32) !== wanted || wanted === HYPHEN)) return false
  }
  return true
}

function passAnyName(at: number): number {
  const { text } = scanner
  const end = run(at, TOKEN)
  const colon = blanks(end)
  if (end === at || BYTES[colon] !== COLON) return scanner.refuse(at, 'a header, Name: value')
  scanner.headerId = headerId(text.slice(at, end))
  return colon + 1
}
