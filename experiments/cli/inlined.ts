// Tables that a topology keeps in files of their own, `trace: { file: wifi.csv }`: read beside it, so that what is run has all in one.

import { resolve } from 'node:path'
import type { Path, YamlDocument } from '../../topologies/yaml/document.ts'
import type { Mistake } from '../../topologies/yaml/mistake.ts'
import { readUpTo } from './wholeFile.ts'

/** The words of a link that may be in a file. */
const WORDS: readonly string[] = ['trace', 'opportunities', 'values']
const LARGEST_BYTES = 16e6

/** The document with its links' files read, from `folder`; a file that cannot be read is a mistake. `whyNot` words a system error. */
export function withFiles(document: YamlDocument, folder: string, whyNot: (error: unknown) => string): YamlDocument {
  const mistakes: Mistake[] = [...document.mistakes]
  const read = (file: string, path: Path): unknown => {
    try {
      const from = resolve(folder, file)
      const bytes = readUpTo(from, LARGEST_BYTES)
      if (bytes !== undefined) return new TextDecoder().decode(bytes)
      mistakes.push(document.mistake([...path, 'file'], `a file of at most 16 MB: ${file} has more`))
    } catch (error) {
      mistakes.push(document.mistake([...path, 'file'], `a file that can be read: ${file}: ${whyNot(error)}`))
    }
    return { file }
  }
  const walk = (value: unknown, path: Path, inLinks: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one, n) => walk(one, [...path, n], inLinks))
    if (!isMap(value)) return value
    const key = path[path.length - 1]
    if (inLinks && WORDS.includes(String(key)) && typeof value.file === 'string' && Object.keys(value).length === 1) {
      return read(value.file, path)
    }
    const entries = Object.entries(value).map(([name, one]) => {
      const isWay = inLinks || name === 'links' || (name === 'topology' && path.length === 0)
      return [name, isWay ? walk(one, [...path, name], inLinks || name === 'links') : one] as const
    })
    return Object.fromEntries(entries)
  }
  if (!isMap(document.value)) return document
  const value = walk(document.value, [], false)
  return { ...document, value, mistakes }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
