// One header line that is written.

import { bug } from '../../../platform/assert.ts'
import { latin1FromUtf8 } from '../../../platform/text.ts'
import { headerId } from './headers.ts'

/** A header line with its CRLF, one character for each byte. */
export interface Line {
  readonly text: string
  readonly id: number
  /** Where its value begins in it. */
  readonly value: number
  /** True if every byte is below 128. */
  readonly ascii: boolean
}

/** The line `name: value` of the header `id`, the value in UTF-8. A line break in a value would be another header: a bug. */
export function makeLine(name: string, value: string, id = headerId(name)): Line {
  let highest = 0
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code > highest) highest = code
    else if (code === 10 || code === 13)
      bug(`a value of ${name} holds a line break: ${JSON.stringify(value.slice(0, 40))}`)
  }
  const ascii = highest < 128
  return {
    text: `${name}: ${ascii ? value : latin1FromUtf8(value)}\r\n`,
    id,
    value: name.length + 2,
    ascii,
  }
}
