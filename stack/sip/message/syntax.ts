// How the value of each header must look: one step for each syntax of the header table.

import { CLASS, CODE, CLASSES as TABLE } from './characters.ts'
import { HEADERS, type Syntax } from './headers.ts'
import { passNameAddr } from './nameAddr.ts'
import { blanks, passNumber, passParameters, run, runText, SCANNED, scanner, separator } from './scanner.ts'
import { passVia } from './via.ts'

const CLASSES = TABLE
const BYTES = SCANNED
const { TOKEN, WORD, TEXT } = CLASS
const { FAIL, CR, SP, STAR, COMMA, SLASH, AT } = CODE

/** Passes one value of each syntax; `text` is all that a header may hold (`extension-header`, §25.1). */
const BY_SYNTAX: Readonly<Record<Syntax, (at: number) => number>> = {
  via: (at) => passList(at, passVia),
  address: passNameAddr,
  addresses: (at) => passList(at, passNameAddr),
  contacts: passContacts,
  'call-id': passCallId,
  cseq: passCSeq,
  'max-forwards': (at) => passNumber(at, 255, 'a number, 0–255'),
  number: (at) => passNumber(at, Number.MAX_SAFE_INTEGER, 'a number, 0 or more'),
  seconds: (at) => passNumber(at, Number.POSITIVE_INFINITY, 'seconds, 0 or more'),
  token: (at) => passToken(at),
  tokens: (at) => (isLineEnd(at) ? at : passTokens(at)),
  'some tokens': passTokens,
  'media type': passMediaType,
  'media ranges': (at) => (isLineEnd(at) ? at : passList(at, passMediaType)),
  disposition: (at) => {
    const end = passToken(at)
    return end === FAIL ? FAIL : passParameters(end)
  },
  date: (at) => {
    const end = run(at, TEXT)
    return DATE.test(scanner.slice(at, end).trim())
      ? end
      : scanner.refuse(at, 'a date such as Sat, 13 Nov 2010 23:29:00 GMT')
  },
  text: runText,
}

/** The step for the value of each header, by its id: it is given where the value begins, and returns where it ends, or FAIL. */
export const PASSES: readonly ((at: number) => number)[] = HEADERS.map(({ syntax }) => BY_SYNTAX[syntax])

const DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/i

/** Passes a Call-ID: `word [ @ word ]`. */
export function passCallId(at: number): number {
  const word = run(at, WORD)
  const end = BYTES[word] === AT ? run(word + 1, WORD) : word
  return word > at && end !== word + 1 ? end : scanner.refuse(at, 'word or word@word')
}

/** Passes a CSeq, and marks its parts. */
function passCSeq(at: number): number {
  const number = passNumber(at, 4294967295, 'a number below 2^32')
  if (number === FAIL) return FAIL
  const method = BYTES[number] === SP && BYTES[number + 1]! > SP ? number + 1 : blanks(number)
  scanner.numberTo = number
  scanner.methodFrom = method
  let end = method
  while ((CLASSES[BYTES[end]!]! & TOKEN) !== 0) end++
  return method > number && end > method ? end : scanner.refuse(number, 'a method after the number')
}

/** Passes a Contact's values, or its star. */
function passContacts(at: number): number {
  return isStar(at) ? at + 1 : passList(at, passNameAddr)
}

/** True where a Contact says `*`: all there are. */
export function isStar(at: number): boolean {
  return BYTES[at] === STAR && isLineEnd(at + 1)
}

/** Passes values parted by commas. */
export function passList(at: number, pass: (at: number) => number): number {
  for (;;) {
    at = pass(at)
    if (at === FAIL) return FAIL
    const next = BYTES[at] === CR ? FAIL : separator(at, COMMA)
    if (next === FAIL) return at
    at = next
  }
}

/** Passes `type/subtype` and its parameters; a range such as `text/*` is one, too, for a star is a character of tokens. */
function passMediaType(at: number): number {
  const type = run(at, TOKEN)
  const subtype = separator(type, SLASH)
  const end = run(subtype, TOKEN)
  if (type === at || subtype === FAIL || end === subtype)
    return scanner.refuse(at, 'a media type such as application/sdp')
  return passParameters(end)
}

function passTokens(at: number): number {
  for (;;) {
    let end = at
    while ((CLASSES[BYTES[end]!]! & TOKEN) !== 0) end++
    if (end === at) return scanner.refuse(at, 'a token')
    if (BYTES[end] === CR) return end
    if (BYTES[end] === COMMA && BYTES[end + 1] === SP && BYTES[end + 2]! > SP) at = end + 2
    else {
      const next = separator(end, COMMA)
      if (next === FAIL) return end
      at = next
    }
  }
}

function passToken(at: number): number {
  const end = run(at, TOKEN)
  return end > at ? end : scanner.refuse(at, 'a token')
}

function isLineEnd(at: number): boolean {
  return BYTES[blanks(at)] === CR
}
