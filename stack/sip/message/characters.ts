// The character classes of RFC 3261 §25.1, as one bit each in a table by byte.

/** One bit for each class. Modules take those that they use into constants of their own, which engines fold into the code; imported ones are loaded each time. */
export const CLASS = {
  /** `token`: alphanum and `-.!%*_+\`'~`. */
  TOKEN: 1,
  /** `word`, of which a Call-ID is made: a token's characters and `()<>:\"/[]?{}`. */
  WORD: 2,
  /** `user`, without its escapes: unreserved and `&=+$,;?/`. */
  USER: 4,
  /** `password`, without its escapes: unreserved and `&=+$,`. */
  PASSWORD: 8,
  /** `paramchar` of a URI, without its escapes: unreserved and `[]/:&+$`. */
  PARAMETER: 16,
  /** `hname`, `hvalue` of a URI, without their escapes: unreserved and `[]/?:+$`. */
  HEADER: 32,
  /** Letters and digits. */
  ALPHANUM: 64,
  /** What any other URI is made of (RFC 3986), without its escapes. */
  ANY_URI: 128,
  /** The same without `;`, `?` and `,`, where no brackets enclose it (§20.10). */
  BARE_URI: 256,
  /** `gen-value` that is no quoted string: a token or a host; IPv6 addresses also bare, as `received` has them (RFC 5118 §4.5). */
  VALUE: 512,
  /** `qdtext`: what stands in quoted strings without a backslash. Any byte of 128 and more is let pass: not all names are UTF-8. */
  QUOTABLE: 1024,
  /** What any header may hold: visible characters, space and tab. */
  TEXT: 2048,
  /** Space and tab. */
  BLANK: 4096,
  /** `0`–`9`. */
  DIGIT: 8192,
  /** Hexadecimal digits, in either case. */
  HEX: 16384,
  /** RFC 3966 §3: what a telephone number is made of, its visual separators among it. */
  DIALLED: 32768,
} as const

/** The codes of the characters that the grammar names, to be used like {@link CLASS}. */
export const CODE = {
  /** No character: what a step returns that did not find what it wants. */
  FAIL: -1,
  HTAB: 9,
  LF: 10,
  CR: 13,
  SP: 32,
  QUOTE: 34,
  PERCENT: 37,
  AMPERSAND: 38,
  STAR: 42,
  COMMA: 44,
  HYPHEN: 45,
  DOT: 46,
  SLASH: 47,
  ZERO: 48,
  NINE: 57,
  COLON: 58,
  SEMICOLON: 59,
  LESS: 60,
  EQUALS: 61,
  GREATER: 62,
  QUESTION: 63,
  AT: 64,
  OPEN: 91,
  BACKSLASH: 92,
  CLOSE: 93,
}

const ALNUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const UNRESERVED = `${ALNUM}-_.!~*'()`
const PRINTABLE = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place)).join('')

/** The classes of each byte, as a sum of bits. */
export const CLASSES: Uint16Array = table([
  [CLASS.TOKEN, `${ALNUM}-.!%*_+\`'~`],
  [CLASS.WORD, `${ALNUM}-.!%*_+\`'~()<>:\\"/[]?{}`],
  [CLASS.USER, `${UNRESERVED}&=+$,;?/`],
  [CLASS.PASSWORD, `${UNRESERVED}&=+$,`],
  [CLASS.PARAMETER, `${UNRESERVED}[]/:&+$`],
  [CLASS.HEADER, `${UNRESERVED}[]/?:+$`],
  [CLASS.ALPHANUM, ALNUM],
  [CLASS.ANY_URI, `${UNRESERVED};/?:@&=+$,[]`],
  [CLASS.BARE_URI, `${UNRESERVED}/:@&=+$[]`],
  [CLASS.VALUE, `${ALNUM}-.!%*_+\`'~:[]`],
  [CLASS.QUOTABLE, `\t${PRINTABLE.replace(/["\\]/g, '')}`],
  [CLASS.TEXT, `\t${PRINTABLE}`],
  [CLASS.BLANK, ' \t'],
  [CLASS.DIGIT, '0123456789'],
  [CLASS.HEX, '0123456789abcdefABCDEF'],
  [CLASS.DIALLED, '0123456789abcdefABCDEF+-.()*#'],
])

function table(rows: readonly (readonly [bit: number, members: string])[]): Uint16Array {
  const classes = new Uint16Array(256)
  for (const [bit, members] of rows) for (let at = 0; at < members.length; at++) classes[members.charCodeAt(at)]! |= bit
  return classes.fill(CLASS.QUOTABLE | CLASS.TEXT, 128)
}

/** True if every character of `text` is of the class; of the empty text too. */
export function isAll(text: string, bit: number): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 127 || (CLASSES[code]! & bit) === 0) return false
  }
  return true
}
