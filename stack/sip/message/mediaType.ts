// Values with parameters that say what a body is: `type/subtype` as Content-Type and Accept have it, a word as in Content-Disposition
// (RFC 3261 §20.1, §20.11, §20.15, §25.1).

import { CLASS, CODE } from './characters.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { blanks, passParameters, run, SCANNED, scanner, scanText, separator } from './scanner.ts'

const { TOKEN } = CLASS
const { FAIL, CR, SLASH } = CODE

/** What a value says, in lower case and without white space, and its parameters. */
export interface Described {
  readonly value: string
  readonly parameters: Parameters
}

/** `application/sdp;charset=x`; also a range such as `text/*`. Undefined where it is neither. */
export function parseMediaType(text: string): Described | undefined {
  scanText(text)
  const from = blanks(0)
  const typeTo = run(from, TOKEN)
  const subtype = separator(typeTo, SLASH)
  if (typeTo === from || subtype === FAIL) return undefined
  const to = run(subtype, TOKEN)
  return to === subtype ? undefined : described(`${scanner.slice(from, typeTo)}/${scanner.slice(subtype, to)}`, to)
}

/** `session;handling=optional`. Undefined where it is no token with parameters. */
export function parseDisposition(text: string): Described | undefined {
  scanText(text)
  const from = blanks(0)
  const to = run(from, TOKEN)
  return to === from ? undefined : described(scanner.slice(from, to), to)
}

function described(value: string, to: number): Described | undefined {
  const end = passParameters(to)
  if (end === FAIL || SCANNED[blanks(end)] !== CR) return undefined
  return { value: value.toLowerCase(), parameters: readParameters(scanner.parametersFrom, scanner.parametersTo) }
}
