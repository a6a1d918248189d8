// Methods as they stand in messages: those that everybody uses are one string each, so that comparing them is comparing places.

import { SCANNED, scanner } from './scanner.ts'

const BYTES = SCANNED

/** The methods of RFC 3261 and its extensions, by their first letter and length, of which no two have the same. */
const COMMON: readonly (string | undefined)[] = table([
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'UPDATE',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'REFER',
  'MESSAGE',
  'INFO',
])

function table(methods: readonly string[]): readonly (string | undefined)[] {
  const made: (string | undefined)[] = new Array(512).fill(undefined)
  for (const method of methods) made[placeOf(method.charCodeAt(0), method.length)] = method
  return made
}

function placeOf(first: number, length: number): number {
  return (first & 31) * 16 + (length & 15)
}

/** The method whose token was recognised at `from…to`. Its case counts (RFC 3261 §7.1). */
export function methodAt(from: number, to: number): string {
  const common = COMMON[placeOf(BYTES[from]!, to - from)]
  return common !== undefined && common.length === to - from && isAt(common, from)
    ? common
    : scanner.text.slice(from, to)
}

function isAt(method: string, from: number): boolean {
  for (let letter = 0; letter < method.length; letter++)
    if (BYTES[from + letter] !== method.charCodeAt(letter)) return false
  return true
}
