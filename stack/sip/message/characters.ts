// The character classes of RFC 3261 §25.1, as one bit each in a table by character code.

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
/** What a host name is made of: alphanum, `-` and `.`. */
export const HOST = 64
/** What any other URI is made of (RFC 3986), without its escapes. */
export const ANY_URI = 128
/** The same without `;`, `?` and `,`, where no brackets enclose it (§20.10). */
export const BARE_URI = 256

const ALPHANUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const UNRESERVED = `${ALPHANUM}-_.!~*'()`

/** The classes of each character code below 128, as a sum of bits. */
export const CLASSES: Uint16Array = table([
  [TOKEN, `${ALPHANUM}-.!%*_+\`'~`],
  [WORD, `${ALPHANUM}-.!%*_+\`'~()<>:\\"/[]?{}`],
  [USER, `${UNRESERVED}&=+$,;?/`],
  [PASSWORD, `${UNRESERVED}&=+$,`],
  [PARAMETER, `${UNRESERVED}[]/:&+$`],
  [HEADER, `${UNRESERVED}[]/?:+$`],
  [HOST, `${ALPHANUM}-.`],
  [ANY_URI, `${UNRESERVED};/?:@&=+$,[]`],
  [BARE_URI, `${UNRESERVED}/:@&=+$[]`],
])

function table(rows: readonly (readonly [bit: number, members: string])[]): Uint16Array {
  const classes = new Uint16Array(128)
  for (const [bit, members] of rows) for (let at = 0; at < members.length; at++) classes[members.charCodeAt(at)]! |= bit
  return classes
}

/** True where the character of this code is of the class `bit`. */
export function isOf(bit: number, code: number): boolean {
  return code < 128 && (CLASSES[code]! & bit) !== 0
}

/** `0`–`9`. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** `0`–`9`, `a`–`f`, `A`–`F`. */
export function isHex(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)
}
