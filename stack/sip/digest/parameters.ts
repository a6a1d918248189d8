// The form of challenges and credentials: a scheme, then `name=value` parted by commas (RFC 7616 §3.3, §3.4; RFC 3261 §25.1).

import { quote, unquote } from '../message/parameters.ts'

/** Values by name in lower case, quotes taken away. */
export type AuthParameters = ReadonlyMap<string, string>

/** Reads what follows the scheme `Digest`; undefined for another scheme, or where a parameter is malformed or there twice. Linear. */
export function readDigest(text: string): AuthParameters | undefined {
  const words = /^[ \t]*Digest[ \t]+/i.exec(text)
  if (words === null) return undefined
  const read = new Map<string, string>()
  let at = words[0].length
  while (at < text.length) {
    PARAMETER.lastIndex = at
    const [whole, name = '', value = ''] = PARAMETER.exec(text) ?? []
    if (whole === undefined || read.has(name.toLowerCase())) return undefined
    read.set(name.toLowerCase(), unquote(value))
    at += whole.length
    if (at === text.length && whole.endsWith(',')) return undefined
  }
  return read.size === 0 ? undefined : read
}

const PARAMETER = /[ \t]*([\w!%'*+.`~-]+)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|[\w!%'*+.`~-]+)[ \t]*(?:,|$)/y

/** `Digest name=value, …`; those of `quoted` in quotes. Undefined values are left out. */
export function printDigest(
  values: readonly (readonly [name: string, value: string | undefined])[],
  quoted: ReadonlySet<string>,
): string {
  const written = values.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted.has(name) ? quote(value) : value}`],
  )
  return `Digest ${written.join(', ')}`
}
