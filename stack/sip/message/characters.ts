// The character classes of RFC 3261 §25.1, as one bit each in a table by byte.

/** `token`: alphanum and `-.!%*_+\`'~`. */
export const TOKEN = 1
/** `word`, of which a Call-ID is made: a token's characters and `()<>:\"/[]?{}`. */
export const WORD = 2
/** `user`, without its escapes: unreserved and `&=+$,;?/`. */
export const USER = 4
/** `password`, without its escapes: unreserved and `&=+$,`. */
export const PASSWORD = 8
/** `paramchar` of a URI, without its escapes: unreserved and `[]/:&+$`. */
export const PARAMETER = 16
/** `hname`, `hvalue` of a URI, without their escapes: unreserved and `[]/?:+$`. */
export const HEADER = 32
/** Letters and digits. */
export const ALPHANUM = 64
/** What any other URI is made of (RFC 3986), without its escapes. */
export const ANY_URI = 128
/** The same without `;`, `?` and `,`, where no brackets enclose it (§20.10). */
export const BARE_URI = 256
/** `gen-value` that is no quoted string: a token or a host; IPv6 addresses also bare, as `received` has them (RFC 5118 §4.5). */
export const VALUE = 512
/** `qdtext`: what stands in quoted strings without a backslash. Any byte of 128 and more is let pass: not all names are UTF-8. */
export const QUOTABLE = 1024
/** What any header may hold: visible characters, space and tab. */
export const TEXT = 2048
/** Space and tab. */
export const BLANK = 4096
/** `0`–`9`. */
export const DIGIT = 8192
/** Hexadecimal digits, in either case. */
export const HEX = 16384
/** RFC 3966 §3: what a telephone number is made of, its visual separators among it. */
export const DIALLED = 32768

const ALNUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const UNRESERVED = `${ALNUM}-_.!~*'()`
const PRINTABLE = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place)).join('')

/** The classes of each byte, as a sum of bits. */
export const CLASSES: Uint16Array = table([
  [TOKEN, `${ALNUM}-.!%*_+\`'~`],
  [WORD, `${ALNUM}-.!%*_+\`'~()<>:\\"/[]?{}`],
  [USER, `${UNRESERVED}&=+$,;?/`],
  [PASSWORD, `${UNRESERVED}&=+$,`],
  [PARAMETER, `${UNRESERVED}[]/:&+$`],
  [HEADER, `${UNRESERVED}[]/?:+$`],
  [ALPHANUM, ALNUM],
  [ANY_URI, `${UNRESERVED};/?:@&=+$,[]`],
  [BARE_URI, `${UNRESERVED}/:@&=+$[]`],
  [VALUE, `${ALNUM}-.!%*_+\`'~:[]`],
  [QUOTABLE, `\t${PRINTABLE.replace(/["\\]/g, '')}`],
  [TEXT, `\t${PRINTABLE}`],
  [BLANK, ' \t'],
  [DIGIT, '0123456789'],
  [HEX, '0123456789abcdefABCDEF'],
  [DIALLED, '0123456789abcdefABCDEF+-.()*#'],
])

function table(rows: readonly (readonly [bit: number, members: string])[]): Uint16Array {
  const classes = new Uint16Array(256)
  for (const [bit, members] of rows) for (let at = 0; at < members.length; at++) classes[members.charCodeAt(at)]! |= bit
  return classes.fill(QUOTABLE | TEXT, 128)
}

/** True if every character of `text` is of the class; of the empty text too. */
export function isAll(text: string, bit: number): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 127 || (CLASSES[code]! & bit) === 0) return false
  }
  return true
}
