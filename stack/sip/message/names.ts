// Which header a line begins with: the names of the header table, found by their first letter, and compared four letters at a time.

import { CLASS, CODE } from './characters.ts'
import { HEADERS, headerId } from './headers.ts'
import { blanks, run, SCANNED, scanner, WORDS } from './scanner.ts'

const BYTES = SCANNED
const { TOKEN } = CLASS
const { COLON } = CODE

/** Four bytes for each four letters of a name, the first the lowest; nothing where the name has ended. */
function words(name: string, byteOf: (letter: string) => number): number[] {
  const made: number[] = new Array((name.length + 3) >> 2).fill(0)
  for (const [place, letter] of [...name].entries()) made[place >> 2]! |= byteOf(letter) << ((place & 3) * 8)
  return made
}

/** The names of all headers in lower case, one after the other, by id. */
const LETTERS = wordsOfAll((letter) => letter.charCodeAt(0))
/** The bit in which a letter's cases differ; a hyphen has none: another byte would become one by it. */
const CASES = wordsOfAll((letter) => (letter === '-' ? 0 : 32))
/** Which bytes are the name's. */
const MASKS = wordsOfAll(() => 255)

function wordsOfAll(byteOf: (letter: string) => number): Int32Array {
  return Int32Array.from(HEADERS.flatMap(({ name }) => words(name.toLowerCase(), byteOf)))
}

/** Ids of headers, those whose name begins with the same letter together, in the table's order. */
const IDS = Int32Array.from([...HEADERS.keys()].sort((one, other) => initial(one) - initial(other) || one - other))
/** The length of the name of each of {@link IDS}. */
const LENGTHS = IDS.map((id) => HEADERS[id]!.name.length)
/** Where its name begins in {@link LETTERS}. */
const PLACES = IDS.map((id) => HEADERS.slice(0, id).reduce((sum, { name }) => sum + ((name.length + 3) >> 2), 0))
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

/** True if the name whose letters begin at `place` stands at `at`, where so many bytes are. */
function isName(at: number, place: number, length: number): boolean {
  for (let word = place, end = at + length; at < end; word++, at += 4)
    if (((WORDS.getInt32(at, true) | CASES[word]!) & MASKS[word]!) !== LETTERS[word]) return false
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
